"""Files into the lake: all or nothing, each row accounted for, the newer file merged onto the older."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from indexer import stage
from indexer.lake import Lake
from indexer.link import unlinked
from indexer.load import load
from indexer.report import FileReport, LoadReport, Stage
from indexer.row_estimate import estimate_rows
from xincha.errors import LakeBusy, MissingColumn, RejectsFound, UnknownKind, UnreadableFile
from xincha.settings import Settings

Write = Callable[[str, str], Path]

COMPANIES = """企业名称,注册号,登记状态,法定代表人,成立日期,住所
鹭岛示例甲有限公司,350200100000015,存续,甲某,2001-02-03,厦门市思明区示例路1号
鹭岛示例乙有限公司,350200100000023,存续,乙某,2002-02-03,厦门市湖里区示例路2号
鹭岛示例丙有限公司,350200100000031,存续,丙某,2003-02-03,厦门市集美区示例路3号
"""
NEWER = """企业名称,注册号,登记状态,法定代表人
鹭岛示例甲有限公司,350200100000015,注销,
鹭岛示例新乙有限公司,350200100000023,存续,乙某
鹭岛示例丁有限公司,350200100000040,存续,丁某
"""
PENALTIES = """行政相对人名称,行政处罚决定书文号,处罚类别,处罚内容,罚款金额（元）,处罚决定日期,处罚机关
鹭岛示例甲有限公司,示罚〔2024〕1号,罚款,罚款500元,500,2024-05-06,厦门市示例局
鹭岛示例乙有限公司,示罚〔2024〕2号,罚款,罚款600元,600,2024-05-07,厦门市示例局
查无此家示例有限公司,示罚〔2024〕3号,罚款,罚款700元,700,2024-05-08,厦门市示例局
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", workers=1)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def run(name: str, text: str) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return run


def lake(settings: Settings) -> Lake:
    return Lake(settings.lake)


def scan(settings: Settings, name: str) -> pl.DataFrame:
    return lake(settings).snapshot().scan(name).collect()


def company(settings: Settings, reg_no: str) -> dict[str, Any]:
    return scan(settings, "entities").row(by_predicate=pl.col("reg_no") == reg_no, named=True)


def counts(file: FileReport) -> tuple[int, int, int, int]:
    return file.rows_read, file.kept, file.merged, file.rejected


@contextmanager
def unchanged(settings: Settings) -> Iterator[None]:
    """Nothing of the lake is another than before."""
    before = lake(settings).snapshot()
    rows = {name: lake(settings).snapshot().scan(name).collect() for name in before.versions}
    yield
    after = lake(settings).snapshot()
    assert (after.batch_id, after.versions) == (before.batch_id, before.versions)
    assert all(after.scan(name).collect().equals(frame) for name, frame in rows.items())


def test_files_of_every_kind_are_loaded_and_linked_at_once(settings: Settings, write: Write) -> None:
    report = load([write("a.csv", COMPANIES), write("p.csv", PENALTIES)], settings)
    assert [(file.file, file.kind, *counts(file)) for file in report.files] == [
        ("a.csv", "registration", 3, 3, 0, 0),
        ("p.csv", "penalty", 3, 3, 0, 0),
    ]
    assert report.changed
    assert report.links == {"name": 2, "none": 1}
    assert {*Stage} - {Stage.ENTITIES, Stage.RECORDS} | {"total"} == set(report.seconds)
    row = company(settings, "350200100000015")
    assert (row["source_file"], row["source_row"], row["batch_id"]) == ("a.csv", 1, report.batch_id)


def test_the_same_file_twice_changes_nothing(settings: Settings, write: Write) -> None:
    path = write("a.csv", COMPANIES)
    load([path], settings)
    with unchanged(settings):
        again = load([path], settings)
    assert (again.batch_id, again.changed) == (None, False)
    assert [(counts(file), file.loaded_before) for file in again.files] == [((3, 0, 3, 0), True)]


def test_the_same_content_under_another_name_is_the_same_file(settings: Settings, write: Write) -> None:
    first = load([write("a.csv", COMPANIES), write("b.csv", COMPANIES)], settings)
    assert [(counts(file), file.loaded_before) for file in first.files] == [((3, 3, 0, 0), False), ((3, 0, 3, 0), True)]
    with unchanged(settings):
        load([write("other/c.csv", COMPANIES)], settings)


def test_rows_that_state_the_same_in_other_bytes_change_no_table(settings: Settings, write: Write) -> None:
    load([write("a.csv", COMPANIES), write("p.csv", PENALTIES)], settings)
    before = lake(settings).snapshot().versions
    report = load([write("b.csv", COMPANIES.replace("\n", "\r\n"))], settings)
    assert not report.changed
    assert counts(report.files[0]) == (3, 0, 3, 0)
    assert lake(settings).snapshot().versions == before


