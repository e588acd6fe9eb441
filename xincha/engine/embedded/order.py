"""The first documents in the order of several keys, from a place on.

tantivy sorts by one field or by score, and knows no `search_after`. Documents equal in the first key are ordered by the
next keys, read from their columns; where such a group is longer than what is asked for, one further search orders it.
A place (`after`: the sort values of the last document seen) is found in one of two ways:

- Keys that range (dates, numbers): by filters, in three parts: documents equal in the first key and beyond the place in
  the others, documents beyond it in the first key, documents without a value. Any depth costs the same.
- `_score` and key fields: by reading the order from its start in growing steps. Depth costs.

Documents without a value come last in both orders (so does tantivy). Not honoured: `_score` ascending or after another
key, and fields with several values, whose order would be a matter of taste.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import dropwhile, groupby

import tantivy
from tantivy import Query as Compiled

from xincha.engine import query as q
from xincha.engine.clauses import SCORE
from xincha.engine.embedded.compile import Compiler
from xincha.engine.embedded.index import date_number
from xincha.engine.fields import Field

Raw = str | int | float | None
"""A sort value as the index holds it: dates are YYYYMMDD."""

Found = tuple[tuple[Raw, ...], tantivy.DocAddress]

_Scanned = list[tuple[Raw, tantivy.DocAddress]]
_FIRST_STEP = 1_000
_GROWTH = 4


class Order:
    """One request's order over one open version. `counted` is the total, once a search has seen every document."""

    def __init__(
        self,
        fields: Mapping[str, Field],
        compiler: Compiler,
        searcher: tantivy.Searcher,
        *,
        constant: float | None,
        count: bool,
    ) -> None:
        """`constant`: the score that all documents of the query share, if they do. `count`: whether totals matter."""
        self._fields = fields
        self._compiler = compiler
        self._searcher = searcher
        self._constant = constant
        self._count = count
        self._whole: Compiled | None = None
        self.counted: int | None = None

    def first(
        self, query: Compiled, keys: Sequence[q.Sort], after: Sequence[q.Value | None] | None, need: int
    ) -> list[Found]:
        """The first `need` documents of `query` behind `after`."""
        self._whole = query
        if after is None:
            return self._from_start(query, keys, need)
        place = tuple(self._raw(key, value) for key, value in zip(keys, after, strict=True))
        return self._behind(query, keys, place, need)

    def _raw(self, key: q.Sort, value: q.Value | None) -> Raw:
        placed = self._compiler.clauses.place(key, value)
        return date_number(placed) if isinstance(placed, date) else placed

    def _from_start(self, query: Compiled, keys: Sequence[q.Sort], need: int) -> list[Found]:
        if need <= 0:
            return []
        if keys[0].field == SCORE:
            if self._constant is not None:
                return self._by_constant(query, keys, None, need)
            return self._scanned(query, keys, None, need, need + 1)
        raw = self._run(query, keys[0], need + 1)
        if len(keys) == 1 or len(raw) <= need or raw[need][0] != raw[need - 1][0]:
            return self._arranged(raw, keys)[:need]
        cut = raw[need][0]
        found = self._arranged(raw[: _group_start(raw, keys[0], cut)], keys)
        return found + self._equal(query, keys, cut, None, need - len(found))

    def _behind(self, query: Compiled, keys: Sequence[q.Sort], place: tuple[Raw, ...], need: int) -> list[Found]:
        if need <= 0:
            return []
        key = keys[0]
        if key.field == SCORE and self._constant is not None:
            return self._by_constant(query, keys, place, need)
        if key.field == SCORE or self._fields[key.field].type == "key":
            return self._scanned(query, keys, place, need, max(2 * need, _FIRST_STEP))
        field, value = self._fields[key.field], place[0]
        found = self._equal(query, keys, value, place[1:], need) if len(keys) > 1 else []
        if value is not None and len(found) < need:
            beyond = self._compiler.both(query, self._compiler.beyond(field, value, ascending=key.order == "asc"))
            found += self._from_start(beyond, keys, need - len(found))
            if len(found) < need:
                without = self._compiler.both(query, self._compiler.equal(field, None))
                found += self._from_start(without, keys, need - len(found))
        return found

    def _equal(
        self, query: Compiled, keys: Sequence[q.Sort], value: Raw, place: tuple[Raw, ...] | None, need: int
    ) -> list[Found]:
        """The documents that have `value` in the first key, in the order of the other keys."""
        same = self._compiler.both(query, self._compiler.equal(self._fields[keys[0].field], value))
        rest = self._from_start(same, keys[1:], need) if place is None else self._behind(same, keys[1:], place, need)
        return [((value, *values), address) for values, address in rest]

    def _by_constant(
        self, query: Compiled, keys: Sequence[q.Sort], place: tuple[Raw, ...] | None, need: int
    ) -> list[Found]:
        """The order where all scores are one: that of the other keys."""
        score, behind = self._constant, place[0] if place else None
        if isinstance(behind, float) and score is not None:
            if behind < score or (behind == score and len(keys) == 1):
                return []
            place = place[1:] if place and behind == score else None
        if len(keys) == 1:
            return [((score,), address) for _, address in self._run(query, keys[0], need)]
        rest = self._from_start(query, keys[1:], need) if place is None else self._behind(query, keys[1:], place, need)
        return [((score, *values), address) for values, address in rest]

    def _scanned(
        self, query: Compiled, keys: Sequence[q.Sort], place: tuple[Raw, ...] | None, need: int, limit: int
    ) -> list[Found]:
        """The documents behind `place`, found by reading the order of the first key from its start."""
        while True:
            raw = self._run(query, keys[0], limit)
            complete = len(raw) < limit
            start = 0 if place is None else _group_start(raw, keys[0], place[0])
            seen = start if place is None else _group_end(raw, keys[0], place[0])
            last = min(seen + need, len(raw)) - 1
            end = _group_end(raw, keys[0], raw[last][0]) if last >= start else start
            if complete or (end < len(raw) and end >= seen + need):
                found = self._arranged(raw[start:end], keys)
                if place is not None:
                    found = list(dropwhile(lambda row: not _is_behind(row[0], place, keys), found))
                return found[:need]
            limit *= _GROWTH

    def _arranged(self, raw: _Scanned, keys: Sequence[q.Sort]) -> list[Found]:
        """Documents in the order of the first key put into the order of all keys."""
        if len(keys) == 1:
            return [((value,), address) for value, address in raw]
        addresses = [address for _, address in raw]
        columns = [self._column(key, addresses) for key in keys[1:]]
        rows: list[Found] = [((value, *rest), address) for (value, address), *rest in zip(raw, *columns, strict=True)]
        found: list[Found] = []
        for _, group in groupby(rows, key=lambda row: row[0][0]):
            found += _sorted(list(group), keys)
        return found

    def _column(self, key: q.Sort, addresses: list[tantivy.DocAddress]) -> Sequence[Raw]:
        """A key's values of these documents."""
        if not addresses:
            return []
        if self._fields[key.field].type != "key":
            return self._searcher.fast_field_values(key.field, addresses)
        identifiers = [str(self._searcher.doc(address).get_first("id")) for address in addresses]
        these = self._compiler.query(q.Ids(identifiers), scoring=False)
        hits = self._run(these, key, len(addresses))
        values = {(address.segment_ord, address.doc): value for value, address in hits}
        return [values[address.segment_ord, address.doc] for address in addresses]

    def _run(self, query: Compiled, key: q.Sort, limit: int) -> _Scanned:
        """The first documents in the order of one key."""
        limit = min(limit, self._searcher.num_docs + 1)
        counting = self._count and query is self._whole and self.counted is None
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


