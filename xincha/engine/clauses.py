"""What a request may ask, the same for every engine: checked here, before a driver compiles it.

A field that is not declared, a value of another type, an order or an aggregation that makes no sense raises
`UnsupportedQuery` naming engine and clause; never the value, which may be what somebody typed.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date

from xincha.engine import query as q
from xincha.engine.check import INT_MAX, INT_MIN
from xincha.engine.fields import Field
from xincha.errors import UnsupportedQuery

SCORE = "_score"
MOST_DIMENSIONS = 2
OfOneField = q.TermsAgg | q.RangeAgg | q.DateHistogramAgg | q.SumAgg
TIE = q.Sort("tie")
"""The last key of every order."""


class Clauses:
    """The declared fields of one index, as requests to one engine may name them."""

    def __init__(self, engine: str, fields: Mapping[str, Field]) -> None:
        self.engine = engine
        self.fields = fields

    def unsupported(self, clause: object, reason: str) -> UnsupportedQuery:
        """The error for a clause."""
        return UnsupportedQuery(f"{self.engine}: {type(clause).__name__}: {reason}")

    def field(self, clause: object, name: str) -> Field:
        """The declared field that a clause, sort key or aggregation names."""
        field = self.fields.get(name)
        if field is None:
            raise self.unsupported(clause, f"no field {name!r} in this index")
        return field

    def key(self, clause: object, name: str) -> Field:
        """A declared key field."""
        field = self.field(clause, name)
        if field.type != "key":
            raise self.unsupported(clause, f"field {name!r} is no key field")
        return field

    def text(self, clause: q.Match | q.MatchPhrase) -> Field:
        """The text field of a clause; of a phrase, one with positions."""
        field = self.field(clause, clause.field)
        if field.type != "text":
            raise self.unsupported(clause, f"field {clause.field!r} is no text field")
        if isinstance(clause, q.MatchPhrase):
            if not field.positions:
                raise self.unsupported(clause, f"field {clause.field!r} is declared without positions")
        elif clause.minimum_should_match < 1:
            raise self.unsupported(clause, "minimum_should_match is at least 1")
        return field

    def value(self, field: Field, value: q.Value, clause: object) -> q.Value:
        """A value that a field can have."""
        if field.type in {"key", "text"}:
            if isinstance(value, str):
                return self._readable(field, value, clause)
        elif field.type == "date":
            if isinstance(value, date):
                return value
        elif field.type == "int":
            if isinstance(value, int) and INT_MIN <= value <= INT_MAX:
                return value
        elif isinstance(value, int | float) and abs(value) <= sys.float_info.max:
            return float(value) + 0.0  # never -0.0, which engines hold for another number
        raise self.unsupported(clause, f"field {field.name!r} takes {field.type}, not this {type(value).__name__}")

    def _readable(self, field: Field, value: str, clause: object) -> str:
        try:
            value.encode()
        except UnicodeEncodeError as cause:
            raise self.unsupported(clause, f"value of field {field.name!r} is not readable text") from cause
        return value

    def range(self, clause: q.Range) -> tuple[Field, q.Value | None, q.Value | None]:
        """The field of a range, and its bounds."""
        field = self.field(clause, clause.field)
        if field.type not in {"date", "float"} or not field.fast:
            raise self.unsupported(clause, f"field {field.name!r} is no fast date or float field")
        if clause.gte is None and clause.lte is None:
            raise self.unsupported(clause, "has no bound")
        low, high = (None if b is None else self.value(field, b, clause) for b in (clause.gte, clause.lte))
        return field, low, high

    def request(self, request: q.Request) -> None:
        """Size, order and place of a request."""
        if request.size < 0:
            raise self.unsupported(request, "size is at least 0")
        if request.search_after is not None and (not request.sort or len(request.search_after) != len(request.sort)):
            raise self.unsupported(request, "search_after takes one value for each sort key")
        if request.sort:
            *first, last = request.sort
            if last != TIE or len(first) > 1:
                raise self.unsupported(request, "sorts by at most one key, and by tie in the end")
            for key in first:
                self._sort(key)

    def _sort(self, key: q.Sort) -> None:
        if key.field == SCORE:
            if key.order == "asc":
                raise self.unsupported(key, "_score sorts descending only")
            return
        field = self.field(key, key.field)
        if field.many or not field.fast or field.type in {"key", "text"}:
            raise self.unsupported(key, f"field {key.field!r} is no fast date or number field with one value")

    def place(self, key: q.Sort, value: q.Value | None) -> q.Value | None:
        """One value of a place in an order."""
        if key.field != SCORE:
            return None if value is None else self.value(self.field(key, key.field), value, key)
        if not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
            raise self.unsupported(key, "a place in the order of scores is a number")
        return float(value)

    def cells(self, aggregation: q.CellsAgg) -> None:
        """Dimensions and fields of cells that can be counted."""
        if len(aggregation.by) > MOST_DIMENSIONS:
            raise self.unsupported(aggregation, f"has at most {MOST_DIMENSIONS} dimensions")
        for by in aggregation.by:
            field = self.field(aggregation, by.field)
            if isinstance(by, q.KeyBy):
                fits = field.type == "key" and bool(by.values)
                for value in by.values:
                    self.value(field, value, aggregation)
            else:
                fits = field.type == "date" and not field.many
            if not fits or not field.fast:
                raise self.unsupported(aggregation, f"takes values of fast key fields, and fast dates ({by.field!r})")
        for name in (*aggregation.sums, *filter(None, [aggregation.values])):
            field = self.field(aggregation, name)
            if field.type != "float" or not field.fast:
                raise self.unsupported(aggregation, f"adds up and tells fast float fields ({name!r})")

    def aggregation(self, aggregation: OfOneField) -> Field:
        """The field of an aggregation that can be honoured."""
        field = self.field(aggregation, aggregation.field)
        match aggregation:
            case q.TermsAgg(size=size, spans=spans):
                fits, wanted = field.type == "key" and size > 0, "a fast key field and a size of at least 1"
                for name in spans:
                    self._span(aggregation, name)
            case q.RangeAgg():
                fits, wanted = field.type in {"date", "float"}, "a fast date or float field"
            case q.DateHistogramAgg():
                fits, wanted = field.type == "date", "a fast date field"
            case q.SumAgg():
                fits, wanted = field.type == "float", "a fast float field"
        if not fits or not field.fast:
            raise self.unsupported(aggregation, f"takes {wanted} ({field.name!r})")
        return field

    def _span(self, aggregation: q.TermsAgg, name: str) -> None:
        field = self.field(aggregation, name)
        if field.type not in {"date", "int"} or not field.fast or field.many:
            raise self.unsupported(aggregation, f"spans are of fast date or int fields with one value ({name!r})")
