"""The first documents in an order, from a place on.

tantivy sorts by one field or by score, and knows no `search_after`. Documents equal in the first key are ordered by
`tie`, read from its column; if such a group is longer than what is asked for, one further search orders it.
A place (`after`: the sort values of the last document seen) is found in one of two ways:

- Dates and numbers: by filters, in three parts: documents equal in the first key and beyond the place in `tie`,
  documents beyond it in the first key, documents without a value. Any depth costs the same.
- `_score`: by reading the order from its start in growing steps. Depth costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from math import inf
from typing import Any

import tantivy
from tantivy import Query as Compiled

from xincha import budget
from xincha.engine import query as q
from xincha.engine.clauses import SCORE, TIE
from xincha.engine.embedded.compile import TantivyCompiler
from xincha.engine.embedded.index import date_number

SortValue = str | int | float | None
"""A sort value as the index holds it: dates are YYYYMMDD."""

Row = tuple[tuple[Any, ...], tantivy.DocAddress]
"""The sort values of a document, and where it is."""

_Sorted = tuple[Any, tantivy.DocAddress]
_BY_SCORE = q.Sort(SCORE, "desc")
_FIRST_STEP = 1_000
_GROWTH = 4


class Order:
    """One request's order over one open version. `counted` is the total, once a search has seen every document."""

    def __init__(self, compiler: TantivyCompiler, searcher: tantivy.Searcher, query: Compiled, *, count: bool) -> None:
        """`count`: whether the total matters."""
        self._fields = compiler.clauses.fields
        self._compiler = compiler
        self._searcher = searcher
        self._query = query
        self._count = count
        self.counted: int | None = None

    def first(self, request: q.Request, constant: float | None) -> list[Row]:
        """The first documents behind the request's place. `constant`: the score that all share, if they do."""
        keys, need = request.sort, request.size
        place: tuple[Any, ...] = tuple(map(self._held, keys, request.search_after or ()))
        tie = place[-1] if place else None
        if len(keys) == 1:
            return [((value,), address) for value, address in self._by_tie(self._query, tie, need)]
        if keys[0].field != SCORE:
            return self._behind(keys[0], place[0], tie, need) if place else self._from_start(self._query, keys[0], need)
        if constant is None:
            return self._scanned(place, need)
        if place and place[0] != constant:
            if place[0] < constant:
                return []
            tie = None
        return _under(constant, self._by_tie(self._query, tie, need))

    def _held(self, key: q.Sort, value: q.Value | None) -> SortValue:
        placed = self._compiler.clauses.place(key, value)
        return date_number(placed) if isinstance(placed, date) else placed

    def _by_tie(self, query: Compiled, after: SortValue, need: int) -> list[_Sorted]:
        """Documents in the order of `tie` alone."""
        if after is None:
            return self._run(query, TIE, need)
        beyond = self._compiler.beyond(self._fields[TIE.field], after, ascending=True)
        return self._run(self._compiler.both(query, beyond), TIE, need)

    def _from_start(self, query: Compiled, key: q.Sort, need: int) -> list[Row]:
        """The first documents in the order of a date or number."""
        raw = self._run(query, key, need + 1)
        if len(raw) <= need or raw[need][0] != raw[need - 1][0]:
            return self._with_ties(raw[:need])
        cut = raw[need][0]
        rows = self._with_ties([row for row in raw if row[0] != cut])
        return rows + self._equal(query, key, cut, None, need - len(rows))

    def _behind(self, key: q.Sort, value: SortValue, tie: SortValue, need: int) -> list[Row]:
        """The documents behind a place in the order of a date or number."""
        rows = self._equal(self._query, key, value, tie, need)
        if value is None or len(rows) == need:
            return rows
        beyond = self._compiler.beyond(self._fields[key.field], value, ascending=key.order == "asc")
        rows += self._from_start(self._compiler.both(self._query, beyond), key, need - len(rows))
        return rows + self._equal(self._query, key, None, None, need - len(rows))

    def _equal(self, query: Compiled, key: q.Sort, value: SortValue, tie: SortValue, need: int) -> list[Row]:
        """The documents that have `value` in the first key (`None`: that have none), in the order of `tie`."""
        same = self._compiler.both(query, self._compiler.equal(self._fields[key.field], value))
        return _under(value, self._by_tie(same, tie, need))

    def _scanned(self, place: tuple[Any, ...], need: int) -> list[Row]:
        """The documents behind a place in the order of scores, which is read from its start."""
        limit = max(2 * need, _FIRST_STEP) if place else need + 1
        while True:
            raw: list[tuple[float, tantivy.DocAddress]] = self._run(self._query, _BY_SCORE, limit)
            whole = len(raw) < limit
            least = -inf if whole else raw[-1][0]  # documents of the last score may be missing
            rows = self._with_ties([row for row in raw if row[0] > least and not (place and row[0] > place[0])])
            if place:
                rows = [row for row in rows if row[0][0] < place[0] or row[0][1] > place[1]]
            if whole or len(rows) >= need:
                return rows[:need]
            limit *= _GROWTH

    def _with_ties(self, raw: Sequence[_Sorted]) -> list[Row]:
        """Documents in the order of the first key, put into the order of both keys."""
        ties = self._searcher.fast_field_values(TIE.field, [address for _, address in raw]) if raw else []
        rows: list[Row] = [((value, tie), address) for (value, address), tie in zip(raw, ties, strict=True)]
        return [row for _, group in groupby(rows, key=lambda row: row[0][0])
                for row in sorted(group, key=lambda row: row[0][1])]  # fmt: skip

    def _run(self, query: Compiled, key: q.Sort, limit: int) -> list[_Sorted]:
        """The first documents in the order of one key."""
        budget.check()
        limit = min(limit, self._searcher.num_docs + 1)
        if limit <= 0:
            return []
        counting = self._count and query is self._query and self.counted is None
        if key.field == SCORE:
            result = self._searcher.search(query, limit, count=True)
        else:
            direction = tantivy.Order.Asc if key.order == "asc" else tantivy.Order.Desc
            result = self._searcher.search(query, limit, count=counting, order_by_field=key.field, order=direction)
        if counting:
            self.counted = total(result)
        return result.hits


def total(result: tantivy.SearchResult) -> int:
    """How many documents a counting search has seen."""
    return int(result.count or 0)  # type: ignore[attr-defined]


def counted(searcher: tantivy.Searcher, query: Compiled) -> int:
    """How many documents a query finds, by the `tie` that each has: a fifth of the time of a search that counts."""
    return round(searcher.aggregate(query, {"n": {"value_count": {"field": TIE.field}}})["n"]["value"] or 0)


def _under(value: SortValue, sorted_: Sequence[_Sorted]) -> list[Row]:
    """Documents in the order of `tie` that are equal in the first key."""
    return [((value, tie), address) for tie, address in sorted_]
