"""An export → the bytes of a file: CSV, NDJSON, XLSX, Parquet, each as a generator at flat memory.

A chunk may be empty: rows were read, but nothing can be written yet (XLSX, whose parts are put together at its end, in
a folder of its own that goes with the generator). Whoever iterates may stop between any two chunks.

    csv, xlsx         for people: Chinese heads, words for codes, times of China
    ndjson, parquet   for programs: the keys and values of the API, in Parquet flat (`origin_file`) and typed

A text that a spreadsheet would take for a formula begins with `'` in CSV; in XLSX it is a text cell with Excel's own
mark for text. Digits that a spreadsheet would change (more than 11 of them, a leading zero, what looks like a date or
1E5) end with a tab in CSV, which keeps them text and is not seen; XLSX cells of text are text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from xincha.search.export.columns import Column, public
from xincha.search.export.pages import Export, Row

_CHUNK = 256 * 1024
_GROUP_PAGES = 50
_SHEET_ROWS = 1_048_576
_CELL = 32_767
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
"""Full-width signs begin a formula in East Asian spreadsheets; a tab or line break hides what follows it."""
_MISREAD = re.compile(r"0[0-9]+|[0-9]{12,}|[0-9]+(\.[0-9]*)?[eE][+-]?[0-9]+|[0-9]{1,4}[-/][0-9]{1,4}([-/][0-9]{1,4})?")
_TITLES = {"entities": "市场主体", "records": "公示记录"}

Chunks = Generator[bytes, None, None]


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file."""

    media_type: str
    write: Callable[[Export, Sequence[Column]], Chunks]


def write_csv(export: Export, columns: Sequence[Column]) -> Chunks:
    """RFC 4180 in UTF-8 with a byte order mark, which Excel wants."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([column.head for column in columns])
    yield "\ufeff".encode() + _taken(buffer)
    for page in export:
        writer.writerows([[_cell(column, column.shown(row)) for column in columns] for row in page])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def _cell(column: Column, value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if column.type in ("date", "time"):
        return value
    return safe_text(value)


def safe_text(text: str) -> str:
    """A text that spreadsheets show as it is, and neither run nor change."""
    if _FORMULA.match(text):
        return f"'{text}"
    return f"{text}\t" if _MISREAD.fullmatch(text) else text


def write_ndjson(export: Export, _: Sequence[Column] = ()) -> Chunks:
    """One JSON object a line, with the keys of the API."""
    for page in export:
        yield b"".join(orjson.dumps(public(row, export.index), option=orjson.OPT_APPEND_NEWLINE) for row in page)


def write_xlsx(export: Export, columns: Sequence[Column]) -> Chunks:
    """A workbook; beyond 1,048,575 rows it goes on in further sheets."""
    with TemporaryDirectory(prefix="xincha-export-") as folder:
        path = Path(folder) / "export.xlsx"
        with _workbook(path, folder) as book:
            sheets = _Sheets(book, _TITLES[export.index], columns)
            for page in export:
                for row in page:
                    sheets.add(row)
                yield b""
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


@contextmanager
def _workbook(path: Path, folder: str) -> Iterator[Any]:
    """A workbook that keeps one row in memory; written when all went well."""
    import xlsxwriter

    options = {"constant_memory": True, "tmpdir": folder, "use_zip64": True, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(str(path), options)
    try:
        yield book
        book.close()
    finally:
        for sheet in book.worksheets():  # a book that is not closed leaves them open
            sheet.row_data_fh.close()


class _Sheets:
    """The rows of a workbook, sheet after sheet."""

    def __init__(self, book: Any, title: str, columns: Sequence[Column]) -> None:
        self._book = book
        self._title = title
        self._columns = columns
        self._head = book.add_format({"bold": True, "bottom": 1})
        self._date = book.add_format({"num_format": "yyyy-mm-dd"})
        self._time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._money = book.add_format({"num_format": "#,##0.##"})
        self._text = book.add_format({"quote_prefix": True})
        self._count = 0
        self._begin()

    def add(self, row: Row) -> None:
        """Write one row."""
        if self._next == _SHEET_ROWS:
            self._begin()
        for at, column in enumerate(self._columns):
            value = column.shown(row)
            if value is not None:
                self._write(at, column, value)
        self._next += 1

    def _begin(self) -> None:
        self._count += 1
        self._next = 1
        self._sheet = self._book.add_worksheet(self._title if self._count == 1 else f"{self._title} {self._count}")
        self._sheet.freeze_panes(1, 0)
        for at, column in enumerate(self._columns):
            self._sheet.set_column(at, at, 30 if column.type in ("text", "list") else 14)
            self._sheet.write_string(0, at, column.head, self._head)

    def _write(self, at: int, column: Column, value: str | float) -> None:
        if isinstance(value, float):
            self._sheet.write_number(self._next, at, value, self._money if column.type == "number" else None)
        elif column.type == "date" and value >= "1900-03-01":
            self._sheet.write_datetime(self._next, at, date.fromisoformat(value), self._date)
        elif column.type == "time":
            self._sheet.write_datetime(self._next, at, datetime.fromisoformat(value), self._time)
        else:
            self._sheet.write_string(self._next, at, _fitting(value), self._text if _FORMULA.match(value) else None)


def _fitting(text: str) -> str:
    """A text as long as a cell may be; one that is cut says so."""
    if len(text) <= _CELL:
        return text
    told = f"……（全文 {len(text)} 字，超出单元格上限，见 CSV）"
    return text[: _CELL - len(told)] + told


def write_parquet(export: Export, columns: Sequence[Column]) -> Chunks:
    """Typed columns with the keys of the API; their Chinese heads are in the metadata of the schema."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([pa.field(c.key.replace(".", "_"), _arrow(c), metadata={"head": c.head}) for c in columns])
    sink = _Sink()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        group: list[Any] = []
        for page in export:
            values = [[_typed(column, column.of(row)) for row in page] for column in columns]
            group.append(pa.table(values, schema=schema))
            if len(group) == _GROUP_PAGES:
                writer.write_table(pa.concat_tables(group))
                group = []
            yield sink.taken()
        if group:
            writer.write_table(pa.concat_tables(group))
    yield sink.taken()


class _Sink(io.RawIOBase):
    """A file that is only written on, and whose bytes are taken away as they come."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: Any) -> int:
        """Hold these bytes."""
        self._held.append(bytes(data))
        self._at += len(self._held[-1])
        return len(self._held[-1])

    def tell(self) -> int:
        """How many bytes were written."""
        return self._at

    def taken(self) -> bytes:
        """The bytes that were written since the last time."""
        data, self._held = b"".join(self._held), []
        return data


def _arrow(column: Column) -> Any:
    import pyarrow as pa

    return {
        "list": pa.list_(pa.string()),
        "date": pa.date32(),
        "time": pa.timestamp("us", "UTC"),
        "number": pa.float64(),
        "count": pa.int64(),
        "flag": pa.bool_(),
    }.get(column.type, pa.string())


def _typed(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.type == "date":
        return date.fromisoformat(value)
    if column.type == "time":
        return datetime.fromisoformat(value)
    return orjson.dumps(value).decode() if column.type in ("carried", "lines") else value


FORMATS = {
    "csv": Format("text/csv; charset=utf-8; header=present", write_csv),
    "ndjson": Format("application/x-ndjson", write_ndjson),
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "parquet": Format("application/vnd.apache.parquet", write_parquet),
}
