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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, cast

import orjson
from pydantic import Field

from xincha.days import CHINA
from xincha.ended import NOTE, Ended, load_began, load_name, unpack
from xincha.engine.query import Bool, Ids, MatchAll, Query, Range, Request, Sort, Terms
from xincha.errors import EngineNotReady
from xincha.search.answers import EntityHit, Record
from xincha.search.newest import OF_PEOPLE
from xincha.search.place import END, LAST, PlaceInChanges, later, number_of, read, written
from xincha.search.shown import record as shown_record

if TYPE_CHECKING:
    from xincha.engine.contract import Engine, Hit
    from xincha.holds import Hold
    from xincha.search.entities import EntityFinder
    from xincha.search.held import HeldReader
    from xincha.search.records import RecordFinder

NOW = "now"
"""Instead of a cursor: what comes from now on."""
MOST_ENDED = 1000
"""Records that went of which a feed may tell."""
BY_LOAD = (Sort("batch"), Sort("tie"))


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


class Told(NamedTuple):
    """A change as a walk finds it. `content`: a record as it is stored; an entity as lists show it, or, where some
    entities are followed, as it is stored; none of what is gone. `about`: followed entities that it concerns; `at`: the
    moment at which it went."""

    type: Literal["entity", "record"]
    id: str
    content: Mapping[str, Any] | None = None
    about: Sequence[str] = ()
    at: datetime | None = None


class Followed(NamedTuple):
    """What a follower of some entities is told. `known`: the moment up to which he knows what their registrations were.
    `complete`: false where something that ended may not be told: the lake is another one, or too much has ended."""

    told: Sequence[Told]
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
        self._engine, self._today, self._holds = engine, today, holds
        self._entities, self._records, self._held = entities, records, held
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
        walk = _Walk(self, published, size)
        place = walk.go(place)
        return Changes(list(map(walk.shown, walk.told)), written(place), more=walk.is_full, reset=reset)

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
        walk = _Walk(self, published, size, frozenset(entities))
        place = walk.go(published.seen(place))
        return Followed(walk.told, written(place), walk.is_full, known, complete)

    def ended(self, entities: Collection[str], begun: str) -> Sequence[Told]:
        """What went of some entities since the cursor at which it was begun to follow them, as far as it is known."""
        published, first = self._published(), read(begun)
        if published.is_another(first):
            return ()
        walk = _Walk(self, published, MOST_ENDED, frozenset(entities))
        walk.went(published.seen(first))
        return [told for told in walk.told if told.content is None]

    def _published(self) -> _Published:
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
        version = status.indices["entities"].version
        return _Published(load, epoch, index.note.get("held", ""), ended, version)


@dataclass(frozen=True, slots=True)
class _Published:
    """What is published: of which load, under which rules (`epoch`), what was held back, and what has ended; `version`
    of the index of entities."""

    load: str
    epoch: str
    held: str
    ended: Ended
    version: str

    def place(self, today: date, *, end: bool) -> PlaceInChanges:
        """The place in front of everything, or behind it."""
        number, now = number_of(self.load), datetime.now(UTC).isoformat()
        at = [number, LAST] if end else [0, -1]
        known = number if end else 0
        return PlaceInChanges(self.load, self.epoch, at, at, [number, END], today.isoformat(), now, now, known=known)

    def is_past(self, place: PlaceInChanges) -> bool:
        """Whether who is at this place has to begin again."""
        return self.is_another(place) or self.has_forgotten(place) or place.epoch != self.epoch

    def is_another(self, place: PlaceInChanges) -> bool:
        """Whether what this place follows is not the history of the lake any more."""
        number, known = number_of(place.load), {number_of(each): each for each in self.ended.loads}
        another = known.get(number, place.load) != place.load
        return another or (number > number_of(self.load) and place.load.partition("-")[2] < self.load.partition("-")[2])

    def has_forgotten(self, place: PlaceInChanges) -> bool:
        """Whether more is gone since then than is known."""
        least = [self.ended.since_load, END] if self.ended.since_load else [0, ""]
        return place.gone < least or place.day <= self.ended.since_day

    def moment_of(self, number: int) -> datetime:
        """The moment behind a load: when the next one began, or far off where there is none."""
        behind = [each for each in self.ended.loads if number_of(each) > number]
        if not behind:
            return datetime.max.replace(tzinfo=UTC)
        whole = number_of(self.ended.loads[0]) <= number + 1
        return load_began(min(behind, key=number_of)) if whole else datetime.min.replace(tzinfo=UTC)

    def began(self, number: int) -> datetime | None:
        """When a load began, where that is known."""
        return next((load_began(each) for each in self.ended.loads if number_of(each) == number), None)

    def seen(self, place: PlaceInChanges) -> PlaceInChanges:
        """The place, by the newest load that somebody has seen."""
        return replace(place, load=self.load) if number_of(self.load) > number_of(place.load) else place


