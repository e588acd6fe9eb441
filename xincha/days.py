"""What day it is in China, by which the law's windows open and close, the day that stands for no end, and spans of days
as keys of an index."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")
"""China's time zone; it has no summer time."""

FOREVER = date(9999, 12, 31)
"""The last day of what has no end: 长期; a listing that nobody has ended."""

FOREVER_ISO = FOREVER.isoformat()
"""The same as stored JSON and answers write it."""


def today() -> date:
    """The day in China, wherever the server stands."""
    return datetime.now(CHINA).date()


_YEARS = (1000, 100, 10, 1)
"""A millennium, century, decade and year begin with one to four equal digits."""


def beginnings(day: date) -> list[str]:
    """The beginnings of a day as ISO 8601 writes it that name a span of days: 2, 20, 202, 2026, 2026-11, 2026-11-05."""
    written = day.isoformat()
    return [written[:length] for length in (1, 2, 3, 4, 7, 10)]


def spans(first: date, last: date) -> Iterator[str]:
    """The fewest beginnings of days that name all days from `first` through `last`, and no others: of each day in it
    exactly one of its `beginnings`. At most some 130, whatever the length."""
    while first <= last:
        text, end = next(each for each in _spans_from(first) if each[1] <= last)
        yield text
        if end == date.max:
            return
        first = end + timedelta(days=1)


def _spans_from(day: date) -> Iterator[tuple[str, date]]:
    """The spans that begin with a day, and their last days; the longest first."""
    written = day.isoformat()
    for length, years in enumerate(_YEARS, 1):
        if day == date(max(1, day.year // years * years), 1, 1):
            yield written[:length], date(day.year // years * years + years - 1, 12, 31)
    if day.day == 1:
        yield written[:7], day.replace(day=monthrange(day.year, day.month)[1])
    yield written, day
