"""Complete deliveries: what is absent from one is gone from its source, and comes back with a later delivery."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from indexer.delivery import MANIFEST, Declared
from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from indexer.report import LoadReport
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.errors import BadParameter, GoneTooMany, SourceError, UnreadableFile
from xincha.search.questions import EntitySearch, RecordSearch
from xincha.search.service import Searcher
from xincha.settings import Settings

pytestmark = pytest.mark.slow

CODE, NAME = "91350203YYY770016A", "厦门示例岚桥贸易有限公司"
COMPLETE = Declared(delivery="complete")
PENALTY = "行政处罚决定书文号,行政相对人名称,统一社会信用代码,违法事实,处罚类别,处罚内容,处罚决定日期,处罚机关"
LISTING = "企业名称,统一社会信用代码,列入经营异常名录原因,列入日期,作出决定机关(列入)"
RECENT = (today() - timedelta(days=20)).isoformat()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1, index_threads=1, index_memory_mb=32)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    with closing(open_engine(settings)) as opened:
        yield opened


def written(path: Path, head: str, rows: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([head, *rows, ""]), "utf-8")
    return path


def penalties(folder: Path, numbers: Sequence[int], fine: int = 90_000, name: str = "处罚.csv") -> Path:
    """A file of penalties of these numbers."""
    rows = [
        f"示市监罚字〔2026〕{number}号,{NAME},{CODE},示例违法事实,罚款,罚款{fine}元,{RECENT},示例市市场监督管理局"
        for number in numbers
    ]
    return written(folder / name, PENALTY, rows)


def listings(folder: Path, days: Sequence[int]) -> Path:
    """A file of listings, of so many days ago."""
    rows = [
        f"{NAME},{CODE},未按规定公示年度报告,{(today() - timedelta(ago)).isoformat()},示例市市场监督管理局"
        for ago in days
    ]
    return written(folder / "异常.csv", LISTING, rows)


def gone(settings: Settings, table: str = "penalties") -> dict[str, date]:
    """The records of a table that are gone: number (or day) → since when."""
    what = "doc_no" if table == "penalties" else "listed_on"
    rows = Lake(settings.lake).snapshot().scan(table).filter(pl.col("gone_on").is_not_null())
    return {str(key): day for key, day in rows.select(what, "gone_on").collect().iter_rows()}


def told(report: LoadReport) -> list[tuple[str, str, int, int, int]]:
    return [(each.source, each.kind, each.gone, each.of, each.returned) for each in report.gone]


def test_what_a_complete_delivery_lacks_is_gone_and_comes_back_with_a_later_one(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    all_of_them = range(1, 41)
    load([penalties(tmp_path, all_of_them)], settings, declared=COMPLETE)
    publish(settings, engine)
    report = load([penalties(tmp_path, all_of_them[1:])], settings, declared=COMPLETE)
    assert told(report) == [("", "penalty", 1, 40, 0)]
    assert report.changed
    assert gone(settings) == {"示市监罚字〔2026〕1号": today()}
    assert publish(settings, engine).documents["records"] == 39
    searcher = Searcher(engine, today=today)
    assert searcher.records.page(RecordSearch(q="示市监罚字〔2026〕1号", page_size=5)).total == 0
    report = load([penalties(tmp_path, all_of_them)], settings, declared=COMPLETE)  # the bytes of the first
    assert told(report) == [("", "penalty", 0, 39, 1)]
    assert gone(settings) == {}
    assert publish(settings, engine).documents["records"] == 40


def test_an_increment_takes_nothing_away_and_brings_back(settings: Settings, tmp_path: Path) -> None:
    load([penalties(tmp_path, range(1, 41))], settings)
    assert told(load([penalties(tmp_path, [41])], settings)) == []
    load([penalties(tmp_path, range(2, 42))], settings, declared=COMPLETE)
    assert len(gone(settings)) == 1
    load([penalties(tmp_path, [1], fine=91_000)], settings, declared=Declared(source="某局"))
    assert gone(settings) == {}


def test_it_counts_from_the_day_of_the_delivery(settings: Settings, tmp_path: Path) -> None:
    day = today() - timedelta(days=9)
    load([penalties(tmp_path, range(1, 41))], settings)
    load([penalties(tmp_path, range(2, 41))], settings, declared=Declared(delivery="complete", day=day))
    assert set(gone(settings).values()) == {day}
    with pytest.raises(BadParameter, match="still to come"):
        load([penalties(tmp_path, range(2, 41))], settings, declared=Declared(day=today() + timedelta(days=1)))


def test_a_delivery_is_complete_for_its_source_and_its_kinds_alone(settings: Settings, tmp_path: Path) -> None:
    one, other = (Declared(name, "complete") for name in ("甲局", "乙局"))
    load([penalties(tmp_path, range(1, 41)), listings(tmp_path, range(30, 60))], settings, declared=one)
    load([penalties(tmp_path, range(101, 141))], settings, declared=other)
    load([penalties(tmp_path, range(201, 241))], settings, declared=COMPLETE)
    assert gone(settings) == {}
    report = load([penalties(tmp_path, range(2, 41))], settings, declared=one)
    assert told(report) == [("甲局", "penalty", 1, 40, 0)]
    assert len(gone(settings)) == 1
    assert gone(settings, "abnormal_listings") == {}
    report = load([listings(tmp_path, range(31, 60))], settings, declared=one)
    assert told(report) == [("甲局", "abnormal", 1, 30, 0)]
    assert len(gone(settings, "abnormal_listings")) == 1


def test_whoever_delivered_a_record_last_decides_about_it(settings: Settings, tmp_path: Path) -> None:
    one, other = (Declared(name, "complete") for name in ("甲局", "乙局"))
    load([penalties(tmp_path, range(1, 41))], settings, declared=one)
    load([penalties(tmp_path, range(40, 80), fine=91_000)], settings, declared=other)
    load([penalties(tmp_path, range(1, 40))], settings, declared=one)
    assert gone(settings) == {}  # the second source has it
    load([penalties(tmp_path, range(41, 80))], settings, declared=other)
    assert set(gone(settings)) == {"示市监罚字〔2026〕40号"}


def test_a_delivery_of_several_files_is_one(settings: Settings, tmp_path: Path) -> None:
    parts = [penalties(tmp_path, range(1, 21), name="甲.csv"), penalties(tmp_path, range(21, 41), name="乙.csv")]
    load(parts, settings, declared=COMPLETE)
    penalties(tmp_path, range(22, 41), name="乙.csv")  # and the other as it was
    assert told(load(parts, settings, declared=COMPLETE)) == [("", "penalty", 1, 40, 0)]
    assert set(gone(settings)) == {"示市监罚字〔2026〕21号"}


def test_a_row_that_is_gone_keeps_its_facts(settings: Settings, tmp_path: Path) -> None:
    load([penalties(tmp_path, range(1, 41))], settings, declared=COMPLETE)
    before = Lake(settings.lake).snapshot().scan("penalties").drop("batch_id", "gone_on").collect().sort("record_id")
    load([penalties(tmp_path, range(2, 41))], settings, declared=COMPLETE)
    after = Lake(settings.lake).snapshot().scan("penalties").drop("batch_id", "gone_on").collect().sort("record_id")
    assert after.equals(before)


@pytest.mark.parametrize(("percent", "rows"), [(5.0, 38), (2.0, 39)])
def test_a_delivery_that_lacks_too_much_is_refused_before_anything_is_written(
    settings: Settings, tmp_path: Path, percent: float, rows: int
) -> None:
    load([penalties(tmp_path, range(40))], settings, declared=COMPLETE)
    strict = settings.model_copy(update={"gone_percent": percent})
    load([penalties(tmp_path, range(40), fine=91_000)], strict, declared=COMPLETE)
    before = Lake(settings.lake).snapshot()
    fewer = penalties(tmp_path, range(rows - 1), fine=92_000)
    with pytest.raises(GoneTooMany, match=rf"{41 - rows} of the 40 .*--accept-gone") as refused:
        load([fewer], strict, declared=COMPLETE)
    assert "penalty" in str(refused.value)
    assert Lake(settings.lake).snapshot() == before
    assert told(load([fewer], strict, declared=COMPLETE, accept_gone=True)) == [("", "penalty", 41 - rows, 40, 0)]


def test_an_empty_complete_delivery_is_refused_too(settings: Settings, tmp_path: Path) -> None:
    load([penalties(tmp_path, range(40))], settings, declared=COMPLETE)
    nothing = penalties(tmp_path, [])
    with pytest.raises(GoneTooMany, match="40 of the 40"):
        load([nothing], settings, declared=COMPLETE)
    load([nothing], settings, declared=COMPLETE, accept_gone=True)
    assert len(gone(settings)) == 40


def test_an_older_complete_delivery_than_the_last_is_refused(settings: Settings, tmp_path: Path) -> None:
    load([penalties(tmp_path, range(40))], settings, declared=COMPLETE)
    older = Declared(delivery="complete", day=today() - timedelta(days=1))
    with pytest.raises(SourceError, match="--delivery increment"):
        load([penalties(tmp_path, range(39))], settings, declared=older)
    load([penalties(tmp_path, range(39))], settings, declared=older._replace(source="乙局"))


def test_a_file_beside_the_files_declares_their_delivery(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "deliveries"
    day = today() - timedelta(days=3)
    for name in ("甲局", "乙局"):
        said = {"source": name, "delivery": "complete", "day": day.isoformat()}
        penalties(folder / name / "files", range(40) if name == "甲局" else range(100, 140))
        (folder / name / MANIFEST).write_text(json.dumps(said), "utf-8")
    report = load([folder], settings)
    assert told(report) == [("乙局", "penalty", 0, 0, 0), ("甲局", "penalty", 0, 0, 0)]
    assert not report.skipped
    penalties(folder / "甲局" / "files", range(1, 40))
    assert told(load([folder], settings)) == [("乙局", "penalty", 0, 40, 0), ("甲局", "penalty", 1, 40, 0)]
    assert set(gone(settings).values()) == {day}
    one = folder / "甲局" / "files" / "处罚.csv"
    assert told(load([one], settings)) == []  # a file that is named alone: only what lies in its own folder counts
    (one.parent / MANIFEST).write_text('{"source": "甲局", "delivery": "complete"}', "utf-8")
    assert told(load([one, one.parent / MANIFEST], settings)) == [("甲局", "penalty", 0, 39, 0)]
    assert told(load([one], settings, declared=Declared(delivery="increment"))) == []


@pytest.mark.parametrize(
    "said",
    [
        "[]", "{", '{"source": 1}', '{"delivery": "whole"}', '{"day": "2026-13-01"}', '{"name": "甲局"}',
        '{"source": "\\n"}', '{"day": "2999-01-01"}', '"complete"', "\udcff",
        '{"source": "' + "甲" * 20_000 + '"}',
    ],
)  # fmt: skip
def test_a_declaration_that_cannot_be_read_is_an_error(settings: Settings, tmp_path: Path, said: str) -> None:
    file = penalties(tmp_path / "files", range(3))
    (file.parent / MANIFEST).write_bytes(said.encode("utf-8", "surrogateescape"))
    with pytest.raises(UnreadableFile, match=f"{MANIFEST}.*nothing was loaded"):
        load([file.parent], settings)
    assert not Lake(settings.lake).ledger().height


def test_a_file_that_gets_a_source_is_read_again(settings: Settings, tmp_path: Path) -> None:
    file = penalties(tmp_path, range(3))
    load([file], settings)
    assert load([file], settings, declared=Declared(source="甲局")).changed
    assert load([file], settings, declared=Declared(source="甲局")).files[0].loaded_before
    sources = Lake(settings.lake).snapshot().scan("penalties").select("source").collect().to_series()
    assert set(sources) == {"甲局"}
    assert load([file], settings).files[0].loaded_before


def test_entities_and_pages_follow(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    register = written(tmp_path / "登记.csv", "企业名称,统一社会信用代码,登记状态", [f"{NAME},{CODE},存续"])
    load([register, penalties(tmp_path, [1])], settings, declared=COMPLETE)
    publish(settings, engine)
    searcher = Searcher(engine, today=today)
    assert searcher.entities.one(CODE)["counts"]["penalty"] == 1
    load([register, penalties(tmp_path, [])], settings, declared=COMPLETE, accept_gone=True)
    publish(settings, engine)
    assert searcher.entities.one(CODE)["counts"]["penalty"] == 0
    assert searcher.entities.page(EntitySearch(has=("penalty",))).total == 0
