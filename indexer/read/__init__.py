"""Files → raw tables: text in, text out, nothing cast, nothing dropped in silence.

`files.open_tables` yields one `RawTable` per table: a text file, each sheet of a workbook, a Parquet file, a JSONL
file; folders are walked in the order of their names, `.gz` and `.zip` are unpacked. Each table streams `RawBatch`es
of at most `Limits.batch_rows` rows, so that memory is bounded. What is known of *meaning* lives in `indexer.kinds`;
from there comes only the number of known column names in a line, by which the header is found below title rows.

Every row of data is in `RawBatch.frame` or in `RawBatch.rejects`. A row without any value (blank line, empty cells)
is no row, but counts in `source_row`, which is 1 for the first row under the header, as a person counts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from indexer.findings import LINE, SOURCE_ROW

__all__ = ["LINE", "SOURCE_ROW", "Limits", "RawBatch", "RawTable", "Skipped"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading may use. Sizes in bytes; the ratio is unpacked to packed, of an archive as a whole."""

    max_unpacked: int = 4096 << 20
    max_ratio: int = 200
    ratio_from: int = 16 << 20  # an archive that unpacks to less than this is never refused for its ratio
    max_members: int = 10_000
    batch_rows: int = 50_000


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Some rows of a table.

    `frame`: a String column per name of `RawTable.header`, then `source_row` (Int64) and `line` (Int64, the physical
    line where the row begins; null for formats without lines). Blank cells are null; nothing else is changed.
    `rejects`, `issues`: `indexer.findings.FINDING`; the issues are of rows in `frame`.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame
    issues: pl.DataFrame

    @property
    def rows_read(self) -> int:
        """Rows of data in this batch, usable or not."""
        return self.frame.height + self.rejects.height


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of a file.

    `source_file`: relative to what was loaded; `archive.zip/inner.csv` inside archives, `book.xlsx#sheet` for the
    sheets of a workbook that has several. `file`: the part that names the file on disk, of which `sha256` and `bytes`
    are. `header`: column names as published, made unique. `batches` can be taken once, before the next table is asked
    for.
    """

    file: str
    sha256: str
    bytes: int
    source_file: str
    header: tuple[str, ...]
    batches: Iterator[RawBatch]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a folder or archive that was not read, and why."""

    source_file: str
    reason: str