def test_a_newer_file_is_merged_and_the_history_kept(settings: Settings, write: Write) -> None:
    load([write("a.csv", COMPANIES)], settings)
    report = load([write("b.csv", NEWER)], settings)
    assert counts(report.files[0]) == (3, 1, 2, 0)
    gone, renamed = company(settings, "350200100000015"), company(settings, "350200100000023")
    assert gone["legal_rep"] == "甲某"
    assert {fact["field"]: fact["source_file"] for fact in gone["carried"]}["legal_rep"] == "a.csv"
    assert (renamed["name"], renamed["former_names"]) == ("鹭岛示例新乙有限公司", ["鹭岛示例乙有限公司"])
    names = scan(settings, "changes").row(by_predicate=pl.col("field") == "name", named=True)
    assert (names["old"], names["new"]) == ("鹭岛示例乙有限公司", "鹭岛示例新乙有限公司")
    assert (names["old_source_file"], names["source_file"], names["batch_id"]) == ("a.csv", "b.csv", report.batch_id)


def test_records_are_linked_again_when_the_register_changes(settings: Settings, write: Write) -> None:
    first = load([write("p.csv", PENALTIES)], settings)
    assert first.links == {"none": 3}
    assert load([write("a.csv", COMPANIES)], settings).links == {"name": 2, "none": 1}
    assert load([write("b.csv", NEWER)], settings).links == {"former_name": 1, "name": 1, "none": 1}


def test_records_that_link_to_nothing_are_listed_with_their_row(settings: Settings, write: Write) -> None:
    load([write("a.csv", COMPANIES), write("p.csv", PENALTIES)], settings)
    [record] = unlinked(lake(settings).snapshot().scan).iter_rows(named=True)
    assert (record["rule"], record["party_name"]) == ("none", "查无此家示例有限公司")
    assert (record["table"], record["source_file"], record["source_row"]) == ("penalties", "p.csv", 3)


def test_contradicting_rows_within_a_load_are_named(settings: Settings, write: Write) -> None:
    twice = COMPANIES + "鹭岛示例丙有限公司,350200100000031,存续,丁某,2003-02-03,厦门市集美区示例路3号\n"
    report = load([write("a.csv", twice)], settings)
    assert counts(report.files[0]) == (4, 3, 1, 0)
    issues = [issue for issue in lake(settings).issues() if issue.code == "duplicate_key"]
    assert [(issue.source_file, issue.source_row, issue.column) for issue in issues] == [("a.csv", 4, "legal_rep")]
    assert "duplicate_key" in {reason.code for reason in report.issues}
    assert report.files[0].issues == len(lake(settings).issues())


def test_rejected_rows_are_listed_with_their_place_and_reason(settings: Settings, write: Write) -> None:
    report = load([write("a.csv", COMPANIES + "多,一,个,字,段,的,行,!\n")], settings)
    assert counts(report.files[0]) == (4, 3, 0, 1)
    assert [(reason.code, reason.count) for reason in report.rejects] == [("wrong_field_count", 1)]
    [reject] = lake(settings).rejects()
    assert (reject.batch_id, reject.source_file, reject.source_row, reject.line) == (report.batch_id, "a.csv", 4, 5)
    assert lake(settings).rejects(batch_id="another") == []


def test_strict_loads_nothing_where_a_row_is_rejected(settings: Settings, write: Write) -> None:
    load([write("a.csv", COMPANIES)], settings)
    bad = write("b.csv", NEWER + "多,一,个,字,段\n")
    with unchanged(settings), pytest.raises(RejectsFound, match=r"1 rows of b\.csv .* wrong_field_count × 1"):
        load([bad], settings, strict=True)
    load([bad], settings)
    with pytest.raises(RejectsFound, match=r"b\.csv"):
        load([bad], settings, strict=True)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("z.csv", "甲,乙\n1,2\n", UnknownKind),
        ("z.csv", "行政处罚决定书文号,处罚内容,处罚机关,处罚类别\n1,2,3,4\n", MissingColumn),
        ("z.xlsx", "no workbook", UnreadableFile),
        ("z.parquet", "no parquet", UnreadableFile),
    ],
)
def test_one_file_that_cannot_be_loaded_leaves_everything_as_it_was(
    settings: Settings, write: Write, name: str, content: str, error: type[Exception]
) -> None:
    load([write("p.csv", PENALTIES)], settings)
    with unchanged(settings), pytest.raises(error, match=name):
        load([write("a.csv", COMPANIES), write(name, content)], settings)
    assert not (settings.lake / "staging").exists()


