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
from deltalake import DeltaTable, Schema
from deltalake.exceptions import DeltaError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions
from filelock import FileLock, Timeout

from indexer import tables
from indexer.report import Finding
from xincha import faults
from xincha.errors import LakeBusy, LakeError

LEDGER = "batches"
SCHEMAS: Mapping[str, pl.Schema] = {
    name: pl.Schema(schema)
    for name, schema in {
        **{table.name: table.schema for table in tables.DATA_TABLES},
        "links": tables.LINKS,
        "changes": tables.CHANGES,
        "rejects": tables.REJECTS,
        "issues": tables.ISSUES,
        LEDGER: tables.BATCHES,
    }.items()
}
KEEP_LOADS = 4
"""Complete loads whose state stays readable; a publish compares with the one that it published last."""

CHECKPOINT = 20
"""Versions of a table after which Delta writes its state as a whole; older log entries then go."""

SMALL_ROWS = 20_000
MANY_SMALL = 24
FILE_MODE, FOLDER_MODE = 0o640, 0o750
"""Of the lake: personal data is masked in it, but what its rejects say is for who runs it alone."""

RESTORE = "restore the lake from its backup, or move it away and load the files again (docs/operations.md)"
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
            self._files[name] = sorted(_paths(self.folder / name, self.versions[name]))
        return list(self._files[name])

    def scan(self, name: str) -> pl.LazyFrame:
        """A table with exactly its declared columns."""
        return scan_files(name, self.files(name))

    def count(self, name: str) -> int:
        """Rows of a table, without reading them."""
        return sum(rows_of(path) for path in self.files(name))


def scan_files(name: str, files: Sequence[Path]) -> pl.LazyFrame:
    """Parquet files of a table; columns that an older program did not know are null."""
    if not files:
        return pl.LazyFrame(schema=SCHEMAS[name])
    return pl.scan_parquet(list(files), schema=SCHEMAS[name], missing_columns="insert", extra_columns="ignore")


def rows_of(path: Path) -> int:
    """Rows of a Parquet file, from its footer."""
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


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
            raise LakeError(f"{folder}: a file of the lake is missing or damaged ({what}); {RESTORE}") from error


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

    def ledger(self) -> pl.DataFrame:
        """Every complete load, oldest first (`tables.BATCHES`)."""
        folder = self.folder / LEDGER
        if not _is_table(folder):
            # A first load that was interrupted leaves no more than first versions.
            logs = (path for name in SCHEMAS for path in (self.folder / name / "_delta_log").glob("*.json"))
            if any(_log_version(path) > 0 for path in logs):
                raise LakeError(f"{folder}: the ledger of loads is missing; {RESTORE}")
            return pl.DataFrame(schema=tables.BATCHES)
        return scan_files(LEDGER, _paths(folder, None)).sort("batch_id").collect()

    def snapshot(self) -> Snapshot:
        """The state that the last complete load left; without any load an empty one."""
        ledger = self.ledger()
        if ledger.is_empty():
            return Snapshot(self.folder, None, {})
        return _snapshot(self.folder, ledger.row(-1, named=True))

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
                _restore(folder, versions[name])
            elif folder.exists() and (name != LEDGER or not _is_table(folder)):
                shutil.rmtree(folder)


class Writing:
    """One load in progress: the state before it, a folder for its files, the versions that it has made."""

    def __init__(self, lake: Lake, folder: Path) -> None:
        self.lake = lake
        self.folder = folder
        self.before = lake.snapshot()
        self.versions = dict(self.before.versions)
        self.started_at = datetime.now(UTC)
        number = int(self.before.batch_id.split("-")[0]) + 1 if self.before.batch_id else 1
        self.batch_id = f"{number:06d}-{self.started_at:%Y%m%dT%H%M%S}"
        self._files = 0

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
        adds = [_adopt(path, folder) for path in add]
        try:
            self.versions[name] = _write(folder, adds, remove)
        except DeltaError as error:
            raise LakeError(f"{folder}: cannot be written: {error}") from error

    def after(self) -> Snapshot:
        """What this load has committed so far."""
        return Snapshot(self.lake.folder, self.batch_id, dict(self.versions))

    def finish(self, row: Mapping[str, object]) -> None:
        """Write the ledger row (`tables.BATCHES` less what is known here): from now on this load has happened."""
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

    def forget_earlier(self) -> None:
        """Keep nothing but the state of the last complete load: no earlier version can be read any more."""
        last = self.lake.snapshot()
        for name in last.versions:
            self._prune(name, [last])

    def _small_files(self, name: str, remove: Sequence[Path]) -> list[Path]:
        """The small files that a table keeps, where there are many."""
        folder = self.lake.folder / name
        version = self.before.versions.get(name)
        present = _paths(folder, version if name != LEDGER else None) if _is_table(folder) else []
        small = sorted(path for path in set(present).difference(remove) if rows_of(path) < SMALL_ROWS)
        return small if len(small) >= MANY_SMALL else []

    def _prune(self, name: str, kept: Sequence[Snapshot]) -> None:
        """Remove the data files that none of these states has, and log entries that none of them needs."""
        folder = self.lake.folder / name
        versions = {state.versions[name] for state in kept if name in state.versions}
        if name == LEDGER:  # which no ledger names: somebody may be reading it
            versions = set(range(max(self.versions[name] - KEEP_LOADS, 0), self.versions[name] + 1))
        _clean_log(folder / "_delta_log", min(versions))
        files = {path for version in versions for path in _paths(folder, version)}
        for path in set(folder.glob("*.parquet")) - files:
            path.unlink(missing_ok=True)


