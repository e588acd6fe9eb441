"""A clock that was set back: loads and publishes go by their numbers, and what a search shows is the latest load."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish, status
from tests.indexer import phases
from xincha.engine.open import open_engine
from xincha.engine.query import MatchAll, Request
from xincha.search.history import as_of
from xincha.settings import Settings

pytestmark = pytest.mark.slow

FAKES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


@pytest.fixture
def set_back() -> dict[str, str]:
    """What sets the clock of a process back by more than a year."""
    if not FAKES:
        pytest.skip("libfaketime is not installed (apt-get install faketime)")
    return {"LD_PRELOAD": str(FAKES[0]), "FAKETIME": "-400d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def test_a_load_under_a_clock_that_was_set_back_is_the_latest_one(tmp_path: Path, set_back: dict[str, str]) -> None:
    settings = Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32)
    files = []
    for person in ("甲某", "乙某", "丙某", "丁某"):
        files.append(tmp_path / f"{person}.csv")
        files[-1].write_text(f"企业名称,法定代表人,成立日期\n鹭岛示例一号有限公司,{person},2001-02-03\n", "utf-8")
    for file in files[:2]:
        load([file], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        for command in ("load", "publish"):
            phases.run(command, settings.data, files[2:3], environment=set_back)
        assert status(settings, engine).published
        ledger = Lake(settings.lake).ledger()
        assert ledger["finished_at"][-1] < datetime.now(UTC) - timedelta(days=399)
        load(files[3:], settings)
        publish(settings, engine)
        assert publish(settings, engine).mode == "unchanged"
        (hit,) = engine.search("entities", Request(MatchAll())).hits
        shown = orjson.loads(hit.source)
        assert shown["legal_rep"] == "丁某"
        assert [change["old"] for change in shown["changes"] if change["field"] == "legal_rep"] == [
            "甲某",
            "乙某",
            "丙某",
        ]
        today = datetime.now(UTC).date()
        assert as_of(shown, today - timedelta(days=30))["legal_rep"] == "甲某"
        assert as_of(shown, today + timedelta(days=2))["legal_rep"] == "丁某"
        engine.rollback()
        (hit,) = engine.search("entities", Request(MatchAll())).hits
        assert orjson.loads(hit.source)["legal_rep"] == "丙某"
