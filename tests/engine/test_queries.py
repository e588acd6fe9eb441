"""Every clause finds exactly the documents that the reference evaluator finds."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.engine import corpus, reference
from tests.engine.conftest import Published
from xincha.engine import query as q
from xincha.engine.fields import ENTITIES
from xincha.errors import UnsupportedQuery

ALL = 1_000


def ids(published: Published, request: q.Request) -> list[str]:
    return [hit.id for hit in published.engine.search("entities", request).hits]


@given(query=corpus.queries)
@example(query=q.Bool(must_not=[q.Term("status", "存续")]))
@example(query=q.Bool())
@example(query=q.Bool(filter=[q.MatchAll()], should=[q.Term("status", "存续")]))
@example(query=q.Range("capital_cny", gte=0.0, lte=-0.0))
@example(query=q.Term("capital_cny", 0))
@example(query=q.Ids([f"示例-{number:04d}" for number in range(300)]))
def test_a_query_finds_what_it_means(published: Published, query: q.Query) -> None:
    result = published.engine.search("entities", q.Request(query, size=ALL))
    expected = {d["id"] for d in published.documents if reference.matches(query, d, ENTITIES)}
    assert {hit.id for hit in result.hits} == expected
    assert len(result.hits) == result.total == len(expected)


@pytest.mark.parametrize("value", ["", "示例-00", "示例-0123", "示例-"])
def test_where_few_are_enough_the_first_values_are_found(published: Published, value: str) -> None:
    beginning = [q.Prefix("id", value, few=few) for few in (True, False)]
    some, every = (ids(published, q.Request(each, size=ALL)) for each in beginning)
    assert {*some} <= {*every}
    assert sorted(every)[: q.FEW] == sorted(some)[: q.FEW]
    scores = {hit.score for hit in published.engine.search("entities", q.Request(beginning[0], size=ALL)).hits}
    assert scores == {1.0}


@given(query=corpus.queries, post_filter=st.none() | corpus.filters, keys=corpus.sorts)
def test_a_post_filter_narrows_the_hits_whatever_their_order(
    published: Published, query: q.Query, post_filter: q.Query | None, keys: list[q.Sort]
) -> None:
    request = q.Request(query, post_filter, size=ALL, sort=keys)
    expected = [d["id"] for d in reference.found(request, published.documents, ENTITIES)]
    result = published.engine.search("entities", request)
    assert [hit.id for hit in result.hits] == expected
    assert result.total == len(expected)
    by_score = q.Request(query, post_filter, size=ALL)
    assert sorted(ids(published, by_score)) == sorted(map(str, expected))


@given(query=corpus.queries, size=st.integers(0, 400))
def test_size_cuts_the_same_order(published: Published, query: q.Query, size: int) -> None:
    everything = ids(published, q.Request(query, size=ALL))
    result = published.engine.search("entities", q.Request(query, size=size))
    assert [hit.id for hit in result.hits] == everything[:size]
    assert result.total == len(everything)


def test_what_is_not_asked_for_is_left_out(published: Published) -> None:
    request = q.Request(q.Ids([str(published.documents[0]["id"])]), source=False, total=False)
    result = published.engine.search("entities", request)
    assert [hit.source for hit in result.hits] == [b""]
    assert result.total == 0


def test_the_source_comes_back_byte_for_byte(published: Published) -> None:
    hits = published.engine.search("entities", q.Request(q.MatchAll(), size=ALL)).hits
    assert {hit.id: hit.source for hit in hits} == {d["id"]: d["source"] for d in published.documents}


def scores(published: Published, query: q.Query) -> dict[str, float]:
    hits = published.engine.search("entities", q.Request(query, size=ALL)).hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    return {hit.id: hit.score for hit in hits}


TEXT = q.Match("name_1", "示 信")
OTHER = q.Match("scope_word", "批发 food")


def test_a_constant_score_is_constant(published: Published) -> None:
    assert set(scores(published, q.ConstantScore(TEXT, 3.0)).values()) == {3.0}
    inside = q.Bool(should=[q.ConstantScore(TEXT, 3.0), q.ConstantScore(TEXT, 0.5)])
    assert set(scores(published, inside).values()) == {3.5}


def test_a_filter_does_not_score(published: Published) -> None:
    plain = scores(published, TEXT)
    filtered = scores(published, q.Bool(must=[TEXT], filter=[OTHER]))
    assert filtered
    assert filtered == pytest.approx({key: plain[key] for key in filtered})
    assert set(scores(published, q.Bool(filter=[TEXT])).values()) == {0.0}
    narrowed = published.engine.search("entities", q.Request(TEXT, post_filter=OTHER, size=ALL)).hits
    assert {hit.id: hit.score for hit in narrowed} == pytest.approx(filtered)


def test_clauses_add_up_and_dis_max_takes_the_best(published: Published) -> None:
    one, other = scores(published, TEXT), scores(published, OTHER)
    both = scores(published, q.Bool(should=[TEXT, OTHER]))
    best = scores(published, q.DisMax([TEXT, OTHER]))
    for key in one.keys() | other.keys():
        high, low = max(one.get(key, 0.0), other.get(key, 0.0)), min(one.get(key, 0.0), other.get(key, 0.0))
        assert both[key] == pytest.approx(high + low)
        assert best[key] == pytest.approx(high)


def test_a_token_that_is_given_twice_counts_twice(published: Published) -> None:
    once, twice = scores(published, q.Match("name_1", "示")), scores(published, q.Match("name_1", "示 示"))
    assert twice == pytest.approx({key: 2 * n for key, n in once.items()})
    assert scores(published, q.Match("name_1", "示 示", minimum_should_match=2)) == pytest.approx(twice)


@pytest.mark.parametrize(
    "query",
    [
        q.Term("nowhere", "x"),
        q.Term("status", 5),
        q.Term("established_on", "2018-03-05"),
        q.Term("capital_cny", "5"),
        q.Term("tie", 2**70),
        q.Term("core", "\ud800"),
        q.Terms("core", ["a"] * 200 + ["\ud800"]),
        q.Terms("nowhere", ["x"]),
        q.Range("status", gte="a"),
        q.Range("capital_cny", gte=float("nan")),
        q.Range("capital_cny", gte=float("inf")),
        q.Range("capital_cny"),
        q.Range("tie", gte=5),
        q.Prefix("name_1", "示"),
        q.Match("status", "存续"),
        q.Match("name_1", "示", minimum_should_match=0),
        q.MatchPhrase("scope_word", "示例 信查"),
        q.Bool(must=[q.DisMax([q.Exists("nowhere")])]),
    ],
    ids=lambda query: type(query).__name__,
)
def test_a_clause_that_cannot_be_honoured_is_an_error_that_names_engine_and_clause(
    published: Published, query: q.Query
) -> None:
    for request in (q.Request(query), q.Request(q.MatchAll(), post_filter=query), q.Request(query, size=0)):
        with pytest.raises(UnsupportedQuery, match=published.engine.name):
            published.engine.search("entities", request)


def test_several_requests_are_answered_in_their_order_on_one_version(published: Published) -> None:
    requests = [q.Request(q.Ids([str(d["id"])])) for d in published.documents[:50]]
    results = published.engine.search_many("entities", requests)
    assert [result.hits[0].id for result in results] == [d["id"] for d in published.documents[:50]]
    assert len({result.version for result in results}) == 1
    assert published.engine.search_many("entities", []) == []
