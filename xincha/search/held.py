"""What is held back, as searches see it: which records are in no answer, and which entities have none but such ones.

The index may be older than a hold. Records that are held, and the documents that are their text, are left out by
their identifiers, of searches, counts and sums alike. Of entities the index knows only until when they have a record of
a kind, so for those that a held record is about it is looked up whether they have another. Nothing is asked of the
engine where nothing is held.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from xincha.engine.query import Ids, MatchAll, Request, Sort, Terms
from xincha.errors import HoldsUnreadable
from xincha.kinds import KINDS
from xincha.rules.window import is_shown, state_on

if TYPE_CHECKING:
    from xincha.engine.contract import Engine, IndexName

log = logging.getLogger("xincha.search")

HeldOn = Callable[[date], frozenset[str]]
"""Which records are held back on a day."""

_AT_ONCE = 1000


class HeldBack(NamedTuple):
    """`records` that are held back; `without`: kinds and entities that have no record of it but such ones."""

    records: frozenset[str] = frozenset()
    without: frozenset[tuple[str, str]] = frozenset()

    def entities_without(self, kind: str) -> Sequence[str]:
        """The entities that have none of a kind but those that are held."""
        return sorted(entity for of, entity in self.without if of == kind)


NOTHING = HeldBack()


class HeldReader:
    """What is held back now. Safe to share between threads."""

    def __init__(self, engine: Engine, today: Callable[[], date], on: HeldOn | None = None) -> None:
        self._engine = engine
        self._today = today
        self._on = on
        self._lock = Lock()
        self._kept: tuple[object, HeldBack] = (None, NOTHING)

    def records(self) -> frozenset[str]:
        """The records that are held; raises `HoldsUnreadable` where nobody can tell, for then none may be shown."""
        return self.now().records

    def now(self) -> HeldBack:
        """The same, with the entities that have no other record."""
        named = self._named()
        if not named:
            return NOTHING
        version = self._engine.search("entities", Request(MatchAll(), size=0, total=False)).version
        key = version, self._today(), named
        with self._lock:
            if self._kept[0] != key:
                records = named | frozenset(self._documents_of(named))
                self._kept = key, HeldBack(records, frozenset(self._without(records)))
            return self._kept[1]

    def _named(self) -> frozenset[str]:
        """The records that somebody has held back."""
        if self._on is None:
            return NOTHING.records
        try:
            return self._on(self._today())
        except HoldsUnreadable as error:
            log.error("%s", error)
            raise HoldsUnreadable("what is held back cannot be looked up now; ask again later") from None

    def _documents_of(self, records: frozenset[str]) -> Iterator[str]:
        """The documents that are the text of records."""
        ordered = sorted(records)
        for at in range(0, len(ordered), _AT_ONCE):
            of = Terms("of_id", ordered[at : at + _AT_ONCE])
            request = Request(of, sort=(Sort("tie"),), size=_AT_ONCE, source=False, total=False)
            while hits := self._engine.search("records", request).hits:
                yield from (hit.id for hit in hits)
                request = replace(request, search_after=hits[-1].sort)

    def _without(self, records: frozenset[str]) -> Iterator[tuple[str, str]]:
        concerned: dict[str, set[str]] = {}
        for stored in self._stored("records", records):
            for entity in (stored.get("entity_id"), *stored.get("also_ids", ())):
                if entity:
                    concerned.setdefault(entity, set()).add(stored["kind"])
        day = self._today()
        for stored in self._stored("entities", concerned):
            left = [brief for brief in stored.get("records", ()) if brief.get("id") not in records]
            for kind in concerned[stored["entity_id"]]:
                if not any(_counts(brief, kind, day) for brief in left):
                    yield kind, stored["entity_id"]

    def _stored(self, index: IndexName, identifiers: frozenset[str] | Mapping[str, object]) -> Iterator[dict[str, Any]]:
        ordered = sorted(identifiers)
        for at in range(0, len(ordered), _AT_ONCE):
            some = ordered[at : at + _AT_ONCE]
            for hit in self._engine.search(index, Request(Ids(some), size=len(some), total=False)).hits:
                yield orjson.loads(hit.source)


def _counts(brief: Mapping[str, Any], kind: str, day: date) -> bool:
    """Whether an entity has one of a kind on a day by this record."""
    wanted, on = KINDS[kind].has_state, day.isoformat()
    return brief["kind"] == kind and is_shown(brief, on) and (not wanted or state_on(brief, on) == wanted)
