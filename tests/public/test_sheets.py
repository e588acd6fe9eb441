"""Public reports on how files are read, tried on the files that they were reported with (`cases/public`)."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from indexer.lake import Lake
from indexer.lists import open_list
from indexer.load import load
from indexer.publish import publish
from indexer.report import LoadReport
from xincha.days import today
from xincha.engine.open import open_engine
from xincha.search.questions import EntitySearch
from xincha.search.service import Searcher
from xincha.settings import Settings

BRIDGE, REEF, ROCK = "91350203YYY770016A", "91350203YYY7700245", "91350203YYY770040T"


def scan(settings: Settings, name: str) -> pl.DataFrame:
    return Lake(settings.lake).snapshot().scan(name).collect()


def file_of(cases: Path, name: str) -> Path:
    return next(path for path in cases.glob(f"{name}*") if path.suffix != ".md")


def loaded(settings: Settings, cases: Path, name: str) -> LoadReport:
    """The report on this file, loaded behind the base."""
    load([cases / "base.csv"], settings)
    return load([file_of(cases, name)], settings)


def test_a_header_of_two_rows(settings: Settings, cases: Path) -> None:
    report = loaded(settings, cases, "05_")
    assert (report.files[0].kept, report.files[0].rejected, report.files[0].issues) == (2, 0, 0)
    rows = scan(settings, "penalties").sort("source_row")
    assert rows["party_uscc"].to_list() == [BRIDGE, REEF]
    assert rows["doc_no"].to_list() == ["示市监处罚〔2026〕21号", "示市监处罚〔2026〕22号"]
    assert rows["decided_on"].to_list() == [date(2026, 3, 5)] * 2
    assert rows["authority"].to_list() == ["示例市场监督管理局"] * 2
    assert [*map(int, rows["fine_cny"])] == [5000, 5000]


def test_one_check_whose_party_is_merged_over_three_rows(settings: Settings, cases: Path) -> None:
    report = loaded(settings, cases, "06a_")
    assert (report.files[0].rows_read, report.files[0].rejected) == (4, 0)
    checks = {row["party_uscc"]: row for row in scan(settings, "spot_checks").to_dicts()}
    assert checks[BRIDGE]["items"] == ["登记事项检查", "公示信息检查", "广告行为检查"]
    assert "发现问题已责令改正" in checks[BRIDGE]["results"]
    assert len(checks[REEF]["results"]) == 1


def test_an_identity_number_is_no_code(settings: Settings, cases: Path) -> None:
    report = loaded(settings, cases, "08_")
    assert (report.files[0].kept, report.files[0].issues) == (3, 3)
    entities = scan(settings, "entities").filter(pl.col("source_file").str.starts_with("08_"))
    assert entities["uscc"].to_list() == [None] * 3
    assert all(identifier.startswith("N-") for identifier in entities["entity_id"])
    found = Lake(settings.lake).issues(limit=10)
    assert [issue.code for issue in found].count("identity_as_code") == 3
    assert "3502991960" not in str(found)


def test_totals_and_notes_are_no_companies(settings: Settings, cases: Path) -> None:
    report = loaded(settings, cases, "09_")
    assert (report.files[0].merged, report.files[0].kept, report.files[0].rejected) == (2, 0, 6)
    assert scan(settings, "entities").height == 5


def test_codes_that_a_spreadsheet_marks_as_text(settings: Settings, cases: Path) -> None:
    report = loaded(settings, cases, "10_spreadsheet_text_marks__L06")
    assert (report.files[0].merged, report.files[0].kept, report.files[0].issues) == (2, 0, 0)
    numbers = dict(scan(settings, "entities").select("uscc", "reg_no").iter_rows())
    assert (numbers[BRIDGE], numbers[REEF]) == ("350203990077216", "350203990077224")


def test_nul_characters(settings: Settings, cases: Path) -> None:
    report = loaded(settings, cases, "11_")
    assert (report.files[0].rows_read, report.files[0].merged) == (3, 3)


def test_sheets_of_instructions(settings: Settings, cases: Path) -> None:
    report = loaded(settings, cases, "12_")
    assert [(file.kept, file.rejected) for file in report.files] == [(1, 2)]
    assert sorted(each["file"].rpartition("#")[2] for each in report.skipped) == ["填报说明", "字典"]
    assert scan(settings, "penalties")["doc_no"].to_list() == ["示市监罚字〔2026〕501号"]


def test_dates(settings: Settings, cases: Path) -> None:
    loaded(settings, cases, "17_")
    entities = scan(settings, "entities").filter(pl.col("source_file").str.starts_with("17_"))
    days = dict(entities.select(pl.col("name").str.extract("日(\\d\\d)").cast(pl.Int64), "established_on").iter_rows())
    other = {4: date(2018, 12, 31), 24: date(2018, 1, 5), 25: date(2018, 1, 5), 26: date(1998, 10, 23)}
    unread = dict.fromkeys((6, 7, 11, 15, 16, 23))  # years of two digits, no day, no such day, no month
    assert days == {**dict.fromkeys(range(28), date(2018, 3, 5)), **other, **unread}


def test_a_character_of_a_private_place_is_found(settings: Settings, cases: Path) -> None:
    loaded(settings, cases, "18_")
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        searcher = Searcher(engine, today=today)
        hits = searcher.entities.page(EntitySearch(q="䶮辉")).hits
        assert [hit["uscc"] for hit in hits][:1] == ["91350203YYY773014R"]
        for name in ("厦门示例䶮辉贸易有限公司", "厦门示例\ue863辉贸易有限公司"):
            [found] = searcher.matcher.match([{"name": name}])
            assert (found.state, found.candidates[0].uscc) == ("matched", "91350203YYY773014R")


@pytest.mark.parametrize("name", ["L13_html.xls", "L13_tsv.xls", "L12_array.json"])
def test_what_portals_export(settings: Settings, cases: Path, name: str) -> None:
    load([cases / "base.csv"], settings)
    report = load([file_of(cases, f"20_*{name}")], settings)
    assert (report.files[0].rows_read, report.files[0].rejected) == (1, 0)


@pytest.mark.parametrize(
    ("name", "column"), [("S6_contract", "乙方"), ("S6d_parties", "乙方"), ("S6e_supplier_full", "供应商全称")]
)
def test_a_list_with_two_columns_of_companies(cases: Path, tmp_path: Path, name: str, column: str) -> None:
    read = open_list(file_of(cases, f"04_*{name}"), tmp_path / "parsed")
    assert read.columns["name"] == [column]
    assert read.header[0] in ("合同名称", "项目名称", "采购单位")


def test_codes_of_a_list_that_a_spreadsheet_marks_as_text(cases: Path, tmp_path: Path) -> None:
    from xincha.search.match.rows import read_row

    read = open_list(file_of(cases, "10_*S3"), tmp_path / "parsed")
    assert read.columns == {"name": ["供应商"], "uscc": ["税号"]}
    codes = [read_row(row.says).code for batch in read.batches() for row in batch]
    assert [code and code.value for code in codes] == [
        "91350200155012997K", "913502001551413772", "91350200612006171L", "91350212155327286P", "91350200612006235J",
        "91350211612006243B", None, "91350200155013930Y", "91350200612006649N", "91350200612006702J",
    ]  # fmt: skip
