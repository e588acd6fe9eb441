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
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import orjson
from pydantic import Field

from xincha.days import CHINA
from xincha.ended import NOTE, Ended, load_name, unpack
from xincha.engine.query import Bool, Ids, Query, Range, Request, Sort, Terms
from xincha.errors import EngineNotReady
from xincha.search import cursor as cursors
from xincha.search.answers import EntityHit, Record
from xincha.search.shown import record as shown_record

if TYPE_CHECKING:
    from xincha.engine.contract import Engine, Hit
    from xincha.holds import Hold
    from xincha.search.entities import EntityFinder
    from xincha.search.held import HeldReader
    from xincha.search.records import RecordFinder

NOW = "now"
"""Instead of a cursor: what comes from now on."""
BY_LOAD = (Sort("batch"), Sort("tie"))
_LAST, _END = (1 << 63) - 1, "~"
"""Behind every `tie`, and behind every identifier."""


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


@dataclass(frozen=True, slots=True)
class PlaceInChanges:
    """How far somebody has read. `load`: the last one that was published then; `epoch`: what decided what is shown.

    `entities`, `records`, `gone`: number of a load, and where in it. `day`: he knows what began and ended by it;
    `phase` and `at`: where in the days since then, up to `until`. `held`, `released`: moments of holds.
    """

    load: str
    epoch: str
    entities: list[int]
    records: list[int]
    gone: list[Any]
    day: str
    held: str
    released: str
    until: str = ""
    phase: int = 0
    at: list[Any] = field(default_factory=list)


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
            return Changes((), _written(place), more=False, reset=False)
        reset = False
        if text:
            given = _read(text)
            reset = published.is_past(given)
            place = place if reset else published.seen(given)
        return _Walk(self, published, size).go(place, reset)

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
        return _Published(load, epoch, index.note.get("held", ""), ended)


@dataclass(frozen=True, slots=True)
class _Published:
    """What is published: of which load, under which rules (`epoch`), what was held back, and what has ended."""

    load: str
    epoch: str
    held: str
    ended: Ended

    def place(self, today: date, *, end: bool) -> PlaceInChanges:
        """The place in front of everything, or behind it."""
        number, now = _number(self.load), datetime.now(UTC).isoformat()
        at = [number, _LAST] if end else [0, -1]
        return PlaceInChanges(self.load, self.epoch, at, at, [number, _END], today.isoformat(), now, now)

    def is_past(self, place: PlaceInChanges) -> bool:
        """Whether what this place follows is not the history of the lake any more, or more is gone than is known."""
        number, known = _number(place.load), {_number(each): each for each in self.ended.loads}
        another = known.get(number, place.load) != place.load
        behind = number > _number(self.load) and place.load.partition("-")[2] < self.load.partition("-")[2]
        least = [self.ended.since_load, _END] if self.ended.since_load else [0, ""]
        forgotten = place.gone < least or place.day <= self.ended.since_day
        return another or behind or forgotten or place.epoch != self.epoch

    def seen(self, place: PlaceInChanges) -> PlaceInChanges:
        """The place, by the newest load that somebody has seen."""
        return replace(place, load=self.load) if _number(self.load) > _number(place.load) else place


