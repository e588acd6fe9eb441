"""The query subset, compiled to tantivy queries.

`Compiler.query` gives a tantivy query for a clause; `scoring` false leaves out what only serves scores. A field that is
not declared, a value of another type, or a clause that tantivy cannot honour raises `UnsupportedQuery` with the clause.

Bridged here: `bool` with only `must_not` (tantivy finds nothing), phrases that are empty, of one token, or with a slop
(tantivy misses some), prefixes (a fuzzy query without any error), integer bounds that are fractional or beyond 64 bits.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations_with_replacement
from math import comb
from typing import Any

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Compiled

from xincha.engine import query as q
from xincha.engine.clauses import Clauses
from xincha.engine.embedded.index import ENGINE, date_number
from xincha.engine.fields import Field

Held = str | int | float
"""A value as the index holds it: dates are YYYYMMDD."""

_FEW = 100
"""Up to so many terms, a union of term queries is faster than a term set (which takes 0.2 ms however small it is)."""

_MOST_PHRASES = 500
"""tantivy's own slop misses some places of three and more tokens: each placement is a phrase of its own instead."""


def constant_score(clause: q.Query) -> float | None:
    """The score that every document of a clause has; `None` where scores may differ."""
    match clause:
        case q.MatchAll() | q.MatchNone() | q.Terms() | q.Ids() | q.Range() | q.Exists() | q.Prefix():
            return 1.0
        case q.ConstantScore(boost=boost):
            return _single(boost)
        case q.Boost(query=inner, factor=factor):
            score = constant_score(inner)
            return None if score is None else _single(score * _single(factor))
        case q.Bool(must=must, should=should) if not should and len(must) < 2:
            return constant_score(must[0]) if must else 0.0
        case _:
            return None


def _placements(count: int, slop: int) -> Iterator[tuple[int, ...]]:
    """The positions of `count` tokens in order, from 0 on, with at most `slop` other positions between them."""
    for gaps in combinations_with_replacement(range(count), slop):
        # Each of the `slop` free positions lies before one of the tokens 1 … count - 1, or (0) nowhere.
        yield tuple(at + sum(0 < gap <= at for gap in gaps) for at in range(count))


def _number(bound: float | date | None) -> float | None:
    """A bound as the index holds it."""
    return date_number(bound) if isinstance(bound, date) else bound


