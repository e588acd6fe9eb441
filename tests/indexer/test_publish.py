"""The lake in the engine: documents, what is written again, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest

from indexer import plan as plans
from indexer import prepare
from indexer.kinds.abnormal import ABNORMAL_LISTINGS
from indexer.kinds.penalty import PENALTIES
from indexer.kinds.spot_check import SPOT_CHECKS
from indexer.lake import Lake
from indexer.publish import publish, status
from indexer.report import Stage
from indexer.tables import ENTITIES, Table
from xincha.engine.contract import Engine, IndexName
from xincha.engine.fields import INDICES
from xincha.engine.open import open_engine
from xincha.engine.query import Exists, Facet, MatchAll, Range, Request, Term, TermsAgg
from xincha.errors import EngineError, LakeError
from xincha.rules.window import state_on
from xincha.settings import Settings

pytestmark = pytest.mark.slow

Rows = Callable[..., pl.DataFrame]
Lay = Callable[..., str]
DAY = date(2024, 2, 1)
"""On which the listing A-1 is shown for the last time."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    with closing(open_engine(settings)) as opened:
        yield opened


def company(number: int, name: str, **rest: object) -> dict[str, object]:
    return {"entity_id": f"R-{number}", "reg_no": f"35020000000{number:04d}", "name": name, "name_key": name, **rest}


def penalty(number: int, party: str, **rest: object) -> dict[str, object]:
    key = {"record_id": f"P-{number}", "party_name": party, "party_name_key": party}
    return {**key, "penalty_types": ["罚款"], "decided_on": date(2024, 5, 6), "authority": "示例局", **rest}


def found(engine: Engine, index: IndexName) -> dict[str, dict[str, Any]]:
    hits = engine.search(index, Request(MatchAll(), size=1000)).hits
    return {hit.id: orjson.loads(hit.source) for hit in hits}


def ids(engine: Engine, index: IndexName, query: Any) -> set[str]:
    return {hit.id for hit in engine.search(index, Request(query, size=1000)).hits}


def searched(engine: Engine, index: IndexName) -> tuple[object, ...]:
    """All that searches can tell of an index: what is stored, which field has a value where, which values there are."""
    keys = [name for name, field in INDICES[index].items() if field.fast and field.type == "key"]
    facets = {name: Facet(TermsAgg(name, size=1000)) for name in keys}
    counts = engine.search(index, Request(MatchAll(), facets=facets)).facets
    having = {name: ids(engine, index, Exists(name)) for name, field in INDICES[index].items() if field.fast}
    return found(engine, index), having, counts


@pytest.fixture
def laid(settings: Settings, rows: Rows, lay: Lay) -> None:
    """Forty companies, three of which have records."""
    companies = [company(n, f"示例第{n}公司", region_code="350203", established_on=date(2000, 1, 1)) for n in range(40)]
    companies[1] |= {
        "capital_cny": Decimal("1000000.50"),
        "address": "示例路1号",
        "scope": "软件开发",
        "status": "存续",
    }
    penalties = [
        penalty(
            1, "示例第1公司", fine_cny=Decimal(500), content="罚款500元", facts="示例事实", doc_no="示罚〔2024〕1号"
        ),
        penalty(2, "示例第2公司", penalty_types=["警告"], content="警告"),
        penalty(3, "无此公司"),
        penalty(4, "示例第4公司", party_reg_no="350200000000004"),
    ]
    listing = {"party_name": "示例第1公司", "party_name_key": "示例第1公司", "listed_on": date(2024, 1, 1)}
    listings = [
        {**listing, "record_id": "A-1", "reason": "示例原因", "removed_on": date(2024, 2, 2), "listed_by": "示例局"},
        {**listing, "record_id": "A-2", "party_name": "示例第3公司", "party_name_key": "示例第3公司"},
    ]
    check = {
        "record_id": "C-1",
        "party_name": "示例第3公司",
        "party_name_key": "示例第3公司",
        "checked_on": date(2024, 3, 3),
    }
    lay(
        settings,
        (ENTITIES, rows(ENTITIES, *companies)),
        (PENALTIES, rows(PENALTIES, *penalties)),
        (ABNORMAL_LISTINGS, rows(ABNORMAL_LISTINGS, *listings)),
        (SPOT_CHECKS, rows(SPOT_CHECKS, {**check, "items": ["登记"], "results": ["示例结果"], "result_codes": [None]})),
    )


@pytest.mark.usefixtures("laid")
def test_an_index_tells_when_the_load_was_complete_that_it_was_made_of(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=DAY)
    loaded = Lake(settings.lake).ledger()["finished_at"][-1]
    for index in engine.status().indices.values():
        assert datetime.fromisoformat(index.note["loaded_at"]) == loaded


