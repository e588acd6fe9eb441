"""`xincha quality`: how well penalties are published, by the command."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from indexer.lake import Lake
from tests.api.test_quality import ROWS
from tests.cli.conftest import Environment, environment_of, result, xincha
from tests.quality_files import CITY, ENVIRONMENT, penalties, register


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A register and penalties, loaded and not published. Not to be changed."""
    folder = tmp_path_factory.mktemp("quality")
    environment = environment_of(folder / "data")
    result(environment, "load", register(folder), penalties(folder / "处罚.csv", *ROWS), "--no-publish")
    return environment


def test_json_is_what_the_api_answers(loaded: Environment) -> None:
    told = result(loaded, "quality")
    assert [(row["month"], row["authority"], row["records"]) for row in told["rows"]] == [
        ("2026-04", CITY, 3), ("2026-04", ENVIRONMENT, 1), ("2026-03", CITY, 2), (None, CITY, 1)
    ]  # fmt: skip
    assert (told["total"], told["since"]) == (4, None)
    assert [row["late"] for row in told["rows"]] == [0, 0, 1, 0]


def test_a_table_shows_offices_and_months(loaded: Environment) -> None:
    shown = xincha(loaded, "quality", "--month-from", "2026-04", "--authority", CITY).stdout
    assert all(each in shown for each in ("处罚机关", "按期", "逾期", CITY, "2026-04"))
    assert "2026-03" not in shown
    assert ENVIRONMENT not in shown
    assert "no penalties of these" in xincha(loaded, "quality", "--source", "别的.csv").stdout


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".ndjson", ".parquet"])
def test_rows_are_written_to_a_file(loaded: Environment, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"质量{suffix}"
    assert result(loaded, "quality", "--out", out) == {"file": str(out), "rows": 4}
    match suffix:
        case ".csv":
            rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
            assert (rows[0]["处罚机关"], rows[0]["按期"], rows[0]["不明：未载明公示日期"]) == (CITY, "2", "1")
            assert rows[3]["决定月份"] == ""
        case ".xlsx":
            assert pl.read_excel(out)["处罚"].to_list() == [3, 1, 2, 1]
        case ".ndjson":
            lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
            assert [line["late"] for line in lines] == [0, 0, 1, 0]
            assert lines[0]["unknown_why"] == {"no_publication_day": 1}
        case _:
            assert pl.read_parquet(out)["late"].to_list() == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("options", "said"),
    [(("--month-from", "2026"), "--month-from"), (("--out", "quality.txt"), "--out"), (("--month", "1"), "--month")],
)
def test_what_cannot_be_used_is_said_in_a_line(loaded: Environment, options: tuple[str, ...], said: str) -> None:
    done = xincha(loaded, "quality", *options)
    assert done.returncode == 2
    assert said in done.stderr or "must end with" in done.stderr


def test_what_is_held_back_is_counted_at_once(tmp_path: Path) -> None:
    environment = environment_of(tmp_path / "data")
    result(environment, "load", penalties(tmp_path / "处罚.csv", ROWS[0]))
    record = Lake(tmp_path / "data" / "lake").snapshot().scan("penalties").collect()["record_id"][0]
    result(environment, "hold", record, "--reason", "示例")
    assert [row["held"] for row in result(environment, "quality")["rows"]] == [1]


def test_an_empty_lake_has_no_rows(tmp_path: Path) -> None:
    assert result(environment_of(tmp_path / "data"), "quality")["rows"] == []


def test_the_state_of_the_engine_is_told_without_the_rows(loaded: Environment) -> None:
    result(loaded, "publish")
    told = result(loaded, "status")
    assert told["engine"]["ready"]
    assert all("quality" not in index["note"] for index in told["engine"]["indices"].values())