def test_a_file_that_is_not_there_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="nowhere"):
        load([tmp_path / "nowhere.csv"], settings)


def test_files_of_one_name_in_two_folders_are_counted_apart(settings: Settings, write: Write) -> None:
    report = load([write("x/a.csv", COMPANIES), write("y/a.csv", NEWER)], settings)
    assert [(file.file, counts(file)) for file in report.files] == [
        ("a.csv", (3, 3, 0, 0)),
        ("y/a.csv", (3, 1, 2, 0)),
    ]


def test_tables_of_one_archive_are_known_again_one_by_one(settings: Settings, write: Write, tmp_path: Path) -> None:
    archive = tmp_path / "files.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.csv", COMPANIES)
        file.writestr("p.csv", PENALTIES)
        file.writestr("readme.doc", "示例")
    report = load([archive], settings)
    assert [(file.file, counts(file)) for file in report.files] == [
        ("files.zip/a.csv", (3, 3, 0, 0)),
        ("files.zip/p.csv", (3, 3, 0, 0)),
    ]
    assert [skipped["file"] for skipped in report.skipped] == ["files.zip/readme.doc"]
    with unchanged(settings):
        again = load([archive], settings)
    assert [counts(file) for file in again.files] == [(3, 0, 3, 0), (3, 0, 3, 0)]


@pytest.mark.slow
def test_a_folder_of_many_small_files_makes_few_files_of_the_lake(settings: Settings, write: Write) -> None:
    header = COMPANIES.splitlines()[0]
    for number in range(30):
        path = write(f"many/{number:02d}.csv", f"{header}\n鹭岛示例{number}号有限公司,,存续,甲某,2001-02-03,厦门市\n")
    load([path.parent], settings)
    assert len(scan(settings, "entities")) == 30
    assert len(lake(settings).snapshot().files("entities")) == 1


@pytest.mark.slow
def test_worker_processes_load_the_same(
    settings: Settings, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    paths = [write("a.csv", COMPANIES), write("b.csv", NEWER + "多,一,个,字,段\n"), write("p.csv", PENALTIES)]
    alone = load(paths, settings)
    monkeypatch.setattr(stage, "POOL_FROM_ROWS", 0)
    other = Settings(data=tmp_path / "other", workers=2)
    pooled = load(paths, other)
    assert comparable(pooled) == comparable(alone)
    for name in ("entities", "penalties", "rejects", "issues"):
        drop = {"batch_id", "loaded_at", "carried"} & set(scan(settings, name).columns)
        assert scan(other, name).drop(drop).equals(scan(settings, name).drop(drop))


def comparable(report: LoadReport) -> object:
    return [counts(file) for file in report.files], report.rejects, report.issues, report.links


def test_progress_is_told_row_by_row_and_ends(settings: Settings, write: Write) -> None:
    seen: list[tuple[Stage, int, int | None]] = []
    load([write("a.csv", COMPANIES)], settings, progress=lambda *told: seen.append(told))
    assert (Stage.READ, 3, 3) in seen
    assert (Stage.MERGE, 3, 3) in seen


def test_two_loads_do_not_run_at_once(settings: Settings, write: Write) -> None:
    path = write("a.csv", COMPANIES)
    with lake(settings).writing(), pytest.raises(LakeBusy):
        load([path], settings)


def test_the_ledger_tells_of_every_load(settings: Settings, write: Write) -> None:
    report = load([write("a.csv", COMPANIES)], settings)
    load([write("b.csv", NEWER)], settings)
    ledger = lake(settings).ledger()
    assert ledger["batch_id"].to_list()[0] == report.batch_id
    first = ledger.row(0, named=True)
    assert [(file["file"], file["rows_read"], file["kept"]) for file in first["files"]] == [("a.csv", 3, 3)]
    assert json.loads(first["versions"])["entities"] == 0
    assert first["finished_at"] >= first["started_at"]


def test_a_report_can_be_written_as_json(settings: Settings, write: Write) -> None:
    report = load([write("a.csv", COMPANIES)], settings)
    [file] = json.loads(json.dumps(report.as_dict()))["files"]
    assert {"file", "kind", "rows_read", "kept", "merged", "rejected", "issues"} <= set(file)


def test_what_is_left_to_read_is_told_where_it_can_be_known(write: Write, tmp_path: Path) -> None:
    folder = write("x/a.csv", COMPANIES).parent
    assert estimate_rows([folder]) == 3
    assert estimate_rows([folder, write("l.jsonl", '{"a": 1}\n{"a": 2}\n')]) == 5
    assert estimate_rows([folder, write("b.zip", "")]) is None
    assert estimate_rows([tmp_path / "nowhere"]) is None
