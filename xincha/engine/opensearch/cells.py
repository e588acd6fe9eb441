"""Cells as aggregations, one below the other, and their answers."""

from __future__ import annotations

from collections.abc import Iterator

from xincha.engine import query as q
from xincha.engine.clauses import Clauses
from xincha.engine.contract import Bucket
from xincha.engine.opensearch.compile import Json
from xincha.engine.opensearch.dates import date_of

_INNER = "by"


def spec(clauses: Clauses, wanted: q.CellsAgg) -> Json:
    """What the cluster is asked."""
    clauses.cells(wanted)
    inner: Json = {f"sum:{name}": {"stats": {"field": name}} for name in wanted.sums}
    if wanted.values:
        inner["values"] = {"terms": {"field": wanted.values, "size": q.MOST_VALUES, "shard_size": q.MOST_VALUES + 1}}
    for by in reversed(wanted.by):
        inner = {_INNER: {**_dimension(by), "aggs": inner}}
    return {"filter": {"match_all": {}}, "aggs": inner}


def _dimension(by: q.By) -> Json:
    if isinstance(by, q.DateBy):
        return {"date_histogram": {"field": by.field, "calendar_interval": by.interval, "min_doc_count": 1}}
    size = len(by.values)
    return {"terms": {"field": by.field, "size": size, "shard_size": size, "include": list(by.values)}}


def answer(wanted: q.CellsAgg, raw: Json) -> list[Bucket]:
    """The cells, from what the cluster said."""
    found = _walked(wanted, raw, ()) if wanted.by else [_bucket((), raw, wanted)]
    return sorted(found, key=lambda bucket: bucket.key)


def _walked(wanted: q.CellsAgg, raw: Json, key: tuple[q.Value, ...]) -> Iterator[Bucket]:
    by = wanted.by[len(key)]
    for each in raw[_INNER]["buckets"]:
        inner = (*key, date_of(each["key"]) if isinstance(by, q.DateBy) else each["key"])
        if len(inner) < len(wanted.by):
            yield from _walked(wanted, each, inner)
        else:
            yield _bucket(inner, each, wanted)


def _bucket(key: tuple[q.Value, ...], raw: Json, wanted: q.CellsAgg) -> Bucket:
    told = [raw[f"sum:{name}"] for name in wanted.sums]
    sums, stated = tuple(float(each["sum"]) for each in told), tuple(int(each["count"]) for each in told)
    if not wanted.values:
        return Bucket(key, raw["doc_count"], sums=sums, stated=stated)
    different = raw["values"]
    amounts = sorted((float(each["key"]), each["doc_count"]) for each in different["buckets"])
    values = None if different["sum_other_doc_count"] else tuple(amounts)
    return Bucket(key, raw["doc_count"], sums=sums, stated=stated, values=values)
