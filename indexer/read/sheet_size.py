"""How large an XLSX workbook unfolds: told by reading its XML once, before a parser makes anything of it.

A parser makes every cell between the first and the last one that holds a value, and writes a shared string out for
every cell that names it. So two cells, or one long text, can ask for all memory. Every part of the workbook is looked
at, whatever it is called, since a workbook says itself which of its parts are sheets.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from functools import cache
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from indexer.read import Limits
from indexer.read.archive import Counted, damage_named
from xincha.errors import UnreadableFile

_READ = re.compile(rb"sheetData|[<:]sst[\s>/]")  # tags of the parts that a parser reads cells and shared strings from
_LONGEST = 9


def check_workbook(path: Path, source_file: str, limits: Limits) -> int:
    """How many cells of a workbook are merged ones.

    Raises `UnreadableFile` for a bomb, for damage, and for more columns, cells, text or merged cells than the limits
    allow.
    """
    size = _Size(source_file, limits)
    size.add_all(path)
    if size.unsure:
        size.add_all(path)
    return size.merged


class _Size:
    """What the parts of a workbook come to. `unsure`: a part of shared strings came behind a sheet that names some."""

    def __init__(self, source_file: str, limits: Limits) -> None:
        self.source_file = source_file
        self.limits = limits
        self.lengths = array("L")  # bytes of each shared string; the longest, if several parts have some

    def add_all(self, path: Path) -> None:
        """All parts of a workbook."""
        counted = Counted(self.source_file, path.stat().st_size, self.limits)
        self.cells = self.text = self.merged = 0  # cells of the sheets before, text of all
        self.unsure = self.named = False
        with damage_named(self.source_file), zipfile.ZipFile(path) as book:
            for info in sorted(book.infolist(), key=lambda info: "sharedstrings" not in info.filename.lower()):
                self._begin()
                with book.open(info) as stream:
                    for chunk in counted.read(stream):
                        self._add(chunk)
                self._end()

    def _begin(self) -> None:
        self.parser: expat.XMLParserType | None = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._no_sheet
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._data
        self.tail, self.must_be_xml, self.in_cells = b"", False, False
        self.string, self.length = -1, 0  # the present one of a part of shared strings
        self.row, self.column, self.kind = -1, -1, ""
        self.index: str | None = None  # of a shared string, as far as it is read
        self.top = self.bottom = self.left = self.right = -1

    def _add(self, chunk: bytes) -> None:
        self.must_be_xml = self.must_be_xml or bool(_READ.search(self.tail + chunk))
        self.tail = chunk[-_LONGEST:]
        self._parse(chunk, final=False)
        self._check()

    def _end(self) -> None:
        self._parse(b"", final=True)
        self._name()
        self._check()
        self.cells += self._area()

    def _parse(self, chunk: bytes, *, final: bool) -> None:
        if self.parser is not None:
            try:
                self.parser.Parse(chunk, final)
            except expat.ExpatError:
                self.parser = None
        if self.parser is None and self.must_be_xml:  # a picture is no XML, a sheet is
            raise UnreadableFile(
                f"{self.source_file}: 工作簿已损坏或不是工作簿。请用表格软件打开并另存为 .xlsx 再载入。"
            )

    def _check(self) -> None:
        if self.right >= 0:
            self.limits.check_columns(self.source_file, self.right - self.left + 1)
        self.limits.check_cells(self.source_file, max(self.cells + self._area(), len(self.lengths)))
        self.limits.check_text(self.source_file, self.text, self.limits.max_text)
        self.limits.check_merged(self.source_file, self.merged)

    def _area(self) -> int:
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.right >= 0 else 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if not self.in_cells:
            self.in_cells = tag == "sheetData"
            if tag == "si":
                self._next_string()
        elif tag == "c":
            self._name()
            self._place(attributes.get("r"))
            self.kind = attributes.get("t", "")
        elif tag in ("v", "is"):
            self._fill()
            if self.kind == "s":
                self.index = ""
        elif tag == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif tag == "mergeCell":
            self.merged += 1

    def _place(self, place: str | None) -> None:
        """Where a cell is; one that does not say it stands behind the one before."""
        if place is None:
            self.column += 1
            return
        letters = place.rstrip("0123456789")
        self.column, self.row = _column(letters), int(place[len(letters) :]) - 1

    def _fill(self) -> None:
        row, column = self.row, self.column
        if self.right < 0:
            self.top = self.bottom = row
            self.left = self.right = column
            return
        if row > self.bottom:
            self.bottom = row
        elif row < self.top:
            self.top = row
        if column > self.right:
            self.right = column
        elif column < self.left:
            self.left = column

    def _data(self, text: str) -> None:
        if self.index is not None:
            self.index += text
        elif self.string >= 0:
            self.length += len(text.encode())
            self.lengths[self.string] = max(self.lengths[self.string], self.length)

    def _name(self) -> None:
        """A cell has named a shared string."""
        if self.index:
            at = int(self.index)
            self.text += self.lengths[at] if 0 <= at < len(self.lengths) else 0
            self.named = True
        self.index = None

    def _next_string(self) -> None:
        self.string += 1
        self.length = 0
        self.unsure = self.unsure or self.named
        if self.string == len(self.lengths):
            self.lengths.append(0)

    def _no_sheet(self, *_: object) -> NoReturn:
        raise expat.ExpatError("a workbook has no document types")


@cache
def _column(letters: str) -> int:
    """The place of a column, from 0."""
    if not 0 < len(letters) <= 3 or not letters.isascii():
        raise ValueError(letters[:8])
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    if not 0 < place <= 1 << 14:
        raise ValueError(letters)
    return place - 1
