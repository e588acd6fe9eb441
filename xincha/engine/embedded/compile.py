"""The query subset, compiled to tantivy queries.

`TantivyCompiler.query` gives a tantivy query for a clause; `scoring` false leaves out what only serves scores. A field
that is not declared, a value of another type, or a clause that tantivy cannot honour raises `UnsupportedQuery` with the
clause.

Bridged here: `bool` with only `must_not` (tantivy finds nothing), phrases that are empty or of one token, prefixes (a
fuzzy query without any error; where few are enough, the beginning of a phrase of one word).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Compiled

from xincha.engine import query as q
from xincha.engine.clauses import Clauses
from xincha.engine.embedded.index import ENGINE, date_number
from xincha.engine.fields import Field

IndexValue = str | int | float
"""A value as the index holds it: dates are YYYYMMDD."""

_FEW = 100
"""Up to so many terms, a union of term queries is faster than a term set (which takes 0.2 ms however small it is)."""


def constant_score(clause: q.Query) -> float | None:
    """The score that every document of a clause has; `None` where scores may differ."""
    match clause:
        case q.MatchAll() | q.Terms() | q.Ids() | q.Range() | q.Exists() | q.Prefix():
            return 1.0
        case q.ConstantScore(boost=boost):
            return float(struct.unpack("f", struct.pack("f", boost))[0])  # tantivy keeps scores in 32 bits
        case q.Bool(must=must, should=should) if not should and len(must) < 2:
            return constant_score(must[0]) if must else 0.0
        case _:
            return None


_KINDS = {"date": FieldType.Integer, "int": FieldType.Integer, "float": FieldType.Float}


class TantivyCompiler:
    """Compiles clauses for one open index version."""

    def __init__(self, fields: Mapping[str, Field], schema: tantivy.Schema) -> None:
        self.clauses = Clauses(ENGINE, fields)
        self._schema = schema

    def query(self, clause: q.Query, *, scoring: bool = True) -> Compiled:
        """The tantivy query of a clause."""
        return _COMPILED[type(clause)](self, clause, scoring)

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

    def equal(self, field: Field, held: IndexValue | None) -> Compiled:
        """Documents whose field has this value, as the index holds it; without any value where it is `None`."""
        if held is None:
            return Compiled.boolean_query([(Occur.Must, Compiled.all_query()), (Occur.MustNot, self.exists(field))])
        return Compiled.term_query(self._schema, field.name, held, "basic")

    def beyond(self, field: Field, held: IndexValue, *, ascending: bool) -> Compiled:
        """Documents whose date or number comes strictly after this one in an order."""
        low, high = (held, None) if ascending else (None, held)
        kind = _KINDS[field.type]
        return Compiled.range_query(self._schema, field.name, kind, low, high, not ascending, ascending)

    def held(self, field: Field, value: q.Value, clause: object) -> IndexValue:
        """A value as the index holds it."""
        known = self.clauses.value(field, value, clause)
        return date_number(known) if isinstance(known, date) else known

    def _dis_max(self, clause: q.DisMax, scoring: bool) -> Compiled:
        parts = [self.query(part, scoring=scoring) for part in clause.queries]
        # of a term by itself tantivy leaves out what cannot be among the best, in a union it scores every document
        return parts[0] if len(parts) == 1 else Compiled.disjunction_max_query(parts)

    def _constant(self, clause: q.ConstantScore, scoring: bool) -> Compiled:
        compiled = self.query(clause.query, scoring=False)
        return Compiled.const_score_query(compiled, clause.boost) if scoring else compiled

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
        value = str(self.held(field, clause.value, clause))
        if clause.few and value:  # tantivy stops at the first 50 values of a segment
            return Compiled.const_score_query(Compiled.phrase_prefix_query(self._schema, field.name, [value]), 1.0)
        return Compiled.fuzzy_term_query(self._schema, field.name, value, 0, prefix=True)

    def _range(self, clause: q.Range, _scoring: bool) -> Compiled:
        field, *bounds = self.clauses.range(clause)
        low, high = (date_number(bound) if isinstance(bound, date) else bound for bound in bounds)
        return Compiled.range_query(self._schema, field.name, _KINDS[field.type], low, high)

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
        held = [str(self.held(field, token, clause)) for token in tokens]
        return Compiled.phrase_query(self._schema, field.name, list(enumerate(held)))

    def _bool(self, clause: q.Bool, scoring: bool) -> Compiled:
        should = [(Occur.Should, self.query(c, scoring=scoring)) for c in clause.should]
        required = [(Occur.Must, self.query(c, scoring=scoring)) for c in clause.must]
        required += [(Occur.Must, self._unscored(c, scoring)) for c in clause.filter]
        if not required and not should:
            required = [(Occur.Must, Compiled.const_score_query(Compiled.all_query(), 0.0))]
        if required and not scoring:
            should = []
        parts = required + should + [(Occur.MustNot, self.query(c, scoring=False)) for c in clause.must_not]
        return parts[0][1] if len(parts) == 1 else Compiled.boolean_query(parts)

    def _unscored(self, clause: q.Query, scoring: bool) -> Compiled:
        compiled = self.query(clause, scoring=False)
        return Compiled.const_score_query(compiled, 0.0) if scoring else compiled


_COMPILED: Mapping[type, Callable[[TantivyCompiler, Any, bool], Compiled]] = {
    q.MatchAll: lambda *_: Compiled.all_query(),
    q.Term: lambda c, clause, _: c._equals(c.clauses.field(clause, clause.field), clause.value, clause),
    q.Terms: lambda c, clause, _: c._any_of(c.clauses.field(clause, clause.field), clause.values, clause),
    q.Ids: lambda c, clause, _: c._any_of(c.clauses.fields["id"], clause.values, clause),
    q.Range: TantivyCompiler._range,
    q.Exists: lambda c, clause, _: c.exists(c.clauses.field(clause, clause.field)),
    q.Prefix: TantivyCompiler._prefix,
    q.Match: TantivyCompiler._match,
    q.MatchPhrase: TantivyCompiler._phrase,
    q.Bool: TantivyCompiler._bool,
    q.DisMax: TantivyCompiler._dis_max,
    q.ConstantScore: TantivyCompiler._constant,
}
