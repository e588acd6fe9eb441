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
from xincha.errors import UnreadableFile

__all__ = ["LINE", "SOURCE_ROW", "Limits", "RawBatch", "RawTable", "Skipped"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading may use: bounds of what a small file may unfold to, checked before it does.

    Sizes in bytes; `max_ratio` is unpacked to packed, of an archive as a whole. Cells are rows × columns, blank ones
    too. Text files grow by nothing but the columns that a row leaves out; workbooks and Parquet name a text once and
    show it any number of times.
    """

    max_unpacked: int = 4096 << 20
    max_ratio: int = 200
    ratio_from: int = 16 << 20  # an archive that unpacks to less than this is never refused for its ratio
    max_members: int = 10_000
    max_merged: int = 200_000  # merged cells of a workbook, each of which is an object while it is read
    max_columns: int = 2_000
    max_cells: int = 32_000_000  # of a workbook, which is held as a whole, and of any table that is no larger a file
    cells_per_byte: int = 64  # of a table that streams: a file of many bytes may have more cells
    max_rows: int | None = None  # of a list that is matched
    max_text: int = 1024 << 20  # of a workbook, or of a column of a Parquet file's row group, which are held as a whole
    max_memory: int = 3072 << 20  # of the process that reads a workbook whose size cannot be told beforehand
    max_seconds: int = 900  # of processor time of that process
    batch_rows: int = 50_000
    batch_cells: int = 5_000_000
    batch_text: int = 64 << 20

    def rows_of_batch(self, columns: int) -> int:
        """Rows of a batch of a table with so many columns."""
        return max(1, min(self.batch_rows, self.batch_cells // max(columns, 1)))

    def check_columns(self, source_file: str, columns: int) -> None:
        """Raise `UnreadableFile` for more columns than a table has."""
        if columns > self.max_columns:
            raise UnreadableFile(
                f"{source_file}: 有 {columns:,} 列，最多 {self.max_columns:,} 列，不像表格数据。请检查文件内容。"
            )

    def check_cells(self, source_file: str, cells: int, file_bytes: int = 0) -> None:
        """Raise `UnreadableFile` for more cells than a table may have that is held as a whole, or more than a file of
        `file_bytes` may stream."""
        most = max(self.max_cells, file_bytes * self.cells_per_byte)
        if cells > most:
            raise UnreadableFile(
                f"{source_file}: 展开后有 {cells:,} 个单元格，最多 {most:,} 个。请删去空白的行和列，或分成几份。"
            )

    def check_merged(self, source_file: str, merged: int) -> None:
        """Raise `UnreadableFile` for more merged cells than a workbook may have."""
        if merged > self.max_merged:
            raise UnreadableFile(
                f"{source_file}: 合并的单元格超过 {self.max_merged:,} 处。请取消合并、填上内容，或另存为 CSV 再载入。"
            )

    def check_text(self, source_file: str, text: int, most: int) -> None:
        """Raise `UnreadableFile` for more bytes of text than `most`."""
        if text > most:
            raise UnreadableFile(f"{source_file}: 展开后的文字超过 {most >> 20} MiB。请分成几份，或另存为 CSV。")


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
    for. `aside`: why this sheet is likely none of the data (it is hidden, or called 填报说明); such sheets come last.
    `sheets`: how many tables the file has; of several, those that are no data may be passed over. `title`: what stands
    above the header.
    """

    file: str
    sha256: str
    bytes: int
    source_file: str
    header: tuple[str, ...]
    batches: Iterator[RawBatch]
    aside: str = ""
    sheets: int = 1
    title: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file of a folder or archive that was not read, and why."""

    source_file: str
    reason: str
