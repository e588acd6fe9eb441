"""Penalties that were decided, whether they may be shown or not, and how many were published in time: nobody's name.

What may not be shown any more is in no index, so these are no counts over a list. They are those of `xincha.quality`,
which every publish makes of all that was loaded: by office and month of the decision alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from xincha.errors import BadParameter
from xincha.search.figures.question import TIMES

if TYPE_CHECKING:
    from xincha.quality import QualityRow
    from xincha.search.figures.counting import CellKey
    from xincha.search.figures.measures import Measure
    from xincha.search.figures.question import FiguresQuestion
    from xincha.search.quality import QualityReader

DECIDED, TIMELY, LATE = "decided", "timely", "late"
COUNTS = (DECIDED, TIMELY, LATE)
_BY = frozenset({*TIMES, "authority"})
_FILTERS = frozenset({"authority", "happened_from", "happened_to"})
_MONTHS = 3


def is_of_decisions(measure: Measure) -> bool:
    """Whether a number is of all decisions, and not of a list."""
    return measure.how in {"decided", "in_time"}


def decisions(question: FiguresQuestion, quality: QualityReader) -> tuple[Mapping[CellKey, Counter[str]], str | None]:
    """The `COUNTS` of each cell of a question, and the first month of which they are known, `None`: all are; raises
    `BadParameter` where the question asks for more than they can tell, and `EngineNotReady`."""
    _check(question)
    published = quality.rows()
    cells: dict[CellKey, Counter[str]] = {}
    for row in published.rows:
        if _is_asked(question, row):
            key = tuple(_key(name, row) for name in question.dimensions)
            counts = {DECIDED: max(row.records - row.withdrawn, 0), TIMELY: row.timely, LATE: row.late}
            cells.setdefault(key, Counter()).update(counts)
    return cells, published.since


def _check(question: FiguresQuestion) -> None:
    allowed = "by year, quarter, month and authority; filters authority and whole months (happened_from, happened_to)"
    if set(question.dimensions) - _BY or set(question.given) - _FILTERS or question.day != "happened" or question.top:
        told = "measure: all decisions are counted by office and month alone"
        raise BadParameter(told, parameter="measure", allowed=allowed)
    first, last = question.between("happened")
    for name, is_whole in (
        ("happened_from", first is None or first.day == 1),
        ("happened_to", last is None or (last + timedelta(days=1)).day == 1),
    ):
        if not is_whole:
            told = f"{name}: all decisions are counted by whole months alone"
            raise BadParameter(told, parameter=name, allowed="the first (the last) day of a month")


def _is_asked(question: FiguresQuestion, row: QualityRow) -> bool:
    offices: tuple[str, ...] = question.given.get("authority", ())
    return (not offices or row.authority in offices) and all(_within(question, row.month))


def _within(question: FiguresQuestion, month: str | None) -> Iterator[bool]:
    for bound, day in zip(("from", "to"), question.between("happened"), strict=True):
        if isinstance(day, date):
            limit = day.isoformat()[:7]
            yield month is not None and (month >= limit if bound == "from" else month <= limit)


def _key(dimension: str, row: QualityRow) -> int | str | None:
    if dimension == "authority":
        return row.authority
    if row.month is None or dimension == "month":
        return row.month
    year, month = (int(part) for part in row.month.split("-"))
    return year if dimension == "year" else f"{year:04}-Q{(month - 1) // _MONTHS + 1}"