def _single(number: float) -> float:
    """A number as tantivy keeps scores: in 32 bits."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


class Compiler:
    """Compiles clauses for one open index version."""

    def __init__(self, fields: Mapping[str, Field], schema: tantivy.Schema) -> None:
        self.clauses = Clauses(ENGINE, fields)
        self._schema = schema

    def query(self, clause: q.Query, *, scoring: bool = True) -> Compiled:
        """The tantivy query of a clause."""
        compile_ = _COMPILED.get(type(clause))
        if compile_ is None:
            raise self.clauses.unsupported(clause, "is no clause of the query subset")
        return compile_(self, clause, scoring)

    def exists(self, field: Field) -> Compiled:
        """Documents with a value in a field."""
        if field.fast:
            return Compiled.exists_query(field.name)
        if field.type in {"key", "text"}:
            return Compiled.const_score_query(Compiled.regex_query(self._schema, field.name, "(?s).*"), 1.0)
        raise self.clauses.unsupported(q.Exists(field.name), f"field {field.name!r} is not declared fast")

    def both(self, first: Compiled, second: Compiled, *, scoring: bool = False) -> Compiled:
        """Documents of both; `second` does not score."""
        other = Compiled.const_score_query(second, 0.0) if scoring else second
        return Compiled.boolean_query([(Occur.Must, first), (Occur.Must, other)])

    def equal(self, field: Field, held: Held | None) -> Compiled:
        """Documents whose field has this value, as the index holds it; without any value where it is `None`."""
        if held is None:
            return Compiled.boolean_query([(Occur.Must, Compiled.all_query()), (Occur.MustNot, self.exists(field))])
        return Compiled.term_query(self._schema, field.name, held, "basic")

    def beyond(self, field: Field, held: Held, *, ascending: bool) -> Compiled:
        """Documents whose date or number comes strictly after this one in an order."""
        kind = FieldType.Float if field.type == "float" else FieldType.Integer
        low, high = (held, None) if ascending else (None, held)
        return Compiled.range_query(self._schema, field.name, kind, low, high, not ascending, ascending)

    def held(self, field: Field, value: q.Value, clause: object) -> Held:
        """A value as the index holds it."""
        known = self.clauses.value(field, value, clause)
        return date_number(known) if isinstance(known, date) else known

    def _all(self, _clause: q.MatchAll, _scoring: bool) -> Compiled:
        return Compiled.all_query()

    def _none(self, _clause: q.MatchNone, _scoring: bool) -> Compiled:
        return Compiled.empty_query()

    def _term(self, clause: q.Term, _scoring: bool) -> Compiled:
        return self._equals(self.clauses.field(clause, clause.field), clause.value, clause)

    def _terms(self, clause: q.Terms, _scoring: bool) -> Compiled:
        return self._any_of(self.clauses.field(clause, clause.field), clause.values, clause)

    def _ids(self, clause: q.Ids, _scoring: bool) -> Compiled:
        return self._any_of(self.clauses.fields["id"], clause.values, clause)

    def _exists(self, clause: q.Exists, _scoring: bool) -> Compiled:
        return self.exists(self.clauses.field(clause, clause.field))

    def _dis_max(self, clause: q.DisMax, scoring: bool) -> Compiled:
        parts = [self.query(part, scoring=scoring) for part in clause.queries]
        return Compiled.disjunction_max_query(parts, clause.tie_breaker)

    def _constant(self, clause: q.ConstantScore, scoring: bool) -> Compiled:
        compiled = self.query(clause.query, scoring=False)
        return Compiled.const_score_query(compiled, clause.boost) if scoring else compiled

    def _boost(self, clause: q.Boost, scoring: bool) -> Compiled:
        compiled = self.query(clause.query, scoring=scoring)
        return Compiled.boost_query(compiled, clause.factor) if scoring else compiled

    def _equals(self, field: Field, value: q.Value, clause: object) -> Compiled:
        option = "basic" if field.type != "text" else "freq"
        return Compiled.term_query(self._schema, field.name, self.held(field, value, clause), option)

    def _any_of(self, field: Field, values: Sequence[q.Value], clause: object) -> Compiled:
        if len(values) <= _FEW:
            parts = [(Occur.Should, self._equals(field, value, clause)) for value in values]
            return Compiled.const_score_query(parts[0][1] if len(parts) == 1 else Compiled.boolean_query(parts), 1.0)
        held = [self.held(field, value, clause) for value in values]
        return Compiled.const_score_query(Compiled.term_set_query(self._schema, field.name, held), 1.0)

    def _prefix(self, clause: q.Prefix, _scoring: bool) -> Compiled:
        field = self.clauses.key(clause, clause.field)
        value = self.held(field, clause.value, clause)
        return Compiled.fuzzy_term_query(self._schema, field.name, str(value), 0, prefix=True)

    def _range(self, clause: q.Range, _scoring: bool) -> Compiled:
        field, span = self.clauses.span(clause)
        if span.empty:
            return Compiled.empty_query()
        least, most = _number(span.low), _number(span.high)
        if least is None and most is None:
            return self.exists(field)
        kind = FieldType.Float if field.type == "float" else FieldType.Integer
        return Compiled.range_query(self._schema, field.name, kind, least, most, not span.over, not span.under)

    def _match(self, clause: q.Match, _scoring: bool) -> Compiled:
        field = self.clauses.text(clause)
        terms = [self._equals(field, token, clause) for token in clause.tokens.split()]
        if not terms or (clause.operator == "or" and clause.minimum_should_match > len(terms)):
            return Compiled.empty_query()
        if len(terms) == 1:
            return terms[0]
        if clause.operator == "and" or clause.minimum_should_match == len(terms):
            return Compiled.boolean_query([(Occur.Must, term) for term in terms])
        least = clause.minimum_should_match
        return Compiled.boolean_query([(Occur.Should, term) for term in terms], least if least > 1 else None)

    def _phrase(self, clause: q.MatchPhrase, _scoring: bool) -> Compiled:
        field = self.clauses.text(clause)
        tokens = clause.tokens.split()
        if len(tokens) < 2:
            return self._equals(field, tokens[0], clause) if tokens else Compiled.empty_query()
        if comb(len(tokens) - 1 + clause.slop, clause.slop) > _MOST_PHRASES:
            raise self.clauses.unsupported(clause, "slop is too large for so many tokens")
        held = [str(self.held(field, token, clause)) for token in tokens]
        phrases = [
            Compiled.phrase_query(self._schema, field.name, list(zip(places, held, strict=True)))
            for places in _placements(len(tokens), clause.slop)
        ]
        return phrases[0] if len(phrases) == 1 else Compiled.disjunction_max_query(phrases)

    def _bool(self, clause: q.Bool, scoring: bool) -> Compiled:
        should = [(Occur.Should, self.query(c, scoring=scoring)) for c in clause.should]
        required = [(Occur.Must, self.query(c, scoring=scoring)) for c in clause.must]
        required += [(Occur.Must, self._unscored(c, scoring)) for c in clause.filter]
        least = self.clauses.least(clause)
        if least > len(should):
            return Compiled.empty_query()
        if not required and least == 0:
            required = [(Occur.Must, Compiled.const_score_query(Compiled.all_query(), 0.0))]
        if least == 0 and not scoring:
            should = []
        parts = required + should + [(Occur.MustNot, self.query(c, scoring=False)) for c in clause.must_not]
        if len(parts) == 1 and least <= 1:
            return parts[0][1]
        return Compiled.boolean_query(parts, least if least > 1 or (least == 1 and required) else None)

    def _unscored(self, clause: q.Query, scoring: bool) -> Compiled:
        compiled = self.query(clause, scoring=False)
        return Compiled.const_score_query(compiled, 0.0) if scoring else compiled


_COMPILED: Mapping[type, Callable[[Compiler, Any, bool], Compiled]] = {
    q.MatchAll: Compiler._all,
    q.MatchNone: Compiler._none,
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
