"""JSONL → `RawBatch`es: one object per line, keys are the columns.

The header is the union of all keys, found in a first pass, so that a column that appears late is not lost. A list
becomes its items joined by `；`, an object its only value or its JSON. A line that is not JSON, or no object, costs
that line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson

from indexer.findings import Code
from indexer.read import Limits, RawBatch
from indexer.read.frames import BatchBuilder, unique_names
from indexer.read.text import UNDECODABLE, blocks, detect
from xincha.errors import UnreadableFile

MOST_KEYS = 2000


def read(path: Path, source_file: str, limits: Limits) -> tuple[tuple[str, ...], Iterator[RawBatch]]:
    """Header and batches of a JSONL file."""
    encoding = detect(path, source_file)
    keys: dict[str, None] = {}
    for block in blocks(path, encoding, source_file):
        for line in block.lines:
            row = _object(line)
            if isinstance(row, dict):
                keys.update(dict.fromkeys(row))
        if len(keys) > MOST_KEYS:
            raise UnreadableFile(f"{source_file}: 键名超过 {MOST_KEYS} 个,不像表格数据。请检查文件内容。")
    if not keys:
        raise UnreadableFile(f'{source_file}: 没有一行是 JSON 对象。每行应为一个 JSON 对象,例如 {{"企业名称": "…"}}。')
    header = unique_names(list(keys))
    batches = _batches(path, source_file, dict(zip(keys, header, strict=True)), limits.batch_rows)
    return header, batches


def _batches(path: Path, source_file: str, names: dict[str, str], size: int) -> Iterator[RawBatch]:
    header = list(names.values())
    builder = BatchBuilder(header, source_file)
    number = 0
    for block in blocks(path, detect(path, source_file), source_file):
        for index, line in enumerate(block.lines):
            number += 1
            row = Code.UNDECODABLE if index in block.bad else _object(line)
            at = block.first + index
            if isinstance(row, Code):
                builder.reject(row, number, at, block.bad.get(index, line))
            elif row is not None:
                builder.put([_text(row.get(key)) for key in names], number, at)
        while len(builder) >= size:
            yield builder.take(size)
    yield builder.take(size)


def _object(line: str) -> dict[str, object] | Code | None:
    """The object of a line; `None` for a blank line."""
    if line == UNDECODABLE or not line.strip():
        return None
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return Code.BAD_JSON
    return value if isinstance(value, dict) else Code.NOT_AN_OBJECT


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return "；".join(filter(None, map(_text, value)))
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, dict) and len(value) == 1:
        return _text(next(iter(value.values())))
    return orjson.dumps(value).decode()
