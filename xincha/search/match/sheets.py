"""A list with the answers beside it → CSV, XLSX or Parquet, some rows at a time at flat memory.

Nothing of the list is changed but what a spreadsheet would run: in CSV a text that it would take for a formula begins
with `'` (a number with a sign is none); in XLSX every text is a text cell, but where a column begins with nothing but
plain numbers these are numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from xincha.errors import BadParameter
from xincha.search.export.formats import safe_text
from xincha.search.match.cells import NUMBERS, Cell

Write = Callable[[pl.DataFrame, pl.DataFrame, Sequence[Sequence[Cell]]], None]
"""Takes some rows of the list, as text and in their own types, and the answers beside them."""

_FORMULA = re.compile(r"(?s)\s*[=+\-@＝＋－＠].|[\t\r\n]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,10})(?:\.[0-9]{1,6})?")
_SIGNED = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?%?")
_SHEET_ROWS = 1_048_576
_CELL = 32_767


def writable(path: Path) -> bool:
    """Whether a file of this name can be written."""
    return path.suffix.lower() in _KINDS


def writing(path: Path, header: Sequence[str], heads: Sequence[str], suffix: str) -> AbstractContextManager[Write]:
    """Write a file of these columns; it is whole when the context ends without an error."""
    return _KINDS[suffix](path, header, heads)


@contextmanager
def _csv(path: Path, header: Sequence[str], heads: Sequence[str]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        writer = csv.writer(file)
        writer.writerow(map(_safe, (*header, *heads)))

        def write(texts: pl.DataFrame, _: pl.DataFrame, answers: Sequence[Sequence[Cell]]) -> None:
            for row, answer in zip(texts.rows(), answers, strict=True):
                writer.writerow([*map(_safe, row), *map(_shown, answer)])

        yield write


def _shown(cell: Cell) -> Cell:
    """A cell of an answer: its long digits stay text in a spreadsheet too."""
    return safe_text(cell) if isinstance(cell, str) else cell


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, str) and _FORMULA.match(cell) and not _SIGNED.fullmatch(cell):
        return f"'{cell}"
    return cell


@contextmanager
def _xlsx(path: Path, header: Sequence[str], heads: Sequence[str]) -> Iterator[Write]:
    import xlsxwriter

    options = {"constant_memory": True, "tmpdir": str(path.parent), "use_zip64": True}
    book = xlsxwriter.Workbook(str(path), options)
    sheet = book.add_worksheet("核对结果")
    try:
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        for at, head in enumerate((*header, *heads)):
            sheet.write_string(0, at, head, bold)
        yield _sheet_writer(sheet, len(header))
        book.close()
    finally:
        sheet.row_data_fh.close()  # a book that is not closed leaves it open


def _sheet_writer(sheet: Any, width: int) -> Write:
    next_row = 1
    numeric: list[bool] | None = None

    def write(texts: pl.DataFrame, _: pl.DataFrame, answers: Sequence[Sequence[Cell]]) -> None:
        nonlocal next_row, numeric
        if next_row + texts.height > _SHEET_ROWS:
            raise BadParameter(
                f"more rows than a sheet holds ({_SHEET_ROWS:,}): give a .csv or .parquet file", parameter="--out"
            )
        if numeric is None:
            numeric = [_all_numbers(texts[column]) for column in texts.columns]
        for row, answer in zip(texts.rows(), answers, strict=True):
            for at, cell in enumerate((*row, *answer)):
                if cell is None:
                    continue
                if isinstance(cell, str) and not (at < width and numeric[at] and _NUMBER.fullmatch(cell)):
                    sheet.write_string(next_row, at, cell[:_CELL])
                else:
                    sheet.write_number(next_row, at, float(cell))
            next_row += 1

    return write


def _all_numbers(column: pl.Series) -> bool:
    values = column.drop_nulls().to_list()
    return bool(values) and all(map(_NUMBER.fullmatch, values))


@contextmanager
def _parquet(path: Path, header: Sequence[str], heads: Sequence[str]) -> Iterator[Write]:
    import pyarrow.parquet as pq

    types = {head: pl.Float64 if head.removesuffix("（信查）") in NUMBERS else pl.String for head in heads}
    made: Any = None

    def write(_: pl.DataFrame, cells: pl.DataFrame, answers: Sequence[Sequence[Cell]]) -> None:
        nonlocal made
        beside = pl.DataFrame(list(answers), schema=types, orient="row", strict=False)
        table = pl.concat([cells, beside], how="horizontal").to_arrow()
        made = made or pq.ParquetWriter(path, table.schema, compression="zstd")
        made.write_table(table)

    yield write
    if made is None:  # no rows
        empty = pl.DataFrame(schema=dict.fromkeys(header, pl.String))
        write(empty, empty, [])
    made.close()


_KINDS: Mapping[str, Callable[[Path, Sequence[str], Sequence[str]], AbstractContextManager[Write]]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
}
