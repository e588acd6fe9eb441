"""Facets as aggregations, and their answers.

Facets under equal filters share one `filter` aggregation. Counts of values are exact: where shards may have left one
out (they say so), and for distinct values, whose own aggregation estimates, all values are read page by page; in
requests of their own, since a `composite` aggregation below a `filter` was seen to forget the filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from xincha.engine import query as q
from xincha.engine.contract import Bucket
from xincha.engine.opensearch.compile import NONE, Compiler, Json, held

Answer = Sequence[Bucket] | float | None
Ask = Callable[[Json, Json], Json]
"""Query and aggregations → the aggregations' answers, on the version that the rest was answered on."""

_SHARD_VALUES = 20_000
"""Values that each shard reports, so that hardly ever one is left out."""

_MOST_VALUES = 50_000
"""Buckets that an answer may hold are 65,535 in all (`search.max_buckets`)."""

_PAGE = 10_000
_DAY = 86_400_000
_EXACT = 2**53
_EPOCH = date(1970, 1, 1).toordinal()


def date_of(milliseconds: float) -> date:
    """The day of a moment, in milliseconds since 1970, as OpenSearch tells dates."""
    return date.fromordinal(_EPOCH + int(milliseconds // _DAY))


def milliseconds_of(day: date) -> int:
    """The moment at which a day begins."""
    return (day.toordinal() - _EPOCH) * _DAY


class Facets:
    """The facets of one request."""

    def __init__(self, compiler: Compiler, request: q.Request) -> None:
        self._compiler = compiler
        self._request = request
        self._filters: list[tuple[q.Query, Json]] = []
        self._place: dict[str, int] = {}
        self._specs: dict[str, Json | None] = {}
        for name, facet in request.facets.items():
            self._place[name] = self._filter(facet.filter)
            self._specs[name] = self._spec(facet.aggregation)

    def aggregations(self) -> Json:
        """What is asked. Facets are named by number: their own names may be anything."""
        asked: Json = {f"f{at}": {"filter": compiled, "aggs": {}} for at, (_, compiled) in enumerate(self._filters)}
        for number, (name, spec) in enumerate(self._specs.items()):
            if spec is not None:
                asked[f"f{self._place[name]}"]["aggs"][str(number)] = spec
        return asked

    def answers(self, raw: Json, ask: Ask) -> dict[str, Answer]:
        """The facets, from the answer's `aggregations`; `ask` for what is not in it."""
        found: dict[str, Answer] = {}
        for number, (name, facet) in enumerate(self._request.facets.items()):
            part = raw[f"f{self._place[name]}"].get(str(number), {})
            found[name] = self._answer(facet, part, ask)
        return found

    def _filter(self, condition: q.Query) -> int:
        for at, (known, _) in enumerate(self._filters):
            if known == condition:
                return at
        self._filters.append((condition, self._compiler.query(condition)))
        return len(self._filters) - 1

    def _spec(self, aggregation: q.Aggregation) -> Json | None:
        """What is asked; `None` where all values are read instead."""
        field = self._compiler.clauses.aggregation(aggregation)
        match aggregation:
            case q.TermsAgg(size=size):
                if size > _MOST_VALUES:
                    return None
                order = [{"_count": "desc"}, {"_key": "asc"}]
                shards = max(size, _SHARD_VALUES)
                return {"terms": {"field": field.name, "size": size, "shard_size": shards, "order": order}}
            case q.RangeAgg(ranges=ranges):
                kind = "date_range" if field.type == "date" else "range"
                spans = [self._span(aggregation, at, span) for at, span in enumerate(ranges) if not _is_empty(span)]
                return {kind: {"field": field.name, "keyed": True, "ranges": spans}} if spans else {"filter": NONE}
            case q.DateHistogramAgg(interval=interval):
                return {"date_histogram": {"field": field.name, "calendar_interval": interval, "min_doc_count": 1}}
            case q.MetricAgg(metric="cardinality"):
                return None
            case q.MetricAgg(metric=metric):
                return {metric: {"field": field.name}}

    def _span(self, aggregation: q.RangeAgg, at: int, span: tuple[q.Value | None, q.Value | None]) -> Json:
        bounds = {side: self._bound(aggregation, b) for side, b in zip(("from", "to"), span, strict=True)
                  if b is not None}  # fmt: skip
        return {"key": str(at), **bounds}

    def _bound(self, aggregation: q.RangeAgg, value: q.Value) -> q.Value:
        clauses = self._compiler.clauses
        bound = clauses.value(clauses.field(aggregation, aggregation.field), value, aggregation)
        if isinstance(bound, int) and abs(bound) > _EXACT:
            raise clauses.unsupported(aggregation, "a bound is beyond the numbers that are exact here")
        return held(bound)

    def _answer(self, facet: q.Facet, raw: Json, ask: Ask) -> Answer:
        aggregation = facet.aggregation
        match aggregation:
            case q.TermsAgg(size=size):
                if raw.get("doc_count_error_upper_bound") == 0:
                    return [Bucket(bucket["key"], bucket["doc_count"]) for bucket in raw["buckets"]]
                counts = [(b["key"]["v"], b["doc_count"]) for page in self._pages(facet, ask) for b in page]
                counts.sort(key=lambda pair: (-pair[1], pair[0]))
                return [Bucket(key, count) for key, count in counts[:size]]
            case q.RangeAgg(ranges=ranges):
                counted = {key: bucket["doc_count"] for key, bucket in raw.get("buckets", {}).items()}
                return [Bucket(span, counted.get(str(at), 0)) for at, span in enumerate(ranges)]
            case q.DateHistogramAgg():
                return [Bucket(date_of(bucket["key"]), bucket["doc_count"]) for bucket in raw["buckets"]]
            case q.MetricAgg(metric="cardinality"):
                return float(sum(map(len, self._pages(facet, ask))))
            case q.MetricAgg():
                value: float | None = raw["value"]
                return value

    def _pages(self, facet: q.Facet, ask: Ask) -> Iterator[list[Json]]:
        """All values with their counts, page by page."""
        source = {"v": {"terms": {"field": facet.aggregation.field}}}
        query = self._compiler.both(self._request.query, facet.filter)
        after: Json = {}
        while True:
            page = ask(query, {"p": {"composite": {"size": _PAGE, "sources": [source], **after}}})["p"]
            yield page["buckets"]
            if len(page["buckets"]) < _PAGE:
                return
            after = {"after": page["after_key"]}


def _is_empty(span: tuple[q.Value | None, q.Value | None]) -> bool:
    low, high = span
    return low is not None and high is not None and low >= high  # type: ignore[operator]
