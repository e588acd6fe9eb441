"""Delimited text (CSV, TSV, `;`, `|`) → `RawBatch`es, by Python's csv on physical lines.

A reader that forgives malformed quotes swallows rows. Here a block of lines is parsed in one go only if that gives as
many rows as there are lines; otherwise line by line:

- a line whose quotes close is one row;
- a quoted field may hold line ends when its quote closes within `MOST_LINES` lines, the field count then fits, and no
  line in between is a whole row by itself;
- any other open quote costs its line (`unclosed_quote`), and the next line is read as usual.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

import polars as pl

from indexer.findings import Code
from indexer.read import LINE, SOURCE_ROW, Limits, RawBatch
from indexer.read.frames import BatchBuilder, rows_frame, unique_names
from indexer.read.header import LOOKED_AT, Header, find_header, title_above
from indexer.read.text import UNDECODABLE, Block, blocks, detect
from indexer.recognise import known
from xincha.errors import UnreadableFile
from xincha.text.text_marks import unmarked

DELIMITERS = (",", "\t", ";", "|")
MOST_LINES = 200
_LONG = 1 << 17  # bytes; csv refuses fields of more characters
_HEAD = 1 << 18  # bytes in which title rows and header are
_END = "\ufdd1"  # a line that follows the last one: swallowed only by an open quote


@dataclass(frozen=True, slots=True)
class Head:
    """The header of a text file: its names, how many lines lie above the data, the delimiter, and the title above."""

    names: tuple[str, ...]
    lines: int
    delimiter: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Lines `start` to `end` (excluded) of a block: their fields, or why they are none."""

    start: int
    end: int
    fields: list[str] | Code
    malformed: bool = False


def read(path: Path, source_file: str, limits: Limits) -> tuple[tuple[str, ...], Iterator[RawBatch], str]:
    """Header, batches and title of a delimited text file. `UnreadableFile` where it is empty or no text."""
    encoding = detect(path, source_file)
    first = next(blocks(path, encoding, source_file, _HEAD), None)
    head = find_head(first.lines if first else [], limits, source_file)
    if head is None:
        raise UnreadableFile(f"{source_file}: 文件是空的。请换用有内容的文件。")
    reader = _DelimitedReader(head, source_file, limits.rows_of_batch(len(head.names)))
    return head.names, reader.batches(blocks(path, encoding, source_file)), head.title


def find_head(lines: Sequence[str], limits: Limits, source_file: str = "") -> Head | None:
    """The header among the first lines; the delimiter is the one under which most of its columns are known."""
    best: tuple[int, int, str, Header, int, str] | None = None
    for delimiter in DELIMITERS:
        # a quote may span lines in a header too
        records = list(islice(split(lines[: LOOKED_AT * 4], None, delimiter, final=True), LOOKED_AT))
        rows = [[] if isinstance(record.fields, Code) else record.fields for record in records]
        header = find_header(rows)
        if header is None:
            continue
        rank = known(header.names), sum(len(row) == len(header.names) > 1 for row in rows)
        if best is None or rank > best[:2]:
            best = (*rank, delimiter, header, records[header.last].end, title_above(rows, header))
    if best is None:
        return None
    _, _, delimiter, header, end, title = best
    cells = [unmarked(cell or "") for cell in header.names]
    if len(cells) > limits.max_columns:  # delimiters to the last column that a spreadsheet has
        while not cells[-1].strip():
            cells.pop()
    limits.check_columns(source_file, len(cells))
    return Head(unique_names(cells), end, delimiter, title)


