"""Files → staged Parquet files of canonical rows, with every row of every file accounted for.

A table (`read.RawTable`) is read in this process, batch by batch; its batches are normalized here too. Once a load has
proved long, worker processes normalize as many as they can, and write the staged files themselves.
Files come out in the order in which rows were read: later ones are newer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from indexer import tables, workers
from indexer.canonical.batch import Layout
from indexer.kinds import SOURCES, Source
from indexer.lake import Writing, write_file
from indexer.normalize import Normalizer
from indexer.pieces import Piece, findings_piece
from indexer.read import RawBatch, RawTable
from xincha.errors import XinchaError

POOL_FROM_ROWS = 100_000
"""Rows after which worker processes are started: before, starting them costs more than they save."""

MOST_WAITING = 8
"""Batches that may be on their way at once: they are held in memory."""

_FINDING: Any = dict(tables.REJECTS)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every row of a load carries of it."""

    batch_id: str
    loaded_at: datetime


@dataclass(frozen=True, slots=True)
class StagedBatch:
    """A staged batch: its usable rows, the rows that could not be used, the values that could not be read."""

    rows: Piece
    rejects: Piece
    issues: Piece


@dataclass(slots=True)
class Staged:
    """One table as staged. `parts` in the order of reading."""

    label: str
    source: Source
    sha256: str
    bytes: int
    rows_read: int = 0
    parts: list[StagedBatch] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Rows that could not be used."""
        return sum(part.rejects.rows for part in self.parts)

    @property
    def issues(self) -> int:
        """Values that could not be read."""
        return sum(part.issues.rows for part in self.parts)

    def take(self, rows_read: int, part: StagedBatch) -> None:
        """Add a batch; every row that was read is in it."""
        lost = rows_read - part.rows.rows - part.rejects.rows
        if lost:
            raise XinchaError(f"{self.label}: {lost} of {rows_read} rows are unaccounted for; nothing was loaded")
        self.parts.append(part)


class Stager:
    """Stages the tables of one load. Use as a context: leaving it ends the worker processes."""

    def __init__(self, writing: Writing, setting: int) -> None:
        self._writing = writing
        self._helpers = workers.count(setting) - 1
        self._running: set[Future[StagedBatch]] = set()
        self._stamp = Stamp(writing.batch_id, writing.started_at)
        self._pool: ProcessPoolExecutor | None = None
        self.rows = 0

    def __enter__(self) -> Stager:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def stage(self, table: RawTable, layout: Layout, label: str, tick: Callable[[], None]) -> Staged:
        """Stage a table under this name; `tick` is called after each batch."""
        staged = Staged(label, SOURCES[layout.kind], table.sha256, table.bytes)
        normalizer = Normalizer(layout, label)
        waiting: deque[tuple[int, Callable[[], StagedBatch]]] = deque()
        for batch in table.batches:
            staged.rows_read += batch.rows_read
            self.rows += batch.rows_read
            waiting.append((batch.rows_read, self._staged(normalizer, batch)))
            while len(waiting) > MOST_WAITING:
                staged.take(*_now(waiting.popleft()))
            tick()
        for each in waiting:
            staged.take(*_now(each))
        return staged

    def _staged(self, normalizer: Normalizer, batch: RawBatch) -> Callable[[], StagedBatch]:
        """A batch on its way: to another process where one is free, done here otherwise."""
        path = self._writing.path()
        self._running = {future for future in self._running if not future.done()}
        if self._helpers < 1 or self.rows <= POOL_FROM_ROWS or len(self._running) > self._helpers:
            part = _stage(normalizer, batch, path, self._stamp)
            return lambda: part
        if self._pool is None:
            self._pool = workers.pool(self._helpers)
        future = self._pool.submit(_stage_there, normalizer.layout, normalizer.source_file, batch, path, self._stamp)
        self._running.add(future)
        return partial(workers.result, future)


def _now(waiting: tuple[int, Callable[[], StagedBatch]]) -> tuple[int, StagedBatch]:
    rows, part = waiting
    return rows, part()


def _stage(normalizer: Normalizer, batch: RawBatch, path: Path, stamp: Stamp) -> StagedBatch:
    """Normalize one batch and write its rows with their origin."""
    normal = normalizer(batch)
    table = normalizer.source.table
    if normal.rows.height:
        rows = normal.rows.with_columns(
            batch_id=pl.lit(stamp.batch_id),
            source_file=pl.lit(normalizer.source_file),
            loaded_at=pl.lit(stamp.loaded_at, tables.TIME),
            carried=pl.lit(None, tables.CARRIED),
        )
        write_file(rows.select(*table.schema).cast(pl.Schema(table.schema)), path)
    rejects, issues = (
        frame.select(pl.lit(stamp.batch_id).alias("batch_id"), pl.all()).cast(_FINDING)
        for frame in (normal.rejects, normal.issues)
    )
    return StagedBatch(
        Piece(path if normal.rows.height else None, normal.rows.height),
        findings_piece(rejects, path.with_suffix(".rejects.parquet")),
        findings_piece(issues, path.with_suffix(".issues.parquet")),
    )


_normalizer: Normalizer | None = None


def _stage_there(layout: Layout, label: str, batch: RawBatch, path: Path, stamp: Stamp) -> StagedBatch:
    """`_stage` in a worker process, which keeps the normalizer of the table it worked on last."""
    global _normalizer  # noqa: PLW0603 - the memory of this process
    if _normalizer is None or _normalizer.source_file != label:
        _normalizer = Normalizer(layout, label)
    return _stage(_normalizer, batch, path, stamp)
