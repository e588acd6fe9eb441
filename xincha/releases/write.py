"""Write a release: entities, and each kind of record that is loaded, as Parquet and CSV, whole and as deltas.

The rows are those of the exports (`xincha.search.export`), so what a file holds is what the searches show on that day,
with the same columns; numbers of rows are checked against the engine's. CSV is made of the Parquet file, with the keys
of the API as head and lists joined by 、: it is for programs, and guards against no spreadsheet.

A delta of N days holds the rows that are new or other than in the newest release at least N days old (`change`:
`changed`), and the identifiers of those that are gone (`gone`), without content. What a release held is kept for that
as identifiers with a keyed hash of each row.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from xincha.holds import digest
from xincha.kinds import KINDS
from xincha.releases.catalogue import IDS, Catalogue, File, Release
from xincha.releases.describe import describe
from xincha.search.coverage import REGISTRATION, note
from xincha.search.export.columns import columns
from xincha.search.export.pages import Export
from xincha.search.questions import EntitySelection, RecordSelection
from xincha.search.service import Searcher
from xincha.tables import TableColumn, save, write_parquet

DELTA_DAYS = (1, 7, 31)
_IDS_KEPT = timedelta(days=max(DELTA_DAYS) + 7)
_LIST_JOINED = "、"
_WITHOUT_END = date(9999, 12, 31)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class _Table:
    """One kind on its way. `key`: the column of its identifiers."""

    kind: str
    key: str
    export: Export
    columns: Sequence[TableColumn]
    content_until: date | None


def write_release(
    searcher: Searcher,
    catalogue: Catalogue,
    keep: int,
    progress: Progress | None = None,
    made_at: datetime | None = None,
) -> Release:
    """Write all that may be shown today as a new release, and tell of it. Memory stays flat. `made_at`: now.

    Raises `EngineError` where another version is published meanwhile; then nothing has changed.
    """
    made_at = made_at or datetime.now(UTC)
    name = _named(made_at)
    part = catalogue.folder / f".{name}.{os.getpid()}.part"
    part.mkdir(parents=True)
    (catalogue.folder / IDS).mkdir(exist_ok=True)
    try:
        held = digest(searcher.held.records())  # first: a hold that comes while it is written withdraws it
        tables = _tables(searcher)
        files = [file for table in tables for file in _written(table, part, catalogue.folder / IDS, made_at, progress)]
        day = tables[0].export.day
        release = Release(name, day, made_at, tables[0].export.version, _shown_until(part, tables), held, files)
        describe(release, {table.kind: table.columns for table in tables}, part)
        part.replace(catalogue.folder / name)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    catalogue.add(release, keep)
    _forget(catalogue.folder / IDS, made_at)
    return release


def _tables(searcher: Searcher) -> list[_Table]:
    covered = {each.kind: each for each in searcher.coverage.now().kinds}
    entities = searcher.entities.all(EntitySelection())
    told = [_Table("entities", "entity_id", entities, columns("entities"), covered[REGISTRATION].content_until)]
    for kind in KINDS:
        if covered[kind].loaded:
            records = searcher.records.all(RecordSelection(kind=(kind,)))
            told.append(_Table(kind, "record_id", records, columns("records", [kind]), covered[kind].content_until))
    return told


def _written(table: _Table, folder: Path, ids: Path, made_at: datetime, progress: Progress | None) -> Iterator[File]:
    """The files of one kind, as they are written."""
    path = folder / f"{table.kind}.parquet"
    tell = (lambda rows: progress(f"release {table.kind}", rows, table.export.total)) if progress else None
    pages = table.export if tell is None else _telling(table.export, tell)
    save(write_parquet(pages, table.columns, "", note(table.export.covered.kinds)), path, path.with_suffix(".part"))
    yield from _both(path, table, None)
    now = _hashed(path, table.key, ids)
    for days in DELTA_DAYS:
        if before := _before(ids, table.kind, made_at - timedelta(days=days)):
            delta = folder / f"{table.kind}.delta-{days}.parquet"
            _delta(path, table.key, now, pl.read_parquet(before)).sink_parquet(delta, compression="zstd")
            yield from _both(delta, table, days)
    now.write_parquet(ids / f"{_named(made_at)}.{table.kind}.parquet")


def _telling(export: Export, tell: Callable[[int], None]) -> Iterator[Sequence[Any]]:
    rows = 0
    for page in export:
        yield page
        tell(rows := rows + len(page))


def _both(path: Path, table: _Table, days: int | None) -> Iterator[File]:
    """A Parquet file, and the CSV made of it."""
    csv = path.with_suffix(".csv.gz")
    frame = pl.scan_parquet(path)
    lists = pl.selectors.list()
    frame.with_columns(lists.list.join(_LIST_JOINED, ignore_nulls=True)).sink_csv(csv, compression="gzip")
    rows = pq.read_metadata(path).num_rows
    for each, of in ((path, "parquet"), (csv, "csv")):
        with each.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        yield File(each.name, table.kind, of, days, rows, each.stat().st_size, sha256, table.content_until)


def _hashed(path: Path, key: str, ids: Path) -> pl.DataFrame:
    """`key`, and `row`: a keyed hash of everything else but where it was loaded from."""
    names = [name for name in pl.read_parquet_schema(path) if name != key and not name.startswith("origin_")]
    return pl.scan_parquet(path).select(key, row=pl.struct(names).hash(_seed(ids))).collect(engine="streaming")


def _seed(ids: Path) -> int:
    """The key of the hashes: without it a guessed record cannot be confirmed by the hash of one that is gone."""
    file = ids / "seed"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(str(secrets.randbits(63)), "ascii")
    return int(file.read_text("ascii"))


def _named(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S%fZ}"


def _before(ids: Path, kind: str, moment: datetime) -> Path | None:
    """What the newest release of that moment or before held of a kind."""
    names = (path for path in ids.glob(f"*.{kind}.parquet") if path.name.partition(".")[0] <= _named(moment))
    return max(names, default=None)


def _delta(path: Path, key: str, now: pl.DataFrame, before: pl.DataFrame) -> pl.LazyFrame:
    other = now.join(before, on=[key, "row"], how="anti").select(key)
    gone = before.join(now, on=key, how="anti").select(key)
    rows = pl.scan_parquet(path).join(other.lazy(), on=key, how="semi").with_columns(change=pl.lit("changed"))
    return pl.concat([rows, gone.lazy().with_columns(change=pl.lit("gone"))], how="diagonal")


def _shown_until(folder: Path, tables: Sequence[_Table]) -> date | None:
    """Last day on which all records may be shown."""
    ends = [
        pl.scan_parquet(folder / f"{table.kind}.parquet").select(pl.col("public_until").min()).collect().item()
        for table in tables
        if table.kind != "entities"
    ]
    known = [end for end in ends if end is not None and end != _WITHOUT_END]
    return min(known, default=None)


def _forget(ids: Path, now: datetime) -> None:
    """Drop what no delta will be made from any more."""
    bound = _named(now - _IDS_KEPT)
    for path in ids.glob("*.parquet"):
        if path.name < bound:
            path.unlink(missing_ok=True)
