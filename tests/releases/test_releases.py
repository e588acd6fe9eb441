"""Releases: whole, equal to what is searched, followed by deltas, and gone with what the law ends."""

from __future__ import annotations

import gc
import hashlib
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import polars as pl
import pytest
from fastapi.testclient import TestClient
from polars.testing import assert_frame_equal

import fixtures
from api.app import create_app
from indexer.load import load
from indexer.publish import publish
from tests.cli.conftest import environment_of, result, xincha
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.holds import Holds
from xincha.releases.catalogue import Catalogue, Release
from xincha.releases.write import write_release
from xincha.search.questions import EntitySelection, RecordSelection
from xincha.search.service import Searcher
from xincha.settings import Settings

pytestmark = pytest.mark.slow

NOW = datetime.now(UTC)
KINDS = ("penalty", "abnormal", "spot_check", "licence")


def rows(query: str) -> list[tuple[Any, ...]]:
    """What DuckDB answers."""
    answered = duckdb.sql(query)
    assert answered
    return answered.fetchall()


@dataclass
class Register:
    """The fictional register, of which one release was made a week before the second delivery was loaded."""

    settings: Settings
    engine: Engine
    folder: Path
    day: date = field(default_factory=today)

    def release(self, made_at: datetime = NOW, keep: int = 9) -> Release:
        return write_release(self.searcher, Catalogue(self.folder), keep, made_at=made_at)

    @property
    def searcher(self) -> Searcher:
        held = Holds(self.settings.holds_file).on
        return Searcher(self.engine, today=lambda: self.day, held=held)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Register, Release, Release]]:
    folder = tmp_path_factory.mktemp("releases")
    settings = Settings(data=folder / "data", releases=folder / "releases", page=folder / "none", workers=1)
    base, later = fixtures.make(folder / "files", today())
    with closing(open_engine(settings)) as engine:
        register = Register(settings, engine, folder / "releases")
        load([base], settings)
        publish(settings, engine)
        first = register.release(NOW - timedelta(days=7))
        load([later], settings)
        publish(settings, engine)
        yield register, first, register.release()


@pytest.fixture
def register(made: tuple[Register, Release, Release], tmp_path: Path) -> Register:
    """The register, with releases that a test may change."""
    shutil.copytree(made[0].folder, tmp_path / "releases")
    settings = made[0].settings.model_copy(update={"releases": tmp_path / "releases"})
    return Register(settings, made[0].engine, tmp_path / "releases")


@pytest.fixture(scope="module")
def second(made: tuple[Register, Release, Release]) -> Path:
    return made[0].folder / made[2].name


@pytest.fixture
def client(register: Register) -> Iterator[TestClient]:
    with TestClient(create_app(register.settings, register.engine)) as client:
        yield client


def test_files_hold_what_is_searched_in_both_formats(made: tuple[Register, Release, Release], second: Path) -> None:
    searcher = made[0].searcher
    for kind in ("entities", *KINDS):
        entities, key = kind == "entities", "entity_id" if kind == "entities" else "record_id"
        records = RecordSelection(kind=() if entities else (kind,))
        export = searcher.entities.all(EntitySelection()) if entities else searcher.records.all(records)
        expected = sorted(str(row[key]) for page in export for row in page)
        csv, parquet = (
            f"read_csv('{second}/{kind}.csv.gz', all_varchar=true)",
            f"read_parquet('{second}/{kind}.parquet')",
        )
        for file in (csv, parquet):
            assert [row[0] for row in rows(f"select {key} from {file} order by 1")] == expected, file  # noqa: S608
        assert {file.rows for file in made[2].files if (file.kind, file.days) == (kind, None)} == {export.total}


def test_both_formats_say_the_same(second: Path) -> None:
    fines = "select sum(fine_cny), min(decided_on), max(public_until) from"
    parquet, csv = f"read_parquet('{second}/penalty.parquet')", f"read_csv('{second}/penalty.csv.gz')"
    assert rows(f"{fines} {parquet}") == rows(f"{fines} {csv}")


@pytest.mark.parametrize("kind", ["entities", "penalty", "abnormal"])
def test_a_delta_leads_from_the_older_release_to_the_newer(
    made: tuple[Register, Release, Release], second: Path, kind: str
) -> None:
    key = "entity_id" if kind == "entities" else "record_id"
    before, after = (pl.read_parquet(made[0].folder / each.name / f"{kind}.parquet") for each in made[1:])
    delta = pl.read_parquet(second / f"{kind}.delta-7.parquet")
    changed, gone = delta.filter(change="changed").drop("change"), delta.filter(change="gone")
    applied = pl.concat([before.join(delta, on=key, how="anti"), changed])
    where = [name for name in after.columns if not name.startswith("origin_")]
    assert_frame_equal(applied.select(where).sort(key), after.select(where).sort(key))
    assert set(gone[key]) == set(before[key]) - set(after[key])
    assert 0 < changed.height < after.height
    assert gone.drop(key, "change").null_count().sum_horizontal().item() == gone.height * (gone.width - 2)


def test_a_delta_is_there_only_where_an_older_release_was(made: tuple[Register, Release, Release]) -> None:
    assert {file.days for file in made[1].files} == {None}
    assert {file.days for file in made[2].files} == {None, 1, 7}


