"""What is loaded, by kind and authority: how much of it may be shown today, of which days it tells, when it was loaded.

All of it is counted from what is published, in one request for each index, once for each version and day. A kind is
loaded if the lake held a record of it, also one that may not be shown: what was published says so in its note. All else
is of what may be shown. The day of data is the last day that it tells of (`content_until`), not the day on which
somebody loaded it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from threading import Lock
from typing import TYPE_CHECKING

import orjson

from xincha.days import CHINA
from xincha.engine.query import Bool, Facet, MatchAll, Request, Sort, Term, TermsAgg
from xincha.kinds import KINDS
from xincha.search.answers import AuthorityCoverage, Covered, KindCoverage
from xincha.search.filters import public
from xincha.search.held import HeldReader
from xincha.tables import Note

if TYPE_CHECKING:
    from xincha.engine.contract import Bucket, Engine, IndexName, Result
    from xincha.engine.query import Value

REGISTRATION = "registration"
TITLES: Mapping[str, str] = {REGISTRATION: "登记信息", **{kind.name: kind.title for kind in KINDS.values()}}
MOST_AUTHORITIES = 20
_KEPT = 8
_Key = tuple["IndexName", str, date, frozenset[str]]
_FIRST: Mapping[IndexName, str] = {"entities": "established_on", "records": "happened_on"}
"""The field of the first day that a document tells of; `content_on` is the last."""


class CoverageReader:
    """Coverage of what `engine` has published. Safe to share between threads."""

    def __init__(self, engine: Engine, today: Callable[[], date], held: HeldReader | None = None) -> None:
        self._engine = engine
        self._today = today
        self._held = held or HeldReader(engine, today)
        self._lock = Lock()
        self._kept: dict[_Key, Covered] = {}

    def now(self) -> Covered:
        """What is published now."""
        return self.of("entities", self._version())

    def _version(self) -> str:
        return self._engine.search("entities", Request(MatchAll(), size=0, total=False)).version

    def of(self, index: IndexName, version: str) -> Covered:
        """What was published together with this version of an index; for `records` without the registration, so that
        no other index is asked."""
        key = index, version, self._today(), self._held.records()
        if found := self._kept.get(key):
            return found
        with self._lock:
            return self._kept.get(key) or self._counted(index, key[2], key[3])

    def _counted(self, index: IndexName, day: date, held: frozenset[str]) -> Covered:
        kinds: list[KindCoverage] = []
        if index == "entities":
            entities = self._engine.search_many("entities", [_of_entities(), *_ends_of_entities()])
            kinds.append(_registration(entities))
        records = self._engine.search("records", _of_records(day, held))
        loaded = self._loaded()
        kinds += (_kind(name, records, loaded.get(name)) for name in KINDS)
        covered = Covered(kinds, frozenset(kind.kind for kind in kinds if kind.loaded), held)
        version = entities[0].version if index == "entities" else records.version
        if index == "records" or self._version() == version:  # nothing was published between the two
            self._keep((index, version, day, held), covered)
        return covered

    def _loaded(self) -> Mapping[str, int]:
        """Kind → when its newest row was loaded, of those of which the lake held any; seconds since 1970."""
        published = self._engine.status().indices.get("records")
        told: Mapping[str, int] = orjson.loads(published.note.get("kinds", "{}")) if published else {}
        return told

    def _keep(self, key: _Key, covered: Covered) -> None:
        for oldest in list(self._kept)[: 1 - _KEPT]:
            del self._kept[oldest]
        self._kept[key] = covered


def _by_authority(index: IndexName) -> TermsAgg:
    return TermsAgg("authority", MOST_AUTHORITIES, (_FIRST[index], "content_on", "loaded_at"))


def _of_entities() -> Request:
    return Request(MatchAll(), size=0, facets={"authority": Facet(_by_authority("entities"))})


def _ends_of_entities() -> list[Request]:
    """Whose sort value is the first day, the last day, the newest load."""
    orders = (Sort("established_on"), Sort("content_on", "desc"), Sort("loaded_at", "desc"))
    return [Request(MatchAll(), sort=(order, Sort("tie")), size=1, source=False, total=False) for order in orders]


def _of_records(day: date, held: frozenset[str]) -> Request:
    """Counts by kind, of all and of those that may be shown; of these by authority too."""
    shown = public(day, held)
    kinds = TermsAgg("kind", len(KINDS), (_FIRST["records"], "content_on", "loaded_at"))
    facets = {name: Facet(_by_authority("records"), Bool(filter=[shown, Term("kind", name)])) for name in KINDS}
    return Request(MatchAll(), size=0, facets={"all": Facet(kinds), "shown": Facet(kinds, shown), **facets})


def _registration(results: Sequence[Result]) -> KindCoverage:
    counted, *ends = results
    first, last, loaded = (result.hits[0].sort[0] if result.hits else None for result in ends)
    days, offices = _days(first, last), _authorities(counted, "authority")
    return KindCoverage(REGISTRATION, counted.total > 0, counted.total, offices, *days, _time(loaded))


def _kind(name: str, counted: Result, newest: int | None) -> KindCoverage:
    """`newest`: when the lake's newest row was loaded; None where it held none."""
    every, shown = (next((each for each in _buckets(counted, of) if each.key == name), None) for of in ("all", "shown"))
    days = _days(shown.spans[0][0], shown.spans[1][1]) if shown else (None, None)
    loaded = _time(every.spans[2][1] if every and newest is None else newest)
    records = shown.count if shown else 0
    return KindCoverage(
        name, newest is not None or every is not None, records, _authorities(counted, name), *days, loaded
    )


