"""Searching records of every kind that may be shown today, with facets and sums.

What was typed is looked for as a code, as a document number, as the name of a party, and in the words of facts, reasons
and results; a quoted phrase as it stands. All words must be found; only where nothing has them all, some are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import orjson

from xincha.engine.contract import Engine, Hit, Result
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
)
from xincha.errors import BadParameter, NotFound
from xincha.kinds import KINDS, amounts
from xincha.search import cursor, filters
from xincha.search.answers import Highlight, Record, RecordPage, record
from xincha.search.export.pages import Walk
from xincha.search.highlight import Highlighted
from xincha.search.intent import Intent, read
from xincha.search.requests import RECORD_SORTS, RecordSearch
from xincha.text import tokens
from xincha.text.doc_no import doc_no_key

_FACTS = {fact.name: fact for kind in KINDS.values() for fact in kind.facts}
_MARKED = ("party_name", "party_uscc", *(name for name, fact in _FACTS.items() if fact.number or fact.searched))
"""Facts in which what was typed is marked."""


class RecordFinder:
    """Answers searches for records."""

    def __init__(self, engine: Engine, today: Callable[[], date]) -> None:
        self._engine = engine
        self._today = today

    def page(self, search: RecordSearch, *, listed: bool = True) -> RecordPage:
        """One page. `listed`: without what is for the page of one entity or record alone."""
        intent = read(search.q)
        sort = _sort(search.sort or ("-happened_on" if intent.empty else "relevance"), intent)
        bound = cursor.binding(search.q, sorted((k, tuple(v)) for k, v in search.filters.items()), search.happened,
                               search.fine, sort)  # fmt: skip
        at, after = cursor.read_sorted(search.cursor, bound, len(sort)) if search.cursor else (-1, None)
        kept = filters.record_filters(search, self._today())
        everything = kept.all() or MatchAll()
        sums = {f"sum:{field}": Facet(SumAgg(field), everything) for field in amounts()}
        request = Request(
            MatchAll(),
            post_filter=kept.all(),
            sort=sort,
            size=search.page_size + 1,
            search_after=after,
            facets={**filters.record_facets(search, kept, self._today()), **sums},
        )
        with cursor.trusted(search.cursor):
            number, _, result = self._answer(search, intent, request, at)
        hits = result.hits[: search.page_size]
        more = len(result.hits) > len(hits)
        return RecordPage(
            [_hit(hit, intent, self._today(), listed=listed) for hit in hits],
            result.total,
            filters.record_buckets(search, result),
            {field: _number(result, f"sum:{field}") for field in amounts()},
            cursor.write(bound, "sorted", [number, *hits[-1].sort]) if more else None,
        )

    def walk(self, search: RecordSearch) -> Walk:
        """The way to all that is found, whatever the page; newest first unless the search is sorted by a field.

        A score orders a page, but to walk by it costs with the square of the depth.
        """
        intent, day = read(search.q), self._today()
        sort = _sort(search.sort if search.sort and "relevance" not in search.sort else "-happened_on", intent)
        request = Request(MatchAll(), post_filter=filters.record_filters(search, self._today()).all(), size=0)
        _, query, result = self._answer(search, intent, request, -1)
        return Walk("records", replace(request, query=query, sort=sort), (), result.total, result.version, day)

    def _answer(self, search: RecordSearch, intent: Intent, request: Request, at: int) -> tuple[int, Query, Result]:
        """The first way to read the query that finds something, whatever the filters then leave of it."""
        public = filters.public(self._today())
        ways = list(_ways(search.q, intent))
        for number, way in enumerate(ways):
            if at >= 0 and number != at:
                continue
            query = Bool(must=[way], filter=[public], must_not=[_says(word) for word in intent.excluded])
            result = self._engine.search("records", replace(request, query=query))
            if at >= 0 or number == len(ways) - 1 or result.total or self._any(query, request.post_filter):
                return number, query, result
        raise cursor.damaged()

    def _any(self, query: Query, post_filter: Query | None) -> bool:
        return post_filter is not None and self._engine.search("records", Request(query, size=0)).total > 0

    def one(self, record_id: str) -> Record:
        """One record; `NotFound` where there is none that may be shown."""
        query = Bool(filter=[Ids([record_id]), filters.public(self._today())])
        result = self._engine.search("records", Request(query, size=1))
        if not result.hits:
            raise NotFound("there is no such record, or it may not be shown today")
        return record(orjson.loads(result.hits[0].source), self._today())


def _sort(asked: str, intent: Intent) -> tuple[Sort, ...]:
    field = asked.removeprefix("-")
    if field not in RECORD_SORTS:
        raise BadParameter(f"cannot sort by {asked!r}", parameter="sort", allowed=", ".join(RECORD_SORTS))
    if field == "relevance":
        return (Sort("happened_on", "desc"), Sort("tie")) if intent.empty else (Sort("_score", "desc"), Sort("tie"))
    return Sort(field, "desc" if asked.startswith("-") else "asc"), Sort("tie")


def _ways(typed: str, intent: Intent) -> Iterator[Query]:
    """How to read what was typed, strict first."""
    if intent.identifier:
        code = intent.identifier.value
        yield Bool(should=[Term("uscc", code), Term("entity_id", code), Term("entity_id", f"R-{code}")])
        return
    if intent.empty:
        yield MatchAll()
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
    ways.append(Match("name_2", tokens.bigrams(word), "and"))
    ways.append(Term("name_key", word))
    return DisMax(ways)


def _phrase(phrase: str) -> Query:
    return DisMax([MatchPhrase("text_1", tokens.chars(phrase)), Match("name_2", tokens.bigrams(phrase), "and")])


def _number(result: Result, name: str) -> float:
    value = result.facets.get(name)
    return round(value, 2) if isinstance(value, int | float) else 0.0


def _hit(hit: Hit, intent: Intent, day: date, *, listed: bool) -> Record:
    stored: Mapping[str, Any] = orjson.loads(hit.source)
    return record(stored, day, _highlights(stored, intent), listed=listed)


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
