"""How well penalties are published: which rows are asked for, as an answer and as a table.

The rows come with what is published, in the note of its index: no request reads the lake or counts records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from xincha.errors import EngineNotReady
from xincha.quality import NOTE, Quality, QualityRow, unpack
from xincha.rules.dated import Family
from xincha.rules.timeliness import LIMITS, WHY_UNKNOWN, known_years
from xincha.search import cursor
from xincha.search.answers import Cursor
from xincha.tables import TableColumn

if TYPE_CHECKING:
    from xincha.engine.contract import Engine
    from xincha.search.questions import QualitySearch, QualitySelection

_KIND = "quality"


@dataclass(frozen=True, slots=True)
class QualityPage:
    """How well penalties are published. All of them count, also those that may not be shown; nobody is named."""

    rows: Annotated[Sequence[QualityRow], Field(description="newest months first, those without a month last")]
    total: Annotated[int, Field(description="rows of all pages")]
    cursor: Cursor
    since: Annotated[
        str | None,
        Field(description="first month that is held here, of too many; `xincha quality` knows all"),
    ]
    calendar_until: Annotated[int, Field(description="last year whose working days are known")]
    reasons: Annotated[Mapping[str, str], Field(description="reason of `unknown_why` → in words")]
    limits: Annotated[Mapping[Family, str], Field(description="family → the limits of its offices, and their law")]


class QualityReader:
    """What `engine` has published. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._kept: tuple[str, Quality] | None = None

    def page(self, search: QualitySearch) -> QualityPage:
        """One page; raises `EngineNotReady` where nothing is published, or by a program that did not measure."""
        version, quality = self._published()
        bound, at = cursor.binding(_KIND, version, search.selection), 0
        if search.cursor:
            at = _place(search.cursor, bound)
        found = selected(quality.rows, search)
        following = at + search.limit
        more = cursor.write(bound, _KIND, [following]) if following < len(found) else None
        return page(found[at:following], len(found), quality.since, more)

    def rows(self) -> Quality:
        """All rows; raises `EngineNotReady` as `page` does."""
        return self._published()[1]

    def _published(self) -> tuple[str, Quality]:
        status = self._engine.status()
        if not status.ready:
            raise EngineNotReady(status.reason)
        index = status.indices["records"]
        with self._lock:
            if self._kept is None or self._kept[0] != index.version:
                text = index.note.get(NOTE)
                quality = unpack(text) if text else None
                if quality is None:
                    raise EngineNotReady("what is published was not measured by this program; run `xincha publish`")
                self._kept = index.version, quality
            return self._kept


def _place(text: str, bound: str) -> int:
    match cursor.read(text, bound):
        case (kind, [int(at)]) if kind == _KIND and at >= 0:
            return at
    raise cursor.damaged()


def page(rows: Sequence[QualityRow], total: int, since: str | None = None, more: str | None = None) -> QualityPage:
    """Rows with what explains them."""
    return QualityPage(rows, total, more, since, known_years()[1], WHY_UNKNOWN, LIMITS)  # type: ignore[arg-type]


def selected(rows: Iterable[QualityRow], asked: QualitySelection) -> list[QualityRow]:
    """The rows that are asked for. One without a month is of no month."""
    sources, offices = frozenset(asked.source), frozenset(asked.authority)
    first, last = asked.between("month")
    return [
        row
        for row in rows
        if (not sources or row.source in sources)
        and (not offices or row.authority in offices)
        and (first is None or (row.month is not None and row.month >= first))
        and (last is None or (row.month is not None and row.month <= last))
    ]


HEADS: Mapping[str, str] = {
    "source": "来源",
    "authority": "处罚机关",
    "month": "决定月份",
    "records": "处罚",
    "dated": "两日期齐全",
    "timely": "按期",
    "late": "逾期",
    "unknown": "不明",
    **{f"unknown_why.{why}": f"不明：{words}" for why, words in WHY_UNKNOWN.items()},
    "timely_7": "7个工作日内",
    "late_7": "超过7个工作日",
    "out_of_town": "异地处罚",
    "late_push": "推送逾期",
    "late_publish": "收到后公示逾期",
    "days_median": "工作日中位数",
    "days_p90": "工作日九成位",
    "corrected": "更正",
    "withdrawn": "撤销",
    "gone": "不再公示",
    "held": "暂停展示",
    "complete": "摘要齐全",
    "unlinked": "未对应主体",
    "amount_conflicts": "金额矛盾",
    "family": "机关类别",
}
"""Columns of a table, and what each is called."""

_FAMILIES = {"market": "市场监督管理", "other": "其他部门"}


def _column(key: str) -> TableColumn:
    outer, _, inner = key.partition(".")

    def of(row: QualityRow) -> Any:
        value = getattr(row, outer)
        return value.get(inner, 0) if inner else value

    def shown(row: QualityRow) -> str | float | None:
        value: str | float | None = of(row)
        return _FAMILIES[str(value)] if key == "family" else value

    texts = {"source", "authority", "month", "family"}
    return TableColumn(key, HEADS[key], "text" if key in texts else "number" if "days" in key else "count", of, shown)


COLUMNS = [_column(key) for key in HEADS]


def table(rows: Iterable[QualityRow], keys: Sequence[str] = ()) -> list[tuple[str | float | None, ...]]:
    """Rows for people, a line of heads first; `keys`: these columns alone."""
    columns = [column for column in COLUMNS if not keys or column.key in keys]
    return [tuple(column.head for column in columns), *(tuple(each.shown(row) for each in columns) for row in rows)]
