"""What changed of some companies since a cursor, for who follows them: registrations with what was and what is, records
that are new or say something else, and that a record is not shown any more, without its content.

Names of natural persons are in no change: of who represents a company it says that somebody else does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import orjson
from pydantic import Field

from xincha.engine.query import Ids, Request, Terms
from xincha.errors import BadParameter
from xincha.kinds.entity import ENTITY
from xincha.search.answers import Record, Stored
from xincha.search.newest import LOADED, MOST, Dated, changed_at
from xincha.search.questions import RecordsFeed
from xincha.search.shown import record as shown_record

if TYPE_CHECKING:
    from xincha.engine.contract import Engine
    from xincha.search.changes import ChangesReader
    from xincha.search.records import RecordFinder
    from xincha.search.walk import FoundChange

PEOPLE = frozenset(("legal_rep",))
"""Facts that name people."""
_FACTS = {fact.name: fact for fact in ENTITY if fact.shown == "all" and fact.title}
_AMOUNTS = frozenset(name for name, fact in _FACTS.items() if fact.type in {"money", "number"})
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact of a registration that is another one. `old`, `new`: as people read them; null: nothing, or a person."""

    field: str
    title: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class FollowedChange:
    """Something that changed of one company."""

    entity_id: str
    name: Annotated[str | None, Field(description="its name now; null where it is not here any more")]
    change: Annotated[
        Literal["registration", "record", "ended"],
        Field(description="ended: a record of it is not shown any more, for whatever reason; no content"),
    ]
    at: Annotated[datetime | None, Field(description="since when it is so, where that is known")]
    facts: Annotated[Sequence[FactChange], Field(description="of a registration: what is another one")]
    record_id: str | None
    record: Annotated[Record | None, Field(description="of a record: as lists show it")]


@dataclass(frozen=True, slots=True)
class FollowedChanges:
    """A page of what changed, in the order of the lake's history."""

    changes: Sequence[FollowedChange]
    cursor: Annotated[str, Field(description="give it back as `since`, now for the next page, or later")]
    more: Annotated[bool, Field(description="whether there is more now")]
    complete: Annotated[
        bool, Field(description="false: not everything since then can be told, so look at each company")
    ]


class PlainChanges(NamedTuple):
    """A page of what changed without its content: `type`, `id`, `change` (shown, gone) and `entity_id` of each."""

    changes: Sequence[Mapping[str, str | None]]
    cursor: str
    more: bool
    complete: bool


class FollowReader:
    """Changes of some entities, over `engine`. Safe to share between threads."""

    def __init__(
        self, engine: Engine, changes: ChangesReader, records: RecordFinder, today: Callable[[], date]
    ) -> None:
        self._engine, self._changes, self._records, self._today = engine, changes, records, today

    def since(self, entities: Collection[str], begun: str, text: str | None, size: int) -> FollowedChanges:
        """The next changes of these entities, as `ChangesReader.of` finds them, as they are today."""
        found, day = self._changes.of(entities, begun, text, size), self._today()
        names = self.names({each for told in found.told for each in told.about})
        changes = [change for told in found.told for change in _changes(told, names, found.known, day)]
        return FollowedChanges(changes, found.cursor, found.more, found.complete)

    def plain(self, entities: Collection[str], begun: str, text: str | None, size: int) -> PlainChanges:
        """The same without content: identifiers alone."""
        found = self._changes.of(entities, begun, text, size)
        changes: list[Mapping[str, str | None]] = [
            {
                "type": told.type,
                "id": told.id,
                "change": "gone" if told.content is None else "shown",
                "entity_id": entity,
            }
            for told in found.told
            for entity in told.about
        ]
        return PlainChanges(changes, found.cursor, found.more, found.complete)

    def ended(self, entities: Collection[str], begun: str) -> Sequence[FollowedChange]:
        """What is not shown any more of these entities since they are followed, the last of it last."""
        found = self._changes.ended(entities, begun)
        names = self.names({each for told in found for each in told.about})
        day, begun_at = self._today(), datetime.now(UTC)
        return [change for told in found for change in _changes(told, names, begun_at, day)]

    def registered(self, entities: Collection[str]) -> list[Stored]:
        """Of these entities, as they are stored, those that were loaded or changed last."""
        request = Request(Ids(sorted(entities)), sort=LOADED, size=MOST, total=False)
        return [orjson.loads(hit.source) for hit in self._engine.search("entities", request).hits]

    def records(self, entities: Collection[str]) -> Sequence[Dated]:
        """The newest records of these entities."""
        return self._records.newest(RecordsFeed(), only=Terms("entity_id", sorted(entities))).rows

    def checked(self, entities: Sequence[str]) -> Sequence[str]:
        """These entities; raises `BadParameter` where some are not here: they would be followed in vain."""
        here = self.names(entities)
        if missing := [at for at, entity in enumerate(entities, 1) if entity not in here]:
            told = f"{len(missing):,} of them are not here, the first in place {missing[0]:,}"
            raise BadParameter(told, parameter="entity_ids", allowed="`entity_id`s of answers")
        return entities

    def names(self, entities: Iterable[str]) -> dict[str, str]:
        """The names of entities that are here."""
        ordered, names = sorted(entities), {}
        for at in range(0, len(ordered), _AT_ONCE):
            some = ordered[at : at + _AT_ONCE]
            for hit in self._engine.search("entities", Request(Ids(some), size=len(some), total=False)).hits:
                names[hit.id] = orjson.loads(hit.source)["name"]
        return names


def facts_changed(changes: Iterable[Mapping[str, Any]]) -> list[FactChange]:
    """What loads changed in a registration, as far as lists show it."""
    told = []
    for change in changes:
        fact = _FACTS.get(change["field"])
        if fact is not None:
            old, new = (None if fact.name in PEOPLE else _told(fact.name, change.get(side)) for side in ("old", "new"))
            told.append(FactChange(fact.name, fact.title, old, new))
    return told


def _changes(told: FoundChange, names: Mapping[str, str], known: datetime, day: date) -> Iterator[FollowedChange]:
    """What a follower is told of one change: something of each company that it concerns."""
    if told.content is None:
        for entity in told.about:
            yield FollowedChange(entity, names.get(entity), "ended", told.at, (), told.id, None)
    elif told.type == "record":
        record, moment = shown_record(told.content, day, listed=True), changed_at(told.content, day)
        for entity in told.about:
            yield FollowedChange(entity, names.get(entity), "record", moment, (), told.id, record)
    else:
        changes = [each for each in told.content.get("changes", ()) if _moment(each) >= known]
        if facts := facts_changed(changes):
            moment = max(map(_moment, changes))
            yield FollowedChange(told.id, names.get(told.id), "registration", moment, facts, None, None)


def _moment(change: Mapping[str, Any]) -> datetime:
    """The moment of a change, to the second, as the names of loads have it."""
    return datetime.fromisoformat(change["changed_at"]).replace(microsecond=0)


def _told(name: str, text: str | None) -> str | None:
    """What a change says of a fact, as people read it."""
    if text and name == "former_names":
        return "、".join(orjson.loads(text)) or None
    if text and name in _AMOUNTS:
        return f"{float(text):,.2f}".rstrip("0").rstrip(".")
    return text or None
