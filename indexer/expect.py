"""How many rows are there to read, roughly: for the time left, and for nothing else.

Lines of text files are counted (a quoted line break counts too), rows of Parquet files are known. Where a workbook or
an archive is among the files, nobody knows before reading it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from indexer.read.files import LINES, PARQUET, READ, TEXT

_CHUNK = 1 << 20
_HEADER = 1


def rows(paths: Iterable[Path]) -> int | None:
    """Rows of files and folders; None where that cannot be told beforehand."""
    total = 0
    for path in _files(paths):
        suffix = path.suffix.lower()
        if suffix in (*TEXT, *LINES):
            total += max(_lines(path) - (_HEADER if suffix in TEXT else 0), 0)
        elif suffix in PARQUET:
            total += _parquet_rows(path)
        elif suffix in (*READ, ".gz", ".zip"):
            return None
    return total or None


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (file for file in path.rglob("*") if file.is_file())
        elif path.exists():
            yield path


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def _parquet_rows(path: Path) -> int:
    try:
        return int(pl.scan_parquet(path).select(pl.len()).collect().item())
    except pl.exceptions.PolarsError:
        return 0  # reading it will say what is wrong
