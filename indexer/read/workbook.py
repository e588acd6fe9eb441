"""Workbooks (`.xlsx`, `.xlsm`, `.xls`, `.xlsb`, `.ods`) → `RawBatch`es, one table per sheet that is not empty.

What systems call a workbook may be an HTML page (`web_page`), whose tables are sheets, or text with tabs, which is
`delimited`.

Cells come as text: dates as `2018-03-05` (with a time where there is one), whole numbers without a point, formulas as
the value that was stored with them. Title rows above the header are passed over. Merged cells say in each of their rows
what they say in the first (`merging`), of `.xlsx`, `.xlsm` and `.xls`: of the others nobody tells which are merged.
What a spreadsheet has already lost, such as the last digits of a code kept as a number, is found in
`indexer.normalize`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import fastexcel
import polars as pl
from python_calamine import CalamineError

from indexer import workers
from indexer.findings import RAW_LENGTH, SOURCE_ROW, Code
from indexer.read import Limits, RawBatch, merging, web_page
from indexer.read.frames import numbered, raw_batch, unique_names
from indexer.read.header import LOOKED_AT, find_header, title_above
from indexer.read.merging import Span
from indexer.read.sheet_size import check_workbook
from indexer.read.text import blocks, detect
from xincha.errors import UnreadableFile
from xincha.rules.redact import excerpt
from xincha.text.text_marks import unmarked

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIPPED = (".xlsx", ".xlsm", ".xlsb", ".ods")
_BOOKS = (b"PK", _OLE, b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
"""How workbooks begin: in a ZIP, in a compound file, and those of before 1997 by themselves."""
_HEAD = 4096
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<[!?][^>]{0,1000}>\s*){0,10}<(?:html|head|body|meta|style|table|div|center|title|form)\b",
    re.IGNORECASE,
)
_MOST_SHEETS = 1_000
_SIZED = (".xlsx", ".xlsm")
_ASIDE = re.compile(
    r"填[表报写]|说明|须知|指引|指南|字典|码表|代码表|编码表|枚举|下拉|选项|有效性|校验|名词解释|^(?:目录|封面|封底|示例|样例|范例|例子|参数|配置|释义|版本)$"
    r"|readme|dict|instruct|lookup|option|enum|guide",
    re.IGNORECASE,
)
"""Names of sheets that say how a form is filled in, or what may be chosen in it."""


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A sheet as a table. `name`: empty where the workbook has one sheet with content; `of`: how many it has;
    `aside`: why it is likely no data; `title`: what stands above the header."""

    name: str
    header: tuple[str, ...]
    batches: Iterator[RawBatch]
    aside: str
    of: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The cells of a sheet as text, and which of them are merged; `cells` may be the path of an Arrow file."""

    name: str
    cells: pl.DataFrame | Path
    spans: Sequence[Span]
    is_hidden: bool

    @property
    def aside(self) -> str:
        """Why this is likely no data; it is tried last."""
        return "隐藏的工作表" if self.is_hidden else "填报说明或字典" if _ASIDE.search(self.name) else ""

    def frame(self) -> pl.DataFrame:
        """The cells."""
        return pl.read_ipc(self.cells) if isinstance(self.cells, Path) else self.cells


def read(path: Path, suffix: str, source_file: str, limits: Limits) -> Iterator[SheetTable]:
    """Each sheet that has content, in their order; those that are likely no data come last."""
    merged = _check(path, suffix, source_file, limits)
    with _filled(path, suffix, source_file, limits, has_merged=merged) as sheets:
        if not sheets:
            raise UnreadableFile(f"{source_file}: 工作簿中没有内容。请换用有内容的文件。")
        for sheet in sorted(sheets, key=lambda sheet: bool(sheet.aside)):
            frame = sheet.frame()
            limits.check_columns(source_file, frame.width)
            top = merging.everywhere(frame.head(LOOKED_AT).rows(), sheet.spans)
            if (found := find_header(top)) is None:
                continue
            header = unique_names([unmarked(cell or "") for cell in found.names])
            below = merging.below(sheet.spans, found.last + 1)
            name = sheet.name if len(sheets) > 1 else ""
            label = f"{source_file}#{name}" if name else source_file
            batches = _batches(frame[found.last + 1 :], below, header, label, limits)
            yield SheetTable(name, header, batches, sheet.aside, len(sheets), title_above(top, found))


def _check(path: Path, suffix: str, source_file: str, limits: Limits) -> bool:
    """Whether a workbook may have merged cells; `UnreadableFile` for what cannot be read, or is more than may be."""
    head = _head(path)[:8]
    if _is_page(path):
        return True
    if head == _OLE and _ENCRYPTED in path.read_bytes():
        raise UnreadableFile(f"{source_file}: 工作簿已加密。请去掉打开密码、另存后再载入。")
    if suffix in _ZIPPED and not head.startswith(b"PK"):
        raise UnreadableFile(f"{source_file}: 不是工作簿(内容与扩展名不符)。请用表格软件打开并另存为 .xlsx。")
    return check_workbook(path, source_file, limits) > 0 if head.startswith(b"PK") else True


def is_text(path: Path, source_file: str) -> bool:
    """Whether what is called a workbook is text of several lines, as systems write it under `.xls`."""
    head = _head(path)
    if head.startswith(_BOOKS) or _is_page(path) or head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return False
    try:
        lines = next(blocks(path, detect(path, source_file), source_file), None)
    except UnreadableFile:
        return False
    return lines is not None and len(lines.column) > 1


def _is_page(path: Path) -> bool:
    """Whether a file is an HTML page."""
    head = _head(path).replace(b"\x00", b"")
    return bool(_PAGE.match(head)) and b"schemas-microsoft-com:office:spreadsheet" not in head


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


@contextmanager
def _filled(
    path: Path, suffix: str, source_file: str, limits: Limits, *, has_merged: bool
) -> Iterator[Sequence[_Sheet]]:
    """The sheets that have rows, for as long as the context is open.

    Of a format whose size cannot be told beforehand a process of its own makes them, under a limit of memory.
    """
    if suffix in _SIZED and not _is_page(path):
        yield list(_sheets(path, suffix, source_file, limits, has_merged=has_merged))
        return
    with TemporaryDirectory(prefix="xincha-") as folder, workers.limited(limits.max_memory, limits.max_seconds) as pool:
        made = pool.submit(_write_sheets, path, suffix, source_file, limits, Path(folder))
        try:
            sheets = made.result()
        except BrokenProcessPool:
            raise _too_large(source_file) from None
        yield sheets


def _write_sheets(path: Path, suffix: str, source_file: str, limits: Limits, folder: Path) -> Sequence[_Sheet]:
    """The sheets that have rows, each with an Arrow file in `folder`."""
    written: list[_Sheet] = []
    sheets = _sheets(path, suffix, source_file, limits, has_merged=True)
    for sheet in _page_sheets(path, source_file, limits) if _is_page(path) else sheets:
        file = folder / str(len(written))
        sheet.frame().write_ipc(file)
        written.append(replace(sheet, cells=file))
    return written


def _page_sheets(path: Path, source_file: str, limits: Limits) -> Iterator[_Sheet]:
    """The tables of an HTML page."""
    for number, table in enumerate(web_page.tables_of(path, source_file, limits), 1):
        frame = pl.DataFrame(table.rows, schema=[(f"{n}", pl.String) for n in range(table.width)], orient="row")
        yield _Sheet(f"表{number}", frame, table.spans, is_hidden=False)


def _sheets(path: Path, suffix: str, source_file: str, limits: Limits, *, has_merged: bool) -> Iterator[_Sheet]:
    cells = 0
    try:
        # by content, where an office program's older name stands on a newer file; by name otherwise
        source = path.read_bytes() if suffix == ".xls" else path
        book = fastexcel.read_excel(source)
        if len(book.sheet_names) > _MOST_SHEETS:
            raise UnreadableFile(f"{source_file}: 工作表超过 {_MOST_SHEETS:,} 张。请分成几份。")
        spans = merging.spans_of(source, source_file, limits) if has_merged else {}
        for name in book.sheet_names:
            sheet = book.load_sheet(name, header_row=None, dtypes="string", whitespace_as_null=True)
            frame = sheet.to_polars()
            cells += frame.height * frame.width
            limits.check_cells(source_file, cells)  # several sheets may be the same part of the workbook
            if frame.height:
                yield _Sheet(name, frame, spans.get(name, ()), sheet.visible != "visible")
    except UnreadableFile:
        raise
    except (fastexcel.FastExcelError, CalamineError, ValueError) as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise UnreadableFile(f"{source_file}: 工作簿已加密。请去掉打开密码、另存后再载入。") from error
        if "limit exceeded" in str(error):
            raise _too_large(source_file) from error
        raise _damaged(source_file) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of the parser, on what it does not expect
            raise
        raise _damaged(source_file) from error


def _too_large(source_file: str) -> UnreadableFile:
    return UnreadableFile(f"{source_file}: 展开后超过可用的内存，或已损坏。请另存为 CSV 再载入。")


def _damaged(source_file: str) -> UnreadableFile:
    return UnreadableFile(f"{source_file}: 工作簿已损坏或不是工作簿。请用表格软件打开并另存为 .xlsx 再载入。")


def _batches(
    data: pl.DataFrame, spans: Sequence[Span], header: tuple[str, ...], source_file: str, limits: Limits
) -> Iterator[RawBatch]:
    data.columns = list(header)
    notes = merging.notes(data, spans)
    shared: Sequence[tuple[int, str]] = ()
    if spans:
        data = merging.filled(data, spans, source_file, limits)
        data, shared = merging.without_shared_amounts(data, spans)
    # Excel keeps a date as a day with a time of zero; a real time of day stays.
    data = data.with_columns(pl.col(header).str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "$1"))
    size = limits.rows_of_batch(len(header))
    for at, part in enumerate(numbered(data).iter_slices(size)):
        rows = range(at * size, at * size + part.height)
        rejects = [_finding(source_file, row, Code.NO_RECORD, notes[row]) for row in rows if row in notes]
        issues = [_finding(source_file, row, Code.SHARED_AMOUNT, raw) for row, raw in shared if row in rows]
        if rejects:
            part = part.filter(~pl.col(SOURCE_ROW).is_in([reject[SOURCE_ROW] for reject in rejects]))  # noqa: PLW2901
        yield raw_batch(part, header, rejects, issues)


def _finding(source_file: str, row: int, code: Code, raw: str) -> dict[str, object]:
    shown = excerpt(raw, RAW_LENGTH)
    return {"source_file": source_file, SOURCE_ROW: row + 1, "code": code.value, "message": code.message, "raw": shown}
