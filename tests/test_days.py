"""Spans of days as keys: together they hold the days of the span, and no others."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.days import FOREVER, beginnings, spans

DAYS = st.dates() | st.dates(date(2026, 11, 1), date(2028, 2, 29))


@given(DAYS, DAYS, DAYS)
def test_a_day_has_one_beginning_among_the_spans_if_it_is_within(first: date, last: date, day: date) -> None:
    named = list(spans(first, last))
    found = set(named).intersection(beginnings(day))
    assert len(found) == (first <= day <= last)
    assert len(named) == len(set(named)) <= 140


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        (date(2026, 11, 28), date(2027, 1, 1), "2026-11-28 2026-11-29 2026-11-30 2026-12 2027-01-01"),
        (date(2020, 1, 1), date(2030, 12, 31), "202 2030"),
        (date(2027, 1, 2), date(2027, 1, 1), ""),
        (date.min, FOREVER, "0 1 2 3 4 5 6 7 8 9"),
        (FOREVER, FOREVER, "9999-12-31"),
    ],
)
def test_spans_are_as_long_as_can_be(first: date, last: date, named: str) -> None:
    assert " ".join(spans(first, last)) == named
