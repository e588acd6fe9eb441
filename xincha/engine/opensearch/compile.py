"""The query subset, compiled to OpenSearch's query DSL.

`Compiler.query` gives the JSON (as a dict) for a clause. Names and meanings are nearly the same on both sides. Bridged
here: clauses that are empty or ask for more than there is (OpenSearch refuses some, others find everything), slop
(OpenSearch's lets tokens change places), lists of more values than one clause may hold. What no index can honour raises
`UnsupportedQuery` with the clause (`xincha.engine.clauses`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from xincha.engine import query as q
from xincha.engine.clauses import Clauses
from xincha.engine.fields import Field

NAME = "opensearch"

Json = dict[str, Any]

ALL: Json = {"match_all": {}}
NONE: Json = {"match_none": {}}

_MOST_TERMS = 65_536
"""Values that one `terms` clause may hold (`index.max_terms_count`)."""


class Compiler:
    """Compiles clauses for one index."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.clauses = Clauses(NAME, fields)

    def query(self, clause: q.Query) -> Json:
        """The JSON of a clause."""
        compile_ = _COMPILED.get(type(clause))
        if compile_ is None:
            raise self.clauses.unsupported(clause, "is no clause of the query subset")
        return compile_(self, clause)

    def both(self, query: q.Query, condition: q.Query | None) -> Json:
        """Documents of both; `condition` does not score."""
        if condition is None:
            return self.query(query)
        return {"bool": {"must": [self.query(query)], "filter": [self.query(condition)]}}

    def _term(self, clause: q.Term) -> Json:
        field = self.clauses.field(clause, clause.field)
        return {"term": {field.name: {"value": held(self.clauses.value(field, clause.value, clause))}}}

    def _terms(self, clause: q.Terms) -> Json:
        field = self.clauses.field(clause, clause.field)
        return _any_of(field.name, [held(self.clauses.value(field, value, clause)) for value in clause.values])

    def _ids(self, clause: q.Ids) -> Json:
        return self._terms(q.Terms("id", clause.values))

    def _exists(self, clause: q.Exists) -> Json:
        return {"exists": {"field": self.clauses.field(clause, clause.field).name}}

    def _prefix(self, clause: q.Prefix) -> Json:
        field = self.clauses.key(clause, clause.field)
        return {"prefix": {field.name: {"value": self.clauses.value(field, clause.value, clause)}}}

    def _range(self, clause: q.Range) -> Json:
        field, span = self.clauses.span(clause)
        if span.empty or math.inf in (span.low, span.high) or -math.inf in (span.low, span.high):
            return NONE
        low, high = ("gt" if span.over else "gte"), ("lt" if span.under else "lte")
        bounds = {side: held(bound) for side, bound in ((low, span.low), (high, span.high)) if bound is not None}
        return {"range": {field.name: bounds}} if bounds else {"exists": {"field": field.name}}

    def _match(self, clause: q.Match) -> Json:
        field = self.clauses.text(clause)
        tokens = self._tokens(field, clause)
        least = len(tokens) if clause.operator == "and" else clause.minimum_should_match
        if not tokens or least > len(tokens):
            return NONE
        wanted: Json = {"query": " ".join(tokens)}
        if least == len(tokens):
            wanted["operator"] = "and"
        elif least > 1:
            wanted["minimum_should_match"] = least
        return {"match": {field.name: wanted}}

    def _phrase(self, clause: q.MatchPhrase) -> Json:
        field = self.clauses.text(clause)
        tokens = self._tokens(field, clause)
        if not tokens:
            return NONE
        if not clause.slop or len(tokens) == 1:
            return {"match_phrase": {field.name: " ".join(tokens)}}
        spans = [{"span_term": {field.name: token}} for token in tokens]
        return {"span_near": {"clauses": spans, "slop": clause.slop, "in_order": True}}

    def _tokens(self, field: Field, clause: q.Match | q.MatchPhrase) -> list[str]:
        return str(self.clauses.value(field, clause.tokens, clause)).split()

    def _bool(self, clause: q.Bool) -> Json:
        must, should, filter_, must_not = (
            list(map(self.query, part)) for part in (clause.must, clause.should, clause.filter, clause.must_not)
        )
        least = self.clauses.least(clause)
        if least > len(should):
            return NONE
        if not must and not filter_ and least == 0:
            filter_ = [ALL]
        parts = {"must": must, "should": should, "filter": filter_, "must_not": must_not}
        made: Json = {name: part for name, part in parts.items() if part}
        return {"bool": {**made, "minimum_should_match": least} if should else made}

    def _dis_max(self, clause: q.DisMax) -> Json:
        parts = list(map(self.query, clause.queries))
        return {"dis_max": {"queries": parts, "tie_breaker": clause.tie_breaker}} if parts else NONE

    def _constant(self, clause: q.ConstantScore) -> Json:
        return {"constant_score": {"filter": self.query(clause.query), "boost": clause.boost}}

    def _boost(self, clause: q.Boost) -> Json:
        return {"bool": {"must": [self.query(clause.query)], "boost": clause.factor}}


def held(value: q.Value) -> q.Value:
    """A value as OpenSearch is told it: of a date its ISO form."""
    return date.isoformat(value) if isinstance(value, date) else value


def _any_of(name: str, values: Sequence[q.Value]) -> Json:
    """Documents with any of the values; in pieces where there are many."""
    pieces: Iterable[Sequence[q.Value]] = (
        values[start : start + _MOST_TERMS] for start in range(0, len(values) or 1, _MOST_TERMS)
    )
    clauses: list[Json] = [{"terms": {name: list(piece)}} for piece in pieces]
    if len(clauses) == 1:
        return clauses[0]
    return {"constant_score": {"filter": {"bool": {"should": clauses, "minimum_should_match": 1}}}}


_COMPILED: Mapping[type, Callable[[Compiler, Any], Json]] = {
    q.MatchAll: lambda _compiler, _clause: ALL,
    q.MatchNone: lambda _compiler, _clause: NONE,
    q.Term: Compiler._term,
    q.Terms: Compiler._terms,
    q.Ids: Compiler._ids,
    q.Range: Compiler._range,
    q.Exists: Compiler._exists,
    q.Prefix: Compiler._prefix,
    q.Match: Compiler._match,
    q.MatchPhrase: Compiler._phrase,
    q.Bool: Compiler._bool,
    q.DisMax: Compiler._dis_max,
    q.ConstantScore: Compiler._constant,
    q.Boost: Compiler._boost,
}
