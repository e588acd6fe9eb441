"""A walk through what changed in the lake's history, from a place on: of everything, or of some entities.

First what is held back, what loads took away, and what began, turned and ended by itself; then what loads brought, in
the order of their numbers, within one in the order of `tie`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import orjson

from xincha.days import CHINA
from xincha.ended import Ended, load_began
from xincha.engine.query import Bool, Ids, Query, Range, Request, Sort, Terms
from xincha.search.newest import OF_PEOPLE
from xincha.search.place import END, LAST, PlaceInChanges, number_of
from xincha.search.touched import BY_LOAD, entities_of

if TYPE_CHECKING:
    from xincha.engine.contract import Engine, Hit
    from xincha.holds import Hold
    from xincha.search.entities import EntityFinder
    from xincha.search.held import HeldReader
    from xincha.search.records import RecordFinder


class FoundChange(NamedTuple):
    """A change as a walk finds it. `content`: a record as it is stored; an entity as lists show it, or, where some
    entities are followed, as it is stored; none of what is gone. `about`: followed entities that it concerns; `at`: the
    moment at which it went."""

    type: Literal["entity", "record"]
    id: str
    content: Mapping[str, Any] | None = None
    about: Sequence[str] = ()
    at: datetime | None = None


class Sources(NamedTuple):
    """What a walk asks. `holds`: all that there ever were."""

    engine: Engine
    today: Callable[[], date]
    entities: EntityFinder
    records: RecordFinder
    held: HeldReader
    holds: Callable[[], Sequence[Hold]]


@dataclass(frozen=True, slots=True)
class PublishedNow:
    """What is published: of which load, under which rules (`epoch`), what was held back, and what has ended;
    `versions` of the index of entities, and of records."""

    load: str
    epoch: str
    held: str
    ended: Ended
    versions: tuple[str, str]

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


class Walk:
    """One answer on its way: `room` is what still goes into it. `only`: the entities that are followed; without: all.
    `touched`: those of which something changed, where it is known."""

    def __init__(
        self,
        sources: Sources,
        published: PublishedNow,
        size: int,
        only: frozenset[str] | None = None,
        touched: frozenset[str] | None = None,
    ) -> None:
        self._sources, self._published, self._only = sources, published, only
        self._engine, self._today = sources.engine, sources.today()
        self._room = size
        self.told: list[FoundChange] = []
        self._public = sources.records.public()
        self._asked: Sequence[str] = sorted(only if touched is None else only & touched) if only is not None else ()
        if only is not None:
            self._public = Bool(filter=[self._public], must_not=[Terms("kind", sorted(OF_PEOPLE))])

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

    def _tell(self, told: FoundChange) -> None:
        self.told.append(told)
        self._room -= 1

    def _tell_records(self, hits: Sequence[Hit]) -> None:
        for hit in hits:
            stored = orjson.loads(hit.source)
            about = self._among(entities_of(stored))
            if about or self._only is None:
                self._tell(FoundChange("record", hit.id, stored, about))

    def _tell_gone(self, identifier: str, at: datetime | None, of: Sequence[str] = ()) -> None:
        """That a record is not shown any more, if it concerns the follower. `of`: the entities, where they are known"""
        about = self._among(of or self._published.ended.about.get(identifier, ()))
        if about or self._only is None:
            self._tell(FoundChange("record", identifier, about=about, at=at))

    def _among(self, entities: Iterable[str]) -> Sequence[str]:
        return () if self._only is None else [each for each in entities if each in self._only]

    def _concerns(self, identifier: str) -> bool:
        return self._only is None or bool(self._among(self._published.ended.about.get(identifier, ())))

    def _of_entities(self, place: PlaceInChanges) -> PlaceInChanges:
        if self._only is not None:
            return self._of_followed(place)
        found = self._sources.entities.after(place.entities, self._room)
        for answer, _ in found:
            self._tell(FoundChange("entity", answer["entity_id"], answer))
        return replace(place, entities=[int(each) for each in found[-1][1]]) if found else place

    def _of_followed(self, place: PlaceInChanges) -> PlaceInChanges:
        request = Request(Ids(self._asked), sort=BY_LOAD, size=self._room, search_after=place.entities, total=False)
        result = self._engine.search("entities", request) if self._asked else None
        for hit in result.hits if result else ():
            self._tell(FoundChange("entity", hit.id, orjson.loads(hit.source), [hit.id]))
        if result and result.hits:
            place = replace(place, entities=[cast("int", each) for each in result.hits[-1].sort])
        if self._room > 0 and (result is None or result.version == self._published.versions[0]):
            known = max(place.known, number_of(self._published.load))  # else another version came meanwhile
            place = replace(place, known=known, entities=max(place.entities, [known, LAST]))
        return place

    def _of_records(self, place: PlaceInChanges) -> PlaceInChanges:
        query = self._in(self._public)
        request = Request(query, sort=BY_LOAD, size=self._room, search_after=place.records, total=False)
        result = self._engine.search("records", request) if self._only is None or self._asked else None
        hits = result.hits if result else ()
        self._tell_records(hits)
        if hits:
            place = replace(place, records=[cast("int", each) for each in hits[-1].sort])
        same = result is None or result.version == self._published.versions[1]
        if self._only is not None and self._room > 0 and same:
            place = replace(place, records=max(place.records, [number_of(self._published.load), LAST]))
        return place

    def _in(self, query: Query) -> Query:
        """Of what a query finds that of the entities that are asked of."""
        return query if self._only is None else Bool(filter=[query, Terms("entity_id", self._asked)])

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
        over = Range("public_until", gte=first, lte=last - _DAY)
        begun: Sequence[tuple[str, Query]] = (
            ("public_from", Bool(filter=[self._public, Range("public_from", gte=first + _DAY, lte=last)])),
            ("turns_on", Bool(filter=[self._public, Range("turns_on", gte=first + _DAY, lte=last)])),
            ("public_until", over),
        )
        while place.phase < len(begun) and self._room > 0:
            name, query = begun[place.phase]
            if self._only is not None and not self._asked:
                place = replace(place, phase=len(begun), at=[])
                break
            after = [date.fromisoformat(place.at[0]), place.at[1]] if place.at else None
            request = Request(
                self._in(query), sort=(Sort(name), Sort("tie")), size=self._room, search_after=after, total=False
            )
            hits = self._engine.search("records", request).hits
            if name == "public_until":
                for hit in hits:
                    self._tell_gone(hit.id, _behind(hit.sort[0]), entities_of(orjson.loads(hit.source)))
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
        held = self._sources.held.records()
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
        return {hit.id: entities_of(orjson.loads(hit.source)) for hit in hits}

    def _texts(self, record_id: str) -> Sequence[str]:
        """The documents that are the text of a record, as far as the index has them."""
        request = Request(Terms("of_id", [record_id]), size=100, source=False, total=False)
        return [hit.id for hit in self._engine.search("records", request).hits]

    def _is_published(self, held: frozenset[str]) -> bool:
        """Whether what is published was made when the same was held back."""
        from xincha.holds import digest

        named = frozenset(each.record_id for each in self._sources.holds() if each.record_id in held)
        return self._published.held == digest(named)

    def _ordered(self, what: str, after: str) -> Iterator[tuple[str, Hold]]:
        """The holds that began, or are over, behind a moment, by it."""
        moments = []
        for hold in self._sources.holds():
            moment = hold.since if what == "since" else _over(hold, self._today)
            if moment and moment > datetime.fromisoformat(after):
                moments.append((moment, hold))
        for moment, hold in sorted(moments, key=lambda each: each[0]):
            yield moment.isoformat(), hold


_DAY = timedelta(days=1)


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
