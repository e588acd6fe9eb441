"""Which facts an export holds, and what each is called: the columns of its tables, the keys of its JSON.

Every fact stands beside its source: `origin` is the row that stated all of them but those that `carried` names. A key
that is not declared here is in no export, whatever the index holds. Keys are those of the API; the Chinese heads are
the names that GSXT and 双公示 use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from xincha.days import CHINA
from xincha.engine.contract import IndexName
from xincha.kinds import KINDS, Fact, Kind, counts, entity, states
from xincha.kinds.kind import HAPPENED, IDENTITY, LINK, PARTY, PUBLICITY
from xincha.search.export.pages import Row
from xincha.search.shown import whole_lines
from xincha.tables import TableColumn
from xincha.text.remember import remembered


def _column(key: str, head: str, of: str = "text", words: Mapping[str, str] | None = None) -> TableColumn:
    """One fact. `key` is a key of the row, `counts.penalty` one of a mapping in it; `words`: for codes, for people."""
    outer, _, inner = key.partition(".")

    def stored(row: Row) -> Any:
        value: Any = row.get(outer)
        return value.get(inner) if inner and value else value

    def shown(row: Row) -> str | float | None:
        value = stored(row)
        if value is None or value == []:
            return None
        return words.get(value, value) if words else _SHOWN[of](value)

    return TableColumn(key, head, of, stored, shown)


@remembered(256)
def local_time(text: str) -> str:
    """A stored time as the clock in China showed it, `YYYY-MM-DD HH:MM:SS`."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


_SOURCE = (
    _column("origin.file", "来源文件"),
    _column("origin.row", "来源行", "count"),
    _column("origin.loaded_at", "加载时间", "time"),
    _column("origin.batch_id", "加载批次"),
)

_TYPES = {"code": "text", "money": "number"}
_STATES = {name: state.title for name, state in states().items()}


def _of_facts(facts: Iterable[Fact], **words: Mapping[str, str]) -> Iterator[TableColumn]:
    return (
        _column(fact.name, fact.title, _TYPES.get(fact.type, fact.type), words.get(fact.name, fact.words))
        for fact in facts
        if fact.in_data and not fact.made
    )


ENTITY = (
    *_of_facts(entity.ENTITY),
    *(
        _column(f"counts.{each.name}", each.title, "date" if each.latest else "number" if each.sums else "count")
        for each in counts()
    ),
    *_SOURCE,
    _column("carried", "沿用较早文件的事项", "carried"),
)


def _of_kind(kind: Kind) -> tuple[TableColumn, ...]:
    """The columns of one kind of record."""
    party, link = (PARTY, LINK) if kind.party else ((), ())
    return (
        *_of_facts(IDENTITY, kind={each.name: each.title for each in KINDS.values()}),
        *_of_facts((*party, *link, HAPPENED)),
        *([_column("state", "现状", words=_STATES)] if kind.states else []),
        *_of_facts(kind.own),
        *_of_facts(PUBLICITY),
        *_SOURCE,
    )


_KINDS = {name: _of_kind(kind) for name, kind in KINDS.items()}


def _together(kinds: Sequence[str]) -> tuple[TableColumn, ...]:
    """The columns of several kinds, each once; a fact that kinds call by several names bears all of them."""
    first: dict[str, TableColumn] = {}
    for column in (column for kind in kinds for column in _KINDS[kind]):
        known = first.setdefault(column.key, column)
        if column.head not in known.head.split("／"):
            first[column.key] = replace(known, head=f"{known.head}／{column.head}")
    ends = [column.key for column in (*_of_facts(PUBLICITY), *_SOURCE)]
    return tuple(sorted(first.values(), key=lambda column: column.key in ends))


_HEADS = {column.key: column.head for column in ENTITY}
_HEADS["industry_text"] = _HEADS["industry"]


def _carried(fact: Mapping[str, Any]) -> str:
    """A fact of an older file, as «住所：登记.csv 第 12 行（2026-11-01 08:00:00 加载）»."""
    name = _HEADS.get(fact["field"], fact["field"])
    return f"{name}：{fact['file']} 第 {fact['row']} 行（{local_time(fact['loaded_at'])} 加载）"


def _joined(values: Sequence[str | None]) -> str:
    return "；".join(value or "" for value in values)


_SHOWN: Mapping[str, Callable[[Any], str | float]] = {
    "text": str,
    "list": _joined,
    "date": str,
    "time": local_time,
    "number": float,
    "count": float,
    "flag": lambda value: "是" if value else "否",
    "carried": lambda facts: "；".join(map(_carried, facts)),
    "lines": lambda lines: "；".join("，".join(str(value) for value in line.values() if value) for line in lines),
}


def columns(index: IndexName, kinds: Sequence[str] = ()) -> tuple[TableColumn, ...]:
    """The columns of a table of entities, or of records of these kinds (none: of all)."""
    return ENTITY if index == "entities" else _together(kinds or list(KINDS))


def public(row: Row, index: IndexName) -> dict[str, object]:
    """A row with the declared keys and no others, each of them: `None` or an empty list where nothing was published."""
    name = index if index == "entities" else str(row["kind"])
    return _WHOLE_LINES[name]({key: row.get(key, () if empty else None) for key, empty in _KEYS[name]})


_KEYS: Mapping[str, tuple[tuple[str, bool], ...]] = {
    name: tuple({each.key.partition(".")[0]: each.type in ("list", "carried", "lines") for each in chosen}.items())
    for name, chosen in {"entities": ENTITY, **_KINDS}.items()
}
"""Outermost keys, and which of them hold lists."""

_WHOLE_LINES = {
    name: whole_lines(fact for fact in facts if fact.in_data)
    for name, facts in {"entities": entity.ENTITY, **{kind.name: kind.facts for kind in KINDS.values()}}.items()
}
