"""Workbooks (`.xlsx`, `.xlsm`, `.xls`, `.xlsb`, `.ods`) → `RawBatch`es, one table per sheet that is not empty.

Cells come as text: dates as `2018-03-05` (with a time where there is one), whole numbers without a point, formulas as
the value that was stored with them. Title rows above the header (merged cells) are passed over. What a spreadsheet has
already lost, such as the last digits of a code kept as a number, is found in `indexer.normalize`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import fastexcel
import polars as pl

from indexer import workers
from indexer.read import Limits, RawBatch
from indexer.read.frames import numbered, raw_batch, unique_names
from indexer.read.header import LOOKED_AT, header_at
from indexer.read.sheet_size import check_workbook
from xincha.errors import UnreadableFile

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ZIPPED = (".xlsx", ".xlsm", ".xlsb", ".ods")
_MOST_SHEETS = 1_000
_SIZED = (".xlsx", ".xlsm")


def read(
    path: Path, suffix: str, source_file: str, limits: Limits
) -> Iterator[tuple[str, tuple[str, ...], Iterator[RawBatch]]]:
    """Sheet name (empty where the workbook has one sheet with content), header and batches of each sheet."""
    _check(path, suffix, source_file, limits)
    with _filled(path, suffix, source_file, limits) as sheets:
        if not sheets:
            raise UnreadableFile(f"{source_file}: 工作簿中没有内容。请换用有内容的文件。")
        for name, frame in sheets:
            limits.check_columns(source_file, frame.width)
            at = header_at(frame.head(LOOKED_AT).rows())
            if at is None:
                continue
            header = unique_names(frame.row(at))
            size = limits.rows_of_batch(len(header))
            yield name if len(sheets) > 1 else "", header, _batches(frame, at, header, size)


def _check(path: Path, suffix: str, source_file: str, limits: Limits) -> None:
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLE and _ENCRYPTED in path.read_bytes():
        raise UnreadableFile(f"{source_file}: 工作簿已加密。请去掉打开密码、另存后再载入。")
    if suffix in _ZIPPED and not head.startswith(b"PK"):
        raise UnreadableFile(f"{source_file}: 不是工作簿(内容与扩展名不符)。请用表格软件打开并另存为 .xlsx。")
    if head.startswith(b"PK"):
        check_workbook(path, source_file, limits)


@contextmanager
def _filled(path: Path, suffix: str, source_file: str, limits: Limits) -> Iterator[Sequence[tuple[str, pl.DataFrame]]]:
    """The sheets that have rows, with their names, for as long as the context is open.

    Of a format whose size cannot be told beforehand a process of its own makes them, under a limit of memory.
    """
    if suffix in _SIZED:
        yield list(_sheets(path, suffix, source_file, limits))
        return
    with TemporaryDirectory(prefix="xincha-") as folder, workers.limited(limits.max_memory) as pool:
        made = pool.submit(_write_sheets, path, suffix, source_file, limits, Path(folder))
        try:
            named = made.result()
        except BrokenProcessPool:
            raise _too_large(source_file) from None
        yield [(name, pl.read_ipc(file)) for name, file in named]


def _write_sheets(
    path: Path, suffix: str, source_file: str, limits: Limits, folder: Path
) -> Sequence[tuple[str, Path]]:
    """The sheets that have rows, each with an Arrow file in `folder`."""
    named: list[tuple[str, Path]] = []
    for name, frame in _sheets(path, suffix, source_file, limits):
        named.append((name, folder / str(len(named))))
        frame.write_ipc(named[-1][1])
    return named


def _sheets(path: Path, suffix: str, source_file: str, limits: Limits) -> Iterator[tuple[str, pl.DataFrame]]:
    cells = 0
    try:
        # by content, where an office program's older name stands on a newer file; by name otherwise
        book = fastexcel.read_excel(path.read_bytes() if suffix == ".xls" else path)
        if len(book.sheet_names) > _MOST_SHEETS:
            raise UnreadableFile(f"{source_file}: 工作表超过 {_MOST_SHEETS:,} 张。请分成几份。")
        for name in book.sheet_names:
            frame = book.load_sheet(name, header_row=None, dtypes="string", whitespace_as_null=True).to_polars()
            cells += frame.height * frame.width
            limits.check_cells(source_file, cells)  # several sheets may be the same part of the workbook
            if frame.height:
                yield name, frame
    except UnreadableFile:
        raise
    except (fastexcel.FastExcelError, ValueError) as error:
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


def _batches(frame: pl.DataFrame, at: int, header: tuple[str, ...], size: int) -> Iterator[RawBatch]:
    data = frame[at + 1 :]
    data.columns = list(header)
    # Excel keeps a date as a day with a time of zero; a real time of day stays.
    data = data.with_columns(pl.col(header).str.replace(r"^(\d{4}-\d\d-\d\d) 00:00:00$", "$1"))
    for part in numbered(data).iter_slices(size):
        yield raw_batch(part, header)
