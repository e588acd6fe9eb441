"""How many rows are there to read, roughly: for the time left, and for nothing else.

Lines of text files are counted (a quoted line break counts too), rows of Parquet files are known. Where a workbook or
an archive is among the files, nobody knows before reading it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import polars as pl

from indexer.delta import rows_of
from indexer.read.files import LINES, PARQUET, READ, TEXT

_CHUNK = 1 << 20


def estimate_rows(paths: Iterable[Path]) -> int | None:
    """Rows of files and folders; None where that cannot be told beforehand."""
    total = 0
    files = (file for path in paths for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file())
    for path in files:
        suffix = path.suffix.lower()
        if suffix in (*TEXT, *LINES):
            with path.open("rb") as file:
                lines = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))
            total += max(lines - (suffix in TEXT), 0)  # without the header
        elif suffix in PARQUET:
            with suppress(pl.exceptions.PolarsError):  # reading it will say what is wrong
                total += rows_of(path)
        elif suffix in (*READ, ".gz", ".zip"):
            return None
    return total or None
