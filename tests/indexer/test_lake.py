"""The lake: what a complete load leaves, and what an incomplete one does not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from deltalake import DeltaTable

from indexer import delta
from indexer import lake as lakes
from indexer.lake import Lake, Writing, write_file
from indexer.merge import Merged, Merger
from indexer.tables import ENTITIES
from xincha.errors import LakeBusy, LakeError

Rows = Callable[..., pl.DataFrame]
LEDGER: Mapping[str, object] = {"files": [], "seconds": "{}", "program": "test"}


def named(key: str, name: str, **rest: object) -> dict[str, object]:
    return {"entity_id": key, "name": name, "name_key": name, "former_names": [], **rest}


def staged(writing: Writing, frame: pl.DataFrame) -> Path:
    return write_file(frame, writing.path())


def merge(writing: Writing, *parts: pl.DataFrame) -> Merged:
    merger = Merger(writing.before, writing.path, writing.batch_id)
    return merger(ENTITIES, [staged(writing, part) for part in parts])


def commit(writing: Writing, merged: Merged) -> None:
    writing.commit("entities", merged.add, merged.remove)
    writing.commit("changes", merged.changes)


def load(lake: Lake, *parts: pl.DataFrame) -> Merged:
    with lake.writing() as writing:
        merged = merge(writing, *parts)
        commit(writing, merged)
        writing.finish(LEDGER)
    return merged


def names(lake: Lake) -> dict[str, str]:
    return dict(lake.snapshot().scan("entities").select("entity_id", "name").sort("entity_id").collect().iter_rows())


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_an_empty_lake_reads_as_empty_tables(lake: Lake) -> None:
    snapshot = lake.snapshot()
    assert snapshot.batch_id is None
    assert snapshot.scan("entities").collect().schema == pl.Schema(ENTITIES.schema)
    assert lake.rejects() == []


def test_a_load_is_there_once_its_ledger_row_is(lake: Lake, rows: Rows) -> None:
    with lake.writing() as writing:
        commit(writing, merge(writing, rows(ENTITIES, named("1", "甲"))))
        assert names(lake) == {}
        writing.finish(LEDGER)
    assert names(lake) == {"1": "甲"}
    assert lake.snapshot().count("entities") == 1


def test_the_next_load_takes_back_what_an_unfinished_one_left(lake: Lake, rows: Rows) -> None:
    load(lake, rows(ENTITIES, named("1", "甲")))
    with lake.writing() as writing:
        commit(writing, merge(writing, rows(ENTITIES, named("1", "乙"), named("2", "丙"))))
    assert names(lake) == {"1": "甲"}
    load(lake, rows(ENTITIES, named("3", "丁")))
    assert names(lake) == {"1": "甲", "3": "丁"}
    assert lake.snapshot().scan("changes").collect().is_empty()


def test_an_unfinished_first_load_leaves_nothing(lake: Lake, rows: Rows) -> None:
    with lake.writing() as writing:
        commit(writing, merge(writing, rows(ENTITIES, named("1", "甲"))))
    load(lake, rows(ENTITIES, named("2", "乙")))
    assert names(lake) == {"2": "乙"}


def test_a_table_that_was_taken_back_is_not_taken_back_again(lake: Lake, rows: Rows) -> None:
    load(lake, rows(ENTITIES, named("1", "甲")))
    with lake.writing() as writing:
        commit(writing, merge(writing, rows(ENTITIES, named("2", "乙"))))
    versions = []
    for _ in range(3):
        with lake.writing():
            versions.append(DeltaTable(str(lake.folder / "entities")).version())
    assert versions[0] == versions[1] == versions[2]


def test_only_one_process_may_load(lake: Lake) -> None:
    with lake.writing(), pytest.raises(LakeBusy, match="another process"), Lake(lake.folder).writing():
        pass


def test_new_rows_are_adopted_as_the_files_that_they_were_staged_in(lake: Lake, rows: Rows) -> None:
    with lake.writing() as writing:
        part = staged(writing, rows(ENTITIES, named("1", "甲")))
        merged = Merger(writing.before, writing.path, writing.batch_id)(ENTITIES, [part])
        assert merged.add == [part]


def test_counts_say_which_file_made_a_row_and_which_only_met_it(lake: Lake, rows: Rows) -> None:
    first = rows(ENTITIES, named("1", "甲"), named("2", "乙"), named("1", "甲"), file="a.csv")
    second = rows(ENTITIES, named("2", "乙"), named("3", "丙"), file="b.csv")
    merged = load(lake, first, second)
    assert (merged.kept, merged.merged) == ({"a.csv": 2, "b.csv": 1}, {"a.csv": 1, "b.csv": 1})
    again = load(lake, rows(ENTITIES, named("3", "丁"), named("4", "戊"), file="c.csv", batch=2))
    assert (again.kept, again.merged) == ({"c.csv": 1}, {"c.csv": 1})
    assert names(lake) == {"1": "甲", "2": "乙", "3": "丁", "4": "戊"}


def test_rows_that_say_the_same_change_no_file(lake: Lake, rows: Rows) -> None:
    load(lake, rows(ENTITIES, named("1", "甲", address="示例路")))
    merged = load(lake, rows(ENTITIES, named("1", "甲"), file="other.csv", batch=2))
    assert (merged.add, merged.remove, merged.merged) == ([], [], {"other.csv": 1})


def test_a_change_rewrites_only_the_file_that_holds_the_row(lake: Lake, rows: Rows) -> None:
    load(lake, rows(ENTITIES, named("1", "甲")), rows(ENTITIES, named("2", "乙")))
    merged = load(lake, rows(ENTITIES, named("2", "丙"), batch=2))
    assert len(merged.remove) == 1
    assert names(lake) == {"1": "甲", "2": "丙"}
    change = lake.snapshot().scan("changes").filter(pl.col("field") == "name").collect().row(0, named=True)
    assert (change["key"], change["old"], change["new"]) == ("2", "乙", "丙")


def test_contradicting_rows_of_one_load_are_an_issue(lake: Lake, rows: Rows) -> None:
    with lake.writing() as writing:
        frame = rows(ENTITIES, named("1", "甲"), named("1", "乙"), named("2", "丙"), named("2", "丙"))
        merged = merge(writing, frame)
        [issues] = [pl.read_parquet(piece.path) for piece in merged.issues if piece.path]
        commit(writing, merged)
        writing.finish(LEDGER)
    assert merged.conflicts == {"a.csv": 1}
    assert issues["code"].to_list() == ["duplicate_key"]
    former = lake.snapshot().scan("entities").filter(pl.col("entity_id") == "1").collect()["former_names"].to_list()
    assert former == [["甲"]]


@pytest.mark.slow
def test_merging_in_small_groups_gives_the_same(lake: Lake, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.merge.GROUP_ROWS", 3)
    values = [named(str(n % 40), f"名{n // 40}", legal_rep=f"人{n}") for n in range(120)]
    load(lake, *(rows(ENTITIES, *values[i : i + 25]) for i in range(0, 120, 25)))
    whole = lake.snapshot().scan("entities").collect()
    assert dict(whole.select("entity_id", "legal_rep").iter_rows()) == {str(n): f"人{80 + n}" for n in range(40)}
    assert whole["former_names"].to_list() == [["名0", "名1"]] * 40


@pytest.mark.slow
def test_many_small_files_become_one_and_nothing_is_lost(
    lake: Lake, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lakes, "MANY_SMALL", 4)
    for n in range(12):
        with lake.writing() as writing:
            merged = merge(writing, rows(ENTITIES, named(str(n), f"名{n}")))
            writing.commit("entities", merged.add, merged.remove)
            writing.finish(LEDGER)
    assert len(lake.snapshot().files("entities")) < 6
    assert names(lake) == {str(n): f"名{n}" for n in range(12)}
    assert len(lake.ledger()) == 12


def test_states_of_the_last_loads_stay_readable_and_older_files_go(lake: Lake, rows: Rows) -> None:
    states = []
    for n in range(lakes.KEEP_LOADS + 3):
        load(lake, rows(ENTITIES, named("1", f"名{n}"), batch=n + 1))
        states.append(dict(lake.snapshot().versions))
    kept = [lake.snapshot_at(versions) for versions in states]
    assert [state is not None for state in kept] == [False] * 3 + [True] * lakes.KEEP_LOADS
    assert kept[-2] is not None
    assert kept[-2].scan("entities").collect()["name"].to_list() == [f"名{lakes.KEEP_LOADS + 1}"]
    assert len(list((lake.folder / "entities").glob("*.parquet"))) == lakes.KEEP_LOADS


@pytest.mark.parametrize("umask", [0o077, 0o000, 0o022])
def test_owner_and_group_alone_may_read_the_lake_whatever_the_umask(lake: Lake, rows: Rows, umask: int) -> None:
    before = os.umask(umask)
    try:
        for number in range(3):
            load(lake, rows(ENTITIES, named("1", f"甲{number}")))
        lake.folder.joinpath("entities").chmod(0o2777)  # a group that is handed on
        with suppress(KeyError), lake.writing() as writing:
            commit(writing, merge(writing, rows(ENTITIES, named("2", "乙"))))
            assert writing.folder.stat().st_mode & 0o777 == 0o700
            raise KeyError
    finally:
        os.umask(before)
    paths = [lake.folder, *lake.folder.rglob("*")]
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_dir()} == {"0o750"}
    assert {oct(path.stat().st_mode & 0o777) for path in paths if path.is_file()} == {"0o640"}
    assert lake.folder.joinpath("entities").stat().st_mode & 0o2000


@pytest.mark.slow
def test_logs_are_cut_behind_a_checkpoint_and_the_last_loads_stay_readable(
    lake: Lake, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delta, "CHECKPOINT", 3)
    seen = []
    for number in range(24):
        load(lake, rows(ENTITIES, named(str(number), f"甲{number}"), named("x", f"乙{number}")))
        seen.append((lake.snapshot().versions, names(lake)))
        if number % 5 == 4:  # one that is interrupted
            with lake.writing() as writing:
                commit(writing, merge(writing, rows(ENTITIES, named("y", f"丙{number}"))))
    for name in ("entities", "changes", "batches"):
        logs = sorted(path.name for path in (lake.folder / name / "_delta_log").glob("0*"))
        assert len(logs) < 18, logs
        assert f"{0:020}.json" not in logs
    for versions, found in seen[-lakes.KEEP_LOADS :]:
        snapshot = lake.snapshot_at(versions)
        assert snapshot is not None
        kept = snapshot.scan("entities").select("entity_id", "name").collect()
        assert dict(kept.iter_rows()) == found
    assert lake.ledger().height == 24
    assert DeltaTable(str(lake.folder / "entities")).to_pyarrow_table().num_rows == 25


def test_a_lost_ledger_is_not_an_empty_lake(lake: Lake, rows: Rows) -> None:
    load(lake, rows(ENTITIES, named("1", "甲")))
    load(lake, rows(ENTITIES, named("2", "乙")))
    shutil.rmtree(lake.folder / "batches")
    with pytest.raises(LakeError, match="the ledger of loads is missing"), lake.writing():
        pass
    assert list((lake.folder / "entities").glob("*.parquet"))


def test_the_tables_can_be_read_by_any_reader_of_delta_lake(lake: Lake, rows: Rows) -> None:
    load(lake, rows(ENTITIES, named("1", "甲", capital_cny=None)))
    load(lake, rows(ENTITIES, named("1", "乙"), batch=2))
    read = pl.read_delta(str(lake.folder / "entities"))
    assert read.select("entity_id", "name", "former_names").rows() == [("1", "乙", ["甲"])]


def test_a_lake_of_a_newer_program_is_refused(lake: Lake, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    load(lake, rows(ENTITIES, named("1", "甲")))
    known = {name: schema for name, schema in lakes.SCHEMAS.items() if name != "entities"}
    monkeypatch.setattr(lakes, "SCHEMAS", known)
    with pytest.raises(LakeError, match="newer version"):
        lake.snapshot()


def test_columns_that_an_older_program_did_not_write_are_null(
    lake: Lake, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    older: dict[str, Any] = {**lakes.SCHEMAS}
    older["entities"] = {name: dtype for name, dtype in ENTITIES.schema.items() if name != "scope"}
    with monkeypatch.context() as patch:
        patch.setattr(lakes, "SCHEMAS", older)
        with lake.writing() as writing:
            part = staged(writing, rows(ENTITIES, named("1", "甲")).drop("scope"))
            writing.commit("entities", [part])
            writing.finish(LEDGER)
    load(lake, rows(ENTITIES, named("2", "乙", scope="示例"), batch=2))
    assert _column(lake, "scope") == [None, "示例"]
    assert "scope" in DeltaTable(str(lake.folder / "entities")).schema().to_json()


def test_a_damaged_table_is_named(lake: Lake, rows: Rows) -> None:
    load(lake, rows(ENTITIES, named("1", "甲")))
    for path in (lake.folder / "entities" / "_delta_log").iterdir():
        path.unlink()
    with pytest.raises(LakeError, match="entities"):
        lake.snapshot().scan("entities")


def _column(lake: Lake, name: str) -> Sequence[object]:
    return lake.snapshot().scan("entities").sort("entity_id").collect()[name].to_list()
