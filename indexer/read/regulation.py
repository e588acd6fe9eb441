"""Files that are a text of law (Markdown, TXT) → a table with a row for each article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.kinds.regulation import FILE_COLUMNS
from indexer.read import RawBatch
from indexer.read.frames import raw_batch, rows_frame
from indexer.read.text import detect
from xincha.errors import UnreadableFile
from xincha.text import regulation

SUFFIXES = (".md", ".txt")
_MOST_BYTES = 4 << 20


def read(path: Path, source_file: str) -> tuple[tuple[str, ...], Iterator[RawBatch]] | None:
    """Header and rows of the table that a text of law is; `None` for a file that is none."""
    if path.stat().st_size > _MOST_BYTES:
        return None
    try:
        encoding = detect(path, source_file)
    except UnreadableFile:
        return None
    text = path.read_bytes()[encoding.mark :].decode(encoding.name, errors="replace").replace("\x00", "")
    found = regulation.read(text.replace("\r\n", "\n"))
    if found is None:
        return None
    days = [day.isoformat() if day else "" for day in (found.version_on, found.in_force_on)]
    rows = [(found.title, each.number, each.chapter, each.text, *days) for each in found.articles]
    numbers = range(1, len(rows) + 1)
    frame = rows_frame(FILE_COLUMNS, rows, list(numbers), [None] * len(rows))
    return FILE_COLUMNS, iter([raw_batch(frame, FILE_COLUMNS)])