class _DelimitedReader:
    """Reads the blocks of one file, in order."""

    def __init__(self, head: Head, source_file: str, batch_rows: int) -> None:
        self.head = head
        self.width = len(head.names)
        self.batch_rows = batch_rows
        self.row = 0  # rows so far, blank ones included
        self.builder = BatchBuilder(head.names, source_file)

    def batches(self, file: Iterator[Block]) -> Iterator[RawBatch]:
        """All rows of the file."""
        rest: list[str] = []
        skip = self.head.lines
        block = next(file, None)
        while block is not None:
            following = next(file, None)
            if rest or block.bad or not self._whole_block(block.column[skip:], block.first + skip):
                lines, start = rest + block.lines[skip:], block.first + skip - len(rest)
                bad = {index - skip + len(rest): text for index, text in block.bad.items() if index >= skip}
                used = 0  # an open quote near the end waits for more lines
                for record in split(lines, self.width, self.head.delimiter, final=following is None):
                    used = record.end
                    self._record(record, lines, start, bad)
                rest = lines[used:]
            skip, block = 0, following
            while len(self.builder) >= self.batch_rows:
                yield self.builder.take(self.batch_rows)
        yield self.builder.take(self.batch_rows)

    def _whole_block(self, column: pl.Series, start: int) -> bool:
        """Gathers a block of which each line is a row: columns are split at once, lines with quotes parsed by csv.
        False (and nothing is gathered) where a quote is malformed or spans lines."""
        lines = pl.DataFrame({"text": column}).with_row_index("at")
        has_quote = lines["text"].str.contains('"', literal=True)
        quoted = lines.filter(has_quote)
        rows = plain(quoted["text"].to_list(), self.head.delimiter)
        if rows is None:
            return False
        fits = lines["text"].str.count_matches(self.head.delimiter, literal=True) == self.width - 1
        split = ~has_quote & fits & (lines["text"].str.len_bytes() < _LONG)
        parsed = [(at, row) for at, row in zip(quoted["at"], rows, strict=True) if len(row) == self.width]
        at = [at for at, _ in parsed]
        by_csv = rows_frame(self.head.names, [row for _, row in parsed], at, at)
        frame = pl.concat([self._split(lines.filter(split)), by_csv]).sort(LINE)
        self.builder.put_frame(frame.with_columns(pl.col(SOURCE_ROW) + self.row + 1, pl.col(LINE) + start))
        done = split.clone().scatter(at, True)
        before = self.row
        for index, text in lines.filter(~done).rows():
            self.row = before + index
            record = _single([text], 0, self.head.delimiter)
            self._record(record or Record(0, 1, Code.UNCLOSED_QUOTE), [text], start + index, {})
        self.row = before + lines.height
        return True

    def _split(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Lines without quotes that have the right field count, as columns; numbers count from the block's first."""
        if self.width == 1:
            cells = [lines["text"].alias(self.head.names[0])]
        else:
            cells = lines["text"].str.split_exact(self.head.delimiter, self.width - 1).struct.unnest().get_columns()
        at = lines["at"].cast(pl.Int64)
        named = [cell.alias(name) for cell, name in zip(cells, self.head.names, strict=True)]
        return pl.DataFrame([*named, at.alias(SOURCE_ROW), at.alias(LINE)])

    def _record(self, record: Record, lines: list[str], start: int, bad: dict[int, str]) -> None:
        self.row += 1
        fields, line, detail = record.fields, start + record.start, ""
        if record.start in bad:
            fields, raw = Code.UNDECODABLE, bad[record.start]
        else:
            raw = "\n".join(lines[record.start : record.end])
        if isinstance(fields, list):
            if not any(map(str.strip, fields)):
                return
            if not any(map(str.strip, fields[self.width :])):  # delimiters after the last column carry nothing
                fields = fields[: self.width]
            if len(fields) != self.width:
                detail = f"表头 {self.width} 个,该行 {len(fields)} 个"
                fields = Code.WRONG_FIELD_COUNT
        if isinstance(fields, Code):
            self.builder.reject(fields, self.row, line, raw, detail)
            return
        self.builder.put(fields, self.row, line)
        if record.malformed:
            self.builder.issue(Code.MALFORMED_QUOTE, self.row, line, raw)


def plain(lines: Sequence[str], delimiter: str) -> list[list[str]] | None:
    """One row for each line, or `None` where quotes are malformed or span lines."""
    try:
        rows = list(csv.reader(chain(lines, (_END,)), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    if len(rows) != len(lines) + 1 or rows.pop() != [_END]:
        return None
    return rows


def split(lines: Sequence[str], width: int | None, delimiter: str, *, final: bool) -> Iterator[Record]:
    """The records of these lines, one by one. `width` `None`: any field count. Unless `final`, stops before an open
    quote that may close in the lines to come."""
    at = 0
    while at < len(lines):
        record = _single(lines, at, delimiter)
        if record is None:
            end, fields = _spanning(lines, at, width, delimiter)
            if fields is None and end == len(lines) and end - at < MOST_LINES and not final:
                return
            record = Record(at, end, fields) if fields else Record(at, at + 1, Code.UNCLOSED_QUOTE)
        yield record
        at = record.end


def _single(lines: Sequence[str], at: int, delimiter: str) -> Record | None:
    """The record of one line; `None` where its quote stays open."""
    line = lines[at]
    rows = plain((line,), delimiter)
    if rows is not None:
        return Record(at, at + 1, rows[0])
    try:
        forgiving = list(csv.reader((line, _END), delimiter=delimiter))
    except csv.Error:
        return Record(at, at + 1, Code.TOO_LONG)
    return Record(at, at + 1, forgiving[0], malformed=True) if len(forgiving) == 2 else None


def _spanning(lines: Sequence[str], at: int, width: int | None, delimiter: str) -> tuple[int, list[str] | None]:
    """Where the record that begins here ends, and its fields; no fields where its quote is not seen to close."""
    most = min(at + MOST_LINES, len(lines))
    window = list(lines[at:most])
    reader = csv.reader((line + "\n" for line in window), delimiter=delimiter, strict=True)
    try:
        fields = next(reader)
    except csv.Error as error:
        return (most if "unexpected end" in str(error) else at + 1), None
    end = at + reader.line_num
    inner = lines[at + 1 : end]
    if UNDECODABLE in inner or any(_whole(line, width, delimiter) for line in inner):
        return at + 1, None
    if width is not None and len(fields) != width:
        return at + 1, None
    return end, fields


def _whole(line: str, width: int | None, delimiter: str) -> bool:
    """Whether a line is a row by itself: it has the right number of fields (more than one), and its quotes close."""
    if width is None or width < 2 or line.count('"') % 2:
        return False
    rows = plain((line,), delimiter)
    return rows is not None and len(rows[0]) == width