@pytest.mark.usefixtures("laid")
def test_what_is_stored_of_a_company_names_its_source_and_its_records(settings: Settings, engine: Engine) -> None:
    report = publish(settings, engine, day=DAY)
    assert (report.mode, report.documents) == ("full", {"entities": 40, "records": 6})
    entity = found(engine, "entities")["R-1"]
    assert entity["name"] == "示例第1公司"
    assert entity["capital_cny"] == 1000000.5
    assert entity["established_on"] == "2000-01-01"
    assert entity["region"].endswith("思明区")
    assert entity["origin"]["file"] == "a.csv"
    assert entity["origin"]["row"] == 2
    assert None not in entity.values()
    assert [record["kind"] for record in entity["records"]] == ["penalty", "abnormal"]
    assert entity["records"][0]["fine_cny"] == 500
    assert "records" not in found(engine, "entities")["R-9"]


@pytest.mark.usefixtures("laid")
def test_what_is_stored_of_a_record_says_whose_it_is_and_why(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=DAY)
    records = found(engine, "records")
    assert (records["P-1"]["entity_id"], records["P-1"]["link_rule"]) == ("R-1", "name")
    assert records["P-1"]["entity_name"] == "示例第1公司"
    assert records["P-1"]["doc_no"] == "示罚〔2024〕1号"
    assert records["P-1"]["happened_on"] == records["P-1"]["decided_on"] == "2024-05-06"
    assert (records["P-3"]["link_rule"], "entity_id" in records["P-3"]) == ("none", False)
    assert [state_on(records["A-1"], day) for day in ("2024-02-01", "2024-02-02")] == ["listed", "removed"]
    assert state_on(records["A-2"], "2024-02-02") == "listed"
    assert state_on(records["C-1"], "2024-02-02") is None


@pytest.mark.usefixtures("laid")
def test_companies_are_filtered_by_what_may_be_shown_of_them(settings: Settings, engine: Engine) -> None:
    publish(settings, engine, day=DAY)
    assert ids(engine, "entities", Range("spot_check_until", gte=date(2050, 1, 1))) == {"R-3"}
    assert ids(engine, "entities", Range("abnormal_until", gte=date(2024, 2, 1))) == {"R-1", "R-3"}
    assert ids(engine, "entities", Range("abnormal_until", gte=date(2024, 2, 2))) == {"R-3"}
    # a warning alone is not published
    assert ids(engine, "entities", Range("penalty_until", gte=date(2024, 6, 1))) == {"R-1", "R-4"}


@pytest.mark.usefixtures("laid")
def test_a_state_that_is_published_is_not_published_again(settings: Settings, engine: Engine) -> None:
    assert status(settings, engine, day=DAY).published is False
    first = publish(settings, engine, day=DAY)
    again = publish(settings, engine, day=DAY)
    assert (again.mode, again.documents) == ("unchanged", first.documents)
    assert status(settings, engine, day=DAY).published is True
    assert publish(settings, engine, day=DAY, full=True).mode == "full"


def test_nothing_loaded_is_nothing_to_publish(settings: Settings, engine: Engine) -> None:
    with pytest.raises(LakeError, match="xincha load"):
        publish(settings, engine, day=DAY)


CHANGES: dict[str, list[tuple[Table, dict[str, object]]]] = {
    "a company's fact": [(ENTITIES, company(5, "示例第5公司", legal_rep="甲"))],
    "a company's name, shown in its records": [(ENTITIES, company(1, "示例新名公司"))],
    "the name of a company that is linked by number": [(ENTITIES, company(4, "示例新四公司"))],
    "a new company, to which a record now links": [(ENTITIES, company(90, "无此公司"))],
    "a new company, with which a link is no longer sure": [(ENTITIES, company(91, "示例第2公司"))],
    "a new record of a company": [(PENALTIES, penalty(7, "示例第6公司", fine_cny=Decimal(9)))],
    "a record that is withdrawn": [(PENALTIES, penalty(1, "示例第1公司", withdrawn=True))],
    "a new record of nobody": [(PENALTIES, penalty(8, "另无此公司"))],
    "a company that is removed from a list": [
        (ABNORMAL_LISTINGS, {"record_id": "A-2", "party_name": "示例第3公司", "removed_on": date(2025, 1, 1)})
    ],
}


