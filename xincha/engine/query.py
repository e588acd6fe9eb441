"""The query subset: constructors for what a request to an engine may hold, and nothing else.

A clause is a frozen dataclass; its names and meanings are those of OpenSearch's query DSL. Text values are *prepared*
tokens (see `xincha.text.tokens`), the same at index and at query time: no engine analyzes anything. A driver compiles
these classes, and raises `UnsupportedQuery` naming engine and clause for what it cannot honour.

Values of `date` fields are `datetime.date`, of `int` and `float` fields numbers, of all others strings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Value = str | int | float | date


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Every document."""


@dataclass(frozen=True, slots=True)
class Term:
    """Documents whose field holds exactly this value (of a text field: this token)."""

    field: str
    value: Value


@dataclass(frozen=True, slots=True)
class Terms:
    """Documents whose field holds at least one of these values."""

    field: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Ids:
    """Documents with these identifiers."""

    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class Range:
    """Documents whose field lies within the bounds, which belong to it; an open side is `None`. Fast date and float
    fields only."""

    field: str
    gte: Value | None = None
    lte: Value | None = None


@dataclass(frozen=True, slots=True)
class Exists:
    """Documents that have a value in this field."""

    field: str


FEW = 50


@dataclass(frozen=True, slots=True)
class Prefix:
    """Documents whose field holds a value that begins with this. Key fields only.

    `few`: some of them do, as for a question that shows a few anyway: those of the first values, by their order, which
    are `FEW` in each part of the index. A beginning that half of the index shares takes a second otherwise.
    """

    field: str
    value: str
    few: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """Documents whose text field holds tokens of `tokens` (joined by single spaces).

    `operator` "and" wants all of them, "or" at least `minimum_should_match` (a count, at least 1).
    Scored by BM25; a token that is given twice counts twice.
    """

    field: str
    tokens: str
    operator: Literal["and", "or"] = "or"
    minimum_should_match: int = 1


@dataclass(frozen=True, slots=True)
class MatchPhrase:
    """Documents whose text field (one with positions) holds the tokens one behind the other."""

    field: str
    tokens: str


@dataclass(frozen=True, slots=True)
class Bool:
    """Documents that meet all of `must` and `filter`, none of `must_not`, and, if there is neither `must` nor `filter`,
    at least one of `should`; otherwise `should` only scores.

    `filter` does not score. Only `must_not`, or no clause at all, means: every document but those.
    """

    must: Sequence[Query] = ()
    should: Sequence[Query] = ()
    filter: Sequence[Query] = ()
    must_not: Sequence[Query] = ()


@dataclass(frozen=True, slots=True)
class DisMax:
    """Documents that meet any clause; scored by the best one."""

    queries: Sequence[Query]


@dataclass(frozen=True, slots=True)
class ConstantScore:
    """Documents of `query`, each with the score `boost`."""

    query: Query
    boost: float = 1.0


Query = MatchAll | Term | Terms | Ids | Range | Exists | Prefix | Match | MatchPhrase | Bool | DisMax | ConstantScore


@dataclass(frozen=True, slots=True)
class TermsAgg:
    """The `size` commonest values of a key field with their counts: most first, ties by value.

    `spans`: fast date or int fields (integers up to 2^53) of which each bucket tells the least and the greatest value.
    """

    field: str
    size: int = 10
    spans: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RangeAgg:
    """Counts of documents in each `[from, to)` of a date or float field with one value; an open side is `None`.

    No range is empty, and none overlaps another.
    """

    field: str
    ranges: Sequence[tuple[Value | None, Value | None]]


@dataclass(frozen=True, slots=True)
class DateHistogramAgg:
    """Counts by calendar year of a date field, in order; the key is its first day. Empty ones are left out."""

    field: str


@dataclass(frozen=True, slots=True)
class SumAgg:
    """The sum over the values of a float field; 0 over no values."""

    field: str


@dataclass(frozen=True, slots=True)
class KeyBy:
    """A dimension: these values of a fast key field, at least one of them. A document that has several counts in
    each."""

    field: str
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class DateBy:
    """A dimension: the calendar years or months of a fast date field with one value; the key is their first day."""

    field: str
    interval: Literal["year", "month"] = "year"


By = KeyBy | DateBy

MOST_VALUES = 20_000
"""Different values of which a cell tells how often each occurs."""
MOST_BUCKETS = 50_000
"""Cells, and different values in them, that one aggregation may come to: engines refuse some more than that. Who asks
knows how many there can be."""


@dataclass(frozen=True, slots=True)
class CellsAgg:
    """Counts of each combination of the values of at most two dimensions that occurs, in the order of its `key`, which
    is a tuple. Without a dimension: all documents as one cell.

    `sums`: float fields with one value that are added up in each cell, and counted. `values`: such a field of which
    each cell tells the different values and how often each occurs, least first; `None` where there are more than
    `MOST_VALUES`.
    """

    by: Sequence[By] = ()
    sums: Sequence[str] = ()
    values: str = ""


Aggregation = TermsAgg | RangeAgg | DateHistogramAgg | SumAgg | CellsAgg


@dataclass(frozen=True, slots=True)
class Facet:
    """An aggregation over the documents of the request's query *and* `filter` (see `Request.post_filter`)."""

    aggregation: Aggregation
    filter: Query = field(default_factory=MatchAll)


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort key: a fast date, int or float field with one value, or `_score` (descending).

    Documents without a value come last in both orders.
    """

    field: str
    order: Literal["asc", "desc"] = "asc"


@dataclass(frozen=True, slots=True)
class Request:
    """One search.

    Hits and total: documents of `query` and `post_filter`. Facets: documents of `query` and each facet's own filter, so
    that a facet need not count itself out. `sort`: one key and then `tie` (ascending), which makes the order total, or
    `tie` alone. Empty: by score, ties in an order that is the engine's own but the same for each call on one index
    version. `search_after` holds the `Hit.sort` of the last hit seen (same `sort`): hits come strictly after it. Depth
    costs nothing, but with `_score` first the engine may read the order from its start.
    `source` false leaves out what is stored, for callers that want identifiers only.
    """

    query: Query
    post_filter: Query | None = None
    sort: Sequence[Sort] = ()
    size: int = 10
    search_after: Sequence[Value | None] | None = None
    facets: Mapping[str, Facet] = field(default_factory=dict)
    source: bool = True
    total: bool = True
