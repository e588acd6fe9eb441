"""JSON of one value (`.json`) → `RawBatch`es: the objects of an array, wherever it stands in that value.

Portals answer `[{…}, …]` or `{"code": 0, "data": {"list": [{…}, …]}}`: the first array that holds objects is the table.
It is read as a stream (ijson), twice: first for its keys, as those of JSON lines. Nothing is held but one object, of at
most `LONGEST_LINE` bytes.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import ijson
import orjson

from indexer.findings import Code
from indexer.read import Limits, RawBatch
from indexer.read.frames import BatchBuilder, unique_names
from indexer.read.jsonl import cells_of
from indexer.read.text import LONGEST_LINE, detect
from xincha.errors import UnreadableFile

_CHUNK = 1 << 16
_LOOKED_AT = 10_000
"""Events of the parser until the first object of an array: what stands before it is short."""


def is_one_value(path: Path, source_file: str, *, lines: bool = False) -> bool:
    """Whether a file holds one value, and not one in each line: an array with objects, or an object that is no row.

    `lines`: it is called a file of lines, so that an object is a row.
    """
    with _Utf8(path, source_file) as file:
        head = file.read(_CHUNK).lstrip()
    if lines and head.startswith(b"{"):
        return False
    first, _, rest = head.partition(b"\n")
    try:
        orjson.loads(first)
    except orjson.JSONDecodeError:  # it ends in another line, or nowhere
        return head.startswith((b"[", b"{")) and (not head.startswith(b"{") or not _begins_lines(rest))
    return not rest.strip() and find_array(path, source_file) is not None


def _begins_lines(rest: bytes) -> bool:
    """Whether the line behind a damaged one is an object by itself."""
    try:
        return isinstance(orjson.loads(rest.partition(b"\n")[0]), dict)
    except orjson.JSONDecodeError:
        return False


def find_array(path: Path, source_file: str) -> str | None:
    """Where the array of objects is, as ijson names it; `None` if there is none among what comes first."""
    with _Utf8(path, source_file) as file:
        try:
            return next(_array_in(file), None)
        except ijson.JSONError:
            return None


def _array_in(source: object) -> Iterator[str]:
    for prefix, event, _ in islice(ijson.parse(source), _LOOKED_AT):
        if event == "start_map" and (prefix == "item" or prefix.endswith(".item")):
            yield prefix


def read(path: Path, source_file: str, limits: Limits) -> tuple[tuple[str, ...], Iterator[RawBatch]]:
    """Header and batches of the array of objects in a JSON file."""
    prefix = find_array(path, source_file)
    if prefix is None:
        raise UnreadableFile(
            f'{source_file}: 没有由对象组成的数组。应为 [{{"企业名称": "…"}}, …],或每行一个 JSON 对象。'
        )
    keys: dict[str, None] = {}
    rows = 0
    for row in _items(path, source_file, prefix):
        if isinstance(row, dict):
            rows += 1
            keys.update(dict.fromkeys(row))
            limits.check_columns(source_file, len(keys))
    limits.check_cells(source_file, rows * len(keys), path.stat().st_size)
    header = unique_names(list(keys))
    names = dict(zip(keys, header, strict=True))
    return header, _batches(path, source_file, prefix, names, limits.rows_of_batch(len(names)))


def _batches(path: Path, source_file: str, prefix: str, names: dict[str, str], size: int) -> Iterator[RawBatch]:
    builder = BatchBuilder([*names.values()], source_file)
    waiting = 0
    for number, row in enumerate(_items(path, source_file, prefix), 1):
        cells = cells_of(row, names) if isinstance(row, dict) else Code.NOT_AN_OBJECT
        if isinstance(cells, Code):
            builder.reject(cells, number, None, str(row)[:1000])
        elif cells is not None:
            builder.put(cells, number, None)
        waiting += cells is not None
        if waiting == size:
            yield builder.take(size)
            waiting = 0
    yield builder.take(size)


def _items(path: Path, source_file: str, prefix: str) -> Iterator[object]:
    with _Utf8(path, source_file) as file:
        number = 0
        try:
            for item in ijson.items(file, prefix, use_float=True):
                number += 1
                file.since = 0
                yield item
        except ijson.JSONError as error:
            raise UnreadableFile(
                f"{source_file}: 第 {number} 个对象之后不是合法的 JSON,或文件不完整。请重新导出后再载入。"
            ) from error


class _Utf8:
    """The text of a file as UTF-8, whatever its encoding. `since`: bytes since the last object."""

    def __init__(self, path: Path, source_file: str) -> None:
        encoding = detect(path, source_file)
        self._source_file = source_file
        self._file = path.open("rb")
        self._file.seek(encoding.mark)
        self._decoder = codecs.getincrementaldecoder(encoding.name)(errors="replace")
        self.since = 0

    def __enter__(self) -> _Utf8:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int = _CHUNK) -> bytes:
        """The next bytes; `UnreadableFile` where an object is longer than any is."""
        if size == 0:
            return b""
        self.since += size
        if self.since > LONGEST_LINE:
            raise UnreadableFile(
                f"{self._source_file}: 一个对象超过 {LONGEST_LINE >> 20} MiB,不像表格数据。请确认文件完好。"
            )
        while data := self._file.read(max(size, 1)):
            if text := self._decoder.decode(data).replace("\x00", ""):
                return text.encode()
        return self._decoder.decode(b"", final=True).encode()
