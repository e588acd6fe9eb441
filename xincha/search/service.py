"""`Searcher`: what the API and the command line ask.

Every answer is about a day (`today`, of China): records whose window of publicity is closed, or that are withheld, are
neither found, counted, nor shown. Answers are the same for the same question, index version and day.

There is no search for all companies of a person: a representative's name only narrows a search that says something
else too, for the same name is not the same person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import orjson

from xincha.engine.contract import Engine
from xincha.engine.query import Ids, Request
from xincha.errors import NotFound
from xincha.search import answers
from xincha.search.answers import Entity, EntityPage, Record, RecordPage, Suggestion
from xincha.search.entities import EntityFinder
from xincha.search.export.pages import Export
from xincha.search.history import as_of as as_it_was
from xincha.search.match.matcher import Matcher
from xincha.search.match.types import MatchResult
from xincha.search.records import RecordFinder
from xincha.search.requests import EntitySearch, RecordSearch
from xincha.search.suggest import suggest


class Searcher:
    """Answers questions from an engine. Safe to share between threads; keeps nothing of what was asked."""

    def __init__(self, engine: Engine, *, today: Callable[[], date]) -> None:
        self._engine = engine
        self._today = today
        self._entities = EntityFinder(engine, today)
        self._records = RecordFinder(engine, today)
        self._matcher = Matcher(engine, today=today)

    def entities(self, search: EntitySearch) -> EntityPage:
        """One page of entities, with facets, highlights and reasons."""
        return self._entities.page(search)

    def entity(self, entity_id: str, as_of: date | None = None) -> Entity:
        """Everything about one entity on a day (`None`: today); `NotFound` where there is none, or not yet."""
        day = as_of or self._today()
        source = self._stored(entity_id)
        if as_of:
            source = as_it_was(source, as_of)
        if str(source.get("established_on", "")) > day.isoformat():
            raise NotFound(f"no such entity on {day}: it was established on {source['established_on']}")
        return answers.entity(source, day)

    def timeline(self, entity_id: str, kinds: Sequence[str], page_size: int, cursor: str | None) -> RecordPage:
        """The records of one entity that may be shown today, newest first; `NotFound` where there is no such entity."""
        self._stored(entity_id)
        filters = {"entity_id": [entity_id], **({"kind": list(kinds)} if kinds else {})}
        search = RecordSearch(filters=filters, sort="-happened_on", page_size=page_size, cursor=cursor)
        return self._records.page(search, listed=False)

    def records(self, search: RecordSearch) -> RecordPage:
        """One page of records that may be shown today, with facets, sums and highlights."""
        return self._records.page(search)

    def record(self, record_id: str) -> Record:
        """One record; `NotFound` where there is none that may be shown today."""
        return self._records.one(record_id)

    def all_entities(self, search: EntitySearch) -> Export:
        """All entities that a search finds; its page, cursor and facets do not matter."""
        return Export(self._engine, self._entities.walk(search))

    def all_records(self, search: RecordSearch) -> Export:
        """All records that a search finds and that may be shown today; newest first unless sorted by a field."""
        return Export(self._engine, self._records.walk(search))

    def suggest(self, text: str, limit: int) -> list[Suggestion]:
        """Names that what was typed so far may become."""
        return suggest(self._engine, text, limit)

    def match(self, rows: Sequence[object]) -> list[MatchResult]:
        """Which entity each row means, or that none does; in the order of the rows, whatever one of them holds."""
        return self._matcher.match(rows)

    def several(self, entity_ids: Sequence[str]) -> dict[str, Entity]:
        """Everything about these entities today, by identifier; without those that do not exist."""
        wanted, day = list(dict.fromkeys(entity_ids)), self._today()
        if not wanted:
            return {}
        result = self._engine.search("entities", Request(Ids(wanted), size=len(wanted), total=False))
        return {hit.id: answers.entity(orjson.loads(hit.source), day) for hit in result.hits}

    def _stored(self, entity_id: str) -> dict[str, object]:
        result = self._engine.search("entities", Request(Ids([entity_id]), size=1, total=False))
        if not result.hits:
            raise NotFound("there is no such entity")
        source: dict[str, object] = orjson.loads(result.hits[0].source)
        return source
