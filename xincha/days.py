"""What day it is in China, by which the law's windows open and close, and the day that stands for no end."""

from __future__ import annotations

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