def _authorities(counted: Result, facet: str) -> list[AuthorityCoverage]:
    return [
        AuthorityCoverage(str(each.key), each.count, *_days(first, last), _time(loaded))
        for each in _buckets(counted, facet)
        for (first, _), (_, last), (_, loaded) in [each.spans]
    ]


def _buckets(result: Result, facet: str) -> Sequence[Bucket]:
    buckets = result.facets[facet]
    return buckets if isinstance(buckets, Sequence) else ()


def _days(first: Value | None, last: Value | None) -> tuple[date | None, date | None]:
    """First and last day; none where no day is known but one that is still to come, which is a slip."""
    if not isinstance(last, date):
        return None, None
    return min(first, last) if isinstance(first, date) else last, last


def _time(seconds: Value | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, CHINA) if isinstance(seconds, int) else None


def content_until(kinds: Iterable[KindCoverage]) -> date | None:
    """The day of the data: the last one that anything of it tells of."""
    return max((kind.content_until for kind in kinds if kind.content_until), default=None)


def not_loaded(kinds: Iterable[str]) -> str:
    """The sentence that these kinds are not loaded."""
    return f"未装载：{'、'.join(TITLES[kind] for kind in kinds)}。查不到，不说明没有。"


def notes(covered: Covered, of: Iterable[str]) -> list[str]:
    """What is to be said of a search in these kinds."""
    missing = [kind for kind in TITLES if kind in set(of) - covered.loaded]
    return [not_loaded(missing)] if missing else []


def sentence(kinds: Sequence[KindCoverage]) -> str:
    """All of it in one line: «登记信息 2,001 家，截至 2026-10-31；行政处罚 106 条，…；未装载：经营异常»."""
    parts = [f"{TITLES[kind.kind]} {_size(kind)}{_span(kind)}" for kind in kinds if kind.loaded]
    missing = [TITLES[kind.kind] for kind in kinds if not kind.loaded]
    return "；".join([*parts, *([f"未装载：{'、'.join(missing)}"] if missing else [])])


def in_header(kinds: Sequence[KindCoverage]) -> str:
    """All of it but the authorities as JSON of one line, in ASCII."""
    names = [each.name for each in fields(KindCoverage) if each.name != "authorities"]
    return orjson.dumps([{name: getattr(kind, name) for name in names} for kind in kinds]).decode()


def note(kinds: Sequence[KindCoverage], matched_on: date | None = None) -> Note:
    """All of it beside a table; of a list that was matched, on which day."""
    matched = f"；{matched_on} 核对" if matched_on else ""
    return Note(f"数据范围：{sentence(kinds)}{matched}", "coverage", orjson.dumps(kinds))


def table(kinds: Sequence[KindCoverage]) -> list[tuple[str | int | None, ...]]:
    """All of it for people: a row of heads, one for each kind, and below it one for each authority."""
    rows: list[tuple[str | int | None, ...]] = []
    for kind in kinds:
        rows.append((TITLES[kind.kind], "", "已装载" if kind.loaded else "未装载", *_cells(kind)))
        rows += [("", each.name, "", *_cells(each)) for each in kind.authorities]
    return [("类别", "机关", "是否装载", "条数", "内容自", "内容至", "装载时间"), *rows]


def _cells(of: KindCoverage | AuthorityCoverage) -> tuple[str | int | None, ...]:
    if isinstance(of, KindCoverage) and not of.loaded:
        return (None, None, None, None)
    days = (str(day) if day else None for day in (of.content_from, of.content_until))
    return (of.records, *days, f"{of.loaded_at:%Y-%m-%d %H:%M}" if of.loaded_at else None)


def _size(kind: KindCoverage) -> str:
    return f"{kind.records:,} {'家' if kind.kind == REGISTRATION else '条'}"


def _span(kind: KindCoverage) -> str:
    if kind.content_until is None:
        return ""
    if kind.kind == REGISTRATION:  # whose first day is that of the oldest company
        return f"，截至 {kind.content_until}"
    single = kind.content_from == kind.content_until
    return f"，{kind.content_until}" if single else f"，{kind.content_from} 至 {kind.content_until}"
