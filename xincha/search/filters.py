"""Filters and facets → clauses and aggregations, and what the law adds to them on a given day.

A facet is counted over all filters but its own, so that choosing a value does not make the others disappear. Bounds
of dates and amounts are inclusive on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import get_args

from xincha.days import beginnings
from xincha.engine.contract import Bucket, Result
from xincha.engine.query import (
    Aggregation,
    Bool,
    DateHistogramAgg,
    Facet,
    Ids,
    MatchAll,
    Query,
    Range,
    RangeAgg,
    Terms,
    TermsAgg,
)
from xincha.kinds import KINDS, of_entities, states
from xincha.kinds.entity import FLAG_KEYS
from xincha.kinds.topics import TOPICS
from xincha.rules.window import Withheld
from xincha.search.answers import FacetBucket, Facets
from xincha.search.held import NOTHING, HeldBack
from xincha.search.questions import EntityFilters, EntitySearch, RecordFilters, RecordSearch
from xincha.text import divisions, industries

_CENT = 0.01
_FIELDS = {
    "link": "link_rule",
    "established": "established_on",
    "capital": "capital_cny",
    "happened": "happened_on",
    "fine": "fine_cny",
    "closed": "closed_on",
    "ended": "ended_on",
    "lasted": "lasted_days",
    "published": "public_from",
    "loaded": "loaded_on",
}
"""Filters and bounds that are not named as the field is."""
_AGES = ("1 年以内", "1 至 3 年", "3 至 5 年", "5 至 10 年", "10 至 20 年", "20 年以上")
_CAPITAL = (
    ("10 万元以下", None, 1e5),
    ("10 万至 100 万元", 1e5, 1e6),
    ("100 万至 1000 万元", 1e6, 1e7),
    ("1000 万至 1 亿元", 1e7, 1e8),
    ("1 亿元以上", 1e8, None),
)
_STANDING = {"has": {kind: kind for kind in of_entities()}, "flag": FLAG_KEYS}
"""Facets of what stands from a day to a day: their values → what the index calls these."""
_MOST_DAYS = 4096
"""Values of `not_on` that are counted: those of today stand at each of the entities, and so are among the commonest."""
_SIZES = {
    "kind": len(KINDS),
    "state": len(states()),
    "region": 60,
    "industry": 40,
    "authority": 30,
    "category": 30,
    "law": 30,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """The clauses of a search by name of filter; each must be met."""

    clauses: Mapping[str, Query]

    def all(self, *, but: str = "") -> Query | None:
        """All of them as one clause, `None` where there are none."""
        kept = [clause for name, clause in self.clauses.items() if name != but]
        return Bool(filter=kept) if kept else None


def filters_of(selection: EntityFilters | RecordFilters, today: date, held: HeldBack = NOTHING) -> Filters:
    """The filters and bounds of a search; what the law adds to one for records is not among them (see `public`)."""
    clauses: dict[str, Query] = {}
    for name, values in selection.filters.items():
        on_day = _CLAUSES.get(name)
        clauses[name] = on_day(values, today, held) if on_day else Terms(field_of(name), values)
    for name in selection.bounds:
        low, high = selection.between(name)
        if low is not None or high is not None:
            clauses[name] = Range(field_of(name), gte=low, lte=high)
    return Filters(clauses)


def public(today: date, held: frozenset[str] = frozenset()) -> Query:
    """Records that may be shown on a day; without those that are `held` back."""
    withheld: Query = Terms("withheld", [reason for reason in get_args(Withheld) if reason])
    return Bool(
        filter=[Range("public_from", lte=today), Range("public_until", gte=today)],
        must_not=[withheld, *([Ids(sorted(held))] if held else [])],
    )


def turned(today: date) -> Query:
    """Records that are in their next state on a day."""
    return Range("turns_on", lte=today)


def in_state(values: Sequence[str], today: date, _: HeldBack = NOTHING) -> Query:
    """Records that are in one of these states on a day."""
    still = Bool(filter=[Terms("state", list(values))], must_not=[turned(today)])
    return Bool(should=[still, Bool(filter=[Terms("next_state", list(values)), turned(today)])])


def _of_topics(values: Sequence[str], _: date, __: HeldBack = NOTHING) -> Query:
    """Records of the kinds of one of these lists."""
    return Terms("kind", [kind.name for value in values for kind in TOPICS[value].kinds])


def _has(values: Sequence[str], today: date, held: HeldBack) -> Query:
    return Bool(should=[_has_one(value, _stands(value, today), held) for value in values])


def _flag(values: Sequence[str], today: date, _: HeldBack) -> Query:
    """Entities beside whose state one of these flags stands on a day."""
    return Bool(should=[_stands(FLAG_KEYS[value], today) for value in values])


def _stands(name: str, today: date) -> Query:
    """Entities of which what is called so in the index has begun and has not ended on a day."""
    return Bool(filter=[Range(f"{name}_until", gte=today)], must_not=[Terms("not_on", _days(name, today))])


@lru_cache(8)
def _any_waiting(today: date) -> Query:
    """Entities that have no record of some kind (or no flag) on a day, and will."""
    return Terms("not_on", [value for name in (*of_entities(), *FLAG_KEYS.values()) for value in _days(name, today)])


def _days(name: str, today: date) -> list[str]:
    """The values of `not_on` that say that it does not stand on a day; of an entity one of them at most."""
    return [f"{name}:{span}" for span in beginnings(today)]


def _has_one(kind: str, having: Query, held: HeldBack) -> Query:
    """Those of `having` that have a record of a kind beside those that are held back."""
    without = held.entities_without(kind)
    return Bool(filter=[having], must_not=[Ids(without)]) if without else having


_CLAUSES: Mapping[str, Callable[[Sequence[str], date, HeldBack], Query]] = {
    "has": _has,
    "flag": _flag,
    "state": in_state,
    "topic": _of_topics,
}
"""Filters that are no terms of a field."""


def facets_of(
    search: EntitySearch | RecordSearch, filters: Filters, today: date, held: HeldBack = NOTHING
) -> Mapping[str, Facet]:
    """The facets that a search asks for."""
    return _facets(search.facet, filters, today, held) if filters.clauses else _unfiltered(search.facet, today, held)


@lru_cache(64)
def _unfiltered(names: tuple[str, ...], today: date, held: HeldBack) -> Mapping[str, Facet]:
    """Made once a day: most searches have no filter."""
    return _facets(names, Filters({}), today, held)


def _facets(names: Sequence[str], filters: Filters, today: date, held: HeldBack) -> Mapping[str, Facet]:
    facets: dict[str, Facet] = {}
    for name in names:
        rest = filters.all(but=name) or MatchAll()
        if name in _STANDING:
            # the few that have not begun are taken off: to leave them out would cost a pass over all for each value
            waiting = Bool(filter=[rest, _any_waiting(today)])
            facets[f"{name}:not"] = Facet(TermsAgg("not_on", _MOST_DAYS), waiting)
            for value, field in _STANDING[name].items():
                last_day = RangeAgg(f"{field}_until", [(today, None)])
                facets[f"{name}:{value}"] = Facet(last_day, _has_one(field, rest, held))
                if held.entities_without(field):
                    of_it = _has_one(field, waiting, held)
                    facets[f"{name}:{value}:not"] = Facet(TermsAgg("not_on", _MOST_DAYS), of_it)
        elif name == "state":
            facets |= facets_by_state(today, rest)
        else:
            facets[name] = Facet(_aggregation(name, today), rest)
    return facets


def facets_by_state(today: date, rest: Query) -> Mapping[str, Facet]:
    """Counts of records of `rest` by state: of those that have not turned on a day, and of those that have."""
    return {
        "state:now": Facet(TermsAgg("state"), Bool(filter=[rest], must_not=[turned(today)])),
        "state:next": Facet(TermsAgg("next_state"), Bool(filter=[rest, turned(today)])),
    }


def field_of(name: str) -> str:
    """The field of a filter or bound."""
    return _FIELDS.get(name, name)


def _aggregation(name: str, today: date) -> Aggregation:
    if name == "happened":
        return DateHistogramAgg("happened_on")
    if name == "established":
        return RangeAgg("established_on", [(low, high) for _, low, high in _ages(today)])
    if name == "capital":
        return RangeAgg("capital_cny", [(low, high) for _, low, high in _CAPITAL])
    return TermsAgg(name, _SIZES.get(name, 12))


def _ages(today: date) -> list[tuple[str, date | None, date | None]]:
    """Ages of entities as intervals [from, to) of the date of establishment, youngest first."""
    day = min(today.day, 28) if today.month == 2 else today.day
    days = [None, *(today.replace(year=today.year - years, day=day) for years in (1, 3, 5, 10, 20)), None]
    return list(zip(_AGES, days[1:], days, strict=False))


def buckets_of(search: EntitySearch | RecordSearch, result: Result, today: date) -> Facets:
    """The counted facets of a search, with names for people; values that nothing has are left out."""
    return {name: _buckets(name, result, today) for name in search.facet}


def _buckets(name: str, result: Result, today: date) -> list[FacetBucket]:
    counted = _counted(result, name)
    if name in ("established", "capital"):
        return _intervals(counted, _ages(today) if name == "established" else _CAPITAL)
    if name == "happened":
        return [_year(bucket) for bucket in reversed(counted)]
    counts = [(str(each.key), each.count) for each in counted]
    if name in _STANDING:
        standing = ((value, _standing(name, value, result, today)) for value in _STANDING[name])
        counts = [(value, count) for value, count in standing if count]
    elif name == "state":
        counts = _in_states(result)
    return [{"value": value, "name": name_of(name, value), "count": count} for value, count in counts]


def _counted(result: Result, name: str) -> Sequence[Bucket]:
    buckets = result.facets.get(name)
    return buckets if isinstance(buckets, Sequence) else ()


def _standing(facet: str, value: str, result: Result, today: date) -> int:
    """How many entities a facet counts for a value, which has begun of them."""
    not_on = set(_days(_STANDING[facet][value], today))
    not_begun = _counted(result, f"{facet}:{value}:not" if f"{facet}:{value}:not" in result.facets else f"{facet}:not")
    waiting = sum(bucket.count for bucket in not_begun if bucket.key in not_on)
    return sum(bucket.count for bucket in _counted(result, f"{facet}:{value}")) - waiting


def _in_states(result: Result) -> list[tuple[str, int]]:
    """The states that records are in, commonest first."""
    counts: Counter[str] = Counter()
    for facet in ("state:now", "state:next"):
        counts.update({str(bucket.key): bucket.count for bucket in _counted(result, facet)})
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _intervals(
    buckets: Sequence[Bucket], names: Sequence[tuple[str, date | float | None, date | float | None]]
) -> list[FacetBucket]:
    """Buckets of intervals [low, high) with inclusive bounds."""
    filled: list[FacetBucket] = []
    for bucket, (name, low, high) in zip(buckets, names, strict=True):
        last = high - timedelta(days=1) if isinstance(high, date) else high - _CENT if high is not None else None
        if bucket.count:
            filled.append({"value": name, "name": name, "count": bucket.count, "from": low, "to": last})
    return filled


def _year(bucket: Bucket) -> FacetBucket:
    first = bucket.key if isinstance(bucket.key, date) else date.min
    last = date(first.year, 12, 31)
    return {"value": str(first.year), "name": f"{first.year} 年", "count": bucket.count, "from": first, "to": last}


def name_of(facet: str, value: str) -> str:
    """What people call a value."""
    if facet == "region":
        return divisions.name(value) or value
    if facet == "industry":
        return industries.industry_name(value) or value
    return _NAMES.get(facet, {}).get(value, value)


_NAMES: Mapping[str, Mapping[str, str]] = {
    "kind": {kind.name: kind.title for kind in KINDS.values()},
    "has": {kind.name: kind.has for kind in of_entities().values()},
    "state": {name: state.title for name, state in states().items()},
    "category": {
        code: word for kind in KINDS.values() if kind.category for code, word in (kind.category.category or {}).items()
    },
}
