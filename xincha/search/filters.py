"""Filters and facets → clauses and aggregations, and what the law adds to them on a given day.

A facet is counted over all filters but its own, so that choosing a value does not make the others disappear. Bounds
of dates and amounts are inclusive on both sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import get_args

from xincha.engine.contract import Bucket, Result
from xincha.engine.query import (
    Aggregation,
    Bool,
    DateHistogramAgg,
    Facet,
    MatchAll,
    Query,
    Range,
    RangeAgg,
    Terms,
    TermsAgg,
    Value,
)
from xincha.errors import BadParameter
from xincha.kinds import KINDS, states
from xincha.rules.publicity import Withheld
from xincha.search.answers import FacetBucket, Facets
from xincha.search.requests import (
    ENTITY_FACETS,
    ENTITY_FILTERS,
    RECORD_FACETS,
    RECORD_FILTERS,
    EntitySearch,
    RecordSearch,
)
from xincha.text import industries, regions

_CENT = 0.01
_FIELDS = {"link": "link_rule"}
_CAPITAL = (
    ("10 万元以下", None, 1e5),
    ("10 万至 100 万元", 1e5, 1e6),
    ("100 万至 1000 万元", 1e6, 1e7),
    ("1000 万至 1 亿元", 1e7, 1e8),
    ("1 亿元以上", 1e8, None),
)
_YEARS = DateHistogramAgg("happened_on")
_SIZES = {"region": 60, "industry": 40, "authority": 30, "category": 30}


@dataclass(frozen=True, slots=True)
class Filters:
    """The clauses of a search by name of filter; each must be met."""

    clauses: Mapping[str, Query]

    def all(self, *, but: str = "") -> Query | None:
        """All of them as one clause, `None` where there are none."""
        kept = [clause for name, clause in self.clauses.items() if name != but]
        return Bool(filter=kept) if kept else None


def entity_filters(search: EntitySearch, today: date) -> Filters:
    """The filters of a search for entities."""
    _known(search.filters, ENTITY_FILTERS)
    clauses: dict[str, Query] = {}
    for name, values in search.filters.items():
        if values:
            clauses[name] = _has(values, today) if name == "has" else Terms(name, list(values))
    _bounds(clauses, "established", "established_on", search.established)
    _bounds(clauses, "capital", "capital_cny", search.capital)
    return Filters(clauses)


def record_filters(search: RecordSearch, today: date) -> Filters:
    """The filters of a search for records; the law's own is not among them (see `public`)."""
    _known(search.filters, RECORD_FILTERS)
    clauses: dict[str, Query] = {}
    for name, values in search.filters.items():
        if values:
            clauses[name] = _state(values, today) if name == "state" else Terms(_FIELDS.get(name, name), list(values))
    _bounds(clauses, "happened", "happened_on", search.happened)
    _bounds(clauses, "fine", "fine_cny", search.fine)
    return Filters(clauses)


def public(today: date) -> Query:
    """Records that may be shown on a day."""
    return Bool(
        filter=[Range("public_from", lte=today), Range("public_until", gte=today)],
        must_not=[Terms("withheld", [reason for reason in get_args(Withheld) if reason])],
    )


def _turned(today: date) -> Query:
    """Records that are in their next state on a day."""
    return Range("turns_on", lte=today)


def _state(values: Sequence[str], today: date) -> Query:
    """Records that are in one of these states on a day."""
    return Bool(
        should=[
            Bool(filter=[Terms("state", list(values))], must_not=[_turned(today)]),
            Bool(filter=[Terms("next_state", list(values)), _turned(today)]),
        ]
    )


def _known(filters: Mapping[str, Sequence[str]], names: Sequence[str]) -> None:
    for name in filters:
        if name not in names:
            raise BadParameter(f"there is no filter {name!r}", parameter=name, allowed=", ".join(names))


def _bounds(clauses: dict[str, Query], name: str, field: str, bounds: tuple[Value | None, Value | None]) -> None:
    if bounds[0] is not None or bounds[1] is not None:
        clauses[name] = Range(field, gte=bounds[0], lte=bounds[1])


def _has(values: Iterable[str], today: date) -> Query:
    unknown = [value for value in values if value not in KINDS]
    if unknown:
        raise BadParameter(f"has: there is no kind {unknown[0]!r}", parameter="has", allowed=", ".join(KINDS))
    return Bool(should=[Range(f"{value}_until", gte=today) for value in values])


def entity_facets(search: EntitySearch, filters: Filters, today: date) -> dict[str, Facet]:
    """The facets that a search for entities asks for."""
    wanted = tuple(_wanted(search.facets, ENTITY_FACETS))
    if not filters.clauses:
        return dict(_unfiltered(wanted, today))
    return _entity_facets(wanted, filters, today)


@lru_cache(64)
def _unfiltered(wanted: tuple[str, ...], today: date) -> Mapping[str, Facet]:
    """Made once a day: most searches have no filter."""
    return _entity_facets(wanted, Filters({}), today)


def _entity_facets(wanted: Sequence[str], filters: Filters, today: date) -> dict[str, Facet]:
    made: dict[str, Facet] = {}
    for name in wanted:
        rest = filters.all(but=name) or MatchAll()
        if name == "has":
            made |= {f"has:{kind}": Facet(RangeAgg(f"{kind}_until", [(today, None)]), rest) for kind in KINDS}
        else:
            made[name] = Facet(_entity_aggregation(name, today), rest)
    return made


