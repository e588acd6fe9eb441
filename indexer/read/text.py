"""Bytes of a text file → physical lines, in blocks.

The encoding is found once (`detect`): by its mark, by the NUL bytes of UTF-16, else UTF-8 or GB18030 by which of them
reads more of the lines that are not plain ASCII. A line that cannot be decoded costs that line, never the file: it
becomes `UNDECODABLE`, and its bytes are kept for the reject. Lines end at LF, CR LF, or (files without any LF) CR. NUL
characters, with which databases fill up what they export, are left out.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import polars as pl

from xincha.errors import UnreadableFile

BLOCK = 8 << 20
LONGEST_LINE = 16 << 20
SAMPLE = 1 << 20
UNDECODABLE = "\ufdd0"
"""Stands for a line that could not be decoded: a noncharacter, which no published text holds."""

_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\v\f\r\x1a\x1b"})
_MOST_CONTROLS = 0.01

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's bytes become lines. `mark`: length of the byte order mark. `newline`: one character."""

    name: str
    mark: int
    newline: str


@dataclass(slots=True)
class Block:
    """Consecutive lines, without their ends. `first` is the number of the first one (1 is the file's first line).

    `column`: the lines as a String column, so that they need not be objects of Python one by one.
    `bad`: index of each `UNDECODABLE` line → what could be made of its bytes.
    """

    first: int
    column: pl.Series
    bad: dict[int, str] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The lines as strings."""
        return self.column.to_list()


def detect(path: Path, source_file: str) -> Encoding:
    """The encoding of a text file; `UnreadableFile` where none of the known ones fits."""
    with path.open("rb") as file:
        sample = _telling_sample(file)
        if file.read(1):  # the sample ends anywhere, also inside a character
            sample = sample[: sample.rfind(b"\n") + 1] or sample
    name, mark = _encoding_of(sample, source_file)
    text = sample[mark:].decode(name, errors="replace")
    return Encoding(name, mark, "\r" if "\r" in text and "\n" not in text else "\n")


def _telling_sample(file: BinaryIO) -> bytes:
    """The first block that is not plain ASCII (the first one where all are): ASCII tells no encoding."""
    first = block = file.read(SAMPLE)
    while block and block.isascii() and b"\x00" not in block:
        block = file.read(SAMPLE)
    if not block or block is first:
        return first
    return block[block.find(b"\n") + 1 :]  # a block begins anywhere, also inside a character


def _encoding_of(sample: bytes, source_file: str) -> tuple[str, int]:
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name, len(mark)
    if b"\x00" in sample:
        if wide := _utf16_by_zeros(sample):
            return wide, 0
        sample = _without_nul(sample, source_file)
    if _decodes(sample, "utf-8"):
        return "utf-8", 0
    lines = [line for line in sample.replace(b"\r", b"\n").split(b"\n") if not line.isascii()]
    reads = {name: sum(_decodes(line, name) for line in lines) for name in ("utf-8", "gb18030")}
    if not lines or reads["utf-8"] * 2 >= len(lines):
        return "utf-8", 0
    if reads["gb18030"] * 2 >= len(lines):
        return "gb18030", 0
    raise UnreadableFile(f"{source_file}: 不是 UTF-8、GB18030 或 UTF-16 编码的文本。请另存为 UTF-8 的 CSV 再载入。")


def _utf16_by_zeros(sample: bytes) -> str | None:
    """Commas and line ends of UTF-16 have a zero byte first (big endian) or second (little endian)."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if (even + odd) * 5 < len(sample) and _decodes(sample.replace(b"\x00", b""), "utf-8"):
        return None  # that of Chinese text in UTF-16 is no UTF-8
    name = "utf-16-be" if even > odd else "utf-16-le"
    whole = sample[: len(sample) // 2 * 2 - 2]
    ends = ("\n" in (text := whole.decode(name, "replace"))) or "\r" in text
    return name if ends and min(even, odd) * 10 <= max(even, odd) and _decodes(whole, name) else None


def _without_nul(sample: bytes, source_file: str) -> bytes:
    """A sample without its NUL characters; `UnreadableFile` where it holds what no text does."""
    text = sample.replace(b"\x00", b"")
    if not text or len(text.translate(None, _CONTROLS)) < len(text) * (1 - _MOST_CONTROLS):
        raise UnreadableFile(f"{source_file}: 不是文本文件(含有大量空字节)。请确认文件完好、扩展名与内容相符。")
    return text


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(line)  # a first line longer than the sample ends anywhere
    except UnicodeDecodeError:
        return False
    return True


def blocks(path: Path, encoding: Encoding, source_file: str, size: int = BLOCK) -> Iterator[Block]:
    """All lines of the file, in blocks of about `size` bytes."""
    newline = encoding.newline.encode(encoding.name)
    number = 1
    with path.open("rb") as file:
        file.seek(encoding.mark)
        rest = b""
        while data := file.read(size):
            head, rest = _cut(rest + data, newline)
            if len(rest) > LONGEST_LINE:
                raise UnreadableFile(
                    f"{source_file}: 一行超过 {LONGEST_LINE >> 20} MiB,不像表格文件。请确认文件完好、扩展名与内容相符。"
                )
            if head:
                block = _block(head[: -len(newline)], encoding, newline, number)
                number += len(block.column)
                yield block
        if rest:
            yield _block(rest, encoding, newline, number)


def _cut(data: bytes, newline: bytes) -> tuple[bytes, bytes]:
    """What ends with a line end, and the rest. In UTF-16 a line end is at an even place only."""
    end = data.rfind(newline)
    while end > 0 and end % len(newline):
        end = data.rfind(newline, 0, end + len(newline) - 1)
    return (data[: end + len(newline)], data[end + len(newline) :]) if end >= 0 else (b"", data)


def _block(data: bytes, encoding: Encoding, newline: bytes, first: int) -> Block:
    if not encoding.name.startswith("utf-16"):
        data = data.replace(b"\x00", b"")
    try:
        text = data if encoding.name == "utf-8" else data.decode(encoding.name).replace("\x00", "").encode()
        column = pl.Series([_ends(text, encoding.newline.encode())], dtype=pl.Binary).cast(pl.String)
    except (UnicodeDecodeError, pl.exceptions.PolarsError):
        return _mend(data, encoding, newline, first)
    return Block(first, column.str.split(encoding.newline).explode())


def _ends(data: bytes, newline: bytes) -> bytes:
    """Lines that end at LF alone; any other CR is a space."""
    if newline != b"\n" or b"\r" not in data:
        return data
    return data.replace(b"\r\n", b"\n").removesuffix(b"\r").replace(b"\r", b" ")


def _mend(data: bytes, encoding: Encoding, newline: bytes, first: int) -> Block:
    """A block of which some lines cannot be decoded, line by line."""
    lines: list[str] = []
    bad: dict[int, str] = {}
    for index, line in enumerate(_byte_lines(data, newline)):
        try:
            lines.append(line.decode(encoding.name).replace("\x00", "").removesuffix("\r").replace("\r", " "))
        except UnicodeDecodeError:
            bad[index] = line.decode(encoding.name, errors="replace")
            lines.append(UNDECODABLE)
    return Block(first, pl.Series(lines, dtype=pl.String), bad)


def _byte_lines(data: bytes, newline: bytes) -> Iterator[bytes]:
    start = at = 0
    while (end := data.find(newline, at)) >= 0:
        if (end - start) % len(newline):
            at = end + 1
            continue
        yield data[start:end]
        start = at = end + len(newline)
    yield data[start:]
