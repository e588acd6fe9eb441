"""The lake: Delta tables in one folder, written by this module alone.

A *load* commits to several tables, one after the other, and is complete when its row is in the ledger (`batches`),
which names the version of every table. Readers take a `Snapshot`: the tables at the versions of the ledger's last row.
What an interrupted load left ahead of the ledger is therefore never seen, and the next one restores it first.

    lake.snapshot()                     what is complete now; `scan(name)`, `files(name)`
    with lake.writing() as writing:     the lock, recovery, a folder for this load's files
        writing.commit(name, add, remove)   one Delta commit: whole Parquet files in and out
        writing.finish(row)                 the ledger row; before it nothing has happened, after it everything

Files are written by Polars (in the load's own folder, where memory is bounded by their size) and adopted by a Delta
commit as they are. Data files that none of the last `KEEP_LOADS` loads names are removed after a complete load, and so
are the entries of Delta's logs that lie before a checkpoint none of them needs to look behind.
"""

from __future__ import annotations

import json
import shutil
import stat
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from deltalake.exceptions import DeltaError
from filelock import FileLock, Timeout

from indexer import delta, tables
from indexer.proven import Proof, file_hashes, prove, root_of, row_hash
from indexer.report import Finding
from xincha import faults
from xincha.errors import LakeBusy, LakeError

LEDGER = "batches"
LEAVES = "leaves"
SCHEMAS: Mapping[str, pl.Schema] = {
    name: pl.Schema(schema)
    for name, schema in {
        **{table.name: table.schema for table in tables.DATA_TABLES},
        "links": tables.LINKS,
        "changes": tables.CHANGES,
        "rejects": tables.REJECTS,
        "issues": tables.ISSUES,
        LEAVES: tables.LEAVES,
        LEDGER: tables.BATCHES,
    }.items()
}
KEEP_LOADS = 4
"""Complete loads whose state stays readable; a publish compares with the one that it published last."""

SMALL_ROWS = 20_000
MANY_SMALL = 24
FILE_MODE, FOLDER_MODE = 0o640, 0o750
"""Of the lake: personal data is masked in it, but what its rejects say is for who runs it alone."""

