"""Columns of files: what is read, and that what is not read is named, for each file."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from indexer.lake import Lake
from indexer.load import load
from indexer.report import LoadReport
from xincha.settings import Settings

CODE = "91350203YYY770016A"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1)


def entities(settings: Settings) -> pl.DataFrame:
    return Lake(settings.lake).snapshot().scan("entities").collect()


def unread(report: LoadReport) -> dict[str, list[str]]:
    return {file.file: [*file.unread_columns] for file in report.files}


def test_columns_of_the_public_reports_are_read_or_named(settings: Settings, shared: Path) -> None:
    names = [f"07_columns_dropped_in_silence__L{name}.csv" for name in ("50_numbers", "50_stars", "70_unread_columns")]
    files = [shared / "cases/public" / name for name in names]
    report = load(files[:2], settings)
    assert unread(report) == {name: [] for name in names[:2]}
    (row,) = entities(settings).iter_rows(named=True)
    assert (row["entity_id"], str(row["established_on"]), row["legal_rep"]) == (CODE, "2018-03-05", "示安")
    expected = ["社会信用代码证号（统一）", "注册成立日", "法人代表名字", "注册资本金额(万元)"]
    assert unread(load(files[2:], settings)) == {names[2]: expected}
    assert unread(load(files[2:], settings)) == {names[2]: expected}  # that it was loaded before changes nothing


def test_json_lines_of_the_open_collection_are_read(settings: Settings, tmp_path: Path) -> None:
    line = {
        "name": "厦门示例岚桥贸易有限公司",
        "code": CODE,
        "registrationDay": "2018-03-05",
        "character": "有限责任公司",
        "legalRepresentative": "示安",
        "capital": "100(万元人民币)",
        "businessScope": "零售",
        "province": "福建",
        "city": "厦门",
        "address": "厦门市思明区示例路1号",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
    assert unread(load([tmp_path / "a.jsonl"], settings)) == {"a.jsonl": []}
    (row,) = entities(settings).iter_rows(named=True)
    assert (row["uscc"], str(row["established_on"]), row["enterprise_type"]) == (CODE, "2018-03-05", "有限责任公司")
    assert (row["legal_rep"], row["capital_cny"], row["scope"]) == ("示安", 1_000_000, "零售")
    assert (row["region_code"], row["address"]) == ("350203", "厦门市思明区示例路1号")


@pytest.mark.parametrize(
    ("header", "values", "names"),
    [
        ("企业名称,成立日期,法人性格", "甲,2018-03-05,", ["法人性格"]),
        ("企业名称,成立日期,联系电话,公司网址", "甲,2018-03-05,,", ["联系电话", "公司网址"]),
        ("序号,企业名称,成立日期", "1,甲,2018-03-05", []),
        ("企业名称,成立日期,", "甲,2018-03-05,", []),
        ("企业名称,成立日期,", "甲,2018-03-05,乙", ["第3列"]),
        ("企业名称,名称,成立日期", "甲,甲,2018-03-05", []),
        ("企业名称,名称,成立日期", ",甲,2018-03-05", []),
        ("企业名称,成立日期,住所,经营场所", "甲,2018-03-05,示例路1号,示例路2号", ["经营场所"]),
        ("企业名称,成立日期,企业名称（英文）", "甲,2018-03-05,Example", ["企业名称（英文）"]),
        ("企业名称,列入日期,列入原因,法定代表人", "甲,2018-03-05,示例,乙", ["法定代表人"]),
    ],
)
def test_every_column_is_read_or_named(
    settings: Settings, tmp_path: Path, header: str, values: str, names: list[str]
) -> None:
    rows = values.replace("甲", "厦门示例岚桥贸易有限公司")
    (tmp_path / "a.csv").write_text(f"{header}\n{rows}\n", "utf-8")
    assert unread(load([tmp_path / "a.csv"], settings)) == {"a.csv": names}


def test_the_ledger_keeps_its_shape(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("企业名称,成立日期,法人性格\n厦门示例岚桥贸易有限公司,2018-03-05,急\n", "utf-8")
    load([tmp_path / "a.csv"], settings)
    (files,) = Lake(settings.lake).ledger()["files"].to_list()
    assert "unread_columns" not in files[0]
