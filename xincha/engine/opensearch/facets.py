"""Facets as aggregations, and their answers.

Facets under equal filters share one `filter` aggregation. Counts of values are exact: if shards may have left one out
(they say so), all values are read page by page; in requests of their own, since a `composite` aggregation below a
`filter` was seen to forget the filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xincha.engine import query as q
from xincha.engine.contract import Bucket
from xincha.engine.opensearch import cells
from xincha.engine.opensearch.compile import Json, OpenSearchCompiler, held
from xincha.engine.opensearch.dates import date_of

Answer = Sequence[Bucket] | float | None
Ask = Callable[[Json, Json], Json]
"""Query and aggregations → the aggregations' answers, on the version that the rest was answered on."""

_SHARD_VALUES = 20_000
"""Values that each shard reports, so that hardly ever one is left out."""

_PAGE = 10_000


def _ends(names: Sequence[str]) -> Json:
    """Asks for the least and the greatest value of each field."""
    return {f"{end}:{name}": {end: {"field": name}} for name in names for end in ("min", "max")}


class OpenSearchFacets:
    """The facets of one request."""

    def __init__(self, compiler: OpenSearchCompiler, request: q.Request) -> None:
        self._compiler = compiler
        self._request = request
        self._places: dict[str, tuple[str, str]] = {}
        self.aggregations: Json = {}
        """What the cluster is asked. Facets are named by number: their own names may be anything."""
        for number, (name, facet) in enumerate(request.facets.items()):
            condition = compiler.query(facet.filter)
            same = (group for group, body in self.aggregations.items() if body["filter"] == condition)
            group = next(same, f"f{number}")
            body = self.aggregations.setdefault(group, {"filter": condition, "aggs": {}})
            body["aggs"][str(number)] = self._spec(facet.aggregation)
            self._places[name] = group, str(number)

    def answers(self, raw: Json, ask: Ask) -> dict[str, Answer]:
        """The facets, from the answer's `aggregations`; `ask` for what is not in it."""
        return {
            name: self._answer(self._request.facets[name], raw[group][number], ask)
            for name, (group, number) in self._places.items()
        }

    def _spec(self, aggregation: q.Aggregation) -> Json:
        if isinstance(aggregation, q.CellsAgg):
            return cells.spec(self._compiler.clauses, aggregation)
        field = self._compiler.clauses.aggregation(aggregation)
        match aggregation:
            case q.TermsAgg(size=size, spans=spans):
                order = [{"_count": "desc"}, {"_key": "asc"}]
                shards = max(size, _SHARD_VALUES)
                terms = {"field": field.name, "size": size, "shard_size": shards, "order": order}
                return {"terms": terms, **({"aggs": _ends(spans)} if spans else {})}
            case q.RangeAgg(ranges=ranges):
                kind = "date_range" if field.type == "date" else "range"
                bounds = [self._span(aggregation, at, span) for at, span in enumerate(ranges)]
                return {kind: {"field": field.name, "keyed": True, "ranges": bounds}}
            case q.DateHistogramAgg():
                return {"date_histogram": {"field": field.name, "calendar_interval": "year", "min_doc_count": 1}}
            case q.SumAgg():
                return {"sum": {"field": field.name}}

    def _span(self, aggregation: q.RangeAgg, at: int, span: tuple[q.Value | None, q.Value | None]) -> Json:
        clauses = self._compiler.clauses
        field = clauses.field(aggregation, aggregation.field)
        bounds = {side: held(clauses.value(field, bound, aggregation))
                  for side, bound in zip(("from", "to"), span, strict=True) if bound is not None}  # fmt: skip
        return {"key": str(at), **bounds}

    def _answer(self, facet: q.Facet, raw: Json, ask: Ask) -> Answer:
        aggregation = facet.aggregation
        match aggregation:
            case q.TermsAgg():
                return self._values(facet.filter, aggregation, raw, ask)
            case q.RangeAgg(ranges=ranges):
                in_range = {key: bucket["doc_count"] for key, bucket in raw["buckets"].items()}
                return [Bucket(span, in_range[str(at)]) for at, span in enumerate(ranges)]
            case q.DateHistogramAgg():
                return [Bucket(date_of(bucket["key"]), bucket["doc_count"]) for bucket in raw["buckets"]]
            case q.SumAgg():
                return float(raw["value"])
            case q.CellsAgg():
                return cells.answer(aggregation, raw)

    def _values(self, condition: q.Query, wanted: q.TermsAgg, raw: Json, ask: Ask) -> list[Bucket]:
        if raw["doc_count_error_upper_bound"] == 0:
            return [Bucket(each["key"], each["doc_count"], self._spans(wanted, each)) for each in raw["buckets"]]
        every = self._all_counts(condition, wanted.field, ask)
        counts = sorted(every, key=lambda pair: (-pair[1], pair[0]))[: wanted.size]
        if not wanted.spans:
            return [Bucket(key, count) for key, count in counts]
        ends = _ends(wanted.spans)
        of = [q.Bool(filter=[condition, q.Term(wanted.field, key)]) for key, _ in counts]
        told = [ask(self._compiler.both(self._request.query, each), ends) for each in of]
        return [Bucket(*pair, self._spans(wanted, each)) for pair, each in zip(counts, told, strict=True)]

    def _spans(self, wanted: q.TermsAgg, ends: Json) -> tuple[tuple[q.Value | None, q.Value | None], ...]:
        """The spans of a bucket."""

        def value(name: str, end: str) -> q.Value | None:
            told = ends[f"{end}:{name}"]["value"]
            if told is None:
                return None
            return date_of(told) if self._compiler.clauses.field(wanted, name).type == "date" else round(told)

        return tuple((value(name, "min"), value(name, "max")) for name in wanted.spans)

    def _all_counts(self, condition: q.Query, field: str, ask: Ask) -> Iterator[tuple[str, int]]:
        """All values with their counts."""
        source = {"v": {"terms": {"field": field}}}
        query = self._compiler.both(self._request.query, condition)
        after: Json = {}
        while True:
            page = ask(query, {"p": {"composite": {"size": _PAGE, "sources": [source], **after}}})["p"]
            yield from ((bucket["key"]["v"], bucket["doc_count"]) for bucket in page["buckets"])
            if len(page["buckets"]) < _PAGE:
                return
            after = {"after": page["after_key"]}
