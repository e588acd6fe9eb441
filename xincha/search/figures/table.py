"""Figures as a table for people: Chinese heads, words for codes, `<3` for what is not told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from xincha.search.coverage import note
from xincha.search.figures.answer import Figures
from xincha.search.figures.small import LEAST
from xincha.search.titles import FILTERS
from xincha.tables import FORMATS, Chunks, TableColumn

if TYPE_CHECKING:
    from xincha.search.figures.question import FiguresQuestion

HEADS = {**FILTERS, "year": "年", "quarter": "季度", "month": "月"}
"""What dimensions are called: as the filters that their rows lead to."""
_CODES = {"region": "行政区划代码", "industry": "行业门类代码"}
"""Dimensions whose code is a column beside the name."""
_UNSTATED = "不详"
TITLE = "统计"


def columns(question: FiguresQuestion) -> list[TableColumn]:
    """The columns of the rows of a question."""
    made: list[TableColumn] = []
    for name in question.dimensions:
        if name in _CODES:
            made.append(_column(name, _CODES[name]))
        made.append(_column(name, HEADS[name], _called(name)))
    made += [
        TableColumn(each.name, each.title, "plain", _of(each.name), _told(each.name)) for each in question.measures
    ]
    return [
        *made,
        _column("partial", "期间不完整", lambda row: "是" if row["partial"] else None),
        _column("query", "名单地址"),
    ]


def _column(name: str, head: str, shown: Callable[[Any], Any] | None = None) -> TableColumn:
    return TableColumn(name, head, "text", _of(name), shown or _of(name))


def _of(name: str) -> Callable[[Any], Any]:
    return lambda row: row[name]


def _called(name: str) -> Callable[[Any], str]:
    return lambda row: str(row.get(f"{name}_name") or (_UNSTATED if row[name] is None else row[name]))


def _told(name: str) -> Callable[[Any], str | float | None]:
    return lambda row: f"<{LEAST}" if row["suppressed"] else row[name]


def as_csv(question: FiguresQuestion, figures: Figures) -> Chunks:
    """The rows as CSV; what is loaded stands in the head of a last column, with what is to be known of the numbers."""
    return FORMATS["csv"].write([figures.rows], columns(question), TITLE, note(figures.coverage))


def lines(question: FiguresQuestion, figures: Figures) -> Iterator[tuple[Any, ...]]:
    """The rows as lines of cells: a line of heads first, and one of all together last."""
    shown = [column for column in columns(question) if column.key != "query" and column.head not in _CODES.values()]
    yield tuple(column.head for column in shown)
    for row in figures.rows:
        yield tuple(column.shown(row) for column in shown)
    if question.dimensions and figures.total is not None:
        named = [""] * (len(question.dimensions) - 1)
        yield ("合计", *named, *(figures.totals[each.name] for each in question.measures), "")
