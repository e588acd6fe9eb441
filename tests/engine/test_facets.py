"""Facets count exactly, each under its own filter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.engine import corpus, reference
from tests.engine.conftest import Published, publish
from xincha.engine import query as q
from xincha.engine.contract import Bucket, Document, Engine
from xincha.engine.fields import ENTITIES, RECORDS, tie
from xincha.errors import UnsupportedQuery

facets = st.dictionaries(st.text(max_size=5), st.builds(q.Facet, corpus.aggregations, corpus.filters), max_size=5)
NOBODY = q.Ids([])


@given(query=corpus.filters, post_filter=st.none() | corpus.filters, wanted=facets, size=st.sampled_from([0, 3, 200]))
@example(query=q.MatchAll(), post_filter=None, wanted={"a": q.Facet(q.TermsAgg("region", 1))}, size=0)
@example(query=NOBODY, post_filter=None, wanted={"s": q.Facet(q.SumAgg("capital_cny"))}, size=0)
def test_facets_count_documents_of_the_query_and_their_own_filter(
    published: Published, query: q.Query, post_filter: q.Query | None, wanted: dict[str, q.Facet], size: int
) -> None:
    request = q.Request(query, post_filter, facets=wanted, size=size)
    counted = published.engine.search("entities", request).facets
    assert list(counted) == list(wanted)
    for name, facet in wanted.items():
        expected = reference.facet(facet, query, published.documents, ENTITIES)
        given_ = counted[name]
        assert (list(given_) if isinstance(given_, Sequence) else given_) == (
            expected if isinstance(expected, list) else pytest.approx(expected)
        )


def test_a_facet_that_has_the_filter_of_the_hits_counts_the_hits(published: Published) -> None:
    narrow = q.Term("status", "存续")
    wanted = {"own": q.Facet(q.TermsAgg("kind")), "same": q.Facet(q.TermsAgg("kind"), narrow)}
    result = published.engine.search("entities", q.Request(q.Exists("kind"), narrow, facets=wanted))
    sums = {name: sum(b.count for b in buckets) for name, buckets in result.facets.items() if isinstance(buckets, list)}
    assert sums["same"] == result.total < sums["own"]


def test_an_index_without_documents_counts_nothing(engine: Engine) -> None:
    publish(engine, "entities", [])
    spans = [(None, 0.0), (0.0, None)]
    wanted = {
        "range": q.Facet(q.RangeAgg("capital_cny", spans)),
        "terms": q.Facet(q.TermsAgg("authority", 5, ("content_on",))),
        "many": q.Facet(q.TermsAgg("region")),
        "years": q.Facet(q.DateHistogramAgg("established_on")),
        "sum": q.Facet(q.SumAgg("capital_cny")),
    }
    result = engine.search("entities", q.Request(q.MatchAll(), facets=wanted))
    assert result.facets == {
        "range": [Bucket(each, 0) for each in spans],
        "terms": [],
        "many": [],
        "years": [],
        "sum": 0,
    }


@pytest.mark.parametrize("found", [0, 1, 3, 30])
def test_facets_do_not_depend_on_how_many_hits_there_are_or_are_told(engine: Engine, found: int) -> None:
    """The same of none, of a few that are all told, and of so many; values lie on the bounds of ranges."""
    documents: list[Document] = [
        {
            "id": f"E-{n}",
            "tie": n,
            "status": ("存续", "注销")[n % 2],
            "capital_cny": 10.0 * (n % 4),
            "established_on": date(2020 + n % 3, 1, 1),
            "source": b"{}",
        }
        for n in range(60)
    ]
    publish(engine, "entities", documents)
    years = [(None, date(2021, 1, 1)), (date(2021, 1, 1), date(2022, 1, 1)), (date(2022, 1, 1), None)]
    wanted = {
        "money": q.Facet(q.RangeAgg("capital_cny", [(None, 10.0), (10.0, 20.0), (20.0, None)])),
        "closed": q.Facet(q.RangeAgg("established_on", years), q.Term("status", "注销")),
        "nobody": q.Facet(q.TermsAgg("status"), q.Term("status", "吊销")),
        "years": q.Facet(q.DateHistogramAgg("established_on")),
    }
    query = q.Ids([f"E-{n}" for n in range(found)])
    told = engine.search("entities", q.Request(query, size=200, facets=wanted))
    assert told.facets == engine.search("entities", q.Request(query, size=0, total=False, facets=wanted)).facets
    money = told.facets["money"]
    assert isinstance(money, Sequence)
    assert [bucket.count for bucket in money] == [
        sum(low <= n % 4 < high for n in range(found)) for low, high in ((0, 1), (1, 2), (2, 4))
    ]


@pytest.mark.parametrize("size", [1, 5, 999, 1_000, 3_000, 5_000])
def test_counts_are_exact_and_ties_go_by_value_below_and_above_the_cardinality(engine: Engine, size: int) -> None:
    counts = {f"示例{number:04d}": 3 if number % 700 == 0 else 1 for number in range(3_000)}
    named = [name for name, count in counts.items() for _ in range(count)]
    documents = [
        {"id": f"P-{n}", "tie": tie(f"P-{n}"), "entity_id": [name], "source": b"{}"} for n, name in enumerate(named)
    ]
    publish(engine, "records", documents)
    wanted = {"who": q.Facet(q.TermsAgg("entity_id", size))}
    result = engine.search("records", q.Request(q.MatchAll(), size=0, facets=wanted))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    assert result.facets["who"] == [Bucket(name, count) for name, count in ordered[:size]]


@pytest.mark.parametrize("size", [2, 50])
def test_spans_are_told_of_the_commonest_values_also_where_ties_are_cut(engine: Engine, size: int) -> None:
    """3,000 values of one document each: which of them are shown is decided by walking all."""
    first = date(2018, 1, 1)
    documents = [
        {
            "id": f"P-{n}",
            "tie": n,
            "entity_id": [f"示例{n // 2:04d}"],
            "happened_on": first + timedelta(n),
            "source": b"{}",
        }
        for n in range(6_000)
    ]
    publish(engine, "records", documents)
    wanted = {"who": q.Facet(q.TermsAgg("entity_id", size, ("happened_on", "loaded_at")))}
    counted = engine.search("records", q.Request(q.MatchAll(), size=0, facets=wanted)).facets["who"]
    assert counted == [
        Bucket(f"示例{n:04d}", 2, ((first + timedelta(2 * n), first + timedelta(2 * n + 1)), (None, None)))
        for n in range(size)
    ]


@pytest.mark.parametrize("query", [q.MatchAll(), q.Ids(["P-1"])], ids=["broad", "narrow"])
def test_a_value_that_is_given_twice_is_counted_once(engine: Engine, query: q.Query) -> None:
    others: list[Document] = [{"id": f"P-{n}", "tie": n, "region": ["110000"], "source": b""} for n in range(2, 9)]
    publish(engine, "records", [{"id": "P-1", "tie": 1, "region": ["350200", "350200"], "source": b""}, *others])
    request = q.Request(query, facets={"where": q.Facet(q.TermsAgg("region"), q.Term("region", "350200"))})
    assert engine.search("records", request).facets["where"] == [Bucket("350200", 1)]


@pytest.mark.parametrize(
    "aggregation",
    [
        q.TermsAgg("nowhere"),
        q.TermsAgg("name_1"),
        q.TermsAgg("uscc"),
        q.TermsAgg("capital_cny"),
        q.TermsAgg("status", 0),
        q.TermsAgg("region", 0),
        q.TermsAgg("status", 5, ("nowhere",)),
        q.TermsAgg("status", 5, ("capital_cny",)),
        q.TermsAgg("status", 5, ("name_key",)),
        q.RangeAgg("status", [("a", "b")]),
        q.RangeAgg("capital_cny", [("a", None)]),
        q.DateHistogramAgg("capital_cny"),
        q.SumAgg("status"),
        q.SumAgg("established_on"),
    ],
)
def test_an_aggregation_that_cannot_be_honoured_is_an_error(published: Published, aggregation: q.Aggregation) -> None:
    with pytest.raises(UnsupportedQuery, match=published.engine.name):
        published.engine.search("entities", q.Request(q.MatchAll(), facets={"x": q.Facet(aggregation)}))


def test_the_suite_covers_a_field_of_each_type() -> None:
    assert {field.type for field in RECORDS.values()} == {"key", "text", "date", "int", "float"}