def _clean_log(log: Path, oldest: int) -> None:
    """Remove what lies before the last checkpoint but one that is no newer than version `oldest`.

    Delta makes a checkpoint every `CHECKPOINT` versions. A reader that listed the log before the last one was made
    still finds what it needs.
    """
    checkpoints = sorted(at for path in log.glob("*.checkpoint.parquet") if (at := _log_version(path)) <= oldest)
    if len(checkpoints) > 1:
        for path in log.iterdir():
            if 0 <= _log_version(path) < checkpoints[-2]:
                path.unlink(missing_ok=True)


def _log_version(path: Path) -> int:
    """The version of which a file in a log is; -1 if it is of none."""
    number = path.name.partition(".")[0]
    return int(number) if number.isdigit() else -1


def _snapshot(folder: Path, row: Mapping[str, Any]) -> Snapshot:
    versions = json.loads(row["versions"])
    unknown = sorted(set(versions) - set(SCHEMAS))
    if unknown:
        raise LakeError(f"{folder}: has tables of a newer version of this program ({', '.join(unknown)}); update it")
    return Snapshot(folder, row["batch_id"], versions, row["finished_at"])


def _is_table(folder: Path) -> bool:
    return (folder / "_delta_log").is_dir() and DeltaTable.is_deltatable(str(folder))


def _open(folder: Path, version: int | None) -> DeltaTable:
    try:
        return DeltaTable(str(folder), version=version)
    except (DeltaError, OSError) as error:
        raise LakeError(
            f"{folder}: the table is damaged or missing at version {version}: {error}; {RESTORE}"
        ) from error


def _paths(folder: Path, version: int | None) -> list[Path]:
    """Data files of a table at a version (None: the latest)."""
    actions = pl.DataFrame(_open(folder, version).get_add_actions(flatten=True))
    return [folder / path for path in actions["path"].to_list()]


def _restore(folder: Path, version: int) -> None:
    table = _open(folder, None)
    if table.version() == version:
        return
    last = table.history(1)[0]
    if last.get("operation") == "RESTORE" and str(last["operationParameters"].get("version")) == str(version):
        return
    table.restore(version)


def _now() -> int:
    """Milliseconds, as Delta counts them."""
    return int(datetime.now(UTC).timestamp() * 1000)


def _adopt(path: Path, folder: Path) -> AddAction:
    """Move a finished file into the table's folder, where no reader sees it before the commit."""
    stats = json.dumps({"numRecords": rows_of(path)})
    target = path.replace(folder / path.name)
    return AddAction(target.name, target.stat().st_size, {}, _now(), data_change=True, stats=stats)


def _write(folder: Path, adds: list[AddAction], remove: Sequence[Path]) -> int:
    """Commit and return the new version."""
    empty = pl.DataFrame(schema=SCHEMAS[folder.name])
    schema = Schema.from_arrow(empty.to_arrow(compat_level=pl.CompatLevel.oldest()).schema)
    if not _is_table(folder):
        keep_log: dict[str, str | None] = {
            "delta.enableExpiredLogCleanup": "false",
            "delta.checkpointInterval": str(CHECKPOINT),
        }
        create_table_with_add_actions(str(folder), schema, adds, configuration=keep_log)
        return 0
    table = _open(folder, None)
    known = {field.name for field in table.schema().fields}
    missing = [field for field in schema.fields if field.name not in known]
    if missing:
        table.alter.add_columns(missing)
    removes = [RemoveAction(path.name, True, _now()) for path in remove]
    table.create_write_transaction([*adds, *removes], "append", table.schema())
    return _open(folder, None).version()
