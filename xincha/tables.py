"""Rows → the bytes of a table: CSV, NDJSON, XLSX, Parquet, each as a generator at flat memory.

Rows come in pages. A chunk may be empty: rows were read, but nothing can be written yet (XLSX, whose parts are put
together at its end, in a folder of its own that goes with the generator). Whoever iterates may stop between any two.

    csv, xlsx         for people: Chinese heads, words for codes, times of China
    ndjson, parquet   for programs: keys and values as they are, in Parquet flat (`origin_file`) and typed

A text that a spreadsheet would take for a formula begins with `'` in CSV; in XLSX it is a text cell with Excel's own
mark for text. Digits that a spreadsheet would change (more than 11 of them, a leading zero, what looks like a date or
1E5) end with a tab in CSV, which keeps them text and is not seen; XLSX cells of text are text. What somebody else wrote
(types `own` and `own_number`) stays as it is but for formulas; a number with a sign, or a sign alone, is none.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable, Collection, Generator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from xincha import budget
from xincha.errors import BadParameter

PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,10})(?:\.[0-9]{1,6})?")
"""A number that a spreadsheet shows as it is written."""

_CHUNK = 256 * 1024
_GROUP_PAGES = 50
_SHEET_ROWS = 1_048_576
_CELL = 32_767
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
"""Full-width signs begin a formula in East Asian spreadsheets; a tab or line break hides what follows it."""
_SIGNED = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?%?|(?![\t\r\n])\s*[=+\-@＝＋－＠]")
_MISREAD = re.compile(r"0[0-9]+|[0-9]{12,}|[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+|[0-9]{1,4}[-/][0-9]{1,4}([-/][0-9]{1,4})?")
_OWN = ("own", "own_number")


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be known of a whole table, which stays with it: in CSV and XLSX the head of a last, empty column, for
    a line below the rows would be taken for one; in Parquet metadata. Lines of JSON have no place for it.

    `text`: for people. `value`: for programs, as JSON under `key`.
    """

    text: str
    key: str
    value: bytes


