"""What may not be shown any more leaves the index with the next publish: stored text, terms, and in entities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import orjson
import polars as pl
import pytest

from indexer import plan as plans
from indexer.kinds.abnormal import ABNORMAL_LISTINGS
from indexer.kinds.penalty import PENALTIES
from indexer.publish import publish, status
from indexer.tables import ENTITIES
from xincha.days import FOREVER
from xincha.engine.contract import Engine, IndexName
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Range, Request, Term
from xincha.holds import Holds
from xincha.search.questions import EntitySearch, RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings

pytestmark = pytest.mark.slow

Rows = Callable[..., pl.DataFrame]
Lay = Callable[..., str]
NAME, OTHER = "厦门示例暮云商贸有限公司", "厦门示例晨星商贸有限公司"
LAST = date(2026, 11, 26)
"""The last day on which the penalty P-1 may be shown."""
NEXT = LAST + timedelta(days=1)


@pytest.fixture
def settings(tmp_path: Any, request: pytest.FixtureRequest) -> Settings:
    given = getattr(request, "param", {})
    if given == "opensearch":
        url = request.getfixturevalue("opensearch_url")
        given = {"engine": given, "opensearch_url": url, "opensearch_prefix": "ended", "opensearch_replicas": 0}
    return Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32, **given)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    with closing(open_engine(settings)) as opened:
        yield opened


@pytest.fixture(autouse=True)
def laid(settings: Settings, rows: Rows, lay: Lay, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two companies: a penalty of each, one that ends with `LAST`; a listing that was left long ago."""
    monkeypatch.setattr(plans, "SMALL_SHARE", 1.0)
    companies = [
        {"entity_id": f"R-{n}", "name": name, "name_key": name, "reg_no": f"35020000000000{n}"}
        for n, name in enumerate((NAME, OTHER), 1)
    ]
    party = {"party_name": NAME, "party_name_key": NAME}
    penalty = {**party, "penalty_types": ["罚款"], "fine_cny": Decimal(90_000), "authority": "示例市市场监督管理局"}
    ends = {"decided_on": LAST - timedelta(days=30), "published_on": LAST - timedelta(days=30)}
    penalties = [
        {**penalty, **ends, "record_id": "P-1", "facts": "示例事实甲", "public_until_on": LAST},
        {**penalty, **ends, "record_id": "P-2", "party_name": OTHER, "party_name_key": OTHER},
    ]
    listing = {**party, "record_id": "A-1", "listed_on": date(2020, 1, 2), "removed_on": date(2021, 1, 2)}
    lay(
        settings,
        (ENTITIES, rows(ENTITIES, *companies)),
        (PENALTIES, rows(PENALTIES, *penalties)),
        (ABNORMAL_LISTINGS, rows(ABNORMAL_LISTINGS, listing)),
    )


def stored(engine: Engine, index: IndexName) -> dict[str, dict[str, Any]]:
    hits = engine.search(index, Request(MatchAll(), size=100)).hits
    return {hit.id: orjson.loads(hit.source) for hit in hits}


def briefs(engine: Engine) -> dict[str, list[str]]:
    found = {
        key: [brief["id"] for brief in each.get("records", ())] for key, each in stored(engine, "entities").items()
    }
    return {key: ids for key, ids in found.items() if ids}


def test_what_has_ended_is_in_no_document(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=LAST)
    assert (set(stored(engine, "records")), briefs(engine)) == ({"P-1", "P-2"}, {"R-1": ["P-1"], "R-2": ["P-2"]})
    assert publish(settings, engine, day=LAST).mode == "unchanged"


@pytest.mark.parametrize("settings", [{}, pytest.param("opensearch", marks=pytest.mark.slow)], indirect=True)
def test_it_leaves_with_the_next_publish_also_where_nothing_was_loaded(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=LAST)
    assert status(settings, engine, day=LAST).published is True
    assert status(settings, engine, day=NEXT).published is False
    report = publish(settings, engine, day=NEXT)
    assert (report.mode, report.documents, report.written) == (
        "changes", {"entities": 2, "records": 1}, {"entities": 1, "records": 0}
    )  # fmt: skip
    assert (set(stored(engine, "records")), briefs(engine)) == ({"P-2"}, {"R-2": ["P-2"]})
    assert engine.search("records", Request(Term("name_key", NAME))).total == 0
    assert engine.search("entities", Request(Range("penalty_until", gte=date(2000, 1, 1)))).total == 1
    assert publish(settings, engine, day=NEXT).mode == "unchanged"
    few = {index: stored(engine, index) for index in plans.INDICES}
    publish(settings, engine, day=NEXT, full=True)
    assert few == {index: stored(engine, index) for index in plans.INDICES}


def test_counts_and_briefs_of_an_entity_agree_with_what_is_found(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=LAST)
    for published in (LAST, NEXT):  # an index may be a day old
        publish(settings, engine, day=published)
        for day in (published, NEXT):
            searcher = Searcher(engine, today=lambda day=day: day)  # type: ignore[misc]
            found = {hit["entity_id"] for hit in searcher.records.page(RecordSearch(kind=("penalty",))).hits}
            having = {hit["entity_id"] for hit in searcher.entities.page(EntitySearch(has=("penalty",))).hits}
            counted = {key for key in ("R-1", "R-2") if searcher.entities.one(key)["counts"]["penalty"]}
            assert found == having == counted == ({"R-1", "R-2"} if day == LAST else {"R-2"})


def test_a_kind_of_which_all_has_ended_is_loaded_still(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=LAST)
    covered = {kind.kind: kind for kind in Searcher(engine, today=lambda: LAST).coverage.now().kinds}
    assert (covered["abnormal"].loaded, covered["abnormal"].records) == (True, 0)
    assert covered["abnormal"].loaded_at is not None
    assert covered["licence"].loaded is False


@pytest.mark.parametrize("settings", [{"repaired": "history"}], indirect=True)
def test_what_is_shown_as_past_stays(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=LAST)
    assert stored(engine, "records")["A-1"]["public_until"] == FOREVER.isoformat()


def test_an_index_of_a_later_day_is_made_anew_where_a_clock_was_set_back(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=NEXT)
    assert publish(settings, engine, day=LAST).mode == "full"
    assert set(stored(engine, "records")) == {"P-1", "P-2"}


def test_what_is_held_back_leaves_with_the_next_publish_and_comes_back(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=LAST)
    holds = Holds(settings.holds_file)
    holds.hold("P-2", "示例理由", LAST, LAST)
    assert status(settings, engine, day=LAST).published is False
    assert publish(settings, engine, day=LAST).mode == "changes"
    assert (set(stored(engine, "records")), briefs(engine)) == ({"P-1"}, {"R-1": ["P-1"]})
    assert publish(settings, engine, day=NEXT).mode == "changes"  # its hold has ended
    assert (set(stored(engine, "records")), briefs(engine)) == ({"P-2"}, {"R-2": ["P-2"]})
    holds.hold("P-2", "示例理由", None, NEXT)
    publish(settings, engine, day=NEXT)
    holds.release("P-2", NEXT)
    assert publish(settings, engine, day=NEXT).mode == "changes"
    assert (set(stored(engine, "records")), briefs(engine)) == ({"P-2"}, {"R-2": ["P-2"]})
