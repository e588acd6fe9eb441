"""`xincha stats`: figures as a table, as CSV and as JSON, by the parameters of the API."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests import coverage_files as files
from tests.cli.conftest import Environment, environment_of, result, xincha
from xincha.days import today


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A register, penalties and listings, loaded by the command. Not to be changed."""
    folder = tmp_path_factory.mktemp("stats")
    environment = environment_of(folder / "data")
    result(environment, "load", *(make(folder, today()) for make in (files.register, files.penalties, files.listings)))
    return environment


def test_figures_are_printed_as_a_table_with_what_is_loaded(loaded: Environment) -> None:
    done = xincha(loaded, "stats", "--of", "penalty", "--by", "authority,region", "--level", "city",
                  "--measure", "count", "--measure", "fine_sum")  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    shown = " ".join(done.stdout.split())
    for said in (
        "机关",
        "地区",
        "罚款金额合计（元）",
        files.CITY,
        "厦门市",
        "230,000.0",
        "合计",
        "行政处罚 3 条",
        "未装载：严重违法失信",
    ):
        assert said in shown


def test_figures_are_printed_as_json(loaded: Environment) -> None:
    told = result(loaded, "stats", "--of", "penalty", "--by", "authority", "--measure", "count,fine_sum")
    assert [(row["authority"], row["count"], row["fine_sum"]) for row in told["rows"]] == [
        (files.DISTRICT, 1, 0.0), (files.CITY, 2, 230_000.0)
    ]  # fmt: skip
    assert (told["total"], told["suppressed"]) == (3, 0)
    assert {kind["kind"] for kind in told["coverage"] if kind["loaded"]} == {"registration", "penalty", "abnormal"}


def test_figures_are_written_as_csv(loaded: Environment, tmp_path: Path) -> None:
    out = tmp_path / "figures.csv"
    done = xincha(loaded, "stats", "--of", "entity", "--by", "year", "--measure", "count,in_business", "--out", out)
    assert done.stdout == f"2 rows: {out}\n"
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["年"], row["家数（登记过的全部）"], row["名单地址"][:17]) for row in rows] == [
        ("2001", "1", "/api/v1/entities?"), ("2018", "1", "/api/v1/entities?")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--by", "year"], "--of"),
        (["--of", "penalty", "--by", "kind"], "--by"),
        (["--of", "entity", "--fine-from", "1"], "--fine-from"),
        (["--of", "entity", "--out", "figures.xlsx"], ".csv"),
    ],
)
def test_a_wrong_option_is_named(loaded: Environment, arguments: list[str], named: str) -> None:
    done = xincha(loaded, "stats", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert named in done.stderr
