"""The whole result of a search, page after page: what an export is made of. Flat memory, any depth.

An `Export` goes its way through the engine by `search_after` and hands out rows: the stored JSON of each document,
entities with their records of the day counted. It hands out exactly `total` rows or ends with an error, never with
fewer: where another version of the index is published meanwhile it raises `Republished`, for rows of two versions would
be the state of no day.

Nothing is kept between two pages, so an export that is not read on costs nothing but its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import orjson

from xincha import budget
from xincha.engine.contract import Engine, Hit, IndexName
from xincha.engine.query import Request
from xincha.errors import EngineError, Republished
from xincha.rules.window import state_on
from xincha.search.answers import EVERYTHING, Covered
from xincha.search.counts import counts_on
from xincha.search.flags import flags_on

PAGE = 1000

Row = Mapping[str, object]
"""Stored JSON; of an entity with `counts`, see `xincha.kinds.counts`."""


@dataclass(frozen=True, slots=True)
class Export:
    """All that a search finds on a day. Iterated, it gives pages of rows; each time from the beginning.

    `head`: hits that come first; `request`: query, filter and total order of the others, without place and size;
    `total`: how many rows there are in `version`; `covered`: what is loaded there. `tell` is called with the number of
    rows that were read so far.
    """

    engine: Engine
    index: IndexName
    request: Request
    total: int
    version: str
    day: date
    head: Sequence[Hit] = ()
    covered: Covered = EVERYTHING
    tell: Callable[[int], None] | None = None

    def __iter__(self) -> Iterator[list[Row]]:
        """Pages of rows; raises `EngineError` where they cannot all be had of one version."""
        rows = 0
        for hits in self._pages():
            rows += len(hits)
            yield [self._row(hit) for hit in hits]
            if self.tell:
                self.tell(rows)
        if rows != self.total:
            raise EngineError(f"the engine gave {rows:,} of {self.total:,} rows")

    def _pages(self) -> Iterator[Sequence[Hit]]:
        if self.head:
            yield self.head
        request = replace(self.request, size=PAGE, total=False)
        left = self.total - len(self.head)
        while left > 0:
            result = self.engine.search(self.index, request)
            if result.version != self.version:
                raise Republished("another version of the index was published while this one was read; ask again")
            if not result.hits:
                return
            yield result.hits
            left -= len(result.hits)
            request = replace(request, search_after=result.hits[-1].sort)

    def _row(self, hit: Hit) -> Row:
        budget.check()
        row: dict[str, object] = orjson.loads(hit.source)
        if self.index == "entities":
            row["counts"] = counts_on(row, self.day, self.covered.loaded, self.covered.held)
            row["flags"] = flags_on(row, self.day)
        else:
            row["state"] = state_on(row, self.day.isoformat())
        return row
