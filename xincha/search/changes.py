"""What changed since a place in the history of the lake: for who keeps a copy of what is public.

A cursor says how far somebody has read, and belongs to the lake, not to an index: the number of the last load of which
he was told, the day up to which he was told of what begins and ends by itself, and the moment up to which of holds. So
it stays good when an index is made anew, taken back, or made by another engine. Where the lake itself is another one
(it was restored from a backup and went on otherwise), another program or policy says what may be shown, or more has
ended than is remembered, the answer begins again (`reset`): what was told before is to be forgotten.

Loads are told in the order of their numbers, within one in the order of `tie`. Something may be told twice; nothing is
left out. That a later load links a record to another company is told by that company.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

from pydantic import Field

from xincha.ended import NOTE, Ended, load_name, unpack
from xincha.errors import EngineNotReady
from xincha.search.answers import EntityHit, Record
from xincha.search.place import later, read, written
from xincha.search.shown import record as shown_record
from xincha.search.touched import TouchedReader
from xincha.search.walk import FoundChange, PublishedNow, Sources, Walk

if TYPE_CHECKING:
    from xincha.engine.contract import Engine
    from xincha.holds import Hold
    from xincha.search.entities import EntityFinder
    from xincha.search.held import HeldReader
    from xincha.search.records import RecordFinder

NOW = "now"
"""Instead of a cursor: what comes from now on."""
MOST_ENDED = 1000
"""Records that went of which a feed may tell."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An entity or a record as it is now, or that it is not shown any more."""

    type: Literal["entity", "record"]
    id: str
    change: Annotated[Literal["shown", "gone"], Field(description="gone: it may not be shown any more; no content")]
    entity: EntityHit | None = None
    record: Record | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of changes, in the order of the lake's history."""

    changes: Sequence[Changed]
    cursor: Annotated[str, Field(description="give it back as `since`, now for the next page, or later")]
    more: Annotated[bool, Field(description="whether there is more now")]
    reset: Annotated[bool, Field(description="forget what was told before: this begins again")]


class Followed(NamedTuple):
    """What a follower of some entities is told. `known`: the moment up to which he knows what their registrations were.
    `complete`: false where something that ended may not be told: the lake is another one, or too much has ended."""

    told: Sequence[FoundChange]
    cursor: str
    more: bool
    known: datetime
    complete: bool


class ChangesReader:
    """What `engine` has published, as changes. `holds`: all that there ever were. Safe to share between threads."""

    def __init__(  # noqa: PLR0913 - its parts
        self,
        engine: Engine,
        today: Callable[[], date],
        *,
        entities: EntityFinder,
        records: RecordFinder,
        held: HeldReader,
        holds: Callable[[], Sequence[Hold]],
    ) -> None:
        self._engine, self._today = engine, today
        self._sources = Sources(engine, today, entities, records, held, holds)
        self._touched = TouchedReader(engine)
        self._lock = Lock()
        self._kept: tuple[str, Ended] | None = None

    def since(self, text: str | None, size: int) -> Changes:
        """The next changes behind a cursor; without one all that is shown, as if it were new."""
        published = self._published()
        place = published.place(self._today(), end=text == NOW)
        if text == NOW:
            return Changes((), written(place), more=False, reset=False)
        reset = False
        if text:
            given = read(text)
            reset = published.is_past(given)
            place = place if reset else published.seen(given)
        walk = Walk(self._sources, published, size)
        place = walk.go(place)
        changes = [_shown(told, self._today()) for told in walk.told]
        return Changes(changes, written(place), more=walk.is_full, reset=reset)

    def of(self, entities: Collection[str], begun: str, text: str | None, size: int) -> Followed:
        """The next changes of some entities behind a cursor; without one, behind the one at which it was `begun` to
        follow them. Nothing from before that is told, whatever cursor somebody writes."""
        published = self._published()
        first = read(begun)
        place = read(text) if text else first
        if not published.is_another(first):
            place = later(place, first)
        if published.is_another(place):
            now = published.place(self._today(), end=True)
            return Followed((), written(now), more=False, known=datetime.now(UTC), complete=False)
        complete, known = not published.has_forgotten(place), published.moment_of(place.known)
        touched = self._touched.since(place, self._today(), published.versions)
        walk = Walk(self._sources, published, size, frozenset(entities), touched)
        place = walk.go(published.seen(place))
        return Followed(walk.told, written(place), walk.is_full, known, complete)

    def ended(self, entities: Collection[str], begun: str) -> Sequence[FoundChange]:
        """What went of some entities since the cursor at which it was begun to follow them, as far as it is known."""
        published, first = self._published(), read(begun)
        if published.is_another(first):
            return ()
        walk = Walk(self._sources, published, MOST_ENDED, frozenset(entities))
        walk.went(published.seen(first))
        return [told for told in walk.told if told.content is None]

    def _published(self) -> PublishedNow:
        status = self._engine.status()
        if not status.ready:
            raise EngineNotReady(status.reason)
        index = status.indices["records"]
        with self._lock:
            if self._kept is None or self._kept[0] != index.version:
                text = index.note.get(NOTE)
                if not text:
                    raise EngineNotReady("what is published was made by an earlier program; run `xincha publish`")
                self._kept = index.version, unpack(text)
            ended = self._kept[1]
        decided = "\n".join(index.note.get(name, "") for name in ("made_by", "policy"))
        epoch = hashlib.blake2b(decided.encode(), digest_size=6).hexdigest()
        load = load_name(index.note["batch"], datetime.fromisoformat(index.note["loaded_at"]))
        versions = status.indices["entities"].version, index.version
        return PublishedNow(load, epoch, index.note.get("held", ""), ended, versions)


def _shown(told: FoundChange, day: date) -> Changed:
    """What everybody is told."""
    if told.content is None:
        return Changed(told.type, told.id, "gone")
    if told.type == "entity":
        return Changed("entity", told.id, "shown", entity=told.content)
    return Changed("record", told.id, "shown", record=shown_record(told.content, day, listed=True))
