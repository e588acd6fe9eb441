"""Raw rows of a recognised table → rows of its canonical table, with what could not be read named beside them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from indexer.read import RawBatch
from indexer.sources import Layout


@dataclass(frozen=True, slots=True)
class Normalized:
    """What became of a batch: `rows.height + rejects.height == batch.rows_read`.

    `rows`: `table.columns` in order, then `source_row`. Rows of one key are not merged here.
    `issues`, `rejects`: `indexer.findings.FINDING`, those of reading included; `source_file` filled in, masked.
    """

    rows: pl.DataFrame
    issues: pl.DataFrame
    rejects: pl.DataFrame


class Normalizer:
    """Normalizes the batches of one table; keeps what it has read of repeated values from batch to batch.

    Use one for each table (it can be sent to another process; its memory then starts empty).
    """

    def __init__(self, layout: Layout, source_file: str) -> None:
        self.layout = layout
        self.source_file = source_file

    def __call__(self, batch: RawBatch) -> Normalized:
        """The canonical rows of a batch."""
        raise NotImplementedError
