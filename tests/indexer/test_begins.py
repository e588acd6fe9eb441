"""Who has a record on a day: the filter, its facet and the counts say the same on each day, whatever begins later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from indexer.kinds.abnormal import ABNORMAL_LISTINGS
from indexer.kinds.penalty import PENALTIES
from indexer.publish import publish
from indexer.tables import ENTITIES
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.holds import Holds
from xincha.search.questions import EntitySearch
from xincha.search.service import Searcher
from xincha.settings import Settings

Rows = Callable[..., pl.DataFrame]
Lay = Callable[..., str]
FIRST = date(2026, 11, 26)
"""The day of the publish."""
Days = tuple[int, int]
PENALTIES_OF: tuple[tuple[Days, ...], ...] = (
    ((-3, 2),),
    ((4, 9),),
    ((-3, 2), (7, 9)),
    ((0, 1), (1, 3), (4, 4), (8, 8), (10, 12)),
    ((2, 3), (6, 30)),
    (),
)
"""Of each company the first and last days of its penalties, counted from the day of the publish."""
LISTED_OF: tuple[tuple[Days, ...], ...] = (((3, 5),), (), ((-9, 2), (6, 8)), ((6, 7),), (), ((-1, 13),))
"""Of each company the days on which it is listed and no more."""


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


@pytest.fixture(params=["embedded", pytest.param("opensearch", marks=pytest.mark.slow)])
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    given: dict[str, Any] = {}
    if request.param == "opensearch":
        url = request.getfixturevalue("opensearch_url")
        given = {"engine": "opensearch", "opensearch_url": url, "opensearch_prefix": "begins", "opensearch_replicas": 0}
    return Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32, **given)


@pytest.fixture
def engine(settings: Settings, rows: Rows, lay: Lay) -> Iterator[Engine]:
    """The companies and their records, published on `FIRST`."""
    names = [f"厦门示例第{number}商贸有限公司" for number in range(len(PENALTIES_OF))]
    companies = [
        {"entity_id": f"R-{n}", "name": name, "name_key": name, "reg_no": f"35020000000000{n}"}
        for n, name in enumerate(names)
    ]
    penalties = [
        {
            "party_name": names[n], "party_name_key": names[n], "record_id": f"P-{n}-{number}",
            "penalty_types": ["罚款"], "fine_cny": Decimal(90_000), "authority": "示例市市场监督管理局",
            "decided_on": day_of(first), "published_on": day_of(first), "public_until_on": day_of(last),
        }
        for n, spans in enumerate(PENALTIES_OF)
        for number, (first, last) in enumerate(spans)
    ]  # fmt: skip
    listings = [
        {
            "party_name": names[n], "party_name_key": names[n], "record_id": f"A-{n}-{number}",
            "listed_on": day_of(first), "removed_on": day_of(last + 1),
        }
        for n, spans in enumerate(LISTED_OF)
        for number, (first, last) in enumerate(spans)
    ]  # fmt: skip
    lay(
        settings,
        (ENTITIES, rows(ENTITIES, *companies)),
        (PENALTIES, rows(PENALTIES, *penalties)),
        (ABNORMAL_LISTINGS, rows(ABNORMAL_LISTINGS, *listings)),
    )
    with closing(open_engine(settings)) as opened:
        publish(settings, opened, day=FIRST)
        yield opened


def having(of: tuple[tuple[Days, ...], ...], number: int) -> set[str]:
    """Who has one on a day, said by the days themselves."""
    return {f"R-{n}" for n, spans in enumerate(of) if any(first <= number <= last for first, last in spans)}


def test_the_filter_its_facet_and_the_counts_agree_on_every_day(engine: Engine) -> None:
    for number in range(15):
        day = day_of(number)
        finder = Searcher(engine, today=partial(day_of, number)).entities
        everybody = finder.page(EntitySearch(page_size=50))
        facet = {bucket["value"]: bucket["count"] for bucket in everybody.facets["has"]}
        for kind, count, of in (("penalty", "penalty", PENALTIES_OF), ("abnormal", "abnormal_now", LISTED_OF)):
            wanted = having(of, number)
            found = finder.page(EntitySearch(has=(kind,)))
            assert {hit["entity_id"] for hit in found.hits} == wanted, (kind, day)
            assert {hit["entity_id"] for hit in everybody.hits if hit["counts"][count]} == wanted, (kind, day)
            assert facet.get(kind, 0) == len(wanted), (kind, day)
        either = finder.page(EntitySearch(has=("penalty", "abnormal"), status=()))
        wanted = having(PENALTIES_OF, number) | having(LISTED_OF, number)
        assert {hit["entity_id"] for hit in either.hits} == wanted
        narrowed = {bucket["value"]: bucket["count"] for bucket in either.facets["has"]}
        assert narrowed == facet  # a facet is counted over all filters but its own


def test_so_they_do_where_the_one_of_several_records_is_held(engine: Engine, settings: Settings) -> None:
    for record in ("P-2-1", "P-4-0"):
        Holds(settings.holds_file).hold(record, "示例理由", None, FIRST)
    for number, held in ((1, {"R-0", "R-2", "R-3"}), (8, {"R-1", "R-3", "R-4"})):
        finder = Searcher(engine, today=partial(day_of, number), held=Holds(settings.holds_file).on).entities
        found = finder.page(EntitySearch(has=("penalty",)))
        assert {hit["entity_id"] for hit in found.hits} == held
        facet = finder.page(EntitySearch()).facets["has"]
        assert next(bucket["count"] for bucket in facet if bucket["value"] == "penalty") == len(held)