class _Walk:
    """One answer on its way: `room` is what still goes into it."""

    def __init__(self, reader: ChangesReader, published: _Published, size: int) -> None:
        self._reader, self._published = reader, published
        self._engine, self._today = reader._engine, reader._today()
        self._room = size
        self._told: list[Changed] = []
        self._public = reader._records.public()

    def go(self, place: PlaceInChanges, reset: bool) -> Changes:
        """All streams in turn, as far as there is room."""
        for stream in (self._holds, self._gone, self._days, self._of_entities, self._of_records):
            if self._room > 0:
                place = stream(place)
        return Changes(self._told, _written(place), more=self._room <= 0, reset=reset)

    def _tell(self, changed: Changed) -> None:
        self._told.append(changed)
        self._room -= 1

    def _tell_records(self, hits: Sequence[Hit]) -> None:
        for hit in hits:
            answer = shown_record(orjson.loads(hit.source), self._today, listed=True)
            self._tell(Changed("record", hit.id, "shown", record=answer))

    def _of_entities(self, place: PlaceInChanges) -> PlaceInChanges:
        found = self._reader._entities.after(place.entities, self._room)
        for answer, _ in found:
            self._tell(Changed("entity", answer["entity_id"], "shown", entity=answer))
        return replace(place, entities=[int(each) for each in found[-1][1]]) if found else place

    def _of_records(self, place: PlaceInChanges) -> PlaceInChanges:
        request = Request(self._public, sort=BY_LOAD, size=self._room, search_after=place.records, total=False)
        hits = self._engine.search("records", request).hits
        self._tell_records(hits)
        return replace(place, records=[cast("int", each) for each in hits[-1].sort]) if hits else place

    def _gone(self, place: PlaceInChanges) -> PlaceInChanges:
        """What loads took away."""
        behind = [each for each in self._published.ended.by_load if list(each) > place.gone][: self._room]
        for _, identifier in behind:
            self._tell(Changed("record", identifier, "gone"))
        whole = max(place.gone, [_number(self._published.load), _END])  # of an older index nothing is known anew
        return replace(place, gone=whole if self._room > 0 else list(behind[-1]))

    def _days(self, place: PlaceInChanges) -> PlaceInChanges:
        """What began, turned and ended by itself since the day of which somebody knows."""
        until = min(place.until or "9999", self._today.isoformat())
        if place.day >= until:
            return replace(place, until="", phase=0, at=[])
        place = replace(place, until=until)
        first, last = date.fromisoformat(place.day), date.fromisoformat(until)
        over = Range("public_until", gte=first, lte=last - timedelta(days=1))
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
                    self._tell(Changed("record", hit.id, "gone"))
            else:
                self._tell_records(hits)
            if self._room > 0:
                place = replace(place, phase=place.phase + 1, at=[])
            else:
                day, tie = hits[-1].sort
                place = replace(place, at=[str(day), tie])
        if self._room > 0:
            closed = [list(each) for each in self._published.ended.by_day if place.day <= each[0] < until]
            behind = [each for each in closed if each > place.at][: self._room]
            for _, identifier in behind:
                self._tell(Changed("record", identifier, "gone"))
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
                for identifier in (hold.record_id, *also):
                    self._tell(Changed("record", identifier, "gone"))
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


def _over(hold: Hold, today: date) -> datetime | None:
    """When a hold ended, where it has."""
    if hold.released_at:
        return hold.released_at
    if hold.state(today) == "over" and hold.until:
        return datetime.combine(hold.until + _DAY, datetime.min.time(), CHINA)
    return None


def _number(load: str) -> int:
    return int(load.partition("-")[0] or 0)


def _written(place: PlaceInChanges) -> str:
    return urlsafe_b64encode(orjson.dumps(list(asdict(place).values()))).decode().rstrip("=")


def _read(text: str) -> PlaceInChanges:
    """The place of a cursor; raises `BadCursor` where it is none."""
    try:
        values = orjson.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        place = PlaceInChanges(*values)
        _number(place.load)
        for pair, kinds in ((place.entities, int), (place.records, int), (place.gone, (int, str))):
            if len(pair) != 2 or not all(isinstance(each, kinds) and not isinstance(each, bool) for each in pair):
                raise ValueError(text)
        numbers = (*place.entities, *place.records, place.gone[0])
        if not all(-1 <= each <= _LAST for each in numbers) or not isinstance(place.gone[1], str):
            raise ValueError(text)
        for day in filter(None, (place.day, place.until)):
            date.fromisoformat(day)
        for moment in (place.held, place.released):
            if datetime.fromisoformat(moment).tzinfo is None:
                raise ValueError(text)
        if place.phase not in range(4) or not place.day or not isinstance(place.epoch, str):
            raise ValueError(text)
        _checked(place)
    except (ValueError, TypeError, AttributeError, IndexError) as error:
        raise cursors.damaged() from error
    return place


def _checked(place: PlaceInChanges) -> None:
    """Raise `ValueError` where a position within days is none."""
    if place.at:
        day, last = place.at
        date.fromisoformat(day)
        wanted = str if place.phase == 3 else int
        if not isinstance(last, wanted) or (isinstance(last, int) and not -1 <= last <= _LAST):
            raise ValueError(place.at)
