"""A removal that does not say which listing it ends closes those of its party that were open by then."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from xincha.engine.open import open_engine
from xincha.kinds import KINDS
from xincha.rules.window import CAREFUL, Policy
from xincha.search.service import Searcher
from xincha.settings import Settings

pytestmark = pytest.mark.slow

NAME, CODE = "厦门示例岚桥贸易有限公司", "91350203YYY770016A"
OTHER = "91350203YYY7700245"
LISTED = "企业名称,统一社会信用代码,列入经营异常名录原因,列入日期,作出决定机关(列入)"
REMOVED = "企业名称,统一社会信用代码,移出日期,移出经营异常名录原因,作出决定机关(移出)"
LISTINGS = f"{NAME},{CODE},未按规定公示年度报告,2025-07-08,示例市市场监督管理局"
REMOVAL = f"{NAME},{CODE},2026-08-12,补报年报,示例市市场监督管理局"
REGISTER = f"企业名称,统一社会信用代码,登记状态,成立日期\n{NAME},{CODE},存续,2015-01-05\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32)


def loaded(settings: Settings, *files: tuple[str, str], at_once: bool = False) -> None:
    """Load files of a head and a row each: one after the other, or together."""
    paths = []
    for number, (head, row) in enumerate(files):
        path = settings.data.parent / f"{number}.csv"
        path.write_text(f"{head}\n{row}\n", "utf-8")
        paths.append(path)
    for each in [paths] if at_once else [[path] for path in paths]:
        load(each, settings)


def listings(settings: Settings) -> list[dict[str, Any]]:
    found = Lake(settings.lake).snapshot().scan("abnormal_listings").collect()
    return [row for row in found.sort("listed_on").to_dicts() if row["listed_on"]]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("turned", [True, False])
def test_it_closes_the_listing_whichever_came_first(settings: Settings, at_once: bool, turned: bool) -> None:
    files = [(LISTED, LISTINGS), (REMOVED, REMOVAL)]
    loaded(settings, *(files[::-1] if turned else files), at_once=at_once)
    (listing,) = listings(settings)
    assert (listing["removed_on"], listing["removal_reason"]) == (date(2026, 8, 12), "补报年报")
    assert {each["field"] for each in listing["carried"]} >= {"removed_on", "removal_reason", "removed_by"}
    assert listing["source_file"] == ("1.csv" if turned else "0.csv")


def test_it_closes_all_that_were_open_by_then_and_no_later_one(settings: Settings) -> None:
    more = "\n".join(
        [LISTINGS, LISTINGS.replace("2025-07-08", "2024-07-08"), LISTINGS.replace("2025-07-08", "2026-09-01")]
    )
    loaded(settings, (LISTED, more), (REMOVED, REMOVAL))
    assert [row["removed_on"] for row in listings(settings)] == [date(2026, 8, 12), date(2026, 8, 12), None]


@pytest.mark.parametrize(
    ("removal", "closes"),
    [
        (REMOVAL.replace(CODE, ""), True),  # the name alone
        (REMOVAL.replace(CODE, OTHER), False),  # the name, and the code of another
        (REMOVAL.replace(NAME, ""), True),
        (REMOVAL.replace("2026-08-12", "2025-07-07"), False),  # before it was listed
    ],
)
def test_it_is_of_the_same_party(settings: Settings, removal: str, closes: bool) -> None:
    loaded(settings, (LISTED, LISTINGS), (REMOVED, removal))
    (listing,) = listings(settings)
    assert (listing["removed_on"] is not None) == closes


def test_who_was_removed_is_not_said_to_be_listed(settings: Settings) -> None:
    head, row = REGISTER.splitlines()
    loaded(settings, (head, row), (LISTED, LISTINGS))
    with closing(open_engine(settings)) as engine:
        publish(settings, engine, day=date(2026, 8, 1))
        before = Searcher(engine, today=lambda: date(2026, 8, 1)).entities.one(CODE)
        loaded(settings, (head, row), (LISTED, LISTINGS), (REMOVED, REMOVAL))
        publish(settings, engine, day=date(2026, 8, 12))
        after = Searcher(engine, today=lambda: date(2026, 8, 12)).entities.one(CODE)
    assert (before["counts"]["abnormal_now"], after["counts"]["abnormal_now"]) == (1, 0)
    assert "列入" not in after["summary"]


ANNULLED = "企业名称,统一社会信用代码,撤销列入日期,撤销列入原因"
ANNULMENT = f"{NAME},{CODE},2026-08-12,列入有误"


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("turned", [True, False])
def test_an_annulment_withdraws_the_listing_whichever_came_first(
    settings: Settings, at_once: bool, turned: bool
) -> None:
    files = [(LISTED, LISTINGS), (ANNULLED, ANNULMENT)]
    loaded(settings, *(files[::-1] if turned else files), at_once=at_once)
    (listing,) = listings(settings)
    assert (listing["annulled_on"], listing["removed_on"]) == (date(2026, 8, 12), None)
    assert KINDS["abnormal"].window(listing, Policy(repaired="history")).withheld == "withdrawn"
    assert {each["field"] for each in listing["carried"]} >= {"annulled_on"}


@pytest.mark.parametrize(
    ("head", "row", "listed", "withdrawn"),
    [
        (ANNULLED, ANNULMENT, "2026-09-01", False),  # a later listing
        (ANNULLED, ANNULMENT.replace(CODE, OTHER), "2025-07-08", False),
        (REMOVED, REMOVAL.replace("补报年报", "列入有误，撤销列入决定"), "2025-07-08", True),
        (REMOVED, REMOVAL.replace("补报年报", "列入有误，撤销列入决定").replace("2026-08-12", ""), "2025-07-08", True),
        (ANNULLED, ANNULMENT.replace("2026-08-12", ""), "2025-07-08", True),  # by the day on which it was loaded
        (ANNULLED, ANNULMENT.replace("2026-08-12", ""), "2099-07-08", False),
    ],
)
def test_an_annulment_in_whatever_words_is_of_what_was_open_by_its_day(
    settings: Settings, head: str, row: str, listed: str, withdrawn: bool
) -> None:
    loaded(settings, (LISTED, LISTINGS.replace("2025-07-08", listed)), (head, row))
    (listing,) = listings(settings)
    assert (KINDS["abnormal"].window(listing, CAREFUL).withheld == "withdrawn") == withdrawn


def test_annulments_of_several_days_are_several(settings: Settings) -> None:
    again = LISTINGS.replace("2025-07-08", "2026-09-01")
    rows = f"{ANNULMENT}\n{ANNULMENT.replace('2026-08-12', '2026-10-01')}"
    loaded(settings, (LISTED, f"{LISTINGS}\n{again}"), (ANNULLED, rows))
    assert [row["annulled_on"] for row in listings(settings)] == [date(2026, 8, 12), date(2026, 10, 1)]


def test_a_removal_without_its_day_has_happened_by_the_day_on_which_it_was_loaded(settings: Settings) -> None:
    loaded(settings, (LISTED, LISTINGS), (REMOVED, REMOVAL.replace("2026-08-12", "")))
    (listing,) = listings(settings)
    assert (listing["removed_on"], listing["removal_reason"]) == (None, "补报年报")
    assert KINDS["abnormal"].window(listing, CAREFUL).withheld == "repaired"


@pytest.mark.parametrize(
    ("end", "fields"),
    [
        (
            (REMOVED, REMOVAL),
            {"removed_on": "2026-08-12", "removal_reason": "补报年报", "removed_by": "示例市市场监督管理局"},
        ),
        ((ANNULLED, ANNULMENT), {"annulled_on": "2026-08-12", "annulled": "true"}),
    ],
)
def test_what_it_writes_into_a_listing_is_history(
    settings: Settings, end: tuple[str, str], fields: dict[str, str]
) -> None:
    loaded(settings, (LISTED, LISTINGS), end)
    (listing,) = listings(settings)
    changes = Lake(settings.lake).snapshot().scan("changes").filter(pl.col("key") == listing["record_id"]).collect()
    assert {row["field"]: row["new"] for row in changes.to_dicts()} == fields
    for row in changes.to_dicts():
        assert (row["table"], row["old"], row["old_source_file"]) == ("abnormal_listings", None, "0.csv")
        assert (row["source_file"], row["source_row"], row["batch_id"]) == ("1.csv", 1, listing["batch_id"])
    loaded(settings, (LISTED, LISTINGS), end)
    assert Lake(settings.lake).snapshot().count("changes") == changes.height


def test_what_is_loaded_together_was_never_otherwise(settings: Settings) -> None:
    loaded(settings, (LISTED, LISTINGS), (REMOVED, REMOVAL), at_once=True)
    assert Lake(settings.lake).snapshot().count("changes") == 0


def test_an_annulment_withdraws_a_listing_of_serious_violation_too(settings: Settings) -> None:
    listed = "企业名称,统一社会信用代码,列入严重违法失信名单原因,列入日期,作出决定机关(列入)"
    annulled = "企业名称,统一社会信用代码,移出严重违法失信名单原因,移出严重违法失信名单日期"
    loaded(
        settings,
        (listed, f"{NAME},{CODE},虚假广告,2025-07-08,示例市市场监督管理局"),
        (annulled, f"{NAME},{CODE},列入有误撤销列入决定,2026-08-12"),
    )
    found = Lake(settings.lake).snapshot().scan("serious_listings").filter(pl.col("listed_on").is_not_null()).collect()
    assert found["annulled_on"].to_list() == [date(2026, 8, 12)]