def _entity_aggregation(name: str, today: date) -> Aggregation:
    if name == "established":
        return RangeAgg("established_on", [(low, high) for _, low, high in _ages(today)])
    if name == "capital":
        return RangeAgg("capital_cny", [(low, high) for _, low, high in _CAPITAL])
    return TermsAgg(name, _SIZES.get(name, 12))


def _ages(today: date) -> list[tuple[str, date | None, date | None]]:
    """Ages of entities as intervals [from, to) of the date of establishment, youngest first."""
    years = [_years_before(today, years) for years in (1, 3, 5, 10, 20)]
    return [
        ("1 年以内", years[0], None),
        ("1 至 3 年", years[1], years[0]),
        ("3 至 5 年", years[2], years[1]),
        ("5 至 10 年", years[3], years[2]),
        ("10 至 20 年", years[4], years[3]),
        ("20 年以上", None, years[4]),
    ]


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


def record_facets(search: RecordSearch, filters: Filters, today: date) -> dict[str, Facet]:
    """The facets that a search for records asks for."""
    made: dict[str, Facet] = {}
    for name in _wanted(search.facets, RECORD_FACETS):
        rest = filters.all(but=name) or MatchAll()
        if name == "state":
            made["state:now"] = Facet(TermsAgg("state"), Bool(filter=[rest], must_not=[_turned(today)]))
            made["state:next"] = Facet(TermsAgg("next_state"), Bool(filter=[rest, _turned(today)]))
        else:
            made[name] = Facet(_YEARS if name == "happened" else TermsAgg(name, _SIZES.get(name, 12)), rest)
    return made


def _wanted(asked: Sequence[str] | None, known: Sequence[str]) -> Sequence[str]:
    if asked is None:
        return known
    for name in asked:
        if name not in known:
            raise BadParameter(f"there is no facet {name!r}", parameter="facet", allowed=", ".join(known))
    return asked


def entity_buckets(search: EntitySearch, result: Result, today: date) -> Facets:
    """The counted facets of entities, with names for people; values that no entity has are left out."""
    made: dict[str, list[FacetBucket]] = {}
    for name in _wanted(search.facets, ENTITY_FACETS):
        if name == "has":
            made[name] = _having(result)
        elif name == "established":
            made[name] = _intervals(_counted(result, name), _ages(today))
        elif name == "capital":
            made[name] = _intervals(_counted(result, name), _CAPITAL)
        else:
            made[name] = [_named(name, bucket) for bucket in _counted(result, name)]
    return made


def record_buckets(search: RecordSearch, result: Result) -> Facets:
    """The counted facets of records, with names for people."""
    made: dict[str, list[FacetBucket]] = {}
    for name in _wanted(search.facets, RECORD_FACETS):
        if name == "state":
            made[name] = _in_states(result)
        elif name == "happened":
            made[name] = [_year(bucket) for bucket in reversed(_counted(result, name))]
        else:
            made[name] = [_named(name, bucket) for bucket in _counted(result, name)]
    return made


def _counted(result: Result, name: str) -> Sequence[Bucket]:
    buckets = result.facets.get(name)
    return buckets if isinstance(buckets, Sequence) else ()


def _having(result: Result) -> list[FacetBucket]:
    counts = {name: sum(bucket.count for bucket in _counted(result, f"has:{name}")) for name in KINDS}
    return [_bucket(name, KINDS[name].has, count) for name, count in counts.items() if count]


def _in_states(result: Result) -> list[FacetBucket]:
    counts: Counter[str] = Counter()
    for facet in ("state:now", "state:next"):
        counts.update({str(bucket.key): bucket.count for bucket in _counted(result, facet)})
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [_bucket(state, states()[state].title, count) for state, count in ordered]


def _bucket(value: str, name: str, count: int) -> FacetBucket:
    return {"value": value, "name": name, "count": count}


def _intervals(
    buckets: Sequence[Bucket], names: Sequence[tuple[str, date | float | None, date | float | None]]
) -> list[FacetBucket]:
    """Buckets of intervals [low, high) with inclusive bounds."""
    made: list[FacetBucket] = []
    for bucket, (name, low, high) in zip(buckets, names, strict=True):
        last = high - timedelta(days=1) if isinstance(high, date) else high - _CENT if high is not None else None
        if bucket.count:
            made.append({"value": name, "name": name, "count": bucket.count, "from": low, "to": last})
    return made


def _year(bucket: Bucket) -> FacetBucket:
    first = bucket.key if isinstance(bucket.key, date) else date.min
    last = date(first.year, 12, 31)
    return {"value": str(first.year), "name": f"{first.year} 年", "count": bucket.count, "from": first, "to": last}


def _named(facet: str, bucket: Bucket) -> FacetBucket:
    value = str(bucket.key)
    return _bucket(value, _name(facet, value), bucket.count)


def _name(facet: str, value: str) -> str:
    if facet == "region":
        return regions.name(value) or value
    if facet == "industry":
        return industries.industry_name(value) or value
    if facet == "category":
        return _CATEGORIES.get(value, value)
    return KINDS[value].title if value in KINDS else value


_CATEGORIES = {
    code: word for kind in KINDS.values() if kind.category for code, word in (kind.category.category or {}).items()
}
