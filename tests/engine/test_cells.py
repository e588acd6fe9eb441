"""Cells: documents counted by the values of two dimensions, with sums and the different values of an amount."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import example, given

from tests.engine import corpus, reference
from tests.engine.conftest import Published, publish
from xincha.engine import query as q
from xincha.engine.contract import Bucket, Document, Engine
from xincha.engine.fields import ENTITIES, tie
from xincha.errors import UnsupportedQuery

YEARS = q.DateBy("established_on")
MONTHS = q.DateBy("established_on", "month")
REGIONS = q.KeyBy("region", ["350203", "350206"])


def counted(engine: Engine, wanted: q.CellsAgg, query: q.Query, condition: q.Query) -> Sequence[Bucket]:
    found = engine.search("entities", q.Request(query, size=0, facets={"x": q.Facet(wanted, condition)})).facets["x"]
    assert isinstance(found, Sequence)
    return found


@given(query=corpus.filters, condition=corpus.filters, wanted=corpus.cells)
@example(q.MatchAll(), q.MatchAll(), q.CellsAgg([REGIONS, MONTHS], ("capital_cny",), "capital_cny"))
@example(q.MatchAll(), q.Term("status", "存续"), q.CellsAgg([YEARS, REGIONS]))
@example(q.MatchAll(), q.MatchAll(), q.CellsAgg((), ("capital_cny",), "capital_cny"))
@example(q.Ids([]), q.MatchAll(), q.CellsAgg([YEARS, REGIONS], ("capital_cny",), "capital_cny"))
@example(q.Ids([]), q.MatchAll(), q.CellsAgg((), ("capital_cny",), "capital_cny"))
def test_each_combination_that_occurs_has_a_cell(
    published: Published, query: q.Query, condition: q.Query, wanted: q.CellsAgg
) -> None:
    expected = reference.facet(q.Facet(wanted, condition), query, published.documents, ENTITIES)
    assert isinstance(expected, Sequence)
    found = counted(published.engine, wanted, query, condition)
    assert [(cell.key, cell.count, cell.stated, cell.values) for cell in found] == [
        (cell.key, cell.count, cell.stated, cell.values) for cell in expected
    ]
    for cell, other in zip(found, expected, strict=True):
        assert cell.sums == pytest.approx(other.sums)


def test_many_different_amounts_are_told_exactly_and_too_many_not_at_all(engine: Engine) -> None:
    amounts = [float(n % 15_000) for n in range(20_000)]
    more: list[Document] = [
        {"id": f"K-{n}", "tie": tie(f"K-{n}"), "kind": "其他", "capital_cny": n / 8, "source": b"{}"}
        for n in range(q.MOST_VALUES + 1)
    ]
    some: list[Document] = [
        {"id": f"E-{n}", "tie": tie(f"E-{n}"), "kind": "企业", "capital_cny": amount, "source": b"{}"}
        for n, amount in enumerate(amounts)
    ]
    publish(engine, "entities", [*some, *more])
    wanted = q.CellsAgg([q.KeyBy("kind", ["企业", "其他"])], values="capital_cny")
    known, unknown = counted(engine, wanted, q.MatchAll(), q.MatchAll())
    assert known.values == tuple((float(n), 2 if n < 5_000 else 1) for n in range(15_000))
    assert (unknown.count, unknown.values) == (q.MOST_VALUES + 1, None)


def test_a_day_that_ends_no_window_is_a_day_like_others(engine: Engine) -> None:
    days = [date(9999, 12, 31), date(1900, 1, 1), date(2026, 2, 28)]
    publish(
        engine,
        "entities",
        [{"id": f"E-{n}", "tie": n, "established_on": day, "source": b"{}"} for n, day in enumerate(days)],
    )
    found = counted(engine, q.CellsAgg([MONTHS]), q.MatchAll(), q.MatchAll())
    assert found == [Bucket((day.replace(day=1),), 1) for day in sorted(days)]


@pytest.mark.parametrize(
    "wanted",
    [
        q.CellsAgg([q.KeyBy("nowhere", ["x"])]),
        q.CellsAgg([q.KeyBy("status", [])]),
        q.CellsAgg([q.KeyBy("uscc", ["x"])]),
        q.CellsAgg([q.KeyBy("capital_cny", ["x"])]),
        q.CellsAgg([q.DateBy("capital_cny")]),
        q.CellsAgg([YEARS, REGIONS, MONTHS]),
        q.CellsAgg([YEARS], ("status",)),
        q.CellsAgg([YEARS], values="established_on"),
    ],
)
def test_cells_that_cannot_be_counted_are_an_error(published: Published, wanted: q.CellsAgg) -> None:
    with pytest.raises(UnsupportedQuery, match=published.engine.name):
        counted(published.engine, wanted, q.MatchAll(), q.MatchAll())
