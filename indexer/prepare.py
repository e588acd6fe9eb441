"""Tables → whatever a function makes of their slices, also in worker processes where there are many rows.

A slice is a run of rows of one Parquet file. A worker reads its own slices and what belongs to them. Either results
come to this process as they are made (`Preparation.over`: a bounded number ahead; rather than wait for one it works on
a slice itself), or documents are written by the process that makes them (`SlicedDocuments.write_parts`). For up to
`POOL_FROM` rows no process is started: that would take longer than the work.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

import polars as pl

from indexer import workers
from indexer.delta import rows_of
from indexer.documents import Document
from indexer.lake import scan_files
from xincha.engine.contract import BuildPart, PartWriter

SLICE_ROWS = 5_000
POOL_FROM = 20_000
_LOOK_SECONDS = 0.5

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of one file of a table."""

    table: str
    file: Path
    offset: int
    rows: int

    @property
    def name(self) -> str:
        """Its name among the slices of all files."""
        return f"{self.file.stem}-{self.offset}"

    def read(self) -> pl.DataFrame:
        """The rows, with exactly the columns that the table is declared with."""
        return scan_files(self.table, [self.file]).slice(self.offset, self.rows).collect()


def slices(table: str, files: Sequence[Path]) -> list[Slice]:
    """Every row of the files, in order."""
    return [
        Slice(table, file, offset, min(SLICE_ROWS, rows - offset))
        for file in files
        for rows in (rows_of(file),)
        for offset in range(0, rows, SLICE_ROWS)
    ]


def slice_names(parts: Sequence[Slice], key: str) -> pl.LazyFrame:
    """Each key of the slices' rows, with the name of the slice that it is in (`slice`)."""
    frames = [pl.LazyFrame(schema={key: pl.String, "slice": pl.String})]
    for file in dict.fromkeys(part.file for part in parts):
        name = pl.format(f"{file.stem}-{{}}", pl.col("row") // SLICE_ROWS * SLICE_ROWS)
        frames.append(pl.scan_parquet(file).select(key).with_row_index("row").select(key, slice=name))
    return pl.concat(frames)


Make = Callable[[Slice], list[Document]]


class _SliceQueue:
    """What the processes that write parts share: which slice is next, and how many rows are done."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._next, self._done = context.Value("q"), context.Value("q")

    @property
    def done(self) -> int:
        return int(self._done.value)

    def begin(self) -> None:
        self._next.value = self._done.value = 0

    def stop(self) -> None:
        """No slice is taken any more."""
        with self._next:
            self._next.value = 1 << 62

    def taken(self, parts: Sequence[Slice]) -> Iterator[Slice]:
        """The slices that are this process's to do."""
        while True:
            with self._next:
                at = self._next.value
                self._next.value += 1
            if at >= len(parts):
                return
            yield parts[at]
            with self._done:
                self._done.value += parts[at].rows


_shared: list[_SliceQueue] = []
"""In a worker process: the one that it was started with. It can be handed over at its start only."""


def _share(queue: _SliceQueue) -> None:
    _shared.append(queue)


def _part(queue: _SliceQueue, parts: Sequence[Slice], make: Make, writer: PartWriter) -> BuildPart:
    """One process's part of the documents of all slices."""
    return writer(chain.from_iterable(map(make, queue.taken(parts))))


def _workers_part(parts: Sequence[Slice], make: Make, writer: PartWriter) -> BuildPart:
    """A worker process's part."""
    return _part(_shared[0], parts, make, writer)


class Preparation:
    """Runs functions over slices. Use as a context: leaving it ends the processes."""

    def __init__(self, setting: int) -> None:
        """`setting`: how many processes work, this one included; 0: one per core."""
        self._helpers = workers.count(setting) - 1
        self._pool: ProcessPoolExecutor | None = None
        self._queue = _SliceQueue()

    def __enter__(self) -> Preparation:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def over(self, parts: Sequence[Slice], function: Callable[[Slice], Result]) -> Iterator[Result]:
        """What `function` (which can be pickled) makes of each slice; in no order where there are workers."""
        helpers = self.helpers(parts)
        if not helpers:
            yield from map(function, parts)
            return
        todo, running = deque(parts), set[Future[Result]]()
        while todo or running:
            while todo and len(running) <= 2 * helpers:
                running.add(self._started().submit(function, todo.popleft()))
            done = {future for future in running if future.done()}
            if not done and todo:
                yield function(todo.popleft())
                continue
            for future in done or wait(running, return_when=FIRST_COMPLETED).done:
                running.remove(future)
                yield workers.result(future)

    def write_parts(
        self, parts: Sequence[Slice], make: Make, writer: PartWriter, tell: Callable[[int], None]
    ) -> list[BuildPart]:
        """Every process gives `writer` the documents that it makes; `tell` hears how many rows are done."""
        self._queue.begin()
        running = [self._started().submit(_workers_part, parts, make, writer) for _ in range(self.helpers(parts))]

        def make_and_tell(part: Slice) -> list[Document]:
            tell(self._queue.done)
            for future in running:
                if future.done():
                    workers.result(future)  # a worker that has failed ends this process's part too
            return make(part)

        try:
            own = _part(self._queue, parts, make_and_tell, writer)
            while wait(running, _LOOK_SECONDS).not_done:
                tell(self._queue.done)
            return [own, *map(workers.result, running)]
        finally:
            self._queue.stop()

    def helpers(self, parts: Sequence[Slice]) -> int:
        """How many processes beside this one work on these slices."""
        return self._helpers if self._pool or sum(part.rows for part in parts) > POOL_FROM else 0

    def _started(self) -> ProcessPoolExecutor:
        self._pool = self._pool or workers.pool(self._helpers, _share, self._queue)
        return self._pool


@dataclass(frozen=True)
class SlicedDocuments:
    """The documents of slices, as `xincha.engine.contract.ParallelDocuments`. `tell` hears how many are made, and in
    the end the number of rows: some have none."""

    preparation: Preparation
    parts: Sequence[Slice]
    make: Make
    tell: Callable[[int], None]

    @property
    def processes(self) -> int:
        """How many processes make them."""
        return 1 + self.preparation.helpers(self.parts)

    def __iter__(self) -> Iterator[Document]:
        done = 0
        for documents in self.preparation.over(self.parts, self.make):
            yield from documents
            self.tell(done := done + len(documents))
        self.tell(sum(part.rows for part in self.parts))

    def write_parts(self, writer: PartWriter) -> Sequence[BuildPart]:
        """See `ParallelDocuments.write_parts`."""
        written = self.preparation.write_parts(self.parts, self.make, writer, self.tell)
        self.tell(sum(part.rows for part in self.parts))
        return written
