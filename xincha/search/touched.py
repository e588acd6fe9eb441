"""Which entities anything changed of since a place: looked up once for everybody who is there.

A follower of thousands of companies asks of few of them then. Where more changed than is worth looking up, or where
another version came meanwhile, nobody knows, and each follower asks of all of his.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from xincha.engine.query import MatchAll, Query, Range, Request, Sort
from xincha.search.place import LAST, PlaceInChanges

if TYPE_CHECKING:
    from xincha.engine.contract import Engine, Result

BY_LOAD = (Sort("batch"), Sort("tie"))
MOST = 5000
"""Entities, and records of each way to change, that are looked up."""
_KEPT = 8
_DAY = timedelta(days=1)


class TouchedReader:
    """Looks it up in `engine`. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._kept: OrderedDict[object, frozenset[str] | None] = OrderedDict()

    def since(self, place: PlaceInChanges, today: date, versions: tuple[str, str]) -> frozenset[str] | None:
        """The entities of which something changed behind a place; `None`: not known. `versions`: of the index of
        entities, and of records."""
        until = min(place.until or "9999", today.isoformat())
        key = versions, *map(tuple, (place.entities, place.records)), place.day, until
        with self._lock:
            if key not in self._kept:
                self._kept[key] = self._looked_up(place, date.fromisoformat(until), versions)
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return self._kept[key]

    def _looked_up(self, place: PlaceInChanges, until: date, versions: tuple[str, str]) -> frozenset[str] | None:
        found: set[str] = set()
        entities, records = versions
        behind = Request(
            MatchAll(), sort=BY_LOAD, size=MOST, search_after=_before(place.entities), source=False, total=False
        )
        result = self._engine.search("entities", behind)
        if len(result.hits) == MOST or result.version != entities:
            return None
        found.update(hit.id for hit in result.hits)
        for request in self._of_records(place, until):
            result = self._engine.search("records", request)
            if len(result.hits) == MOST or result.version != records:
                return None
            found.update(_entities_of_all(result))
        return frozenset(found)

    def _of_records(self, place: PlaceInChanges, until: date) -> Iterator[Request]:
        """What loads brought, and what begins, turns or ends by itself."""
        yield Request(MatchAll(), sort=BY_LOAD, size=MOST, search_after=_before(place.records), total=False)
        first = date.fromisoformat(place.day)
        if first < until:
            spans: Sequence[Query] = (
                Range("public_from", gte=first, lte=until),
                Range("turns_on", gte=first, lte=until),
                Range("public_until", gte=first, lte=until - _DAY),
            )
            yield from (Request(span, size=MOST, total=False) for span in spans)


def _before(place: Sequence[int]) -> list[int]:
    """A place in the order of loads; of one in the middle of a load, its beginning."""
    number, tie = place
    return [number, LAST] if tie == LAST else [number, -1]


def _entities_of_all(result: Result) -> Iterator[str]:
    for hit in result.hits:
        yield from entities_of(orjson.loads(hit.source))


def entities_of(stored: Mapping[str, Any]) -> Sequence[str]:
    """The entities that a stored record is about."""
    return [each for each in (stored.get("entity_id"), *stored.get("also_ids", ())) if each]
