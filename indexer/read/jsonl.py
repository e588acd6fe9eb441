"""JSONL → `RawBatch`es: one object per line, keys are the columns.

The header is the union of all keys, found in a first pass, so that a column that appears late is not lost. A list
becomes its items joined by `；`, an object its only value or its JSON. A line that is not JSON, is no object, or whose
values are nested deeper than `DEEPEST`, costs that line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson

from indexer.findings import Code
from indexer.read import Limits, RawBatch
from indexer.read.frames import BatchBuilder, unique_names
from indexer.read.text import UNDECODABLE, blocks, detect
from xincha.errors import UnreadableFile

DEEPEST = 32
"""Lists and objects in one another; results of one check, the deepest value seen, are two."""


def read(path: Path, source_file: str, limits: Limits) -> tuple[tuple[str, ...], Iterator[RawBatch]]:
    """Header and batches of a JSONL file."""
    encoding = detect(path, source_file)
    keys: dict[str, None] = {}
    rows = 0
    for block in blocks(path, encoding, source_file):
        for line in block.lines:
            row = _object(line)
            if isinstance(row, dict):
                rows += 1
                keys.update(dict.fromkeys(row))
        limits.check_columns(source_file, len(keys))
    if not keys:
        raise UnreadableFile(f'{source_file}: 没有一行是 JSON 对象。每行应为一个 JSON 对象,例如 {{"企业名称": "…"}}。')
    limits.check_cells(source_file, rows * len(keys), path.stat().st_size)
    header = unique_names(list(keys))
    names = dict(zip(keys, header, strict=True))
    return header, _batches(path, source_file, names, limits.rows_of_batch(len(names)))


def _batches(path: Path, source_file: str, names: dict[str, str], size: int) -> Iterator[RawBatch]:
    header = list(names.values())
    builder = BatchBuilder(header, source_file)
    number = waiting = 0
    for block in blocks(path, detect(path, source_file), source_file):
        for index, line in enumerate(block.lines):
            number += 1
            row = Code.UNDECODABLE if index in block.bad else _cells(line, names)
            at = block.first + index
            if isinstance(row, Code):
                builder.reject(row, number, at, block.bad.get(index, line))
            elif row is not None:
                builder.put(row, number, at)
            waiting += row is not None
            if waiting == size:  # a short line may have as many cells as a long one
                yield builder.take(size)
                waiting = 0
    yield builder.take(size)


def _cells(line: str, names: Iterable[str]) -> list[str] | Code | None:
    """The values of a line under these keys; `None` for a line without any."""
    row = _object(line)
    return cells_of(row, names) if isinstance(row, dict) else row


def cells_of(row: Mapping[str, object], names: Iterable[str]) -> list[str] | Code | None:
    """The values of an object under these keys; `None` for one without any."""
    try:
        cells = [_text(row[key]) if key in row else "" for key in names]
    except (RecursionError, orjson.JSONEncodeError):
        return Code.TOO_DEEP
    return cells if any(cells) else None


def _object(line: str) -> dict[str, object] | Code | None:
    """The object of a line; `None` for a blank line."""
    if line == UNDECODABLE or not line.strip():
        return None
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return Code.BAD_JSON
    return value if isinstance(value, dict) else Code.NOT_AN_OBJECT


def _text(value: object, depth: int = 0) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if depth == DEEPEST:
        raise RecursionError
    if isinstance(value, list):
        return "；".join(filter(None, (_text(each, depth + 1) for each in value)))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, dict) and len(value) == 1:
        return _text(next(iter(value.values())), depth + 1)
    return orjson.dumps(value).decode()
