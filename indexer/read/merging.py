"""Merged cells of a sheet: which there are, and what they say in each of their rows.

A spreadsheet keeps the text of merged cells in the first one alone. In a header it holds for all of them. Among the
data it holds for each row, but not for each column: a text across a whole row is a note, and no record; and an amount
that is merged over the rows of several companies is nobody's by itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path

import polars as pl
from python_calamine import CalamineWorkbook

from indexer.read import Limits
from indexer.recognise import meanings

Span = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0, of the cells that a reader gives."""

_AMOUNTS = {"fine", "confiscated", "fine_and_confiscated", "capital"}
_NAMES = {"party_name", "name", "party_uscc", "uscc"}
_LEAST_NOTE = 3


def spans_of(source: Path | bytes, source_file: str, limits: Limits) -> Mapping[str, Sequence[Span]]:
    """The merged cells of each sheet of a workbook, by its name. Raises `CalamineError`."""
    book = (
        CalamineWorkbook.from_path(source)
        if isinstance(source, Path)
        else CalamineWorkbook.from_filelike(BytesIO(source))
    )
    spans: dict[str, Sequence[Span]] = {}
    merged = 0
    for name in book.sheet_names:
        sheet = book.get_sheet_by_name(name)
        ranges = sheet.merged_cell_ranges or []
        merged += len(ranges)
        limits.check_merged(source_file, merged)
        top, left = sheet.start or (0, 0)
        placed = ((r - top, c - left, last_r - top, last_c - left) for (r, c), (last_r, last_c) in ranges)
        spans[name] = [span for span in placed if span[0] >= 0 and span[1] >= 0 and span[:2] != span[2:]]
    return spans


def everywhere(rows: Sequence[Sequence[str | None]], spans: Iterable[Span]) -> list[list[str | None]]:
    """Rows with the text of merged cells in each of them: for headers."""
    cells = [[*row] for row in rows]
    width = len(cells[0]) if cells else 0
    for top, left, bottom, right in spans:
        if top < len(cells) and left < width:
            for row in range(top, min(bottom + 1, len(cells))):
                cells[row][left : right + 1] = [cells[top][left]] * (min(right + 1, width) - left)
    return cells


def below(spans: Iterable[Span], first: int) -> list[Span]:
    """The spans that begin below so many rows, as counted from there."""
    return [(top - first, left, bottom - first, right) for top, left, bottom, right in spans if top >= first]


def filled(data: pl.DataFrame, spans: Iterable[Span], source_file: str, limits: Limits) -> pl.DataFrame:
    """Rows with the text of merged cells in each of their rows."""
    takes: dict[int, array[int]] = {}
    cells = 0
    for top, left, bottom, _ in spans:
        bottom = min(bottom, data.height - 1)  # noqa: PLW2901
        if bottom > top and left < data.width:
            cells += bottom - top
            limits.check_cells(source_file, cells)  # they may overlap, where nobody's spreadsheet made them
            take = takes.setdefault(left, array("q", range(data.height)))
            take[top + 1 : bottom + 1] = array("q", [top]) * (bottom - top)
    text = 0
    columns = []
    for place, take in takes.items():
        series, rows = data.to_series(place), pl.Series(take, dtype=pl.Int64)
        text += int(series.str.len_bytes().gather(rows).sum())
        limits.check_text(source_file, text, limits.max_text)
        columns.append(series.gather(rows))
    return data.with_columns(columns)


def notes(data: pl.DataFrame, spans: Iterable[Span]) -> Mapping[int, str]:
    """Rows that hold nothing but one text across most of their cells, with that text."""
    found = {}
    for top, left, bottom, right in spans:
        wide = min(right + 1, data.width) - left
        if top == bottom < data.height and wide >= _LEAST_NOTE and wide * 2 > data.width:
            cells = [cell for cell in data.row(top) if cell]
            if len(cells) == 1 and data.item(top, left):
                found[top] = cells[0]
    return found


def without_shared_amounts(data: pl.DataFrame, spans: Iterable[Span]) -> tuple[pl.DataFrame, Sequence[tuple[int, str]]]:
    """Rows without the amounts that are merged over several companies; and which they were: row, text."""
    amounts, names = ([name for name in data.columns if meanings(name) & of] for of in (_AMOUNTS, _NAMES))
    shared: dict[str, dict[int, str]] = {}
    for top, left, bottom, _ in spans:
        head = data.columns[left] if left < data.width else ""
        if head not in amounts or bottom <= top or top >= data.height:
            continue
        rows = data[top : bottom + 1]
        if any(rows[name].n_unique() > 1 for name in names):
            text = rows[head][0] or ""
            shared.setdefault(head, {}).update(dict.fromkeys(range(top, top + rows.height), text))
    for head, rows_of in shared.items():
        data = data.with_columns(data[head].scatter([*rows_of], None))
    return data, sorted((row, text) for rows_of in shared.values() for row, text in rows_of.items() if text)
