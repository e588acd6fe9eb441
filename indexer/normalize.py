"""Raw rows of a recognised table → rows of its canonical table, with what could not be read named beside them.

The steps: columns under their declared names; rows that repeat the header rejected, and those that are no records
(`indexer.canonical.no_records`); every text cleaned, masked and checked for mojibake (`indexer.canonical.texts`); then
the source's own module reads its columns and rejects rows without a key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from indexer.canonical.batch import Batch, Layout, Memory
from indexer.canonical.no_records import reject_no_records
from indexer.canonical.texts import tidy
from indexer.canonical.values import with_unit
from indexer.findings import LINE, SOURCE_ROW, Code
from indexer.kinds import SOURCES, Source
from indexer.read import RawBatch


@dataclass(frozen=True, slots=True)
class Normalized:
    """What became of a batch: `rows.height + rejects.height == batch.rows_read`.

    `rows`: `table.columns` in order, then `source_row`. Rows of one key are not merged here.
    `issues`, `rejects`: `indexer.findings.FINDING`, those of reading included; masked. Issues are of rows in `rows`.
    """

    rows: pl.DataFrame
    issues: pl.DataFrame
    rejects: pl.DataFrame


class Normalizer:
    """Normalizes the batches of one table; keeps what it has read of repeated values from batch to batch.

    Use one for each table (it can be sent to another process).
    """

    def __init__(self, layout: Layout, source_file: str) -> None:
        self.layout = layout
        self.source = SOURCES[layout.kind]
        self.source_file = source_file
        self._memory = Memory()

    def __call__(self, raw: RawBatch) -> Normalized:
        """The canonical rows of a batch."""
        published = raw.frame.drop(*self.layout.personal, SOURCE_ROW, LINE)
        batch = Batch(self._named(raw.frame), published, self.layout, self.source_file, self._memory)
        self._reject_headers(batch)
        reject_no_records(batch)
        tidy(batch)
        rows = self.source.read(batch).with_columns(batch.frame[SOURCE_ROW])
        label = pl.lit(self.source_file, pl.String).alias("source_file")
        issues = pl.concat([raw.issues.with_columns(label), *batch.issues])
        rejects = pl.concat([raw.rejects.with_columns(label), *batch.rejects])
        if batch.rejected.any():
            rows = rows.filter(~batch.rejected)
            issues = issues.join(rejects, on=SOURCE_ROW, how="anti")
        return Normalized(rows, issues.sort(SOURCE_ROW, maintain_order=True), rejects.sort(SOURCE_ROW))

    def _named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Columns under their declared names; several of one name are coalesced."""
        named = [pl.coalesce(self._in_units(frame, names)).alias(name) for name, names in self.layout.columns.items()]
        return frame.select(*named, SOURCE_ROW, LINE)

    def _in_units(self, frame: pl.DataFrame, names: Sequence[str]) -> list[pl.Series]:
        """The header's columns of one declared column; where their units of money differ, numbers get theirs."""
        units = [self.layout.units.get(name) for name in names]
        if len(set(units)) == 1:
            return [frame[name] for name in names]
        return [with_unit(frame[name], unit) if unit else frame[name] for name, unit in zip(names, units, strict=True)]

    def _reject_headers(self, batch: Batch) -> None:
        """Rows that are the header again, as where files were put together: two cells or more name their own
        columns."""
        name = next((name for name in ("party_name", "name", "party_uscc", "uscc") if batch.has(name)), None)
        if name is None:
            return
        spellings = [*self.source.columns[name], *self.layout.columns[name]]
        spelled = batch.text(name).is_in(spellings).fill_null(False)
        again = batch.mask()
        for index in spelled.arg_true():
            row = batch.frame.row(index, named=True)
            again[index] = sum(_names(row[other], other, self.source) for other in self.layout.columns) > 1
        batch.reject(again, name, Code.REPEATED_HEADER)


def _names(cell: str | None, column: str, source: Source) -> bool:
    found = source.column_of(cell) if cell else None
    return found is not None and found[0] == column