Chunks = Generator[bytes, None, None]
Pages = Iterable[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column. `key`: its name for programs; `head`: for people.

    `type`: text, list, date, time, number, count, flag, carried, lines; plain: a number as it is; own: a text that
    somebody else wrote; own_number: the same, where plain numbers are numbers in XLSX. `of`: row → the value as it is
    stored: text, number, true or false, a list, or `None`. `shown`: row → the value for a cell: a number, or text
    (dates `YYYY-MM-DD`, times of China); `None` for none.
    """

    key: str
    head: str
    type: str
    of: Callable[[Any], Any]
    shown: Callable[[Any], str | float | None]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file. `write` takes pages of rows, columns, a title for people, and a note if there is one."""

    media_type: str
    write: Callable[[Pages, Sequence[TableColumn], str, Note | None], Chunks]


def kind_of(path: Path, kinds: Collection[str]) -> str:
    """The kind of file that a path asks for; raises `BadParameter` if it is none of these."""
    kind = path.suffix.removeprefix(".").lower()
    if kind in kinds:
        return kind
    allowed = ", ".join(f".{name}" for name in kinds)
    raise BadParameter(f"{path.name}: the file's name must end with one of {allowed}", parameter="--out")


def save(chunks: Iterable[bytes], path: Path, part: Path) -> None:
    """Write a file that is there whole or not at all: as `part`, beside its place, then moved there.

    A file of that name is replaced. Whatever ends the writing early leaves what was there before.
    """
    try:
        with part.open("wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        if part.is_file():
            part.unlink()


def write_csv(pages: Pages, columns: Sequence[TableColumn], _: str = "", note: Note | None = None) -> Chunks:
    """RFC 4180 in UTF-8 with a byte order mark, which Excel wants."""
    columns = [*columns, *_head(note)]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([safe_text(column.head, column.type) for column in columns])
    yield "\ufeff".encode() + _taken(buffer)
    for page in pages:
        for row in page:
            budget.check()
            writer.writerow([_cell(column, column.shown(row)) for column in columns])
        yield _taken(buffer)


def _head(note: Note | None) -> list[TableColumn]:
    """A column that says something with its head alone."""
    return [TableColumn(note.key, note.text, "text", lambda _: None, lambda _: None)] if note else []


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def _cell(column: TableColumn, value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value if column.type in ("date", "time") else safe_text(value, column.type)
    return str(int(value)) if column.type != "plain" and float(value).is_integer() else repr(value)


def safe_text(text: str, of: str = "text") -> str:
    """A text that spreadsheets show as it is, and do not run; nor change, but where it is somebody's own."""
    if _runs(text, of):
        return f"'{text}"
    return f"{text}\t" if of not in _OWN and _MISREAD.fullmatch(text) else text


def _runs(text: str, of: str) -> bool:
    """Whether a spreadsheet would take a text for a formula."""
    return bool(_FORMULA.match(text)) and not (of in _OWN and _SIGNED.fullmatch(text))


def write_ndjson(pages: Pages, _: Sequence[TableColumn] = (), __: str = "", ___: Note | None = None) -> Chunks:
    """One JSON object a line: the rows as they are."""
    for page in pages:
        yield b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in page)


def write_xlsx(pages: Pages, columns: Sequence[TableColumn], title: str, note: Note | None = None) -> Chunks:
    """A workbook; beyond 1,048,575 rows it goes on in further sheets."""
    import xlsxwriter

    with TemporaryDirectory(prefix="xincha-export-") as folder:
        path = Path(folder) / "export.xlsx"
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": folder, "use_zip64": True})
        try:
            sheets = _Sheets(book, title, [*columns, *_head(note)])
            for page in pages:
                for row in page:
                    sheets.add(row)
                yield b""
            book.close()
        finally:
            for sheet in book.worksheets():  # a book that is not closed leaves them open
                sheet.row_data_fh.close()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


class _Sheets:
    """The rows of a workbook, sheet after sheet."""

    def __init__(self, book: Any, title: str, columns: Sequence[TableColumn]) -> None:
        self._book = book
        self._title = title
        self._columns = columns
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._money = book.add_format({"num_format": "#,##0.##"})
        self._text = book.add_format({"quote_prefix": True})
        self._begin()

    def add(self, row: Any) -> None:
        """Write one row."""
        budget.check()
        if self._next == _SHEET_ROWS:
            self._begin()
        for at, column in enumerate(self._columns):
            value = column.shown(row)
            if value is not None:
                self._write(at, column.type, value)
        self._next += 1

    def _begin(self) -> None:
        self._next = 1
        before = len(self._book.worksheets())
        self._sheet = self._book.add_worksheet(f"{self._title} {before + 1}" if before else self._title)
        self._sheet.freeze_panes(1, 0)
        for at, column in enumerate(self._columns):
            self._sheet.set_column(at, at, 30 if column.type in ("text", "list") else 14)
            self._sheet.write_string(0, at, column.head, self._head)

    def _write(self, at: int, of: str, value: str | float) -> None:
        if not isinstance(value, str):
            self._sheet.write_number(self._next, at, value, self._money if of == "number" else None)
        elif of == "own_number" and PLAIN_NUMBER.fullmatch(value):
            self._sheet.write_number(self._next, at, float(value))
        elif of == "date" and value >= "1900-03-01":
            self._sheet.write_datetime(self._next, at, date.fromisoformat(value), self._date)
        elif of == "time":
            self._sheet.write_datetime(self._next, at, datetime.fromisoformat(value), self._time)
        else:
            self._sheet.write_string(self._next, at, _fitting(value), self._text if _runs(value, of) else None)


def _fitting(text: str) -> str:
    """A text as long as a cell may be; one that is cut says so."""
    if len(text) <= _CELL:
        return text
    told = f"……（全文 {len(text)} 字，超出单元格上限，见 CSV）"
    return text[: _CELL - len(told)] + told


def write_parquet(pages: Pages, columns: Sequence[TableColumn], _: str = "", note: Note | None = None) -> Chunks:
    """Typed columns with the keys of the API; their Chinese heads and the note are in the metadata of the schema."""
    import pyarrow as pa

    fields = [pa.field(c.key.replace(".", "_"), arrow_type(c.type), metadata={"head": c.head}) for c in columns]
    schema = pa.schema(fields, metadata={note.key: note.value} if note else None)
    tables = (pa.table([arrow_values(c, page) for c in columns], schema=schema) for page in pages)
    return parquet(tables, schema)


def parquet(tables: Iterable[Any], schema: Any) -> Chunks:
    """The bytes of a Parquet file of `pyarrow` tables, which are collected to row groups."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = _ByteSink()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        group: list[Any] = []
        for table in tables:
            group.append(table)
            if len(group) == _GROUP_PAGES:
                writer.write_table(pa.concat_tables(group))
                group = []
            yield sink.taken()
        if group:
            writer.write_table(pa.concat_tables(group))
    yield sink.taken()


class _ByteSink(io.BytesIO):
    """A file that is only written on, and whose bytes are taken away as they come."""

    _before = 0

    def tell(self) -> int:
        """How many bytes were written."""
        return self._before + super().tell()

    def close(self) -> None:
        """Whoever writes may close it; its last bytes are taken afterwards."""

    def taken(self) -> bytes:
        """The bytes that were written since the last time."""
        data = self.getvalue()
        self._before += len(data)
        self.seek(0)
        self.truncate()
        return data


def arrow_type(of: str) -> Any:
    """The type of a Parquet column."""
    import pyarrow as pa

    return {
        "list": pa.list_(pa.string()),
        "date": pa.date32(),
        "time": pa.timestamp("us", "UTC"),
        "number": pa.float64(),
        "plain": pa.float64(),
        "count": pa.int64(),
        "flag": pa.bool_(),
    }.get(of, pa.string())


def arrow_values(column: TableColumn, rows: Iterable[Any]) -> list[Any]:
    """The values of a column in rows, as Arrow takes them for `arrow_type`."""
    return [_typed(column.type, column.of(row)) for row in rows]


def _typed(of: str, value: Any) -> Any:
    if value is None:
        return None
    if of in ("date", "time"):
        return (date if of == "date" else datetime).fromisoformat(value)
    return orjson.dumps(value).decode() if of in ("carried", "lines") else value


FORMATS = {
    "csv": Format("text/csv; charset=utf-8; header=present", write_csv),
    "ndjson": Format("application/x-ndjson", write_ndjson),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "parquet": Format("application/vnd.apache.parquet", write_parquet),
}
