"""Facets on one open version: aggregations over the documents of the request's query and each facet's own filter.

Facets under equal filters share one call of tantivy's aggregation. Bridged here: its counts of values are approximate
if segments hold many of them, and its order of ties is nobody's (then the dictionary is walked instead), it has no
calendar intervals (dates are held as YYYYMMDD: a year is 10,000 wide).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

import tantivy
from tantivy import DocAddress as Address
from tantivy import Query as Compiled

from xincha import budget
from xincha.engine import query as q
from xincha.engine.clauses import OfOneField
from xincha.engine.contract import Bucket
from xincha.engine.embedded import cells
from xincha.engine.embedded.compile import IndexValue, TantivyCompiler
from xincha.engine.embedded.index import number_date
from xincha.engine.embedded.order import counted

Answer = Sequence[Bucket] | float | None
Spec = dict[str, Any]
Span = tuple[q.Value | None, q.Value | None]

_FEW = 1_000
"""Of how many values each segment tells its commonest at first: enough for the commonest of all, where some are far
commoner than others."""

_SEGMENT_VALUES = 20_000
"""Values that each segment may report before counts become approximate."""

_BROAD = 0.4
"""Share of all documents from which on the dictionary of a field with several values is walked: at 1,000,000 documents
three times as fast as the aggregation where all are counted, as fast at a fifth of them, slower below."""

_YEAR = 10_000


class TantivyFacets:
    """Answers the facets of requests."""

    def __init__(self, compiler: TantivyCompiler, searcher: tantivy.Searcher) -> None:
        self._compiler = compiler
        self._searcher = searcher

    def answer(
        self, request: q.Request, base: Compiled, wanted: Compiled, hits: int | None, every: Sequence[Address] = ()
    ) -> Mapping[str, Answer]:
        """All facets of a request; `base` is its query, `wanted` its query and `post_filter`, `hits` their number;
        `every`: where the documents of `base` lie, if it is known of all.

        An aggregation takes its time of each segment, however few documents there are: of none nothing is asked, and
        of those whose places are known dates and numbers are read.
        """
        if hits == 0 and wanted is base:
            return {name: self._of_nothing(facet.aggregation) for name, facet in request.facets.items()}
        answers: dict[str, Answer] = {}
        groups: list[tuple[q.Query, dict[str, q.Aggregation]]] = []
        for name, facet in request.facets.items():
            aggregation = facet.aggregation
            if every and isinstance(facet.filter, q.MatchAll) and self._is_read(aggregation):
                answers[name] = self._read(aggregation, every)
            elif same := next((members for condition, members in groups if condition == facet.filter), None):
                same[name] = aggregation
            else:
                groups.append((facet.filter, {name: aggregation}))
        for condition, members in groups:
            documents = self._condition(base, condition, request, wanted)
            if every and documents is not base and not self._searcher.search(documents, 1, count=False).hits:
                answers |= {name: self._of_nothing(each) for name, each in members.items()}
            else:
                answers |= self._group(documents, members, hits if documents is wanted else None)
        return {name: answers[name] for name in request.facets}

    def _condition(self, base: Compiled, condition: q.Query, request: q.Request, wanted: Compiled) -> Compiled:
        if isinstance(condition, q.MatchAll):
            return base
        if condition == request.post_filter:
            return wanted
        return self._compiler.both(base, self._compiler.query(condition, scoring=False))

    def _group(self, documents: Compiled, members: Mapping[str, q.Aggregation], hits: int | None) -> dict[str, Answer]:
        budget.check()
        walked = any(self._has_many(each) for each in members.values()) and self._is_broad(documents, hits)
        specs: Spec = {}
        for at, aggregation in enumerate(members.values()):
            if isinstance(aggregation, q.CellsAgg):
                specs |= cells.specs(f"cells{at}", self._compiler.clauses, aggregation)
            elif not (walked and self._has_many(aggregation)):
                specs[f"facet{at}"] = self._spec(aggregation)
        raw = self._searcher.aggregate(documents, specs) if specs else {}
        return {
            name: cells.found(f"cells{at}", aggregation, raw)
            if isinstance(aggregation, q.CellsAgg)
            else self._finished(aggregation, raw.get(f"facet{at}", {}), documents)
            for at, (name, aggregation) in enumerate(members.items())
        }

    def _is_read(self, aggregation: q.Aggregation) -> TypeGuard[q.RangeAgg | q.DateHistogramAgg]:
        """Can it be told of the values of each document, one at most?"""
        if not isinstance(aggregation, q.RangeAgg | q.DateHistogramAgg):
            return False
        return not self._compiler.clauses.aggregation(aggregation).many

    def _read(self, aggregation: q.RangeAgg | q.DateHistogramAgg, every: Sequence[Address]) -> Answer:
        values = [v for v in self._searcher.fast_field_values(aggregation.field, list(every)) if v is not None]
        if isinstance(aggregation, q.DateHistogramAgg):
            years = Counter(int(value) // _YEAR * _YEAR for value in values)
            return [Bucket(number_date(year), count) for year, count in sorted(years.items())]
        buckets = []
        for low, high in aggregation.ranges:
            least: Any = self._bound(aggregation, low)
            end: Any = self._bound(aggregation, high)
            count = sum((least is None or least <= v) and (end is None or v < end) for v in values)
            buckets.append(Bucket((low, high), count))
        return buckets

    def _of_nothing(self, aggregation: q.Aggregation) -> Answer:
        """The answer where there are no documents, in the shape of what tantivy would say."""
        if isinstance(aggregation, q.CellsAgg):
            return cells.of_nothing(self._compiler.clauses, aggregation)
        self._compiler.clauses.aggregation(aggregation)
        return self._finished(
            aggregation,
            {"buckets": [], "doc_count_error_upper_bound": 0, "sum_other_doc_count": 0, "value": 0},
            Compiled.empty_query(),
        )

    def _has_many(self, aggregation: q.Aggregation) -> bool:
        """Does it count a field that may have several values a document?"""
        return isinstance(aggregation, q.TermsAgg) and self._compiler.clauses.aggregation(aggregation).many

    def _is_broad(self, documents: Compiled, hits: int | None) -> bool:
        count = counted(self._searcher, documents) if hits is None else hits
        return count >= _BROAD * self._searcher.num_docs

    def _spec(self, aggregation: OfOneField) -> Spec:
        """What tantivy is asked."""
        field = self._compiler.clauses.aggregation(aggregation)
        match aggregation:
            case q.TermsAgg(spans=spans):
                return {**_terms(aggregation, _FEW), **({"aggs": _ends(spans)} if spans else {})}
            case q.RangeAgg(ranges=ranges):
                bounds = [
                    {"from": self._bound(aggregation, low), "to": self._bound(aggregation, high)}
                    for low, high in ranges
                ]
                return {"range": {"field": field.name, "ranges": bounds}}
            case q.DateHistogramAgg():
                return {"histogram": {"field": field.name, "interval": _YEAR, "min_doc_count": 1}}
            case q.SumAgg():
                return {"sum": {"field": field.name}}

    def _finished(self, aggregation: OfOneField, raw: Spec, documents: Compiled) -> Answer:
        match aggregation:
            case q.TermsAgg():
                return self._values(aggregation, raw, documents) if raw else self._walked(aggregation, documents)
            case q.RangeAgg(ranges=ranges):
                # an index without documents names no ranges
                counts = {(b.get("from"), b.get("to")): b["doc_count"] for b in raw["buckets"]}
                return [
                    Bucket((low, high), counts.get((self._bound(aggregation, low), self._bound(aggregation, high)), 0))
                    for low, high in ranges
                ]
            case q.DateHistogramAgg():
                return [Bucket(number_date(round(b["key"])), b["doc_count"]) for b in raw["buckets"]]
            case q.SumAgg():
                return float(raw["value"])

    def _values(self, aggregation: q.TermsAgg, raw: Spec, documents: Compiled) -> list[Bucket]:
        counts = _counts(raw)
        if _is_cut(aggregation, raw) or raw["doc_count_error_upper_bound"] > 0:
            return self._asked_again(aggregation, raw, documents)
        ends = {bucket["key"]: bucket for bucket in raw["buckets"]}
        commonest = _commonest(counts, aggregation.size)
        return [replace(each, spans=self._spans(aggregation, ends[each.key])) for each in commonest]

    def _asked_again(self, aggregation: q.TermsAgg, raw: Spec, documents: Compiled) -> list[Bucket]:
        """Values of which segments did not tell all: what they told is counted, and taken where nothing that was not
        told can be as common; else all that there are."""
        if aggregation.spans:
            return self._walked(aggregation, documents)
        if certain := self._certain(aggregation, raw, documents):
            return certain
        spec = {"again": _terms(aggregation, _SEGMENT_VALUES)}
        budget.check()
        whole = self._searcher.aggregate(documents, spec)["again"]
        if _is_cut(aggregation, whole) or whole["doc_count_error_upper_bound"] > 0:
            return self._walked(aggregation, documents)
        return _commonest(_counts(whole), aggregation.size)

    def _certain(self, aggregation: q.TermsAgg, raw: Spec, documents: Compiled) -> list[Bucket]:
        told = _counts(raw)
        names = [name for name, _ in told]
        cut = told[-1][1] if raw["sum_other_doc_count"] > 0 else 0
        most_untold = cut + raw["doc_count_error_upper_bound"]
        if len(told) < aggregation.size or told[aggregation.size - 1][1] + raw["doc_count_error_upper_bound"] <= cut:
            return []
        spec = {"sure": {"terms": {**_terms(aggregation, len(names))["terms"], "include": names}}}
        budget.check()
        sure = _commonest(_counts(self._searcher.aggregate(documents, spec)["sure"]), aggregation.size)
        return sure if sure[-1].count > most_untold else []

    def _walked(self, aggregation: q.TermsAgg, documents: Compiled) -> list[Bucket]:
        """Each value of the dictionary with its documents."""
        budget.check()
        counts = self._searcher.terms_with_prefix(aggregation.field, "", filter_query=documents)
        commonest = _commonest(counts, aggregation.size)
        if not aggregation.spans:
            return commonest
        ends = [self._ends_of(each, aggregation, documents) for each in commonest]
        return [replace(each, spans=self._spans(aggregation, told)) for each, told in zip(commonest, ends, strict=True)]

    def _ends_of(self, bucket: Bucket, aggregation: q.TermsAgg, documents: Compiled) -> Spec:
        """Where the spans of one value end."""
        term = q.Term(aggregation.field, str(bucket.key))
        counted = self._compiler.both(documents, self._compiler.query(term, scoring=False))
        return dict(self._searcher.aggregate(counted, _ends(aggregation.spans)))

    def _spans(self, aggregation: q.TermsAgg, ends: Spec) -> tuple[Span, ...]:
        """The spans of a bucket."""

        def value(name: str, end: str) -> q.Value | None:
            told = ends[f"{end}:{name}"]["value"]
            if told is None:
                return None
            is_date = self._compiler.clauses.field(aggregation, name).type == "date"
            return number_date(round(told)) if is_date else round(told)

        return tuple((value(name, "min"), value(name, "max")) for name in aggregation.spans)

    def _bound(self, aggregation: q.RangeAgg, value: q.Value | None) -> IndexValue | None:
        field = self._compiler.clauses.field(aggregation, aggregation.field)
        return None if value is None else self._compiler.held(field, value, aggregation)


def _terms(aggregation: q.TermsAgg, of_segment: int) -> Spec:
    """Asks for the commonest values, some more than are wanted, of so many of each segment."""
    size = 2 * aggregation.size + 16
    return {"terms": {"field": aggregation.field, "size": size, "segment_size": max(size, of_segment)}}


def _counts(raw: Spec) -> list[tuple[str, int]]:
    return [(bucket["key"], bucket["doc_count"]) for bucket in raw["buckets"]]


def _is_cut(aggregation: q.TermsAgg, raw: Spec) -> bool:
    """Whether values that were not told may be as common as the last that is wanted."""
    counts = _counts(raw)
    return bool(raw["sum_other_doc_count"] > 0 and counts[aggregation.size - 1][1] == counts[-1][1])


def _ends(names: Sequence[str]) -> Spec:
    """Asks for the least and the greatest value of each field."""
    return {f"{end}:{name}": {end: {"field": name}} for name in names for end in ("min", "max")}


def _commonest(counts: list[tuple[str, int]], size: int) -> list[Bucket]:
    counts.sort(key=lambda pair: (-pair[1], pair[0]))
    return [Bucket(key, count) for key, count in counts[:size]]