@pytest.mark.slow
@pytest.mark.usefixtures("laid")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_writing_what_differs_leaves_the_same_as_writing_all(  # noqa: PLR0917 - fixtures
    settings: Settings,
    engine: Engine,
    rows: Rows,
    lay: Lay,
    monkeypatch: pytest.MonkeyPatch,
    change: list[tuple[Table, dict[str, object]]],
) -> None:
    monkeypatch.setattr(plans, "SMALL_SHARE", 0.5)
    publish(settings, engine, day=DAY)
    lay(settings, *((table, rows(table, row, file="b.csv")) for table, row in change))
    report = publish(settings, engine, day=DAY)
    assert report.mode == "changes"
    assert sum(report.written.values()) < 8
    differing = {index: searched(engine, index) for index in plans.INDICES}
    publish(settings, engine, day=DAY, full=True)
    assert differing == {index: searched(engine, index) for index in plans.INDICES}


@pytest.mark.usefixtures("laid")
def test_indexed_fields_of_few_changes_are_those_of_a_full_build(
    settings: Settings, engine: Engine, rows: Rows, lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "SMALL_SHARE", 0.5)
    publish(settings, engine, day=DAY)
    lay(settings, (ENTITIES, rows(ENTITIES, company(1, "示例新名公司"), file="b.csv")))
    publish(settings, engine, day=DAY)
    for name in ("示例新名公司", "示例第1公司"):  # the old name still finds it
        assert ids(engine, "entities", Term("name_key", name)) == {"R-1"}
    assert ids(engine, "records", Term("entity_id", "R-1")) == {"P-1", "A-1"}


@pytest.mark.usefixtures("laid")
def test_many_changes_are_a_full_build(settings: Settings, engine: Engine, rows: Rows, lay: Lay) -> None:
    publish(settings, engine, day=DAY)
    lay(settings, (ENTITIES, rows(ENTITIES, *(company(n, f"示例新{n}公司") for n in range(20)))))
    assert publish(settings, engine, day=DAY).mode == "full"


@pytest.mark.usefixtures("laid")
def test_documents_that_are_made_otherwise_are_all_written_again(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, engine, day=DAY)
    monkeypatch.setattr(plans, "made_by", lambda: "other code")
    assert publish(settings, engine, day=DAY).mode == "full"


@pytest.mark.usefixtures("laid")
def test_a_publish_that_broke_off_is_made_up_for(
    settings: Settings, engine: Engine, rows: Rows, lay: Lay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "SMALL_SHARE", 0.5)
    publish(settings, engine, day=DAY)
    lay(settings, (ENTITIES, rows(ENTITIES, company(5, "示例第5公司", legal_rep="甲"))))

    def stop(stage: Stage, done: int, total: int | None) -> None:
        raise EngineError("stopped")

    with pytest.raises(EngineError, match="stopped"):
        publish(settings, engine, day=DAY, progress=stop)
    assert "legal_rep" not in found(engine, "entities")["R-5"]
    assert status(settings, engine, day=DAY).published is False
    assert publish(settings, engine, day=DAY).mode == "changes"
    assert found(engine, "entities")["R-5"]["legal_rep"] == "甲"


@pytest.mark.usefixtures("laid")
def test_a_lake_that_was_made_anew_is_published_in_full(
    settings: Settings, engine: Engine, rows: Rows, lay: Lay
) -> None:
    publish(settings, engine, day=DAY)
    settings.lake.rename(settings.data / "old")
    lay(settings, (ENTITIES, rows(ENTITIES, company(1, "示例公司"))))
    assert publish(settings, engine, day=DAY).mode == "full"
    assert set(found(engine, "entities")) == {"R-1"}


@pytest.mark.slow
@pytest.mark.usefixtures("laid")
def test_worker_processes_make_the_same_documents(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(settings, engine, day=DAY)
    alone = {index: found(engine, index) for index in plans.INDICES}
    monkeypatch.setattr(prepare, "POOL_FROM", 0)
    monkeypatch.setattr(prepare, "SLICE_ROWS", 7)
    publish(settings.model_copy(update={"workers": 2}), engine, day=DAY, full=True)
    assert alone == {index: found(engine, index) for index in plans.INDICES}


@pytest.mark.usefixtures("laid")
def test_progress_counts_documents_of_both_indices(settings: Settings, engine: Engine) -> None:
    seen: list[tuple[Stage, int, int | None]] = []
    publish(settings, engine, day=DAY, progress=lambda stage, done, total: seen.append((stage, done, total)))
    assert (Stage.ENTITIES, 40, 40) in seen
    assert seen[-1] == (Stage.RECORDS, 7, 7)


@pytest.mark.usefixtures("laid")
def test_the_status_counts_what_the_lake_holds(settings: Settings) -> None:
    told = status(settings)
    assert (told.batches, told.rows["entities"], told.rows["penalties"]) == (1, 40, 4)
    assert told.links == {"name": 5, "none": 1, "reg_no": 1}
    assert told.published is None
    assert told.as_dict()["last_batch_id"] == told.last_batch_id
    assert replace(told, batches=2).batches == 2
