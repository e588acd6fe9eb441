"""The query subset, compiled to OpenSearch's query DSL.

`OpenSearchCompiler.query` gives the JSON (as a dict) for a clause. Names and meanings are nearly the same on both
sides. Bridged here: clauses that are empty or ask for more than there is (OpenSearch refuses some, others find
everything), lists of more values than one clause may hold. What no index can honour raises `UnsupportedQuery` with the
clause (`xincha.engine.clauses`).
"""

from __future__ import annotations

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


class OpenSearchCompiler:
    """Compiles clauses for one index."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.clauses = Clauses(NAME, fields)

    def query(self, clause: q.Query) -> Json:
        """The JSON of a clause."""
        return _COMPILED[type(clause)](self, clause)

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

    def _prefix(self, clause: q.Prefix) -> Json:
        field = self.clauses.key(clause, clause.field)
        few = {"rewrite": f"top_terms_boost_{q.FEW}"} if clause.few else {}
        return {"prefix": {field.name: {"value": self.clauses.value(field, clause.value, clause), **few}}}

    def _range(self, clause: q.Range) -> Json:
        field, low, high = self.clauses.range(clause)
        bounds = {side: held(bound) for side, bound in (("gte", low), ("lte", high)) if bound is not None}
        return {"range": {field.name: bounds}}

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
        return {"match_phrase": {field.name: " ".join(tokens)}} if tokens else NONE

    def _tokens(self, field: Field, clause: q.Match | q.MatchPhrase) -> list[str]:
        return str(self.clauses.value(field, clause.tokens, clause)).split()

    def _bool(self, clause: q.Bool) -> Json:
        must, should, filter_, must_not = (
            list(map(self.query, part)) for part in (clause.must, clause.should, clause.filter, clause.must_not)
        )
        if not must and not filter_ and not should:
            filter_ = [ALL]
        parts = {"must": must, "should": should, "filter": filter_, "must_not": must_not}
        return {"bool": {name: part for name, part in parts.items() if part}}

    def _dis_max(self, clause: q.DisMax) -> Json:
        parts = list(map(self.query, clause.queries))
        return {"dis_max": {"queries": parts}} if parts else NONE


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


_COMPILED: Mapping[type, Callable[[OpenSearchCompiler, Any], Json]] = {
    q.MatchAll: lambda *_: ALL,
    q.Term: OpenSearchCompiler._term,
    q.Terms: OpenSearchCompiler._terms,
    q.Ids: lambda c, clause: c.query(q.Terms("id", clause.values)),
    q.Range: OpenSearchCompiler._range,
    q.Exists: lambda c, clause: {"exists": {"field": c.clauses.field(clause, clause.field).name}},
    q.Prefix: OpenSearchCompiler._prefix,
    q.Match: OpenSearchCompiler._match,
    q.MatchPhrase: OpenSearchCompiler._phrase,
    q.Bool: OpenSearchCompiler._bool,
    q.DisMax: OpenSearchCompiler._dis_max,
    q.ConstantScore: lambda c, clause: {"constant_score": {"filter": c.query(clause.query), "boost": clause.boost}},
}
