"""Files → staged Parquet files of canonical rows, with every row of every file accounted for.

A table (`read.RawTable`) is read in this process, batch by batch; its batches are normalized here too. Once a load has
proved long, worker processes normalize as many as they can, and write the staged files themselves.
Files come out in the order in which rows were read: later ones are newer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import polars as pl

from indexer import workers
from indexer.canonical.batch import Layout
from indexer.delivery import Delivery
from indexer.lake import Writing
from indexer.normalize import Normalizer
from indexer.pieces import Piece, write_piece
from indexer.read import RawBatch, RawTable
from indexer.report import FileReport
from indexer.tables import Table
from indexer.unread import Unread

POOL_FROM_ROWS = 100_000
"""Rows after which worker processes are started: before, starting them costs more than they save."""

MOST_WAITING = 8
"""Batches that may be on their way at once: they are held in memory."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every row of a load carries of it, and of whose delivery it is."""

    batch_id: str
    loaded_at: datetime
    source: str = ""


@dataclass(frozen=True, slots=True)
class StagedBatch:
    """A staged batch: its usable rows, the rows that could not be used, the values that could not be read."""

    rows: Piece
    rejects: Piece
    issues: Piece


@dataclass(frozen=True, slots=True)
class Staged:
    """One table as staged, in parts in the order of reading. `report` counts all usable rows as merged for now."""

    table: Table
    delivery: Delivery
    report: FileReport
    parts: Sequence[StagedBatch]


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

    def stage(
        self, table: RawTable, layout: Layout, label: str, delivery: Delivery, tick: Callable[[], None]
    ) -> Staged:
        """Stage a table under this name; `tick` is called after each batch."""
        stamp = replace(self._stamp, source=delivery.source)
        normalizer = Normalizer(layout, label)
        waiting: deque[Callable[[], StagedBatch]] = deque()
        parts: list[StagedBatch] = []
        rows_before = self.rows
        unread = Unread(layout)
        for batch in table.batches:
            unread.see(batch.frame)
            self.rows += batch.rows_read
            waiting.append(self._staged(normalizer, batch, stamp))
            while len(waiting) > MOST_WAITING:
                parts.append(waiting.popleft()())
            tick()
        parts += [result() for result in waiting]
        rejected, issues = (sum(getattr(part, name).rows for part in parts) for name in ("rejects", "issues"))
        rows = self.rows - rows_before
        report = FileReport(
            label, layout.kind, rows, 0, rows - rejected, rejected, issues, table.sha256, table.bytes,
            unread_columns=unread.names,
        )  # fmt: skip
        return Staged(normalizer.source.table, delivery, report, parts)

    def _staged(self, normalizer: Normalizer, batch: RawBatch, stamp: Stamp) -> Callable[[], StagedBatch]:
        """A batch on its way: to another process where one is free, done here otherwise."""
        path = self._writing.path()
        self._running = {future for future in self._running if not future.done()}
        if self._helpers < 1 or self.rows <= POOL_FROM_ROWS or len(self._running) > self._helpers:
            part = _stage(normalizer, batch, path, stamp)
            return lambda: part
        if self._pool is None:
            self._pool = workers.pool(self._helpers)
        future = self._pool.submit(_stage_there, normalizer.layout, normalizer.source_file, batch, path, stamp)
        self._running.add(future)
        return partial(workers.result, future)


def _stage(normalizer: Normalizer, batch: RawBatch, path: Path, stamp: Stamp) -> StagedBatch:
    """Normalize one batch and write its rows with their origin."""
    normal = normalizer(batch)
    schema = pl.Schema(normalizer.source.table.schema)
    rows = normal.rows.with_columns(
        batch_id=pl.lit(stamp.batch_id),
        source_file=pl.lit(normalizer.source_file),
        loaded_at=pl.lit(stamp.loaded_at),
        carried=pl.lit(None),
        source=pl.lit(stamp.source or None),
        gone_on=pl.lit(None),
    )
    rejects, issues = (
        frame.select(pl.lit(stamp.batch_id).alias("batch_id"), pl.all()) for frame in (normal.rejects, normal.issues)
    )
    return StagedBatch(
        write_piece(rows.select(*schema).cast(schema), path),
        write_piece(rejects, path.with_suffix(".rejects.parquet")),
        write_piece(issues, path.with_suffix(".issues.parquet")),
    )


_normalizer: Normalizer | None = None


def _stage_there(layout: Layout, label: str, batch: RawBatch, path: Path, stamp: Stamp) -> StagedBatch:
    """`_stage` in a worker process, which keeps the normalizer of the table it worked on last."""
    global _normalizer  # noqa: PLW0603 - the memory of this process
    if _normalizer is None or _normalizer.source_file != label:
        _normalizer = Normalizer(layout, label)
    return _stage(_normalizer, batch, path, stamp)
