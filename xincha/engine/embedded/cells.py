"""Cells on one open version: the values of one or two dimensions, one aggregation below the other.

Dates are held as YYYYMMDD, so a year is 10,000 wide, and a month 100.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xincha.engine import query as q
from xincha.engine.clauses import TIE, Clauses
from xincha.engine.contract import Bucket
from xincha.engine.embedded.index import number_date

Spec = dict[str, Any]
_WIDTHS = {"year": 10_000, "month": 100}
_INNER = "by"
_COUNT = "count"


def specs(name: str, clauses: Clauses, wanted: q.CellsAgg) -> Spec:
    """What tantivy is asked for the cells of this name. Without a dimension each number is asked for by itself; every
    document has a `tie`, so these are counted."""
    clauses.cells(wanted)
    spec = _measured(wanted)
    if not wanted.by:
        every = spec | {_COUNT: {"value_count": {"field": TIE.field}}}
        return {f"{name}/{part}": each for part, each in every.items()}
    for by in reversed(wanted.by):
        spec = {_INNER: {**_dimension(by), **({"aggs": spec} if spec else {})}}
    return {f"{name}/{_INNER}": spec[_INNER]}


def found(name: str, wanted: q.CellsAgg, raw: Mapping[str, Any]) -> list[Bucket]:
    """The cells, of what tantivy said."""
    mine = {part.removeprefix(f"{name}/"): each for part, each in raw.items() if part.startswith(f"{name}/")}
    if not wanted.by:
        return [_bucket((), round(mine[_COUNT]["value"] or 0), mine, wanted)]
    return sorted(_walked(wanted, mine, ()), key=lambda bucket: bucket.key)


def of_nothing(clauses: Clauses, wanted: q.CellsAgg) -> list[Bucket]:
    """The cells where there are no documents."""
    clauses.cells(wanted)
    none = {f"sum:{name}": {"sum": 0, "count": 0} for name in wanted.sums}
    return [] if wanted.by else [_bucket((), 0, {**none, "values": {"buckets": [], "sum_other_doc_count": 0}}, wanted)]


def _dimension(by: q.By) -> Spec:
    if isinstance(by, q.DateBy):
        return {"histogram": {"field": by.field, "interval": _WIDTHS[by.interval], "min_doc_count": 1}}
    size = len(by.values)
    return {"terms": {"field": by.field, "size": size, "segment_size": size, "include": list(by.values)}}


def _measured(wanted: q.CellsAgg) -> Spec:
    """What is asked of each cell beside its count."""
    spec: Spec = {f"sum:{name}": {"stats": {"field": name}} for name in wanted.sums}
    if wanted.values:
        spec["values"] = {"terms": {"field": wanted.values, "size": q.MOST_VALUES, "segment_size": q.MOST_VALUES + 1}}
    return spec


def _walked(wanted: q.CellsAgg, raw: Spec, key: tuple[q.Value, ...]) -> Iterator[Bucket]:
    by = wanted.by[len(key)]
    for each in raw[_INNER]["buckets"]:
        value = number_date(round(each["key"])) if isinstance(by, q.DateBy) else each["key"]
        inner = (*key, value)
        if len(inner) < len(wanted.by):
            yield from _walked(wanted, each, inner)
        else:
            yield _bucket(inner, each["doc_count"], each, wanted)


def _bucket(key: tuple[q.Value, ...], count: int, raw: Spec, wanted: q.CellsAgg) -> Bucket:
    told = [raw[f"sum:{name}"] for name in wanted.sums]
    sums = tuple(float(each["sum"] or 0.0) for each in told)
    stated = tuple(round(each["count"]) for each in told)
    if not wanted.values:
        return Bucket(key, count, sums=sums, stated=stated)
    different = raw["values"]
    amounts = sorted((float(each["key"]), each["doc_count"]) for each in different["buckets"])
    values = None if different["sum_other_doc_count"] else tuple(amounts)
    return Bucket(key, count, sums=sums, stated=stated, values=values)
