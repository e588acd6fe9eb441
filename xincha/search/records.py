"""Searching records of every kind that may be shown today, with facets and sums.

What was typed is looked for as a code, as a document number, as the name of a party, and in the words of facts, reasons
and results; a quoted phrase as it stands. All words must be found; only where nothing has them all, some are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import orjson

from xincha.engine.contract import Engine, Result
from xincha.engine.query import (
    Bool,
    ConstantScore,
    DisMax,
    Facet,
    Ids,
    Match,
    MatchAll,
    MatchPhrase,
    Query,
    Request,
    Sort,
    SumAgg,
    Term,
    Terms,
)
from xincha.errors import NotFound
from xincha.kinds import KINDS, amounts
from xincha.kinds.topics import TOPICS
from xincha.search import cursor, filters
from xincha.search.answers import Highlight, NamedArticle, Record, RecordPage
from xincha.search.coverage import CoverageReader, notes
from xincha.search.export.pages import Export
from xincha.search.held import HeldReader
from xincha.search.highlight import Highlighted
from xincha.search.intent import Intent, read
from xincha.search.law import articles_of, named_in, powers_of
from xincha.search.newest import LOADED, MOST, OF_PEOPLE, START, Newest, changed_at, newest_first
from xincha.search.questions import RecordFilters, RecordSearch, RecordSelection, RecordsFeed
from xincha.search.related import related_to
from xincha.search.sequel import came_after, led_to
from xincha.search.shown import record, whole_record
from xincha.search.texts import text_of, texts_of
from xincha.text import tokens
from xincha.text.doc_no import doc_no_key

_FACTS = {fact.name: fact for kind in KINDS.values() for fact in kind.facts}
_MARKED = ("party_name", "party_uscc", *(name for name, fact in _FACTS.items() if fact.number or fact.searched))
"""Facts in which what was typed is marked."""


class RecordFinder:
    """Answers searches for records."""

    def __init__(
        self, engine: Engine, today: Callable[[], date], coverage: CoverageReader, held: HeldReader | None = None
    ) -> None:
        self._engine = engine
        self._today = today
        self._coverage = coverage
        self._held = held or HeldReader(engine, today)

    def page(self, search: RecordSearch, *, listed: bool = True) -> RecordPage:
        """One page, with facets, sums and highlights. `listed`: without what only the page of an entity shows."""
        intent, bound = read(search.q), cursor.binding(search.selection)
        sort = _sort(search.sort or ("-happened_on" if intent.empty else "relevance"), intent)
        at, after = cursor.read_sorted(search.cursor, bound, len(sort)) if search.cursor else (-1, None)
        today = self._today()
        kept = filters.filters_of(search, today)
        sums = {f"sum:{field}": Facet(SumAgg(field), kept.all() or MatchAll()) for field in amounts()}
        request = partial(
            Request,
            post_filter=kept.all(),
            sort=sort,
            size=search.page_size + 1,
            search_after=after,
            facets={**filters.facets_of(search, kept, today), **sums},
        )
        with cursor.trusted(search.cursor):
            number, _, result = self._answer(intent, search, request, at)
        stored = [orjson.loads(hit.source) for hit in result.hits[: search.page_size]]
        return RecordPage(
            [record(each, today, _highlights(each, intent), listed=listed) for each in stored],
            result.total,
            filters.buckets_of(search, result, today),
            {field: _number(result, f"sum:{field}") for field in amounts()},
            cursor.following(search.page_size, bound, "sorted", number, result.hits),
            self._notes(search, result),
        )

    def _notes(self, search: RecordSelection, result: Result) -> list[str]:
        """Of which of the kinds that are searched nothing is loaded."""
        of_topics = [kind.name for topic in search.topic for kind in TOPICS[topic].kinds]
        return notes(self._coverage.of("records", result.version), search.kind or of_topics or KINDS)

    def all(self, selection: RecordSelection) -> Export:
        """All that are found and may be shown today; newest first unless the search is sorted by a field.

        A score orders a page, but to walk by it costs with the square of the depth.
        """
        intent, day = read(selection.q), self._today()
        sort = _sort(selection.sort if selection.sort not in {None, "relevance"} else "-happened_on", intent)
        post_filter = filters.filters_of(selection, day).all()
        _, query, result = self._answer(intent, selection, partial(Request, post_filter=post_filter, size=0))
        request = Request(query, post_filter=post_filter, sort=sort)
        covered = self._coverage.now()
        return Export(self._engine, "records", request, result.total, result.version, day, covered=covered)

    def newest(self, asked: RecordsFeed, size: int = MOST, only: Query | None = None) -> Newest:
        """What is new: records by the moment at which they came to say what they say, `size` a page. `only`: of these.

        The first page is exact: what was loaded last, became public last, or turned into its state last. Further ones
        walk by the moment of the load, and may repeat what the first had for another reason. Registers of people are
        not among what is followed.
        """
        intent, bound, today = read(asked.q), cursor.binding(asked.selection), self._today()
        chosen = [*filters.filters_of(asked, today).clauses.values(), *([only] if only else [])]
        post_filter = Bool(filter=chosen, must_not=[Terms("kind", sorted(OF_PEOPLE))])
        at, after = cursor.read_sorted(asked.cursor, bound, len(LOADED)) if asked.cursor else (-1, None)
        request = partial(Request, post_filter=post_filter, size=size + 1)
        with cursor.trusted(asked.cursor):
            by_load = partial(request, sort=LOADED, search_after=after)
            number, query, result = self._answer(intent, asked, by_load, at)
        loaded, hits = result.hits, list(result.hits[:size])
        if not asked.cursor:
            turned = Bool(filter=[query, filters.turned(today)])
            others = (Request(query, sort=_newest("public_from")), Request(turned, sort=_newest("turns_on")))
            asks = [replace(each, post_filter=post_filter, size=size, total=False) for each in others]
            hits += [hit for found in self._engine.search_many("records", asks) for hit in found.hits]
        shown = newest_first(((hit.id, orjson.loads(hit.source)) for hit in hits), today, size)
        told = {stored["record_id"] for stored in shown}
        walked = next((at for at, hit in enumerate(loaded) if hit.id not in told), len(loaded))
        following = None
        if walked < len(loaded) or len(loaded) > size:
            following = cursor.write(bound, "sorted", [number, *(loaded[walked - 1].sort if walked else START)])
        return Newest([(record(each, today, listed=True), changed_at(each, today)) for each in shown], following)

    def one(self, record_id: str) -> Record:
        """One record; `NotFound` if there is none that may be shown."""
        query = Bool(filter=[Ids([record_id]), self.public()])
        result = self._engine.search("records", Request(query, size=1))
        if not result.hits:
            raise NotFound("there is no such record, or it may not be shown today")
        stored = orjson.loads(result.hits[0].source)
        leads = (self._engine, self.public())
        texts = texts_of(stored, *leads)
        return whole_record(
            stored,
            self._today(),
            document_ids=[each.record_id for each in texts if each.kind == "document"],
            texts=texts,
            text_of=text_of(stored, *leads),
            related=related_to(stored, *leads),
            articles=articles_of(stored, *leads),
            rule_articles=named_in([stored.get("rule") or ""], *leads),
            powers=powers_of(stored, *leads) if stored["kind"] == "penalty" else (),
            possibly_led_to=led_to(stored, *leads),
            possibly_after=came_after(stored, *leads),
        )

    def articles(self, texts: Iterable[str]) -> list[NamedArticle]:
        """The articles that sentences of rules name, each with its text where it is loaded."""
        return named_in(texts, self._engine, self.public())

    def _answer(
        self, intent: Intent, selection: RecordFilters, request: partial[Request], at: int = -1
    ) -> tuple[int, Query, Result]:
        """The first way to read the query that finds something, whatever the filters then leave of it."""
        public = self.public()
        filtered = request.keywords["post_filter"] is not None
        ways = list(_ways(selection.q, intent))
        for number, way in enumerate(ways):
            if at >= 0 and number != at:
                continue
            query = Bool(must=[way], filter=[public], must_not=[_says(word) for word in intent.excluded])
            result = self._engine.search("records", request(query))
            if at >= 0 or number == len(ways) - 1 or result.total or (filtered and self._any(query)):
                return number, query, result
        raise cursor.damaged()

    def public(self) -> Query:
        """What may be shown now."""
        return filters.public(self._today(), self._held.records())

    def _any(self, query: Query) -> bool:
        return self._engine.search("records", Request(query, size=0)).total > 0


def _newest(field: str) -> tuple[Sort, ...]:
    return Sort(field, "desc"), Sort("tie")


def _sort(order: str, intent: Intent) -> tuple[Sort, ...]:
    if order == "relevance":
        return (Sort("happened_on", "desc"), Sort("tie")) if intent.empty else (Sort("_score", "desc"), Sort("tie"))
    return Sort(order.removeprefix("-"), "desc" if order.startswith("-") else "asc"), Sort("tie")


def _ways(typed: str, intent: Intent) -> Iterator[Query]:
    """How to read what was typed, strict first."""
    if intent.identifier:
        code = intent.identifier.value
        yield Bool(should=[Term("uscc", code), Term("entity_id", code), Term("entity_id", f"R-{code}")])
        return
    if intent.empty:
        yield Ids(()) if intent.unreadable else MatchAll()
        return
    exact = [Term("name_key", intent.text), Term("doc_no", doc_no_key(typed))]
    whole = Bool(must=[*map(_says, (word.text for word in intent.words)), *map(_phrase, intent.phrases)])
    yield DisMax([*(ConstantScore(query, 1000.0) for query in exact), whole])
    named = Match("name_2", tokens.bigrams(intent.text), "and") if len(intent.text) > 1 else None
    some = Match("text_word", tokens.words(typed), "or", max(1, len(tokens.words(typed).split()) // 2))
    yield Bool(should=[query for query in (named, some) if query is not None])


def _says(word: str) -> Query:
    """A word in the party's name or in the texts."""
    ways: list[Query] = [MatchPhrase("text_1", tokens.chars(word)), Match("text_word", tokens.words(word), "and")]
    return DisMax([*ways, Match("name_2", tokens.bigrams(word), "and"), Term("name_key", word)])


def _phrase(phrase: str) -> Query:
    return DisMax([MatchPhrase("text_1", tokens.chars(phrase)), Match("name_2", tokens.bigrams(phrase), "and")])


def _number(result: Result, name: str) -> float:
    value = result.facets.get(name)
    return round(value, 2) if isinstance(value, int | float) else 0.0


def _highlights(source: Mapping[str, Any], intent: Intent) -> Sequence[Highlight]:
    if intent.empty and not intent.identifier:
        return ()
    pieces = [intent.text, *(word.text for word in intent.words), *intent.phrases]
    pieces += [word for each in intent.words for word in tokens.split_words(each.text) if len(word) > 1]
    if intent.identifier:
        pieces = [intent.identifier.value.lower()]
    made = []
    for field in _MARKED:
        value = source.get(field)
        if isinstance(value, str) and (marks := (shown := Highlighted(value)).marks(pieces)):
            made.append(Highlight(field, shown.excerpt(marks) if _FACTS[field].prose else shown.parts(marks)))
    return made
