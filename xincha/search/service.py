"""`Searcher`: what the API and the command line ask.

Every answer is about a day (`today`, of China): records whose window of publicity is closed, that are withheld, or held
back by the operator (`held`), are neither found, counted, nor shown. Answers are the same for the same question, index
version, day, and records held.

There is no search for all companies of a person: a representative's name only narrows a search that says something
else too, for the same name is not the same person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from xincha.engine.contract import Engine
from xincha.errors import NotFound
from xincha.holds import Hold
from xincha.search.answers import Entity, RecordPage
from xincha.search.changes import ChangesReader
from xincha.search.coverage import CoverageReader
from xincha.search.entities import EntityFinder
from xincha.search.figures.answer import FiguresReader
from xincha.search.followed import FollowReader
from xincha.search.held import HeldOn, HeldReader
from xincha.search.match.matcher import Matcher
from xincha.search.quality import QualityReader
from xincha.search.questions import EntitySearch, Timeline
from xincha.search.records import RecordFinder
from xincha.search.relatives import Relatives, RelativesFinder
from xincha.search.suggest import suggest

_NOBODYS = "示例无此主体有限公司"


class Searcher:
    """The finders over one engine. Safe to share between threads; keeps nothing of what was typed."""

    def __init__(
        self,
        engine: Engine,
        *,
        today: Callable[[], date],
        held: HeldOn | None = None,
        holds: Callable[[], Sequence[Hold]] = tuple,
    ) -> None:
        """`held`: which records are held back on a day; `holds`: all holds that there ever were."""
        self.today = today
        self.held = HeldReader(engine, today, held)
        self.coverage = CoverageReader(engine, today, self.held)
        self.entities = EntityFinder(engine, today, self.coverage, self.held)
        self.records = RecordFinder(engine, today, self.coverage, self.held)
        self.matcher = Matcher(engine, today=today, coverage=self.coverage)
        self.quality = QualityReader(engine)
        self.figures = FiguresReader(engine, today, self.entities, self.records, self.held, self.quality).figures
        self._relatives = RelativesFinder(engine)
        self.relatives = self._relatives.of
        changes = ChangesReader(
            engine, today, entities=self.entities, records=self.records, held=self.held, holds=holds
        )
        self.changes = changes.since
        self.followed = FollowReader(engine, changes, self.records, today)
        self.suggest = partial(suggest, engine)

    def warm(self) -> None:
        """Read what the first search and the first match would wait for: dictionaries, places, a sample of names."""
        self.entities.page(EntitySearch(q=_NOBODYS, facet=()))
        self.matcher.match([{"name": _NOBODYS, "region": "示例省"}])

    def timeline(self, search: Timeline) -> RecordPage:
        """The records of one entity that may be shown today; `NotFound` if there is no such entity."""
        if not self.entities.several([search.entity_id]):
            raise NotFound("there is no such entity")
        return self.records.page(search, listed=False)

    def company(self, entity_id: str, most: int, as_of: date | None = None) -> tuple[Entity, RecordPage, Relatives]:
        """An entity on a day, `most` of its records and whom it belongs together with, looked up once; `NotFound` as
        `entities.one` raises it."""
        stored, version = self.entities.stored(entity_id)
        search, relatives = Timeline(entity_id=entity_id, page_size=most), self._relatives.among(stored)
        return self.entities.told(stored, version, as_of), self.records.page(search, listed=False), relatives
