"""A lake that the first release wrote is read as it is: its columns, in its order, no later tables."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from indexer import lake as lakes
from indexer.lake import Lake, write_file
from indexer.load import load
from indexer.publish import publish
from indexer.tables import CARRIED, LINKS, MONEY, ORIGIN
from xincha.engine.open import open_engine
from xincha.search.questions import RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings

TEXT, LIST = pl.String, pl.List(pl.String)
PARTY = dict.fromkeys(
    ("record_id", "party_name", "party_name_key", "party_uscc", "party_reg_no", "party_region_code"), TEXT
)
RELEASED: dict[str, dict[str, Any]] = {
    "entities": {
        **dict.fromkeys(("entity_id", "uscc", "reg_no", "org_code", "name", "name_key"), TEXT),
        "former_names": LIST,
        **dict.fromkeys(("kind", "enterprise_type", "status"), TEXT),
        "status_on": pl.Date,
        "legal_rep": TEXT,
        **dict.fromkeys(("capital_cny", "capital_amount"), MONEY),
        **dict.fromkeys(("capital_currency", "capital_text"), TEXT),
        **dict.fromkeys(("established_on", "approved_on", "term_from_on", "term_to_on"), pl.Date),
        **dict.fromkeys(("region_code", "address", "industry_code", "industry_text", "scope", "authority"), TEXT),
    },
    "abnormal_listings": {
        **PARTY,
        "mark": pl.Boolean,
        "reason": TEXT,
        "reason_code": TEXT,
        "listed_on": pl.Date,
        **dict.fromkeys(("listed_by", "list_doc_no"), TEXT),
        "removed_on": pl.Date,
        **dict.fromkeys(("removal_reason", "removed_by", "removal_doc_no"), TEXT),
    },
    "spot_checks": {
        **PARTY,
        **dict.fromkeys(("plan_no", "plan_name", "task_no", "task_name", "check_type"), TEXT),
        **dict.fromkeys(("items", "results", "result_codes"), LIST),
        "checked_on": pl.Date,
        "authority": TEXT,
    },
}
NAME = "厦门示例旧湖商贸有限公司"
ROWS: dict[str, dict[str, object]] = {
    "entities": {"entity_id": "R-1", "name": NAME, "name_key": NAME, "kind": "企业", "status": "存续"},
    "abnormal_listings": {
        "record_id": "A-1", "party_name": NAME, "party_name_key": NAME, "reason": "失联", "listed_on": date(2024, 1, 2),
    },
    "spot_checks": {
        "record_id": "C-1", "party_name": NAME, "party_name_key": NAME,
        "results": ["未发现问题"], "result_codes": ["未发现问题"],
        "checked_on": date(2024, 5, 6), "authority": "示例局",
    },
}  # fmt: skip


@pytest.fixture
def released(tmp_path: Path) -> Settings:
    """Settings of a lake as the first release wrote it: one entity, a listing, a check, and their links."""
    settings = Settings(data=tmp_path, page=tmp_path / "none", workers=1)
    with pytest.MonkeyPatch.context() as earlier, Lake(settings.lake).writing() as writing:
        for name, columns in RELEASED.items():
            schema = {**columns, **ORIGIN, "carried": CARRIED}
            earlier.setitem(lakes.SCHEMAS, name, schema)
            origin = {"batch_id": writing.batch_id, "source_file": "a.csv", "source_row": 1}
            row = {**origin, "loaded_at": writing.started_at, **ROWS[name]}
            frame = pl.DataFrame([row], schema=pl.Schema(schema))
            writing.commit(name, [write_file(frame, writing.path())])
        links = [
            {"record_id": row["record_id"], "table": name, "entity_id": "R-1", "rule": "name"}
            for name, row in ROWS.items()
            if "record_id" in row
        ]
        writing.commit("links", [write_file(pl.DataFrame(links, schema=pl.Schema(LINKS)), writing.path())])
        writing.finish({"files": [], "seconds": "{}", "program": "0.1.0"})
    return settings


def test_a_lake_of_the_first_release_is_published_and_loaded_into(released: Settings) -> None:
    licences = released.data / "licences.csv"
    licences.write_text(f"entName,licNo,licName_CN,valFrom,valTo\n{NAME},示1,示例证,2024-01-02,长期\n", "utf-8")
    checks = released.data / "checks.csv"
    checks.write_text(f"企业名称,抽查任务名称,检查结果,检查日期\n{NAME},示例任务,无法联系,2025-05-06\n", "utf-8")
    with closing(open_engine(released)) as engine:
        assert publish(released, engine).documents == {"entities": 1, "records": 2}
        load([licences, checks], released)
        assert publish(released, engine).documents == {"entities": 1, "records": 4}
        page = Searcher(engine, today=lambda: date(2026, 1, 1)).records.page(RecordSearch())
    assert {(hit["kind"], hit.get("state"), hit["entity_id"]) for hit in page.hits} == {
        ("abnormal", "listed", "R-1"),
        ("spot_check", "clear", "R-1"),
        ("spot_check", "found", "R-1"),
        ("licence", "valid", "R-1"),
    }
