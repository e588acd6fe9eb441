"""The query subset, compiled to tantivy queries.

`Compiler.query` gives a tantivy query for a clause; `scoring` false leaves out what only serves scores. A field that is
not declared, a value of another type, or a clause that tantivy cannot honour raises `UnsupportedQuery` with the clause.

Bridged here: `bool` with only `must_not` (tantivy finds nothing), phrases that are empty, of one token, or with a slop
(tantivy misses some), prefixes (a fuzzy query without any error), integer bounds that are fractional or beyond 64 bits.
"""

from __future__ import annotations

import math
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
from xincha.engine.embedded_index import date_number
from xincha.engine.fields import Field
from xincha.errors import UnsupportedQuery

NAME = "embedded"

Held = str | int | float
"""A value as the index holds it: dates are YYYYMMDD."""

_FEW = 100
"""Up to so many terms, a union of term queries is faster than a term set (which takes 0.2 ms however small it is)."""

_MOST_PHRASES = 500
"""tantivy's own slop misses some places of three and more tokens: each placement is a phrase of its own instead."""

_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1


def unsupported(clause: object, reason: str) -> UnsupportedQuery:
    """The error for a clause: names engine, clause and reason, never the values (they may be what somebody typed)."""
    return UnsupportedQuery(f"{NAME}: {type(clause).__name__}: {reason}")


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


