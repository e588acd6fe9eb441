"""Facets on one open version: aggregations over the documents of the request's query and each facet's own filter.

Facets under equal filters share one call of tantivy's aggregation. Bridged here: its counts of values are approximate
where segments hold many of them, and its order of ties is nobody's (then the dictionary is walked instead), its ranges
may not overlap (so they are cut where any of them begins or ends, and added up), its distinct counts are estimates
(counted here), it has no calendar intervals (dates are held as YYYYMMDD: a year is 10,000 wide, a month 100).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import tantivy
from tantivy import Query as Compiled

from xincha.engine import query as q
from xincha.engine.contract import Bucket
from xincha.engine.embedded.compile import Compiler
from xincha.engine.embedded.index import number_date
from xincha.engine.embedded.order import total

Answer = Sequence[Bucket] | float | None
Spec = dict[str, Any]

_SEGMENT_VALUES = 20_000
"""Values that each segment may report before counts become approximate."""

_BROAD = 0.4
"""Share of all documents from which on the dictionary of a field with several values is walked: at 1,000,000 documents
three times as fast as the aggregation where all are counted, as fast at a fifth of them, slower below."""

_WIDTH = {"year": 10_000, "month": 100}
_EXACT = 2**53


class Facets:
    """Answers the facets of requests."""

    def __init__(self, compiler: Compiler, searcher: tantivy.Searcher) -> None:
        self._compiler = compiler
        self._searcher = searcher

    def answer(self, request: q.Request, base: Compiled, wanted: Compiled, hits: int | None) -> Mapping[str, Answer]:
        """All facets of a request; `base` is its query, `wanted` its query and `post_filter`, `hits` their number."""
        groups: list[tuple[q.Query, dict[str, q.Aggregation]]] = []
        for name, facet in request.facets.items():
            same = next((members for condition, members in groups if condition == facet.filter), None)
            if same is None:
                groups.append((facet.filter, {name: facet.aggregation}))
            else:
                same[name] = facet.aggregation
        answers: dict[str, Answer] = {}
        for condition, members in groups:
            documents = self._condition(base, condition, request, wanted)
            answers |= self._group(documents, members, hits if documents is wanted else None)
        return {name: answers[name] for name in request.facets}

    def _condition(self, base: Compiled, condition: q.Query, request: q.Request, wanted: Compiled) -> Compiled:
        if isinstance(condition, q.MatchAll):
            return base
        if condition == request.post_filter:
            return wanted
        return self._compiler.both(base, self._compiler.query(condition, scoring=False))

    def _group(self, documents: Compiled, members: Mapping[str, q.Aggregation], hits: int | None) -> dict[str, Answer]:
        walked = any(self._has_many(each) for each in members.values()) and self._is_broad(documents, hits)
        specs = {
            str(number): None if walked and self._has_many(aggregation) else spec
            for number, aggregation in enumerate(members.values())
            for spec in (self._spec(aggregation),)
        }
        asked = {number: spec for number, spec in specs.items() if spec is not None}
        raw = self._searcher.aggregate(documents, asked) if asked else {}
        return {
            name: self._finished(aggregation, raw.get(str(number), {}), documents)
            for number, (name, aggregation) in enumerate(members.items())
        }

    def _has_many(self, aggregation: q.Aggregation) -> bool:
        """Does it count a field that may have several values a document?"""
        return isinstance(aggregation, q.TermsAgg) and self._compiler.clauses.aggregation(aggregation).many

    def _is_broad(self, documents: Compiled, hits: int | None) -> bool:
        count = total(self._searcher.search(documents, 1)) if hits is None else hits
        return count >= _BROAD * self._searcher.num_docs

    def _spec(self, aggregation: q.Aggregation) -> Spec | None:
        """What tantivy is asked; `None` where it is not asked."""
        field = self._compiler.clauses.aggregation(aggregation)
        match aggregation:
            case q.TermsAgg(size=size):
                asked = 2 * size + 16
                return {"terms": {"field": field.name, "size": asked, "segment_size": max(asked, _SEGMENT_VALUES)}}
            case q.RangeAgg(ranges=ranges):
                return {"range": {"field": field.name, "ranges": self._pieces(aggregation, ranges)}}
            case q.DateHistogramAgg(interval=interval):
                return {"histogram": {"field": field.name, "interval": _WIDTH[interval], "min_doc_count": 1}}
            case q.MetricAgg(metric="cardinality"):
                return None
            case q.MetricAgg(metric=metric):
                return {metric: {"field": field.name}}

    def _finished(self, aggregation: q.Aggregation, raw: Spec, documents: Compiled) -> Answer:
        match aggregation:
            case q.TermsAgg():
                return self._values(aggregation, raw, documents) if raw else self._walked(aggregation, documents)
            case q.RangeAgg():
                return self._ranges(aggregation, raw)
            case q.DateHistogramAgg():
                return [Bucket(number_date(round(b["key"])), b["doc_count"]) for b in raw["buckets"]]
            case q.MetricAgg(metric="cardinality", field=name):
                return float(self._distinct(name, documents))
            case _:
                value: float | None = raw["value"]
                return value

    def _values(self, aggregation: q.TermsAgg, raw: Spec, documents: Compiled) -> list[Bucket]:
        size, buckets = aggregation.size, raw["buckets"]
        counts = [(bucket["key"], bucket["doc_count"]) for bucket in buckets]
        cut = raw["sum_other_doc_count"] > 0 and counts[size - 1][1] == counts[-1][1]
        if cut or raw["doc_count_error_upper_bound"] > 0:
            return self._walked(aggregation, documents)
        return _commonest(counts, size)

    def _walked(self, aggregation: q.TermsAgg, documents: Compiled) -> list[Bucket]:
        """Each value of the dictionary with its documents."""
        counts = self._searcher.terms_with_prefix(aggregation.field, "", filter_query=documents)
        return _commonest(counts, aggregation.size)

    def _pieces(self, aggregation: q.RangeAgg, ranges: Sequence[tuple[q.Value | None, q.Value | None]]) -> list[Spec]:
        """Disjoint ranges between all bounds."""
        bounds = sorted({self._bound(aggregation, b) for pair in ranges for b in pair if b is not None})
        edges: list[float | None] = [None, *bounds, None]
        return [
            {side: edge for side, edge in (("from", low), ("to", high)) if edge is not None}
            for low, high in pairwise(edges)
        ]

    def _ranges(self, aggregation: q.RangeAgg, raw: Spec) -> list[Bucket]:
        pieces = [(b.get("from", -float("inf")), b.get("to", float("inf")), b["doc_count"]) for b in raw["buckets"]]
        found = []
        for low, high in aggregation.ranges:
            least = -float("inf") if low is None else self._bound(aggregation, low)
            most = float("inf") if high is None else self._bound(aggregation, high)
            count = sum(n for begin, end, n in pieces if least <= begin and end <= most)
            found.append(Bucket((low, high), count))
        return found

    def _bound(self, aggregation: q.RangeAgg, value: q.Value) -> float:
        held = self._compiler.held(self._compiler.clauses.field(aggregation, aggregation.field), value, aggregation)
        if isinstance(held, str) or abs(held) > _EXACT:
            raise self._compiler.clauses.unsupported(aggregation, "a bound is beyond the numbers that are exact here")
        return held

    def _distinct(self, name: str, documents: Compiled) -> int:
        """The exact number of distinct values."""
        if self._compiler.clauses.field(q.Exists(name), name).type == "key":
            return len(self._searcher.terms_with_prefix(name, "", filter_query=documents))
        seen = self._searcher.search(documents, self._searcher.num_docs + 1, count=False, order_by_field=name)
        return len({value for value, _ in seen.hits if value is not None})


def _commonest(counts: list[tuple[str, int]], size: int) -> list[Bucket]:
    counts.sort(key=lambda pair: (-pair[1], pair[0]))
    return [Bucket(key, count) for key, count in counts[:size]]
