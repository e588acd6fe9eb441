"""Which facts an export holds, and what each is called: the columns of its tables, the keys of its JSON.

Every fact stands beside its source: `origin` is the row that stated all of them but those that `carried` names. A key
that is not declared here is in no export, whatever the index holds. Keys are those of the API; the Chinese heads are
the names that GSXT and 双公示 use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, cast

from xincha.days import CHINA
from xincha.engine.contract import IndexName
from xincha.kinds import KINDS, Fact, Kind, counts, entity, states
from xincha.kinds.kind import HAPPENED, IDENTITY, LINK, PARTY, PUBLICITY
from xincha.search.export.pages import Row

Type = Literal["text", "list", "date", "time", "number", "count", "flag", "carried", "lines"]


@dataclass(frozen=True, slots=True)
class Column:
    """One fact. `words`: for people, where the value is a code.

    `key` is a key of the row; `counts.penalty` one of a mapping in it.
    """

    key: str
    head: str
    type: Type = "text"
    words: Mapping[str, str] = field(default_factory=dict)
    path: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        outer, _, inner = self.key.partition(".")
        object.__setattr__(self, "path", (outer, inner))

    def of(self, row: Row) -> Any:
        """The value as it is stored: text, number, true or false, a list, or `None`."""
        outer, inner = self.path
        value: Any = row.get(outer)
        return value.get(inner) if inner and value else value

    def shown(self, row: Row) -> str | float | None:
        """The value for a cell: a number, or text (dates `YYYY-MM-DD`, times of China); `None` for none."""
        value = self.of(row)
        if value is None or value == []:
            return None
        return self.words.get(value, value) if self.words else _SHOWN[self.type](value)


@lru_cache(256)
def local_time(text: str) -> str:
    """A stored time as the clock in China showed it, `YYYY-MM-DD HH:MM:SS`."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


_SOURCE = (
    Column("origin.file", "来源文件"),
    Column("origin.row", "来源行", "count"),
    Column("origin.loaded_at", "加载时间", "time"),
    Column("origin.batch_id", "加载批次"),
)

_TYPES: Mapping[str, Type] = {"code": "text", "money": "number"}
_STATES = {name: state.title for name, state in states().items()}


def _of_facts(facts: Iterable[Fact]) -> Iterator[Column]:
    return (
        Column(fact.name, fact.title, _TYPES.get(fact.type, cast("Type", fact.type)), words=fact.words)
        for fact in facts
        if fact.in_data
    )


ENTITY = (
    *_of_facts(entity.ENTITY),
    *(Column(f"counts.{each.name}", each.title, "number" if each.sums else "count") for each in counts()),
    *_SOURCE,
    Column("carried", "沿用较早文件的事项", "carried"),
)


def _of_kind(kind: Kind) -> tuple[Column, ...]:
    """The columns of one kind of record."""
    party, link = (PARTY, LINK) if kind.party else ((), ())
    titles = {each.name: each.title for each in KINDS.values()}
    return (
        *(replace(each, words=titles) if each.key == "kind" else each for each in _of_facts(IDENTITY)),
        *_of_facts((*party, *link, HAPPENED)),
        *([Column("state", "现状", words=_STATES)] if kind.states else []),
        *_of_facts(kind.own),
        *_of_facts(PUBLICITY),
        *_SOURCE,
    )


_KINDS = {name: _of_kind(kind) for name, kind in KINDS.items()}


def _together(kinds: Sequence[str]) -> tuple[Column, ...]:
    """The columns of several kinds, each once; a fact that kinds call by several names bears all of them."""
    first: dict[str, Column] = {}
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


_SHOWN: Mapping[Type, Callable[[Any], str | float]] = {
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


def columns(index: IndexName, kinds: Sequence[str] = ()) -> tuple[Column, ...]:
    """The columns of a table of entities, or of records of these kinds (none: of all)."""
    return ENTITY if index == "entities" else _together(kinds or list(KINDS))


def public(row: Row, index: IndexName) -> dict[str, object]:
    """A row with the declared keys and no others, each of them: `None` or an empty list where nothing was published."""
    declared = _KEYS[index if index == "entities" else str(row["kind"])]
    return {key: row.get(key, () if empty else None) for key, empty in declared}


_KEYS: Mapping[str, tuple[tuple[str, bool], ...]] = {
    name: tuple({each.path[0]: each.type in ("list", "carried", "lines") for each in chosen}.items())
    for name, chosen in {"entities": ENTITY, **_KINDS}.items()
}
"""Outermost keys, and which of them hold lists."""