class _Walk:
    """One answer on its way: `room` is what still goes into it. `only`: the entities that are followed; without: all"""

    def __init__(
        self, reader: ChangesReader, published: _Published, size: int, only: frozenset[str] | None = None
    ) -> None:
        self._reader, self._published, self._only = reader, published, only
        self._engine, self._today = reader._engine, reader._today()
        self._room = size
        self.told: list[Told] = []
        self._public = reader._records.public()
        self._theirs: Query = MatchAll()
        if only is not None:
            self._theirs = Terms("entity_id", sorted(only))
            followed = Bool(must_not=[Terms("kind", sorted(OF_PEOPLE))])
            self._public = Bool(filter=[self._public, self._theirs, followed])

    @property
    def is_full(self) -> bool:
        """Whether there may be more."""
        return self._room <= 0

    def go(self, place: PlaceInChanges) -> PlaceInChanges:
        """All streams in turn, as far as there is room; how far they came."""
        for stream in (self._holds, self._gone, self._days, self._of_entities, self._of_records):
            if self._room > 0:
                place = stream(place)
        return place

    def went(self, place: PlaceInChanges) -> None:
        """The streams that have what went."""
        for stream in (self._holds, self._gone, self._days):
            if self._room > 0:
                place = stream(place)

    def shown(self, told: Told) -> Changed:
        """What everybody is told."""
        if told.content is None:
            return Changed(told.type, told.id, "gone")
        if told.type == "entity":
            return Changed("entity", told.id, "shown", entity=told.content)
        return Changed("record", told.id, "shown", record=shown_record(told.content, self._today, listed=True))

    def _tell(self, told: Told) -> None:
        self.told.append(told)
        self._room -= 1

    def _tell_records(self, hits: Sequence[Hit]) -> None:
        for hit in hits:
            stored = orjson.loads(hit.source)
            self._tell(Told("record", hit.id, stored, self._among(_entities_of(stored))))

    def _tell_gone(self, identifier: str, at: datetime | None, of: Sequence[str] = ()) -> None:
        """That a record is not shown any more, if it concerns the follower. `of`: the entities, where they are known"""
        about = self._among(of or self._published.ended.about.get(identifier, ()))
        if about or self._only is None:
            self._tell(Told("record", identifier, about=about, at=at))

    def _among(self, entities: Iterable[str]) -> Sequence[str]:
        return () if self._only is None else [each for each in entities if each in self._only]

    def _concerns(self, identifier: str) -> bool:
        return self._only is None or bool(self._among(self._published.ended.about.get(identifier, ())))

    def _of_entities(self, place: PlaceInChanges) -> PlaceInChanges:
        if self._only is not None:
            return self._of_followed(place, sorted(self._only))
        found = self._reader._entities.after(place.entities, self._room)
        for answer, _ in found:
            self._tell(Told("entity", answer["entity_id"], answer))
        return replace(place, entities=[int(each) for each in found[-1][1]]) if found else place

    def _of_followed(self, place: PlaceInChanges, only: Sequence[str]) -> PlaceInChanges:
        request = Request(Ids(only), sort=BY_LOAD, size=self._room, search_after=place.entities, total=False)
        result = self._engine.search("entities", request)
        for hit in result.hits:
            self._tell(Told("entity", hit.id, orjson.loads(hit.source), [hit.id]))
        if result.hits:
            place = replace(place, entities=[cast("int", each) for each in result.hits[-1].sort])
        if self._room > 0 and result.version == self._published.version:  # else another one came meanwhile
            known = max(place.known, number_of(self._published.load))
            place = replace(place, known=known, entities=max(place.entities, [known, LAST]))
        return place

    def _of_records(self, place: PlaceInChanges) -> PlaceInChanges:
        request = Request(self._public, sort=BY_LOAD, size=self._room, search_after=place.records, total=False)
        hits = self._engine.search("records", request).hits
        self._tell_records(hits)
        return replace(place, records=[cast("int", each) for each in hits[-1].sort]) if hits else place

    def _gone(self, place: PlaceInChanges) -> PlaceInChanges:
        """What loads took away."""
        ended = self._published.ended.by_load
        if self._only is not None:  # what ended by itself is told as that, once
            by_day = {record for day, record in self._published.ended.by_day if day >= place.day}
            ended = [each for each in ended if each[1] not in by_day]
        behind = [each for each in ended if list(each) > place.gone and self._concerns(each[1])][: self._room]
        for number, identifier in behind:
            self._tell_gone(identifier, self._published.began(number))
        whole = max(place.gone, [number_of(self._published.load), END])  # of an older index nothing is known anew
        return replace(place, gone=whole if self._room > 0 else list(behind[-1]))

    def _days(self, place: PlaceInChanges) -> PlaceInChanges:
        """What began, turned and ended by itself since the day of which somebody knows."""
        until = min(place.until or "9999", self._today.isoformat())
        if place.day >= until:
            return replace(place, until="", phase=0, at=[])
        place = replace(place, until=until)
        first, last = date.fromisoformat(place.day), date.fromisoformat(until)
        over = Bool(filter=[Range("public_until", gte=first, lte=last - _DAY), self._theirs])
        begun: Sequence[tuple[str, Query]] = (
            ("public_from", Bool(filter=[self._public, Range("public_from", gte=first + _DAY, lte=last)])),
            ("turns_on", Bool(filter=[self._public, Range("turns_on", gte=first + _DAY, lte=last)])),
            ("public_until", over),
        )
        while place.phase < len(begun) and self._room > 0:
            name, query = begun[place.phase]
            after = [date.fromisoformat(place.at[0]), place.at[1]] if place.at else None
            request = Request(query, sort=(Sort(name), Sort("tie")), size=self._room, search_after=after, total=False)
            hits = self._engine.search("records", request).hits
            if name == "public_until":
                for hit in hits:
                    self._tell_gone(hit.id, _behind(hit.sort[0]), _entities_of(orjson.loads(hit.source)))
            else:
                self._tell_records(hits)
            if self._room > 0:
                place = replace(place, phase=place.phase + 1, at=[])
            else:
                day, tie = hits[-1].sort
                place = replace(place, at=[str(day), tie])
        if self._room > 0:
            closed = [list(each) for each in self._published.ended.by_day if place.day <= each[0] < until]
            behind = [each for each in closed if each > place.at and self._concerns(each[1])][: self._room]
            for day, identifier in behind:
                self._tell_gone(identifier, _behind(day))
            place = replace(place, at=behind[-1] if behind else place.at)
        return replace(place, day=until, until="", phase=0, at=[]) if self._room > 0 else place

    def _holds(self, place: PlaceInChanges) -> PlaceInChanges:
        """What was held back, and what is shown again: that waits for the publish that brings it back."""
        held = self._reader._held.records()
        for moment, hold in self._ordered("since", place.held):
            if self._room <= 0:
                break
            if hold.record_id in held:
                also = self._published.ended.texts.get(hold.record_id, ()) or self._texts(hold.record_id)
                whose = self._whose([hold.record_id, *also])
                for identifier in (hold.record_id, *also):
                    self._tell_gone(identifier, hold.since, whose.get(identifier, ()))
            place = replace(place, held=moment)
        for moment, hold in self._ordered("released", place.released):
            it = Bool(should=[Ids([hold.record_id]), Terms("of_id", [hold.record_id])])
            query = Bool(filter=[self._public, it])
            hits = self._engine.search("records", Request(query, size=100, total=False)).hits
            if self._room <= 0 or (not hits and not self._is_published(held)):
                break
            self._tell_records(hits)
            place = replace(place, released=moment)
        return place

    def _whose(self, records: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """The entities of records that the index still has, where somebody follows some."""
        if self._only is None:
            return {}
        hits = self._engine.search("records", Request(Ids(records), size=len(records), total=False)).hits
        return {hit.id: _entities_of(orjson.loads(hit.source)) for hit in hits}

    def _texts(self, record_id: str) -> Sequence[str]:
        """The documents that are the text of a record, as far as the index has them."""
        request = Request(Terms("of_id", [record_id]), size=100, source=False, total=False)
        return [hit.id for hit in self._engine.search("records", request).hits]

    def _is_published(self, held: frozenset[str]) -> bool:
        """Whether what is published was made when the same was held back."""
        from xincha.holds import digest

        named = frozenset(each.record_id for each in self._reader._holds() if each.record_id in held)
        return self._published.held == digest(named)

    def _ordered(self, what: str, after: str) -> Iterator[tuple[str, Hold]]:
        """The holds that began, or are over, behind a moment, by it."""
        moments = []
        for hold in self._reader._holds():
            moment = hold.since if what == "since" else _over(hold, self._today)
            if moment and moment > datetime.fromisoformat(after):
                moments.append((moment, hold))
        for moment, hold in sorted(moments, key=lambda each: each[0]):
            yield moment.isoformat(), hold


_DAY = timedelta(days=1)


def _entities_of(stored: Mapping[str, Any]) -> Sequence[str]:
    """The entities that a stored record is about."""
    return [each for each in (stored.get("entity_id"), *stored.get("also_ids", ())) if each]


def _behind(day: object) -> datetime:
    """The moment at which a day is over, in China."""
    return datetime.combine(date.fromisoformat(str(day)) + _DAY, datetime.min.time(), CHINA)


def _over(hold: Hold, today: date) -> datetime | None:
    """When a hold ended, where it has."""
    if hold.released_at:
        return hold.released_at
    if hold.state(today) == "over" and hold.until:
        return datetime.combine(hold.until + _DAY, datetime.min.time(), CHINA)
    return None
