"""The command line says what is loaded beside whatever it finds, or does not find."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from tests import coverage_files as files
from tests.cli.conftest import Environment, environment_of, result, xincha
from tests.coverage_files import COMPANY, NAMES, OTHER
from xincha.days import today
from xincha.kinds import KINDS

UNLOADED = f"未装载：{'、'.join(kind.title for kind in KINDS.values() if kind.name != 'penalty')}"


@pytest.fixture(scope="module")
def covered(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A register and penalties, loaded by the command. Not to be changed."""
    folder = tmp_path_factory.mktemp("covered")
    environment = environment_of(folder / "data")
    for make in (files.register, files.penalties):
        assert result(environment, "load", make(folder / "files", today()))["publish"]["documents"]["entities"] == 2
    return environment


def assert_said(head: str, also: str = "") -> None:
    assert head.startswith("数据范围：登记信息 2 家，截至 ")
    assert head.endswith(f"{UNLOADED}{also}")


def test_about_tells_what_is_loaded(covered: Environment) -> None:
    told = result(covered, "about")
    assert {each["kind"]: each["loaded"] for each in told["coverage"]} == {
        "registration": True, **{name: name == "penalty" for name in KINDS}
    }  # fmt: skip
    assert told["as_of"] == files.days_ago(today(), 40)
    shown = xincha(covered, "about").stdout
    assert all(said in shown for said in ("登记信息", "已装载", "抽查检查", "未装载", files.CITY))


@pytest.mark.parametrize("query", ["岚桥", "查无此名甲乙丙丁"])
def test_lookup_says_in_what_it_looked(covered: Environment, query: str) -> None:
    shown = " ".join(xincha(covered, "lookup", query).stdout.split())
    assert UNLOADED in shown
    assert f"登记信息 2 家，截至 {files.days_ago(today(), 90)}" in shown
    assert result(covered, "lookup", query)["coverage"] == result(covered, "about")["coverage"]


def test_lookup_shows_the_records_of_a_company(covered: Environment) -> None:
    (hit,) = result(covered, "lookup", NAMES[COMPANY], "--records")["hits"][:1]
    assert [each["kind"] for each in hit["records"]] == ["penalty"] * hit["records_total"]
    assert hit["records_total"] == hit["counts"]["penalty"] > 0
    shown = xincha(covered, "lookup", NAMES[COMPANY], "--records").stdout
    assert f"{NAMES[COMPANY]}：{hit['records_total']} 条记录" in shown
    refused = xincha(covered, "lookup", NAMES[COMPANY], "--records", "--as-of", "2024-01-01")
    assert (refused.returncode, "records are those of today" in refused.stderr) == (2, True)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet"])
def test_a_matched_list_says_in_what_was_looked(covered: Environment, tmp_path: Path, suffix: str) -> None:
    listed, out = tmp_path / "list.csv", tmp_path / f"out{suffix}"
    listed.write_text(f"供应商,备注\n{NAMES[OTHER]},甲\n无此示例厂,乙\n", "utf-8")
    report = result(covered, "match", listed, "--out", out)
    assert report["coverage"] == result(covered, "about")["coverage"]
    match suffix:
        case ".csv":
            head, *rows = csv.reader(out.read_text("utf-8-sig").splitlines())
            answers = [dict(zip(head, row, strict=True)) for row in rows]
            assert_said(head[-1], f"；{today()} 核对")
        case ".xlsx":
            sheet = pl.read_excel(out, drop_empty_cols=False)
            answers = sheet.to_dicts()
            assert_said(sheet.columns[-1], f"；{today()} 核对")
        case _:
            told = json.loads(pq.read_schema(out).metadata[b"coverage"])
            assert told == report["coverage"]
            answers = pl.read_parquet(out).to_dicts()
    assert [row["供应商"] for row in answers] == [NAMES[OTHER], "无此示例厂"]
    assert float(answers[0]["行政处罚"]) == 0
    assert answers[0]["经营异常（现在列）"] in ("", None)
    assert "装载的登记信息里没有" in answers[1]["理由"]


def test_a_matched_list_can_be_matched_again(covered: Environment, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(f"供应商\n{NAMES[OTHER]}\n", "utf-8")
    once = result(covered, "match", listed)
    twice = result(covered, "match", once["out"], "--column", "供应商")
    assert twice["states"] == once["states"] == {"matched": 1}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".ndjson"])
def test_an_export_says_what_is_loaded(covered: Environment, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"all{suffix}"
    report = result(covered, "export", "entities", "--out", out)
    assert report["coverage"] == result(covered, "about")["coverage"]
    match suffix:
        case ".csv":
            assert_said(out.read_text("utf-8-sig").splitlines()[0].rpartition(",")[2])
        case ".xlsx":
            assert_said(pl.read_excel(out, drop_empty_cols=False).columns[-1])
        case ".parquet":
            assert json.loads(pq.read_schema(out).metadata[b"coverage"]) == report["coverage"]
            assert pl.read_parquet(out)["counts_abnormal"].to_list() == [None, None]
        case _:
            lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
            counts = {line["uscc"]: line["counts"] for line in lines}
            assert (counts[COMPANY]["penalty"], counts[COMPANY]["abnormal"]) == (3, None)
            assert report["rows"] == len(lines)
    assert UNLOADED in xincha(covered, "export", "entities", "--out", out).stdout
