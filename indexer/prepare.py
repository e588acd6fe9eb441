"""Tables → whatever a function makes of their slices, also in worker processes where there are many rows.

A slice is a run of rows of one Parquet file. A worker reads its own slices and what belongs to them, so that only
results travel. This process takes results as they come, a bounded number ahead; rather than wait for one it works on a
slice itself. For up to `POOL_FROM` rows no process is started: that would take longer than the work.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from indexer import workers
from indexer.lake import SCHEMAS, rows_of

SLICE_ROWS = 5_000
POOL_FROM = 20_000

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of one file of a table."""

    table: str
    file: Path
    offset: int
    rows: int

    def read(self) -> pl.DataFrame:
        """The rows, with exactly the columns that the table is declared with."""
        schema = pl.Schema(SCHEMAS[self.table])
        scan = pl.scan_parquet(self.file, schema=schema, missing_columns="insert", extra_columns="ignore")
        return scan.slice(self.offset, self.rows).collect()


def slices(table: str, files: Sequence[Path]) -> list[Slice]:
    """Every row of the files, in order."""
    return [
        Slice(table, file, offset, min(SLICE_ROWS, rows - offset))
        for file in files
        for rows in (rows_of(file),)
        for offset in range(0, rows, SLICE_ROWS)
    ]


class Preparation:
    """Runs functions over slices. Use as a context: leaving it ends the processes."""

    def __init__(self, setting: int) -> None:
        """`setting`: how many processes work, this one included; 0: one per core."""
        self._helpers = workers.count(setting) - 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Preparation:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def over(self, parts: Sequence[Slice], function: Callable[[Slice], Result]) -> Iterator[Result]:
        """What `function` (which can be pickled) makes of each slice; in no order where there are workers."""
        if self._helpers < 1 or (self._pool is None and sum(part.rows for part in parts) <= POOL_FROM):
            yield from map(function, parts)
            return
        if self._pool is None:
            self._pool = workers.pool(self._helpers)
        todo, running = deque(parts), set[Future[Result]]()
        while todo or running:
            while todo and len(running) <= 2 * self._helpers:
                running.add(self._pool.submit(function, todo.popleft()))
            done = {future for future in running if future.done()}
            if not done and todo:
                yield function(todo.popleft())
                continue
            for future in done or wait(running, return_when=FIRST_COMPLETED).done:
                running.remove(future)
                yield workers.result(future)
