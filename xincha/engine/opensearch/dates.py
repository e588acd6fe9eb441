"""Days as OpenSearch tells them: milliseconds since 1970."""

from __future__ import annotations

from datetime import date

_DAY = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()


def date_of(milliseconds: float) -> date:
    """The day of a moment."""
    return date.fromordinal(_EPOCH + int(milliseconds // _DAY))


def milliseconds_of(day: date) -> int:
    """The moment at which a day begins."""
    return (day.toordinal() - _EPOCH) * _DAY