def _compare(one: Raw, other: Raw, key: q.Sort) -> int:
    """-1, 0 or 1: does `one` come before, with or after `other` in the order of a key."""
    if one == other:
        return 0
    if one is None or other is None:
        return 1 if one is None else -1
    ascending = one < other  # type: ignore[operator]
    return -1 if ascending == (key.order == "asc") else 1


def _is_behind(values: tuple[Raw, ...], place: tuple[Raw, ...], keys: Sequence[q.Sort]) -> bool:
    return next((c for c in map(_compare, values, place, keys) if c), 0) > 0


def _group_start(raw: _Scanned, key: q.Sort, value: Raw) -> int:
    return bisect_left(raw, 0, key=lambda row: _compare(row[0], value, key))


def _group_end(raw: _Scanned, key: q.Sort, value: Raw) -> int:
    return bisect_right(raw, 0, key=lambda row: _compare(row[0], value, key))


def _sorted(group: list[Found], keys: Sequence[q.Sort]) -> list[Found]:
    """Documents equal in the first key, in the order of the others."""
    if len(group) > 1:
        for position in range(len(keys) - 1, 0, -1):
            having = [row for row in group if row[0][position] is not None]
            having.sort(key=lambda row, at=position: row[0][at], reverse=keys[position].order == "desc")  # type: ignore[misc]
            group = having + [row for row in group if row[0][position] is None]
    return group
