"""What a request may ask, the same for every engine: checked here, before a driver compiles it.

A field that is not declared, a value of another type, an order or an aggregation that makes no sense raises
`UnsupportedQuery` naming engine and clause; never the value, which may be what somebody typed.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xincha.engine import query as q
from xincha.engine.check import INT_MAX, INT_MIN
from xincha.engine.fields import Field
from xincha.errors import UnsupportedQuery

SCORE = "_score"


@dataclass(frozen=True, slots=True)
class Span:
    """The tighter bounds of a range. `over`, `under`: the bound itself is left out."""

    low: float | date | None
    high: float | date | None
    over: bool = False
    under: bool = False

    @property
    def empty(self) -> bool:
        """Can no value lie within?"""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and (self.over or self.under))  # type: ignore[operator]


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
            if clause.slop < 0:
                raise self.unsupported(clause, "slop is at least 0")
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

    def least(self, clause: q.Bool) -> int:
        """How many of `should` must match."""
        least = clause.minimum_should_match
        if least is None:
            return 0 if clause.must or clause.filter or not clause.should else 1
        if least < 0:
            raise self.unsupported(clause, "minimum_should_match is at least 0")
        return least

    def span(self, clause: q.Range) -> tuple[Field, Span]:
        """The field of a range, and the tighter of its bounds on each side."""
        field = self.field(clause, clause.field)
        if field.type in {"key", "text"} or not field.fast:
            raise self.unsupported(clause, f"field {field.name!r} is no fast date, int or float field")
        low = [self._bound(field, v, out, clause, up=True) for v, out in ((clause.gte, False), (clause.gt, True))
               if v is not None]  # fmt: skip
        high = [self._bound(field, v, out, clause, up=False) for v, out in ((clause.lte, False), (clause.lt, True))
                if v is not None]  # fmt: skip
        least, over = max(low, default=(None, False))
        most, under = min(high, key=lambda bound: (bound[0], not bound[1]), default=(None, False))
        return field, Span(_but(least, -math.inf), _but(most, math.inf), over, under)

    def _bound(
        self, field: Field, value: q.Value, exclusive: bool, clause: q.Range, *, up: bool
    ) -> tuple[float | date, bool]:
        """A bound; of an int field a whole number of 64 bits that keeps the same documents."""
        if field.type == "float" and isinstance(value, float) and math.isinf(value):
            return value, exclusive
        if field.type != "int" or not isinstance(value, int | float):
            held = self.value(field, value, clause)
            assert not isinstance(held, str)  # noqa: S101 - only dates and numbers have bounds
            return held, exclusive
        if math.isnan(value):
            raise self.unsupported(clause, "a bound is not a number")
        if not INT_MIN <= value <= INT_MAX:
            return (INT_MAX if value > 0 else INT_MIN), (value > 0) == up
        whole = math.ceil(value) if up else math.floor(value)
        return whole, exclusive and whole == value

    def request(self, request: q.Request) -> None:
        """Page, order and place of a request."""
        if request.size < 0 or request.offset < 0:
            raise self.unsupported(request, "offset and size are at least 0")
        if request.search_after is not None:
            if len(request.search_after) != len(request.sort) or not request.sort:
                raise self.unsupported(request, "search_after takes one value for each sort key")
            if request.offset:
                raise self.unsupported(request, "search_after and offset exclude each other")
        for position, key in enumerate(request.sort):
            self._sort(key, position)

    def _sort(self, key: q.Sort, position: int) -> None:
        if key.field == SCORE:
            if position or key.order == "asc":
                raise self.unsupported(key, "_score sorts descending and as the first key only")
            return
        field = self.field(key, key.field)
        if field.many or not field.fast:
            raise self.unsupported(key, f"field {key.field!r} is no fast field with one value")

    def place(self, key: q.Sort, value: q.Value | None) -> q.Value | None:
        """One value of a place in an order."""
        if value is None:
            return None
        if key.field != SCORE:
            return self.value(self.field(key, key.field), value, key)
        if not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
            raise self.unsupported(key, "a place in the order of scores is a number")
        return float(value)

    def aggregation(self, aggregation: q.Aggregation) -> Field:
        """The field of an aggregation that can be honoured."""
        field = self.field(aggregation, aggregation.field)
        match aggregation:
            case q.TermsAgg(size=size):
                fits, wanted = field.type == "key" and size > 0, "a fast key field and a size of at least 1"
            case q.RangeAgg():
                fits, wanted = field.type not in {"key", "text"}, "a fast date or number field"
            case q.DateHistogramAgg():
                fits, wanted = field.type == "date", "a fast date field"
            case q.MetricAgg(metric="cardinality"):
                fits, wanted = field.type != "text", "a fast field"
            case _:
                fits, wanted = field.type in {"int", "float"}, "a fast number field"
        if not fits or not field.fast:
            raise self.unsupported(aggregation, f"takes {wanted} ({field.name!r})")
        return field


def _but(bound: float | date | None, nothing: float) -> float | date | None:
    """A bound; `None` for the infinite one that bounds nothing."""
    return None if bound == nothing else bound
