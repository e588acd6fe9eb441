"""Working days between a decision and its publication, and whether they are few enough."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from chinese_calendar import is_workday
from hypothesis import given
from hypothesis import strategies as st

from xincha.rules.timeliness import WHY_UNKNOWN, Flow, Timeliness, judge, known_years, last_day, working_days


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("decided", "limit", "last"),
    [
        ("2018-09-25", 20, "2018-10-26"),  # the National Day, with weekends that are worked instead
        ("2026-02-10", 20, "2026-03-16"),  # the Spring Festival
        ("2025-12-25", 20, "2026-01-23"),
        ("2026-09-18", 10, "2026-10-09"),
    ],
)
def test_the_last_day_of_a_limit_counts_working_days(decided: str, limit: int, last: str) -> None:
    assert last_day(day(decided), limit) == day(last)


@pytest.mark.parametrize(
    ("decided", "published", "days", "timely"),
    [
        ("2018-09-25", "2018-10-26", 20, True),
        ("2018-09-25", "2018-10-29", 21, False),
        ("2026-02-10", "2026-03-16", 20, True),
        ("2026-02-10", "2026-03-17", 21, False),
        ("2025-12-25", "2026-01-23", 20, True),
        ("2025-12-25", "2026-01-26", 21, False),
        ("2026-03-02", "2026-03-02", 0, True),
        ("2026-03-06", "2026-03-08", 0, True),  # a weekend is no working day
        ("2026-09-18", "2026-09-20", 1, True),  # a Sunday that is worked
    ],
)
def test_inside_one_province_there_are_twenty_working_days(
    decided: str, published: str, days: int, timely: bool
) -> None:
    assert judge(day(decided), day(published), None, "local") == Timeliness(days, timely)


@pytest.mark.parametrize(
    ("published", "received", "expected"),
    [
        ("2026-10-13", None, Timeliness(13, True)),
        ("2026-10-13", "2026-10-09", Timeliness(13, True)),
        ("2026-10-23", "2026-10-10", Timeliness(21, False, late_leg="push")),
        ("2026-10-23", "2026-10-09", Timeliness(21, False, late_leg="publish")),
        ("2026-10-22", "2026-10-09", Timeliness(20, True)),
        ("2026-10-22", "2026-09-22", Timeliness(20, False, late_leg="publish")),
        ("2026-10-23", None, Timeliness(21, False)),
        ("2026-10-22", "2026-11-01", Timeliness(20, True)),  # a receipt behind the publication says nothing
    ],
)
def test_to_another_province_each_leg_has_ten_where_the_receipt_is_stated(
    published: str, received: str | None, expected: Timeliness
) -> None:
    assert judge(day("2026-09-18"), day(published), day(received) if received else None, "away") == expected


@pytest.mark.parametrize(
    ("published", "in_practice", "timely"), [(7, True, True), (8, False, True), (21, False, False)]
)
def test_of_other_departments_seven_and_twenty_days_are_told(published: int, in_practice: bool, timely: bool) -> None:
    decided = day("2026-03-02")
    on = last_day(decided, published)
    assert judge(decided, on, None, "other") == Timeliness(published, timely, in_practice=in_practice)


@pytest.mark.parametrize(
    ("decided", "published", "flow", "why"),
    [
        (None, "2026-03-03", "local", "no_decision_day"),
        (None, None, "other", "no_decision_day"),
        ("2026-03-03", None, "local", "no_publication_day"),
        ("2026-03-03", "2026-03-02", "local", "before_decision"),
        ("2026-03-03", "2026-03-05", "party_unplaced", "party_unplaced"),
        ("2026-03-03", "2026-03-05", "office_unplaced", "office_unplaced"),
        ("2026-12-30", "2027-01-05", "local", "calendar"),
        ("2027-03-01", "2027-03-02", "other", "calendar"),
        ("2003-12-30", "2004-01-05", "local", "calendar"),
        ("0001-01-01", "9999-12-31", "local", "calendar"),
    ],
)
def test_what_is_not_known_has_its_reason(decided: str | None, published: str | None, flow: Flow, why: str) -> None:
    judged = judge((decided and day(decided)) or None, (published and day(published)) or None, None, flow)
    assert (judged.timely, judged.why) == (None, why)
    assert why in WHY_UNKNOWN


def test_a_year_whose_holidays_are_not_announced_is_not_guessed() -> None:
    _, last = known_years()
    assert working_days(date(last, 12, 31), date(last + 1, 1, 4)) is None
    assert last_day(date(last, 12, 20), 20) is None
    assert last_day(date(last + 1, 1, 1), 1) is None


@given(st.dates(date(2004, 1, 1), date(2026, 11, 1)), st.integers(0, 60))
def test_the_count_is_that_of_the_days_one_by_one(begin: date, more: int) -> None:
    days = [begin + timedelta(each) for each in range(1, more + 1)]
    assert working_days(begin, begin + timedelta(more)) == sum(map(is_workday, days))


@given(st.dates(date(2004, 1, 1), date(2026, 10, 1)), st.integers(1, 25))
def test_the_last_day_is_the_first_that_comes_to_the_limit(begin: date, limit: int) -> None:
    last = last_day(begin, limit)
    assert last is not None
    assert working_days(begin, last) == limit
    assert working_days(begin, last - timedelta(1)) == limit - 1
