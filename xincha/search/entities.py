"""Searching entities: the levels of an intent are tried in turn, the candidates of the first that answers are ranked.

Up to `WINDOW` candidates are ranked; what lies beyond comes in the order of `tie`, so that a page of any depth costs
the same. With a sort other than relevance nothing is ranked. Whatever the order, the same cursor gives the same page.

Names that are only near are another thing: of the candidates for them those are hits that come near enough, whatever
the filters. So the level is settled first (`_settled`); total, facets, pages and exports are of what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, cast

import orjson

from xincha.engine.contract import Engine, Hit, Result
from xincha.engine.query import Bool, ConstantScore, DisMax, Facet, Ids, MatchAll, Query, Request, Sort
from xincha.errors import NotFound
from xincha.search import coverage, cursor, filters, shown
from xincha.search.answers import Covered, Entity, EntityHit, EntityPage
from xincha.search.candidates import Level, levels, nearest
from xincha.search.counts import counts_on
from xincha.search.coverage import REGISTRATION, CoverageReader
from xincha.search.export.pages import Export
from xincha.search.frequencies import KnownFrequencies
from xincha.search.held import HeldReader
from xincha.search.history import as_of as as_it_was
from xincha.search.intent import read
from xincha.search.newest import LOADED, MOST, Newest, changed_at
from xincha.search.notes import notes_of
from xincha.search.questions import EntitiesFeed, EntitySearch, EntitySelection
from xincha.search.rank import Ranking
from xincha.search.reading import Candidate
from xincha.search.seen import highlights

WINDOW = 200
_OFFERED = 3
_BEFORE = 10_000.0
"""Score of names that are near: above those of the words of address and scope."""
_NEWEST = (Sort("established_on", "desc"), Sort("tie"))


class EntityFinder:
    """Answers questions about entities."""

    def __init__(
        self, engine: Engine, today: Callable[[], date], coverage: CoverageReader, held: HeldReader | None = None
    ) -> None:
        self.engine = engine
        self.today = today
        self.coverage = coverage
        self.held = held or HeldReader(engine, today)
        self.frequencies = KnownFrequencies(engine)

    def page(self, search: EntitySearch) -> EntityPage:
        """One page, with facets, highlights and reasons."""
        query = self._query(search)
        with cursor.trusted(search.cursor):
            return query.ranked(search) if query.is_ranked else query.sorted(search)

    def newest(self, asked: EntitiesFeed) -> Newest:
        """What is new: the entities that were loaded or changed last, a hundred a page."""
        selection = EntitySelection(**asked.model_dump(exclude={"cursor"}))
        with cursor.trusted(asked.cursor):
            return self._query(selection).newest(cursor.binding(asked.selection), asked.cursor)

    def after(self, place: Sequence[int], size: int) -> list[tuple[EntityHit, tuple[int, ...]]]:
        """The next entities in the order of loads behind a place in it, each with its own."""
        query = self._query(EntitySelection())
        return query.after(place, size)

    def all(self, selection: EntitySelection) -> Export:
        """All that are found; of a ranked search the candidates in the order of relevance, then the rest."""
        query = self._query(selection)
        return query.all_ranked() if query.is_ranked else query.all_sorted()

    def _query(self, selection: EntitySelection) -> _EntityQuery:
        return _EntityQuery(self, selection)

    def one(self, entity_id: str, as_of: date | None = None) -> Entity:
        """Everything about one entity on a day (`None`: today); `NotFound` if there is none, or not yet.

        Of its records on a past day only those that may be shown today too: a day is no way around the law.
        """
        return self.told(*self.stored(entity_id), as_of)

    def stored(self, entity_id: str) -> tuple[dict[str, Any], str]:
        """An entity as the index keeps it, and the version that does; `NotFound` if there is none."""
        result = self._stored([entity_id])
        source = next((orjson.loads(hit.source) for hit in result.hits), None)
        if source is None:
            raise NotFound("there is no such entity")
        return source, result.version

    def told(self, source: dict[str, Any], version: str, as_of: date | None = None) -> Entity:
        """`one`, of an entity as the index keeps it."""
        day = as_of or self.today()
        if as_of:
            source = as_it_was(source, as_of)
        if str(source.get("established_on", "")) > day.isoformat():
            raise NotFound(f"no such entity on {day}: it was established on {source['established_on']}")
        return shown.entity(source, day, self.coverage.of("entities", version), self.today())

    def as_known(self, page: EntityPage, day: date) -> EntityPage:
        """A page whose hits say what was known on a day, with `known_from`; without those that were not there yet."""
        hits: list[EntityHit] = []
        for hit in page.hits:
            with suppress(NotFound):
                known = self.one(hit["entity_id"], day)
                hits.append({**hit, **{key: known[key] for key in (*hit, "known_from") if key in known}})
        later = [hit["known_from"] for hit in hits if hit["known_from"] and hit["known_from"] > day]
        notes = [f"以上为 {day} 的情况。"]
        if later:
            notes.append(f"{len(later)} 家的登记信息是此后才有的（最早 {min(later)}），{day} 是否如此不详。")
        if left_out := len(page.hits) - len(hits):
            notes.append(f"{left_out} 家此后才成立，没有列出。")
        return replace(page, hits=hits, notes=[*page.notes, *notes])

    def several(self, entity_ids: Iterable[str]) -> dict[str, Entity]:
        """Everything about these entities today, by identifier; without those that do not exist."""
        wanted = list(dict.fromkeys(entity_ids))
        if not wanted:
            return {}
        result, day = self._stored(wanted), self.today()
        covered = self.coverage.of("entities", result.version)
        return {hit.id: shown.entity(orjson.loads(hit.source), day, covered) for hit in result.hits}

    def _stored(self, entity_ids: Sequence[str]) -> Result:
        return self.engine.search("entities", Request(Ids(entity_ids), size=len(entity_ids), total=False))


@dataclass(frozen=True, slots=True)
class _Answer:
    """The level that answered, which one it was, and its result; if none found anything, all that was `tried`."""

    at: int
    level: Level
    result: Result
    tried: Sequence[str] = ()
    near: Sequence[Candidate] = ()
    """Names that are near, best first, whatever the filters; they come before all others."""


class _EntityQuery:
    """A search for entities, put to the engine."""

    def __init__(self, finder: EntityFinder, selection: EntitySelection) -> None:
        self.engine = finder.engine
        self.coverage = finder.coverage
        self.frequencies = finder.frequencies
        self.today = finder.today()
        self.held = finder.held.now()
        self.version = ""
        self.sort = selection.sort
        self.intent = read(selection.q)
        self.ranking = Ranking(self.intent)
        self.filters = filters.filters_of(selection, self.today, self.held)
        self.request = partial(Request, post_filter=self.filters.all())

    @property
    def is_ranked(self) -> bool:
        """Whether hits come in the order of relevance, not of a field."""
        return self.sort == "relevance" and not self.intent.empty

    def ranked(self, search: EntitySearch) -> EntityPage:
        """A page in the order of relevance."""
        bound = cursor.binding(search.selection)
        match cursor.read(search.cursor, bound) if search.cursor else ("ranked", [-1, 0]):
            case "beyond", [int(at), int(after)] if after >= -1:
                return self._beyond(search, bound, at, after)
            case "ranked", [int(at), int(offset)] if offset >= -1:
                pass
            case _:
                raise cursor.damaged()
        answer = self._answer(at, partial(self.request, size=WINDOW, facets=self._facets(search)))
        order = self._ordered(answer)
        end = min(offset + search.page_size, len(order))
        following = None
        if end < len(order):
            following = cursor.write(bound, "ranked", [answer.at, end])
        elif answer.result.total > len(order):
            following = cursor.write(bound, "beyond", [answer.at, -1])
        return self._page(search, answer, order[offset:end], following)

    def _beyond(self, search: EntitySearch, bound: str, at: int, after: int) -> EntityPage:
        """A page of what was not ranked, in the order of `tie`."""
        window = self._answer(at, partial(self.request, size=WINDOW, source=False, total=False))
        request = self.request(
            _rest(window), sort=(Sort("tie"),), size=search.page_size + 1, search_after=[after], total=False
        )
        hits = self._search(request).hits
        counted = self._answer(at, partial(self.request, size=0, facets=self._facets(search)))
        following = cursor.following(search.page_size, bound, "beyond", at, hits)
        return self._page(search, counted, _candidates(hits[: search.page_size]), following)

    def sorted(self, search: EntitySearch) -> EntityPage:
        """A page in the order of a field."""
        sort, bound = self._order(), cursor.binding(search.selection)
        at, after = cursor.read_sorted(search.cursor, bound, len(sort)) if search.cursor else (-1, None)
        request = partial(
            self.request, sort=sort, size=search.page_size + 1, search_after=after, facets=self._facets(search)
        )
        answer = self._answer(at, request)
        following = cursor.following(search.page_size, bound, "sorted", answer.at, answer.result.hits)
        return self._page(search, answer, _candidates(answer.result.hits[: search.page_size]), following)

    def newest(self, bound: str, given: str | None) -> Newest:
        """A page in the order of loads."""
        at, after = cursor.read_sorted(given, bound, len(LOADED)) if given else (-1, None)
        answer = self._answer(at, partial(self.request, sort=LOADED, size=MOST + 1, search_after=after))
        found = _candidates(answer.result.hits[:MOST])
        hits = self._hits(found, self.coverage.of("entities", answer.result.version))
        rows = [(hit, changed_at(each.source, self.today)) for hit, each in zip(hits, found, strict=True)]
        return Newest(rows, cursor.following(MOST, bound, "sorted", answer.at, answer.result.hits))

    def after(self, place: Sequence[int], size: int) -> list[tuple[EntityHit, tuple[int, ...]]]:
        """The next in the order of loads."""
        order = (Sort("batch"), Sort("tie"))
        request = Request(MatchAll(), sort=order, size=size, search_after=list(place), total=False)
        result = self._search(request)
        hits = self._hits(_candidates(result.hits), self.coverage.of("entities", result.version))
        return [(hit, cast("tuple[int, ...]", found.sort)) for hit, found in zip(hits, result.hits, strict=True)]

    def all_ranked(self) -> Export:
        """The candidates in the order of relevance, then the rest."""
        window = self._answer(-1, partial(self.request, size=WINDOW))
        hits = {hit.id: hit for hit in window.result.hits}
        head = [hits[candidate.id] for candidate in self._ordered(window)]
        return self._export(window.result, self.request(_rest(window), sort=(Sort("tie"),)), head)

    def all_sorted(self) -> Export:
        """All in the order of a field."""
        answer = self._answer(-1, partial(self.request, size=0))
        return self._export(answer.result, self.request(answer.level.query, sort=self._order()))

    def _export(self, result: Result, request: Request, head: Sequence[Hit] = ()) -> Export:
        covered = self.coverage.of("entities", result.version)
        return Export(self.engine, "entities", request, result.total, result.version, self.today, head, covered)

    def _order(self) -> tuple[Sort, ...]:
        """The order of a field; without anything typed and without a sort, the newest first."""
        if self.sort == "relevance":
            return _NEWEST
        return Sort(self.sort.removeprefix("-"), "desc" if self.sort.startswith("-") else "asc"), Sort("tie")

    def _answer(self, at: int, request: Callable[[Query], Request]) -> _Answer:
        """The first level that finds something; the level `at` if it is known from the page before."""
        answer, tried = None, []
        for number, level in enumerate(levels(self.intent, self._frequencies)):
            if at >= 0 and number != at:
                continue
            tried.append(level.tried)
            settled, near = self._settled(level)
            answer = _Answer(number, settled, self._search(request(settled.query)), near=near)
            if answer.result.hits or answer.result.total or at >= 0 or (self.filters.clauses and self._any(settled)):
                return answer
        if answer is None:
            raise cursor.damaged()
        return replace(answer, tried=tried)

    def _settled(self, level: Level) -> tuple[Level, Sequence[Candidate]]:
        """A level whose names that are near are known, and these, best first."""
        if not level.near or (level.firm and not self._any(level)):
            return level, ()
        hits = self._search(Request(level.near, size=WINDOW, total=False)).hits
        near = (self.ranking.firm if level.firm else self.ranking.near)(_candidates(hits))
        names = ConstantScore(Ids([candidate.id for candidate in near]), _BEFORE)
        return replace(level, query=DisMax([names, level.query])), near

    def _ordered(self, answer: _Answer) -> list[Candidate]:
        """The hits of an answer, best first."""
        if answer.level.firm:
            return self.ranking.order(_candidates(answer.result.hits))
        hits = {hit.id: hit for hit in answer.result.hits}
        near = [candidate for candidate in answer.near if hits.pop(candidate.id, None)]
        return near + self.ranking.order(_candidates(list(hits.values())))

    def _any(self, level: Level) -> bool:
        """Whether a level finds something that the filters then left out: no reason to try a wider one."""
        return self._search(Request(level.query, size=0)).total > 0

    def _facets(self, search: EntitySearch) -> Mapping[str, Facet]:
        return filters.facets_of(search, self.filters, self.today, self.held)

    def _search(self, request: Request) -> Result:
        result = self.engine.search("entities", request)
        self.version = result.version
        return result

    def _frequencies(self, field: str, tokens: Sequence[str]) -> list[int]:
        """In how many documents each token is."""
        return self.frequencies.of(self.version, field, tokens)

    def _page(
        self, search: EntitySearch, answer: _Answer, candidates: Iterable[Candidate], following: str | None
    ) -> EntityPage:
        notes = notes_of(self.intent, answer.level, answer.result, answer.near)
        if answer.tried and not self.intent.unreadable:
            notes = [f"试过{'；'.join(answer.tried)}：都没有。"]
        covered = self.coverage.of("entities", answer.result.version)
        notes += coverage.notes(covered, [REGISTRATION, *search.has])
        facets = filters.buckets_of(search, answer.result, self.today)
        closest = self._hits(self._nearest(), covered) if answer.tried else ()
        return EntityPage(self._hits(candidates, covered), answer.result.total, facets, following, notes, closest)

    def _nearest(self) -> Sequence[Candidate]:
        """What is nearest if nothing is found, whatever the filters."""
        if not (query := nearest(self.intent, self._frequencies)):
            return []
        hits = self._search(Request(query, size=WINDOW, total=False)).hits
        return self.ranking.order(_candidates(hits))[:_OFFERED]

    def _hits(self, candidates: Iterable[Candidate], covered: Covered) -> list[EntityHit]:
        explain = (lambda _: ()) if self.intent.empty else self.ranking.explain
        counted = partial(counts_on, day=self.today, loaded=covered.loaded, held=covered.held)
        return [
            shown.entity_hit(
                each.source, self.today, counted(each.source), highlights(self.intent, each), explain(each)
            )
            for each in candidates
        ]


def _rest(window: _Answer) -> Query:
    """What the ranked candidates leave of a level."""
    return Bool(must=[window.level.query], must_not=[Ids([hit.id for hit in window.result.hits])])


def _candidates(hits: Sequence[Hit]) -> list[Candidate]:
    return [Candidate.of(hit.id, orjson.loads(hit.source)) for hit in hits]