def _single(number: float) -> float:
    """A number as tantivy keeps scores: in 32 bits."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


class Compiler:
    """Compiles clauses for one open index version."""

    def __init__(self, fields: Mapping[str, Field], schema: tantivy.Schema) -> None:
        self._fields = fields
        self._schema = schema

    def query(self, clause: q.Query, *, scoring: bool = True) -> Compiled:
        """The tantivy query of a clause."""
        compile_ = _COMPILED.get(type(clause))
        if compile_ is None:
            raise unsupported(clause, "is no clause of the query subset")
        return compile_(self, clause, scoring)

    def exists(self, field: Field) -> Compiled:
        """Documents with a value in a field."""
        if field.fast:
            return Compiled.exists_query(field.name)
        if field.type in {"key", "text"}:
            return Compiled.const_score_query(Compiled.regex_query(self._schema, field.name, "(?s).*"), 1.0)
        raise UnsupportedQuery(f"{NAME}: Exists: field {field.name!r} is not declared fast")

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

    def field(self, clause: object, name: str) -> Field:
        """The declared field that a clause, sort key or aggregation names."""
        field = self._fields.get(name)
        if field is None:
            raise unsupported(clause, f"no field {name!r} in this index")
        return field

    def held(self, field: Field, value: q.Value, clause: object) -> Held:
        """A value as the index holds it."""
        if field.type in {"key", "text"}:
            if isinstance(value, str):
                return value
        elif field.type == "date":
            if isinstance(value, date):
                return date_number(value)
        elif field.type == "int":
            if isinstance(value, int) and _INT_MIN <= value <= _INT_MAX:
                return value
        elif isinstance(value, int | float) and math.isfinite(value):
            return float(value) + 0.0  # never -0.0, which tantivy holds for another number
        raise unsupported(clause, f"field {field.name!r} takes {field.type}, not this {type(value).__name__}")

    def _all(self, _clause: q.MatchAll, _scoring: bool) -> Compiled:
        return Compiled.all_query()

    def _none(self, _clause: q.MatchNone, _scoring: bool) -> Compiled:
        return Compiled.empty_query()

    def _term(self, clause: q.Term, _scoring: bool) -> Compiled:
        return self._equals(self.field(clause, clause.field), clause.value, clause)

    def _terms(self, clause: q.Terms, _scoring: bool) -> Compiled:
        return self._any_of(self.field(clause, clause.field), clause.values, clause)

    def _ids(self, clause: q.Ids, _scoring: bool) -> Compiled:
        return self._any_of(self._fields["id"], clause.values, clause)

    def _exists(self, clause: q.Exists, _scoring: bool) -> Compiled:
        return self.exists(self.field(clause, clause.field))

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
        try:
            return Compiled.term_query(self._schema, field.name, self.held(field, value, clause), option)
        except ValueError as cause:
            raise unsupported(clause, f"value of field {field.name!r} is not readable text") from cause

    def _any_of(self, field: Field, values: Sequence[q.Value], clause: object) -> Compiled:
        if len(values) <= _FEW:
            parts = [(Occur.Should, self._equals(field, value, clause)) for value in values]
            return Compiled.const_score_query(parts[0][1] if len(parts) == 1 else Compiled.boolean_query(parts), 1.0)
        held = [self.held(field, value, clause) for value in values]
        try:
            return Compiled.const_score_query(Compiled.term_set_query(self._schema, field.name, held), 1.0)
        except ValueError as cause:
            raise unsupported(clause, f"a value of field {field.name!r} is not readable text") from cause

    def _prefix(self, clause: q.Prefix, _scoring: bool) -> Compiled:
        field = self.field(clause, clause.field)
        if field.type != "key":
            raise unsupported(clause, f"field {field.name!r} is no key field")
        value = self.held(field, clause.value, clause)
        try:
            return Compiled.fuzzy_term_query(self._schema, field.name, str(value), 0, prefix=True)
        except ValueError as cause:
            raise unsupported(clause, f"value of field {field.name!r} is not readable text") from cause

    def _range(self, clause: q.Range, _scoring: bool) -> Compiled:
        field = self.field(clause, clause.field)
        if field.type in {"key", "text"} or not field.fast:
            raise unsupported(clause, f"field {field.name!r} is no fast date, int or float field")
        low, high = self._lowest(field, clause), self._highest(field, clause)
        if low is None and high is None:
            return self.exists(field)
        (least, over), (most, under) = low or (None, False), high or (None, False)
        if least is not None and most is not None and (least > most or (least == most and (over or under))):
            return Compiled.empty_query()
        kind = FieldType.Float if field.type == "float" else FieldType.Integer
        return Compiled.range_query(self._schema, field.name, kind, least, most, not over, not under)

    def _lowest(self, field: Field, clause: q.Range) -> tuple[float, bool] | None:
        """The tighter lower bound, and whether it is exclusive."""
        bounds = [(value, over) for value, over in ((clause.gte, False), (clause.gt, True)) if value is not None]
        return max((self._bound(field, value, over, clause, up=True) for value, over in bounds), default=None)

    def _highest(self, field: Field, clause: q.Range) -> tuple[float, bool] | None:
        bounds = [(value, under) for value, under in ((clause.lte, False), (clause.lt, True)) if value is not None]
        held = [self._bound(field, value, under, clause, up=False) for value, under in bounds]
        return min(held, key=lambda bound: (bound[0], not bound[1]), default=None)

    def _bound(self, field: Field, value: q.Value, exclusive: bool, clause: q.Range, *, up: bool) -> tuple[float, bool]:
        """A bound as the index holds it: of an int field a whole number of 64 bits that keeps the same documents."""
        if field.type != "int" or not isinstance(value, int | float):
            if isinstance(value, float) and math.isinf(value) and field.type == "float":
                return value, exclusive
            return float(v) if isinstance(v := self.held(field, value, clause), float) else int(v), exclusive
        if math.isnan(value):
            raise unsupported(clause, "a bound is not a number")
        if not _INT_MIN <= value <= _INT_MAX:
            beyond = (value > 0) == up
            return (_INT_MAX if value > 0 else _INT_MIN), beyond
        whole = math.ceil(value) if up else math.floor(value)
        return whole, exclusive and whole == value

    def _match(self, clause: q.Match, _scoring: bool) -> Compiled:
        field = self._text(clause, clause.field)
        terms = [self._equals(field, token, clause) for token in clause.tokens.split()]
        if clause.minimum_should_match < 1:
            raise unsupported(clause, "minimum_should_match is at least 1")
        if not terms or (clause.operator == "or" and clause.minimum_should_match > len(terms)):
            return Compiled.empty_query()
        if len(terms) == 1:
            return terms[0]
        if clause.operator == "and" or clause.minimum_should_match == len(terms):
            return Compiled.boolean_query([(Occur.Must, term) for term in terms])
        least = clause.minimum_should_match
        return Compiled.boolean_query([(Occur.Should, term) for term in terms], least if least > 1 else None)

    def _phrase(self, clause: q.MatchPhrase, _scoring: bool) -> Compiled:
        field = self._text(clause, clause.field)
        if not field.positions:
            raise unsupported(clause, f"field {field.name!r} is declared without positions")
        if clause.slop < 0:
            raise unsupported(clause, "slop is at least 0")
        tokens = clause.tokens.split()
        if len(tokens) < 2:
            return self._equals(field, tokens[0], clause) if tokens else Compiled.empty_query()
        if comb(len(tokens) - 1 + clause.slop, clause.slop) > _MOST_PHRASES:
            raise unsupported(clause, "slop is too large for so many tokens")
        try:
            phrases = [
                Compiled.phrase_query(self._schema, field.name, list(zip(places, tokens, strict=True)))
                for places in _placements(len(tokens), clause.slop)
            ]
        except ValueError as cause:
            raise unsupported(clause, f"value of field {field.name!r} is not readable text") from cause
        return phrases[0] if len(phrases) == 1 else Compiled.disjunction_max_query(phrases)

    def _text(self, clause: object, name: str) -> Field:
        field = self.field(clause, name)
        if field.type != "text":
            raise unsupported(clause, f"field {name!r} is no text field")
        return field

    def _bool(self, clause: q.Bool, scoring: bool) -> Compiled:
        should = [(Occur.Should, self.query(c, scoring=scoring)) for c in clause.should]
        required = [(Occur.Must, self.query(c, scoring=scoring)) for c in clause.must]
        required += [(Occur.Must, self._unscored(c, scoring)) for c in clause.filter]
        least = clause.minimum_should_match
        if least is None:
            least = 0 if required or not should else 1
        if least < 0:
            raise unsupported(clause, "minimum_should_match is at least 0")
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
