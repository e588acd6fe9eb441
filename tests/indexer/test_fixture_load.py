"""The fixtures, loaded: every row is accounted for as the manifest says, and every trap is seen through."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import fixtures
from fixtures.manifest import Expected
from fixtures.plan import See, Trap
from indexer.lake import Lake, Snapshot
from indexer.load import load
from indexer.quality import measure
from indexer.report import LoadReport
from indexer.tables import DATA_TABLES, KIND_OF, RECORD_TABLES
from xincha.kinds import Kind
from xincha.rules.window import CAREFUL, unless_gone
from xincha.settings import Settings
from xincha.text.doc_no import doc_no_key
from xincha.text.names import name_key

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 26)
BUILT = fixtures.build(TODAY)


@dataclass(frozen=True)
class Loaded:
    """A lake after each of the two loads, with the report of the load."""

    reports: Mapping[str, LoadReport]
    snapshots: Mapping[str, Snapshot]
    folder: Path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("fixtures")
    settings = Settings(data=folder / "data", workers=1)
    reports, snapshots = {}, {}
    for path in fixtures.make(folder / "files", TODAY):
        reports[path.name] = load([path], settings)
        snapshots[path.name] = Lake(settings.lake).snapshot()
    return Loaded(reports, snapshots, folder)


@pytest.mark.parametrize("one", BUILT.expected(), ids=lambda one: f"{one.load}/{one.source_file}")
def test_every_row_of_a_file_is_accounted_for(loaded: Loaded, one: Expected) -> None:
    report = next(file for file in loaded.reports[one.load].files if file.file == one.source_file)
    assert (report.kind, report.rows_read, report.kept, report.merged, report.rejected) == (
        one.kind,
        one.rows,
        one.kept,
        one.merged,
        len(one.rejects),
    )


def _codes(loaded: Loaded, name: str) -> set[tuple[str, int, str]]:
    columns = ("source_file", "source_row", "code")
    return set(loaded.snapshots["later"].scan(name).select(columns).collect().iter_rows())


def test_rows_are_rejected_for_the_reason_they_give(loaded: Loaded) -> None:
    planted = {(one.source_file, row, code) for one in BUILT.expected() for row, code in one.rejects.items()}
    assert _codes(loaded, "rejects") == planted


def test_values_that_cannot_be_read_are_named(loaded: Loaded) -> None:
    planted = {(one.source_file, row, code) for one in BUILT.expected() for row, code in one.issues.items()}
    assert planted - _codes(loaded, "issues") == set()


def test_nothing_is_named_that_is_in_order(loaded: Loaded) -> None:
    planted = {(one.source_file, row) for one in BUILT.expected() for row in one.issues}
    others = {found for found in _codes(loaded, "issues") if found[:2] not in planted}
    assert sorted(found[2] for found in others) == ["bad_code", "duplicate_key"]  # of the traps of these names


def test_loading_again_changes_nothing(loaded: Loaded) -> None:
    settings = Settings(data=loaded.folder / "data", workers=1)
    for name in ("base", "later"):
        again = load([loaded.folder / "files" / name], settings)
        assert not again.changed
        assert all(file.kept == 0 for file in again.files)
        # a whole list is read again, for what it does not hold
        anew = {file.file for file in again.files if not file.loaded_before}
        assert anew == ({"current/listings.csv"} if name == "later" else set())
    assert Lake(settings.lake).snapshot().versions == loaded.snapshots["later"].versions


@pytest.mark.parametrize("trap", BUILT.traps.values(), ids=lambda trap: trap.name)
def test_trap(loaded: Loaded, trap: Trap) -> None:
    for see in trap.see:
        rows = list(_rows(loaded.snapshots[trap.after], see))
        assert rows, f"nothing in {see.table} where {dict(see.where)}"
        for row in rows:
            assert {name: row.get(name) for name in see.expect} == dict(see.expect), dict(see.where)


def _rows(snapshot: Snapshot, see: See) -> Iterator[dict[str, str | bool | None]]:
    """Rows of the lake that the expectation is about, as the manifest writes values."""
    frame = snapshot.scan(see.table)
    if see.table in {table.name for table in RECORD_TABLES}:
        links = (
            snapshot.scan("links")
            .select("record_id", "entity_id", "rule")
            .rename({"entity_id": "link.entity_id", "rule": "link.rule"})
        )
        frame = frame.join(links, on="record_id", how="left")
    for row in frame.collect().iter_rows(named=True):
        told = {name: _told(value) for name, value in row.items()}
        if all(_same(name, told.get(name), value) for name, value in see.where.items()):
            yield told | (_window(KIND_OF[see.table], row) if see.table in KIND_OF else {})


def _same(name: str, found: str | bool | None, wanted: str | bool | None) -> bool:
    """Document numbers are the same in any bracket."""
    if name == "doc_no" and isinstance(found, str) and isinstance(wanted, str):
        return doc_no_key(found) == doc_no_key(wanted)
    return found == wanted


def _told(value: object) -> str | bool | None:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list):
        return "；".join(map(str, value))
    return str(value)


def _window(kind: Kind, row: Mapping[str, object]) -> dict[str, str | bool | None]:
    window = unless_gone(kind.window(row, CAREFUL), row["gone_on"])  # type: ignore[arg-type]
    open_now = window.public_from is not None and window.public_from <= TODAY
    closed = window.public_until is not None and window.public_until < TODAY
    state = window.next_state if window.turns_on and window.turns_on <= TODAY else window.state
    shown = not window.withheld and open_now and not closed
    return {"shown": shown, "withheld": window.withheld or None, "state": state}


def test_no_secret_is_in_the_lake(loaded: Loaded) -> None:
    text = unicodedata.normalize("NFKC", "\n".join(_texts(loaded.snapshots["later"])))
    assert len(text) > 500_000
    assert {secret for secret in BUILT.secrets if secret in text} == set()


def _texts(snapshot: Snapshot) -> Iterator[str]:
    names = [*(table.name for table in DATA_TABLES), "rejects", "issues", "changes"]
    for name in names:
        frame = snapshot.scan(name).collect()
        for column, kind in frame.schema.items():
            if kind == pl.String:
                yield from frame[column].drop_nulls().to_list()
            elif kind == pl.List(pl.String):
                yield from frame[column].explode().drop_nulls().to_list()


def test_what_must_be_kept_apart_is_apart(loaded: Loaded) -> None:
    entities = loaded.snapshots["later"].scan("entities").select("entity_id").collect()["entity_id"].to_list()
    for trap in BUILT.traps.values():
        assert set(trap.apart) <= set(entities), trap.name


def test_history_tells_what_the_newer_files_changed(loaded: Loaded) -> None:
    changes = loaded.snapshots["later"].scan("changes").collect()
    changes = changes.filter((pl.col("table") == "entities") & pl.col("old").is_not_null())
    fields = Counter(
        field
        for field, old, new in changes.select("field", "old", "new").iter_rows()
        if field != "name" or name_key(old) != name_key(new)  # brackets of another width are no other name
    )
    assert fields["name"] == 21
    assert fields["status"] == 21
    assert fields["address"] >= 20


def test_the_fixtures_of_the_test_are_those_on_disk(loaded: Loaded) -> None:
    files = {file.file for report in loaded.reports.values() for file in report.files}
    assert files == {one.source_file for one in BUILT.expected()}


def test_how_well_the_penalties_of_an_office_are_published(loaded: Loaded) -> None:
    rows = [row for row in measure(loaded.snapshots["later"].scan) if row.source == "penalties/office_system.csv"]
    told = ("records", "dated", "timely", "late", "unknown", "out_of_town", "late_push", "corrected", "withdrawn")
    assert {name: sum(getattr(row, name) for row in rows) for name in told} == {
        "records": 13, "dated": 13, "timely": 10, "late": 2, "unknown": 1, "out_of_town": 1, "late_push": 1,
        "corrected": 1, "withdrawn": 1,
    }  # fmt: skip
    assert [row.unknown_why for row in rows if row.unknown] == [{"before_decision": 1}]