def test_what_is_gone_is_kept_without_content(made: tuple[Register, Release, Release]) -> None:
    for path in (made[0].folder / ".ids").glob("*.parquet"):
        assert pl.read_parquet(path).columns[1:] == ["row"]
    assert (made[0].folder / ".ids" / "seed").stat().st_mode & 0o077 == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_sums_and_descriptions_are_right(made: tuple[Register, Release, Release], second: Path) -> None:
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=second, capture_output=True, check=False)  # noqa: S607
    assert checked.returncode == 0, checked.stderr
    package = frictionless.Package(str(second / "datapackage.json"))
    assert {resource.path for resource in package.resources} == {file.name for file in made[2].files}
    for resource in package.resources:
        if resource.path in ("penalty.csv.gz", "entities.csv.gz", "abnormal.delta-7.csv.gz"):
            report = resource.validate()
            assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])[:5]
    gc.collect()  # it leaves its files open


def test_a_release_that_fails_leaves_what_was_there(register: Register) -> None:
    def fails(_: str, __: int, ___: int) -> None:
        raise OSError("no room")

    before = sorted(path.name for path in register.folder.rglob("*"))
    with pytest.raises(OSError, match="no room"):
        write_release(register.searcher, Catalogue(register.folder), 9, fails, NOW + timedelta(hours=1))
    assert sorted(path.name for path in register.folder.rglob("*") if path.name != "index.json.lock") == [
        name for name in before if name != "index.json.lock"
    ]


def test_two_in_one_second_are_two(register: Register) -> None:
    moment = NOW + timedelta(hours=1)
    made = [register.release(moment + timedelta(microseconds=at)) for at in (1, 2)]
    assert [each.name for each in Catalogue(register.folder).releases()[:2]] == [made[1].name, made[0].name]


def test_as_many_are_kept_as_are_wanted(register: Register) -> None:
    newest = register.release(NOW + timedelta(hours=1), keep=2)
    names = [each.name for each in Catalogue(register.folder).releases()]
    assert names[0] == newest.name
    assert len(names) == 2
    assert {path.name for path in register.folder.iterdir() if path.is_dir()} == {*names, ".ids"}


def test_what_the_law_ends_is_in_no_kept_file(register: Register) -> None:
    old = Catalogue(register.folder).releases()[0]
    assert old.shown_until
    register.day = old.shown_until + timedelta(days=1)
    new = register.release(NOW + timedelta(hours=1))
    told = Catalogue(register.folder).releases()
    assert [(each.name, bool(each.withdrawn)) for each in told][:2] == [(new.name, False), (old.name, True)]
    assert not (register.folder / old.name).exists()
    penalties = pl.read_parquet(register.folder / new.name / "penalty.parquet")
    assert penalties["public_until"].min() >= register.day  # type: ignore[operator]


def listed(client: TestClient) -> Mapping[str, Any]:
    answer = client.get("/files/index.json")
    assert answer.status_code == 200
    return dict(answer.json())


def test_files_are_served_with_ranges_and_tags(client: TestClient) -> None:
    file = next(each for each in listed(client)["files"] if each["kind"] == "penalty")
    answer = client.get(f"/files/{file['name']}")
    assert (len(answer.content), hashlib.sha256(answer.content).hexdigest()) == (file["bytes"], file["sha256"])
    part = client.get(f"/files/{file['name']}", headers={"range": "bytes=4-99"})
    assert (part.status_code, part.content) == (206, answer.content[4:100])
    known = client.get(f"/files/{file['name']}", headers={"if-none-match": answer.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert client.get("/files/latest/penalty.parquet").content == answer.content
    for name in ("datapackage.json", "dcat.jsonld", "SHA256SUMS"):
        assert client.get(f"/files/latest/{name}").status_code == 200


@pytest.mark.parametrize(
    "name", [".ids/seed", "index.json.lock", "latest/seed", "latest/..%2f..%2findex.json", "a/b/c"]
)
def test_nothing_else_of_the_folder_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/files/{name}").status_code in (400, 404)


def test_a_release_with_a_record_that_is_held_back_is_withdrawn_at_once(
    client: TestClient, register: Register, second: Path
) -> None:
    file = listed(client)["files"][0]
    record = pl.read_parquet(second / "penalty.parquet")["record_id"][0]
    holds = Holds(register.settings.holds_file)
    holds.hold(record, "a court has said so", None, today())
    try:
        answer = client.get(f"/files/{file['name']}")
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:xincha:problem:withdrawn")
        assert listed(client)["files"] == []
        assert client.get("/files/latest/penalty.parquet").status_code == 404
        register.release(NOW + timedelta(hours=1))
        now = pl.read_parquet(client.get("/files/latest/penalty.parquet").content)
        assert record not in now["record_id"]
    finally:
        holds.release(record, today())


def test_a_publish_writes_one_where_a_folder_is_named(made: tuple[Register, Release, Release], tmp_path: Path) -> None:
    environment = environment_of(made[0].settings.data)
    done = xincha(environment, "release")
    assert (done.returncode, "XINCHA_RELEASES" in done.stderr) == (2, True)
    environment["XINCHA_RELEASES"] = str(tmp_path / "there")
    result(environment, "publish")
    assert len(Catalogue(tmp_path / "there").releases()) == 1
    told = result(environment, "release")
    assert told["files"][0]["name"] == "entities.parquet"
