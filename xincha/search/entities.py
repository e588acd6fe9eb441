"""Searching entities: the levels of an intent are tried in turn, the candidates of the first that answers are ranked.

Up to `WINDOW` candidates are ranked; what lies beyond comes in the order of `tie`, so that a page of any depth costs
the same. With a sort other than relevance nothing is ranked. Whatever the order, the same cursor gives the same page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import orjson

from xincha.engine.contract import Engine, Hit, Result
from xincha.engine.query import Bool, Facet, Ids, MatchAll, Query, Request, Sort, Term
from xincha.errors import BadParameter
from xincha.search import cursor, filters
from xincha.search.answers import EntityHit, EntityPage, Highlight, Part, entity_hit
from xincha.search.candidates import Level, levels, nearest
from xincha.search.export.pages import Walk
from xincha.search.highlight import Highlighted
from xincha.search.intent import Intent, read
from xincha.search.rank import Ranking
from xincha.search.reading import Candidate
from xincha.search.requests import ENTITY_SORTS, EntitySearch

WINDOW = 200
_OFFERED = 3
_NEWEST = (Sort("established_on", "desc"), Sort("tie"))
_EXCERPTS = ("address", "scope")


@dataclass(frozen=True, slots=True)
class _Answer:
    """The level that answered, which one it was, and what it found; where none did, all that was `tried`."""

    at: int
    level: Level
    result: Result
    tried: Sequence[str] = ()


class EntityFinder:
    """Answers searches for entities."""

    def __init__(self, engine: Engine, today: Callable[[], date]) -> None:
        self._engine = engine
        self._today = today

    def page(self, search: EntitySearch) -> EntityPage:
        """One page."""
        run = self._run(search)
        with cursor.trusted(search.cursor):
            return run.ranked() if run.is_ranked else run.sorted()

    def walk(self, search: EntitySearch) -> Walk:
        """The way to all that is found, whatever the page of the search."""
        run = self._run(search)
        return run.walk_ranked() if run.is_ranked else run.walk_sorted()

    def _run(self, search: EntitySearch) -> _Run:
        if search.sort.removeprefix("-") not in ENTITY_SORTS:
            raise BadParameter(f"cannot sort by {search.sort!r}", parameter="sort", allowed=", ".join(ENTITY_SORTS))
        bound = cursor.binding(search.q, sorted((k, tuple(v)) for k, v in search.filters.items()), search.established,
                               search.capital, search.sort)  # fmt: skip
        return _Run(self._engine, search, read(search.q), self._today(), bound)


@dataclass(frozen=True, slots=True)
class _Run:
    """One search for entities."""

    engine: Engine
    search: EntitySearch
    intent: Intent
    today: date
    bound: str

    @property
    def is_ranked(self) -> bool:
        """Whether hits come in the order of relevance, not of a field."""
        return self.search.sort.removeprefix("-") == "relevance" and not self.intent.empty

    def ranked(self) -> EntityPage:
        """A page in the order of relevance."""
        kind, position = cursor.read(self.search.cursor, self.bound) if self.search.cursor else ("ranked", [-1, 0])
        at, offset = _two_numbers(position)
        if kind == "beyond":
            return self._beyond(at, offset)
        if kind != "ranked":
            raise cursor.damaged()
        answer = self._answer(at, Request(MatchAll(), size=WINDOW))
        ranking = Ranking(self.intent)
        order = ranking.order(_candidates(answer.result.hits))
        page = order[offset : offset + self.search.page_size]
        end = offset + len(page)
        following = None
        if end < len(order):
            following = cursor.write(self.bound, "ranked", [answer.at, end])
        elif answer.result.total > len(order):
            following = cursor.write(self.bound, "beyond", [answer.at, -1])
        return self._page(answer, [self._hit(found, ranking) for found in page], following)

    def _beyond(self, at: int, after: int) -> EntityPage:
        """A page of what was not ranked."""
        window = self._answer(at, Request(MatchAll(), size=WINDOW, source=False, total=False), facets=False)
        request = replace(self._rest(window), size=self.search.page_size + 1, search_after=[after], total=False)
        result = self.engine.search("entities", request)
        counted = self._answer(at, Request(MatchAll(), size=0))
        ranking = Ranking(self.intent)
        hits = result.hits[: self.search.page_size]
        more = len(result.hits) > len(hits)
        following = cursor.write(self.bound, "beyond", [at, *hits[-1].sort]) if more else None
        found = [self._hit(candidate, ranking) for candidate in _candidates(hits)]
        return self._page(counted, found, following)

    def _rest(self, window: _Answer) -> Request:
        """What the ranked candidates leave, in the order of `tie`."""
        rest = Bool(must=[window.level.query], must_not=[Ids([hit.id for hit in window.result.hits])])
        return Request(rest, post_filter=self._filter(), sort=(Sort("tie"),))

    def walk_ranked(self) -> Walk:
        """The candidates in the order of relevance, then the rest."""
        window = self._answer(-1, Request(MatchAll(), size=WINDOW), facets=False)
        hits = {hit.id: hit for hit in window.result.hits}
        order = Ranking(self.intent).order(_candidates(window.result.hits))
        head = [hits[found.id] for found in order]
        return Walk("entities", self._rest(window), head, window.result.total, window.result.version, self.today)

    def walk_sorted(self) -> Walk:
        """All in the order of a field."""
        found = self._answer(-1, Request(MatchAll(), size=0), facets=False)
        request = Request(found.level.query, post_filter=self._filter(), sort=self._order())
        return Walk("entities", request, (), found.result.total, found.result.version, self.today)

    def _order(self) -> tuple[Sort, ...]:
        """The order of a field; without anything typed and without a sort, the newest first."""
        field = self.search.sort.removeprefix("-")
        if field == "relevance":
            return _NEWEST
        return Sort(field, "desc" if self.search.sort.startswith("-") else "asc"), Sort("tie")

    def sorted(self) -> EntityPage:
        """A page in the order of a field."""
        sort = self._order()
        at, after = -1, None
        if self.search.cursor:
            at, after = cursor.read_sorted(self.search.cursor, self.bound, len(sort))
        size = self.search.page_size
        answer = self._answer(at, Request(MatchAll(), size=size + 1, sort=sort, search_after=after))
        hits = answer.result.hits[:size]
        more = len(answer.result.hits) > len(hits)
        following = cursor.write(self.bound, "sorted", [answer.at, *hits[-1].sort]) if more else None
        ranking = Ranking(self.intent)
        return self._page(answer, [self._hit(found, ranking) for found in _candidates(hits)], following)

    def _filter(self) -> Query | None:
        return filters.entity_filters(self.search, self.today).all()

    def _answer(self, at: int, request: Request, *, facets: bool = True) -> _Answer:
        """The first level that finds something; the level `at` where it is known from the page before."""
        kept = filters.entity_filters(self.search, self.today)
        asked = replace(request, post_filter=kept.all(), facets=self._facets(kept) if facets else {})
        answer, tried = None, []
        for number, level in enumerate(levels(self.intent, self._frequencies)):
            if at >= 0 and number != at:
                continue
            tried.append(level.tried)
            answer = _Answer(number, level, self.engine.search("entities", replace(asked, query=level.query)))
            if answer.result.hits or answer.result.total or at >= 0 or (kept.clauses and self._any(level)):
                return answer
        if answer is None:
            raise cursor.damaged()
        return replace(answer, tried=tried)

    def _any(self, level: Level) -> bool:
        """Whether a level finds something that the filters then left out: no reason to try a wider one."""
        return self.engine.search("entities", Request(level.query, size=0)).total > 0

    def _facets(self, kept: filters.Filters) -> Mapping[str, Facet]:
        return filters.entity_facets(self.search, kept, self.today)

    def _frequencies(self, field: str, tokens: Sequence[str]) -> list[int]:
        """In how many documents each token is."""
        asked = [Request(Term(field, token), size=0, source=False) for token in tokens]
        return [result.total for result in self.engine.search_many("entities", asked)]

    def _page(self, answer: _Answer, hits: Sequence[EntityHit], following: str | None) -> EntityPage:
        notes = [answer.level.note] if answer.level.note and answer.result.total else []
        if answer.tried:
            notes = [f"试过{'；'.join(answer.tried)}：都没有。"]
        counted = filters.entity_buckets(self.search, answer.result, self.today)
        return EntityPage(hits, answer.result.total, counted, following, notes, self._nearest() if answer.tried else ())

    def _nearest(self) -> list[EntityHit]:
        """What is nearest where nothing is found, whatever the filters."""
        query = nearest(self.intent)
        if query is None:
            return []
        ranking = Ranking(self.intent)
        found = self.engine.search("entities", Request(query, size=WINDOW, total=False))
        return [self._hit(each, ranking) for each in ranking.order(_candidates(found.hits))[:_OFFERED]]

    def _hit(self, found: Candidate, ranking: Ranking) -> EntityHit:
        reasons = ranking.explain(found) if not self.intent.empty else []
        return entity_hit(found.source, self.today, highlights(self.intent, found), reasons)


def _two_numbers(position: Sequence[object]) -> tuple[int, int]:
    match position:
        case [int(at), int(offset)] if offset >= -1:
            return at, offset
    raise cursor.damaged()


def _candidates(hits: Sequence[Hit]) -> list[Candidate]:
    return [Candidate.of(hit.id, orjson.loads(hit.source)) for hit in hits]


def highlights(intent: Intent, found: Candidate) -> list[Highlight]:
    """The fields of a hit in which the query is seen."""
    source = found.source
    if intent.identifier:
        value = source.get(intent.identifier.field)
        return [_whole(intent.identifier.field, value)] if value == intent.identifier.value else []
    if not intent.text:
        return []
    pieces = [intent.text, *(word.text for word in intent.words), *intent.phrases]
    made = []
    name = Highlighted(str(source.get("name", "")))
    if marks := _name_marks(intent, name, pieces):
        made.append(Highlight("name", name.parts(marks)))
    former = source.get("former_names")
    for each in former if isinstance(former, list) else ():
        shown = Highlighted(str(each))
        if len(better := _name_marks(intent, shown, pieces)) > len(marks):
            made.append(Highlight("former_names", shown.parts(better)))
    for field in _EXCERPTS:
        text = found.text(field)
        if any(piece in text for piece in pieces):
            excerpt = Highlighted(str(source[field]))
            made.append(Highlight(field, excerpt.excerpt(excerpt.marks(pieces))))
    return made


def _name_marks(intent: Intent, name: Highlighted, pieces: Sequence[str]) -> set[int]:
    """What of a name was typed: pieces of it, its characters in order, its sound, or else pairs of characters."""
    if marks := name.marks(pieces):
        return marks
    if intent.letters and (marks := name.spoken(intent.letters)):
        return marks
    if len(intent.text) <= 12 and (marks := name.ordered(intent.text)):
        return marks
    return name.marks([a + b for a, b in zip(intent.text, intent.text[1:], strict=False)])


def _whole(field: str, value: object) -> Highlight:
    return Highlight(field, [Part(str(value), mark=True)])
