"""`xincha export`: the same filters as the API, four kinds of file, each there whole or not at all."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import typer.main

from tests.cli.conftest import Environment, result, xincha
from xincha import cli_export
from xincha.kinds import KINDS, of_entities
from xincha.search.questions import EntitySelection, Parameters, RecordSelection


def read(path: Path) -> pl.DataFrame:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return pl.DataFrame(list(csv.DictReader(file)))
    if path.suffix == ".ndjson":
        return pl.DataFrame(
            [json.loads(line) for line in path.read_text("utf-8").splitlines()], infer_schema_length=None
        )
    return pl.read_excel(path) if path.suffix == ".xlsx" else pl.read_parquet(path)


@pytest.mark.parametrize("suffix", [".csv", ".ndjson", ".xlsx", ".parquet"])
@pytest.mark.parametrize("index", ["entities", "records"])
def test_a_file_holds_as_many_rows_as_the_command_says(
    loaded: Environment, tmp_path: Path, index: str, suffix: str
) -> None:
    out = tmp_path / f"all{suffix}"
    told = result(loaded, "export", index, "--out", out)
    assert told["file"] == str(out)
    assert told["rows"] == read(out).height > 100
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_filters_and_order_are_those_of_the_search(loaded: Environment, tmp_path: Path) -> None:
    out = tmp_path / "some.parquet"
    filters = ["--status", "存续", "--status", "注销", "--established-from", "2015-01-01", "--sort", "-established_on"]
    told = result(loaded, "export", "entities", "--q", "示例", *filters, "--out", out)
    found = read(out)
    assert told["rows"] == found.height > 10
    assert set(found["status"]) <= {"存续", "注销"}
    days = found["established_on"].to_list()
    assert days == sorted(days, reverse=True)
    assert min(days) >= date(2015, 1, 1)


def test_parquet_has_types_and_the_names_of_both(loaded: Environment, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    out = tmp_path / "fines.parquet"
    result(loaded, "export", "records", "--kind", "penalty", "--fine-from", "10000", "--out", out)
    found = read(out)
    assert found["fine_cny"].min() >= 10_000  # type: ignore[operator]
    assert found.schema["penalty_types"] == pl.List(pl.String)
    assert found.schema["decided_on"] == pl.Date
    assert found.schema["origin_loaded_at"] == pl.Datetime("us", "UTC")
    assert pq.read_schema(out).field("fine_cny").metadata == {b"head": "罚款金额（元）".encode()}
    assert "listed_on" not in found.columns


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["entities", "--out", "x.pdf"], ".parquet"),
        (["entities", "--out", "x"], ".csv"),
        (["entities"], "out"),
        (["entities", "--out", "nowhere/x.csv"], "nowhere"),
        (["entities", "--status", "好", "--out", "x.csv"], "--status"),
        (["entities", "--established-from", "2020", "--out", "x.csv"], "--established-from"),
        (["records", "--fine-from", "2", "--fine-to", "1", "--out", "x.csv"], "--fine-from"),
        (["records", "--sort", "relevant", "--out", "x.csv"], "--sort"),
        (["people", "--out", "x.csv"], "people"),
    ],
)
def test_what_cannot_be_written_is_one_clear_line(
    loaded: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], named: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = xincha(loaded, "export", *arguments)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert named in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_finished_leaves_the_one_before(loaded: Environment, tmp_path: Path) -> None:
    out = tmp_path / "all.csv"
    out.mkdir()
    (out / "kept").touch()
    assert xincha(loaded, "export", "entities", "--out", out).returncode == 2
    assert (out / "kept").exists()
    assert list(tmp_path.iterdir()) == [out]


def test_nothing_published_is_said(environment: Environment, tmp_path: Path) -> None:
    done = xincha(environment, "export", "entities", "--out", tmp_path / "x.csv")
    assert done.returncode == 2
    assert "load" in done.stderr


@pytest.mark.parametrize(("name", "question"), [("entities", EntitySelection), ("records", RecordSelection)])
def test_options_are_the_parameters_of_the_api_and_say_what_they_take(name: str, question: type[Parameters]) -> None:
    command = getattr(typer.main.get_command(cli_export.app), "commands", {})[name]
    options = {option.name: option.help for option in command.params}
    assert set(options) - {"out", "receipt", "as_json", "help"} == set(question.model_fields)
    assert all(options.values())
    kinds = options["has" if name == "entities" else "kind"]
    assert all(kind in kinds for kind in (of_entities() if name == "entities" else KINDS))
