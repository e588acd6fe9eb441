"""Sorting, and cursors that walk through everything without gap or repetition."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.engine import corpus, reference
from tests.engine.conftest import Published
from xincha.engine import query as q
from xincha.engine.contract import Hit
from xincha.engine.fields import ENTITIES
from xincha.errors import UnsupportedQuery

ALL = 1_000
FEW = q.Ids([f"示例-{number:04d}" for number in range(150, 190)])
SCORED = q.Bool(should=[q.Match("name_1", "示 信 甲"), q.Match("scope_word", "批发 food")])


def walked(published: Published, query: q.Query, keys: list[q.Sort], size: int) -> list[Hit]:
    """All hits, page by page."""
    hits: list[Hit] = []
    place = None
    while True:
        request = q.Request(query, sort=keys, size=size, search_after=place)
        result = published.engine.search("entities", request)
        if not result.hits:
            assert result.total == len(hits)
            return hits
        hits += result.hits
        place = result.hits[-1].sort


@given(query=corpus.filters, keys=corpus.sorts, size=st.integers(7, 60))
@example(query=q.MatchAll(), keys=[q.Sort("established_on", "desc"), q.Sort("tie")], size=7)
@example(query=FEW, keys=[q.Sort("tie")], size=1)
@example(query=FEW, keys=[q.Sort("capital_cny"), q.Sort("tie")], size=1)
def test_pages_by_cursor_are_the_whole_order(
    published: Published, query: q.Query, keys: list[q.Sort], size: int
) -> None:
    expected = reference.found(q.Request(query, sort=keys), published.documents, ENTITIES)
    hits = walked(published, query, keys, size)
    assert [hit.id for hit in hits] == [d["id"] for d in expected]
    assert [hit.sort for hit in hits] == [tuple(d.get(key.field) for key in keys) for d in expected]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("field", ["established_on", "capital_cny"])
def test_documents_without_a_value_come_last_in_both_orders(published: Published, field: str, order: str) -> None:
    keys = [q.Sort(field, "asc" if order == "asc" else "desc"), q.Sort("tie")]
    shown = [hit.sort[0] for hit in walked(published, q.MatchAll(), keys, 25)]
    missing = sum(d.get(field) is None for d in published.documents)
    assert missing > 0
    assert shown[-missing:] == [None] * missing
    assert None not in shown[:-missing]


@given(query=corpus.queries, size=st.integers(7, 60))
@example(query=q.Bool(must=[SCORED], filter=[FEW]), size=1)
@example(query=SCORED, size=40)
@example(query=q.ConstantScore(SCORED, 2.0), size=9)
@example(query=q.Bool(filter=[SCORED]), size=9)
def test_pages_by_score_are_the_whole_order(published: Published, query: q.Query, size: int) -> None:
    keys = [q.Sort("_score", "desc"), q.Sort("tie")]
    hits = walked(published, query, keys, size)
    scores = {hit.id: hit.score for hit in published.engine.search("entities", q.Request(query, size=ALL)).hits}
    assert {hit.id: hit.score for hit in hits} == scores
    assert [hit.sort[0] for hit in hits] == [hit.score for hit in hits]
    known = {str(d["id"]): {**d, "_score": scores[str(d["id"])]} for d in published.documents if d["id"] in scores}
    request = q.Request(q.MatchAll(), sort=keys)
    assert [hit.id for hit in hits] == [d["id"] for d in reference.found(request, list(known.values()), ENTITIES)]


def test_a_cursor_goes_on_where_its_document_is_gone(published: Published) -> None:
    keys = [q.Sort("capital_cny", "desc"), q.Sort("tie")]
    expected = reference.found(q.Request(q.MatchAll(), sort=keys), published.documents, ENTITIES)
    place = (expected[100]["capital_cny"], int(str(expected[100]["tie"])) - 1)
    result = published.engine.search("entities", q.Request(q.MatchAll(), sort=keys, search_after=place, size=5))  # type: ignore[arg-type]
    assert [hit.id for hit in result.hits] == [d["id"] for d in expected[100:105]]


@pytest.mark.parametrize(
    "request_",
    [
        *(q.Request(q.MatchAll(), sort=[q.Sort(name), q.Sort("tie")]) for name in ("nowhere", "region", "name_1")),
        *(q.Request(q.MatchAll(), sort=[q.Sort(name), q.Sort("tie")]) for name in ("uscc", "status")),
        q.Request(q.MatchAll(), sort=[q.Sort("_score", "asc"), q.Sort("tie")]),
        q.Request(q.MatchAll(), sort=[q.Sort("_score", "desc")]),
        q.Request(q.MatchAll(), sort=[q.Sort("established_on")]),
        q.Request(q.MatchAll(), sort=[q.Sort("tie", "desc")]),
        q.Request(q.MatchAll(), sort=[q.Sort("tie"), q.Sort("_score", "desc")]),
        q.Request(q.MatchAll(), sort=[q.Sort("established_on"), q.Sort("capital_cny"), q.Sort("tie")]),
        q.Request(q.MatchAll(), search_after=[1]),
        q.Request(q.MatchAll(), sort=[q.Sort("tie")], search_after=[1, 2]),
        q.Request(q.MatchAll(), sort=[q.Sort("tie")], search_after=["1"]),
        q.Request(q.MatchAll(), sort=[q.Sort("_score", "desc"), q.Sort("tie")], search_after=["1", 1]),
        q.Request(q.MatchAll(), sort=[q.Sort("_score", "desc"), q.Sort("tie")], search_after=[None, 1]),
        q.Request(q.MatchAll(), size=-1),
    ],
)
def test_an_order_that_cannot_be_honoured_is_an_error(published: Published, request_: q.Request) -> None:
    with pytest.raises(UnsupportedQuery, match=published.engine.name):
        published.engine.search("entities", request_)