ROW_GROUP = 5_000
"""Rows of a Parquet row group: what a process that prepares documents reads at a time."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The lake as one complete load left it. `versions`: Delta version by table; a table without one is empty.

    `loaded_at`: when that load was complete; None where there is none, or it is not known which one it was.
    """

    folder: Path
    batch_id: str | None
    versions: Mapping[str, int]
    loaded_at: datetime | None = None
    _files: dict[str, list[Path]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was looked up: a version of a table has the same files for ever, and Delta replays a log to tell them."""

    def files(self, name: str) -> list[Path]:
        """The Parquet files of a table."""
        if name not in self.versions:
            return []
        if name not in self._files:
            self._files[name] = sorted(delta.paths(self.folder / name, self.versions[name]))
        return list(self._files[name])

    def scan(self, name: str) -> pl.LazyFrame:
        """A table with exactly its declared columns."""
        return scan_files(name, self.files(name))

    def count(self, name: str) -> int:
        """Rows of a table, without reading them."""
        return sum(delta.rows_of(path) for path in self.files(name))


def scan_files(name: str, files: Sequence[Path]) -> pl.LazyFrame:
    """Parquet files of a table; columns that an older program did not know are null."""
    if not files:
        return pl.LazyFrame(schema=SCHEMAS[name])
    return pl.scan_parquet(list(files), schema=SCHEMAS[name], missing_columns="insert", extra_columns="ignore")


def write_file(frame: pl.DataFrame, path: Path) -> Path:
    """A frame as one Parquet file, in the shape that all files of the lake have."""
    try:
        frame.write_parquet(path, compression="zstd", compression_level=1, row_group_size=ROW_GROUP, statistics=True)
    except pl.exceptions.PolarsError:
        with path.open("wb") as file:  # what the system says is lost in that error: have it say it again
            file.write(bytes(min(max(int(frame.estimated_size()), 1 << 20), 1 << 28)))
        raise
    return path


@contextmanager
def faults_named(folder: Path, stays: str = "", *, written: Path | None = None) -> Iterator[None]:
    """Raise what a disk does (`StorageError`), and what a missing or damaged file of the lake in `folder` does
    (`LakeError`), as a sentence with the way out. `written`: the folder that is written, if it is another."""
    with faults.named(written or folder, stays):
        try:
            yield
        except (OSError, DeltaError, pl.exceptions.PolarsError) as error:
            texts = (str(folder), str(folder.absolute()), "parquet")
            of_lake = isinstance(error, DeltaError) or any(text in str(error) for text in texts)
            if not of_lake or faults.number_of(error):
                raise
            what = str(error).strip().partition("\n")[0]
            raise LakeError(f"{folder}: a file of the lake is missing or damaged ({what}); {delta.RESTORE}") from error


def _grant(path: Path, mode: int) -> None:
    """Give a file or folder these rights; the group that a folder hands on stays handed on."""
    with suppress(OSError):  # another user's, or gone meanwhile
        before = stat.S_IMODE(path.stat().st_mode)
        if before & 0o777 != mode:
            path.chmod(before & 0o7000 | mode)


@contextmanager
def own_folder(folder: Path) -> Iterator[Path]:
    """An empty folder that goes in the end; what an interrupted process left there goes first. It is the owner's."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Lake:
    """The tables in one folder. Safe to read from many processes; `writing` lets one at a time write."""

    folder: Path

    def ledger(self, files: Sequence[Path] | None = None) -> pl.DataFrame:
        """Every complete load, oldest first (`tables.BATCHES`). `files`: those of the ledger, where they are known."""
        folder = self.folder / LEDGER
        files = self.ledger_files() if files is None else files
        if not files:
            # A first load that was interrupted leaves no more than first versions.
            logs = (path for name in SCHEMAS for path in (self.folder / name / "_delta_log").glob("*.json"))
            if any(delta.log_version(path) > 0 for path in logs):
                raise LakeError(f"{folder}: the ledger of loads is missing; {delta.RESTORE}")
            return pl.DataFrame(schema=tables.BATCHES)
        return scan_files(LEDGER, files).sort("batch_id").collect()

    def ledger_files(self) -> list[Path]:
        """The Parquet files of the ledger."""
        folder = self.folder / LEDGER
        return sorted(delta.paths(folder, None)) if delta.is_table(folder) else []

    def snapshot(self) -> Snapshot:
        """The state that the last complete load left; without any load an empty one."""
        return _last(self.folder, self.ledger())

    def snapshot_at(self, versions: Mapping[str, int]) -> Snapshot | None:
        """The state with these versions, or None where its files are no longer kept."""
        snapshot = Snapshot(self.folder, None, versions)
        try:
            kept = all(path.exists() for name in versions for path in snapshot.files(name))
        except LakeError:
            return None
        return snapshot if kept else None

    def rejects(self, *, limit: int = 100, batch_id: str | None = None) -> list[Finding]:
        """Rejected rows, of the latest load first."""
        return self._findings("rejects", limit, batch_id)

    def issues(self, *, limit: int = 100, batch_id: str | None = None) -> list[Finding]:
        """Values that could not be read, of the latest load first."""
        return self._findings("issues", limit, batch_id)

    def _findings(self, name: str, limit: int, batch_id: str | None) -> list[Finding]:
        with faults_named(self.folder):
            rows = self.snapshot().scan(name)
            if batch_id is not None:
                rows = rows.filter(pl.col("batch_id") == batch_id)
            order = ["batch_id", "source_file", "source_row"]
            rows = rows.sort(order, descending=[True, False, False], maintain_order=True)
            return [Finding(**row) for row in rows.head(limit).collect().iter_rows(named=True)]

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Hold the lock; put right what an interrupted load left; clear the load's own files in the end.

        Raises `LakeBusy` at once where another process is loading.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        _grant(self.folder, FOLDER_MODE)  # first: what is made in it is nobody else's meanwhile
        try:
            with FileLock(self.folder / ".lock", timeout=0), own_folder(self.folder / "staging") as staging:
                self._recover()
                try:
                    yield Writing(self, staging)
                finally:
                    self._close_to_others()
        except Timeout as error:
            raise LakeBusy(f"{self.folder}: another process is loading; wait until it has finished") from error

    def _close_to_others(self) -> None:
        """Owner and group alone may read, whatever the umask of whoever loads, and earlier programs, made of it."""
        for path in self.folder.rglob("*"):
            _grant(path, FOLDER_MODE if path.is_dir() else FILE_MODE)

    def _recover(self) -> None:
        """Take every table back to the version that the ledger names; remove what no complete load knows."""
        versions = self.snapshot().versions
        for name in SCHEMAS:
            folder = self.folder / name
            if name in versions:
                delta.restore(folder, versions[name])
            elif folder.exists() and (name != LEDGER or not delta.is_table(folder)):
                shutil.rmtree(folder)


class Writing:
    """One load in progress: the state before it, a folder for its files, the versions that it has made."""

    def __init__(self, lake: Lake, folder: Path) -> None:
        self.lake = lake
        self.folder = folder
        ledger = lake.ledger()
        self.before = _last(lake.folder, ledger)
        self._row_before = ledger.tail(1).to_dicts()
        self.versions = dict(self.before.versions)
        self.started_at = datetime.now(UTC)
        number = int(self.before.batch_id.split("-")[0]) + 1 if self.before.batch_id else 1
        self.batch_id = f"{number:06d}-{self.started_at:%Y%m%dT%H%M%S}"
        self._files = 0
        self._added: dict[str, list[Path]] = {}
        self._removed: dict[str, list[Path]] = {}

    def path(self) -> Path:
        """A new name for a Parquet file of this load; later ones sort behind."""
        self._files += 1
        return self.folder / f"{self.batch_id}-{self._files:06d}-{uuid.uuid4().hex[:8]}.parquet"

    def commit(self, name: str, add: Sequence[Path], remove: Sequence[Path] = ()) -> None:
        """One Delta commit of a table: the whole files that it gains and loses. Readers do not see it before `finish`.

        Where the table has many small files they are put into one.
        """
        small = self._small_files(name, remove)
        if small:
            whole = write_file(scan_files(name, small).collect(), self.path())
            add, remove = [*add, whole], [*remove, *small]
        if not add and not remove:
            return
        folder = self.lake.folder / name
        folder.mkdir(exist_ok=True)
        adds = [delta.adopt(path, folder) for path in add]
        try:
            self.versions[name] = delta.commit(folder, SCHEMAS[name], adds, remove)
        except DeltaError as error:
            raise LakeError(f"{folder}: cannot be written: {error}") from error
        own = self._added.setdefault(name, [])
        self._removed.setdefault(name, []).extend(path for path in remove if path not in own)
        self._added[name] = [*(path for path in own if path not in remove), *(folder / path.name for path in add)]

    def after(self) -> Snapshot:
        """What this load has committed so far."""
        return Snapshot(self.lake.folder, self.batch_id, dict(self.versions))

    def finish(self, row: Mapping[str, object]) -> None:
        """Write the ledger row (`tables.BATCHES` less what is known here): from now on this load has happened."""
        self._record({**row, "proof": self._proof().text})

    def _record(self, row: Mapping[str, object]) -> None:
        """Write the row, and remove what no load that is kept needs."""
        versions = json.dumps(self.versions, sort_keys=True)
        ledger = {**row, "batch_id": self.batch_id, "started_at": self.started_at, "versions": versions}
        ledger["finished_at"] = datetime.now(UTC)
        frame = pl.DataFrame([ledger], schema=tables.BATCHES)
        self.commit(LEDGER, [write_file(frame, self.path())])
        rows = self.lake.ledger().tail(KEEP_LOADS).iter_rows(named=True)
        loads = [_snapshot(self.lake.folder, row) for row in rows]
        for name in SCHEMAS:
            if self.versions.get(name) != self.before.versions.get(name):
                self._prune(name, loads)

    def _proof(self) -> Proof:
        """What proves this load; the first one that does takes in what earlier programs wrote."""
        parts, files = prove(self._added, self._removed, self.batch_id, lambda leaves: write_file(leaves, self.path()))
        self.commit(LEAVES, files)
        last = self._row_before
        if last and last[0]["proof"] is None:
            for name in SCHEMAS:
                kept = set(self.before.files(name)) - set(self._removed.get(name, ()))
                self._added[name] = [*kept, *self._added.get(name, ())]
        before = row_hash(last[0]) if last else None
        removed = {name: sorted(path.name for path in paths) for name, paths in self._removed.items() if paths}
        return Proof(before, root_of(parts), parts, file_hashes(self._added), removed)

    def forget_earlier(self) -> None:
        """Keep nothing but the state of the last complete load: no earlier version can be read any more."""
        last = self.lake.snapshot()
        for name in last.versions:
            self._prune(name, [last])

    def _small_files(self, name: str, remove: Sequence[Path]) -> list[Path]:
        """The small files that a table keeps, where there are many."""
        folder = self.lake.folder / name
        version = self.versions.get(name)
        present = delta.paths(folder, version if name != LEDGER else None) if delta.is_table(folder) else []
        small = sorted(path for path in set(present).difference(remove) if delta.rows_of(path) < SMALL_ROWS)
        return small if len(small) >= MANY_SMALL else []

    def _prune(self, name: str, kept: Sequence[Snapshot]) -> None:
        """Remove the data files that none of these states has, and log entries that none of them needs."""
        folder = self.lake.folder / name
        versions = {state.versions[name] for state in kept if name in state.versions}
        if name == LEDGER:  # which no ledger names: somebody may be reading it
            versions = set(range(max(self.versions[name] - KEEP_LOADS, 0), self.versions[name] + 1))
        delta.clean_log(folder / "_delta_log", min(versions))
        files = {path for version in versions for path in delta.paths(folder, version)}
        for path in set(folder.glob("*.parquet")) - files:
            path.unlink(missing_ok=True)


def _last(folder: Path, ledger: pl.DataFrame) -> Snapshot:
    """The state of the last load of a ledger."""
    if ledger.is_empty():
        return Snapshot(folder, None, {})
    return _snapshot(folder, ledger.row(-1, named=True))


def _snapshot(folder: Path, row: Mapping[str, Any]) -> Snapshot:
    versions = json.loads(row["versions"])
    unknown = sorted(set(versions) - set(SCHEMAS))
    if unknown:
        raise LakeError(f"{folder}: has tables of a newer version of this program ({', '.join(unknown)}); update it")
    return Snapshot(folder, row["batch_id"], versions, row["finished_at"])
