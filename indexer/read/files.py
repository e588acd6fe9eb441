"""Paths → tables: folders, archives, and which reader a file's name asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from indexer.delivery import MANIFEST
from indexer.read import Limits, RawTable, Skipped, columnar, delimited, json_array, jsonl, regulation, workbook
from indexer.read.archive import ARCHIVES, gunzipped, members, safe_name
from indexer.read.document import PAGES, PRINTED, Documents
from xincha.errors import UnreadableFile

TEXT = (".csv", ".tsv", ".txt", ".tab")
LINES = (".jsonl", ".ndjson")
JSON = (".json",)
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
PARQUET = (".parquet", ".pq")
READ = (*TEXT, *LINES, *JSON, *WORKBOOKS, *PARQUET, *PRINTED, *PAGES, ".md")
READABLE = "CSV/TSV/TXT、XLSX、Parquet、JSON、JSONL,文书的 TXT/DOCX/PDF/HTML,及其 .gz 或 .zip"

_NO_TEXT = {
    b"PK\x03\x04": "工作簿或压缩包",
    b"\x1f\x8b": "gzip 压缩文件",
    b"PAR1": "Parquet 文件",
    b"%PDF": "PDF 文件",
    b"\xd0\xcf\x11\xe0": "旧版 Office 文件",
}


MakeTable = Callable[..., RawTable]
"""Makes a table of a file, given the further fields of `RawTable`: its name, header, batches, …"""

OnSkip = Callable[[Skipped], None]


def open_tables(path: Path, limits: Limits | None = None, *, on_skip: OnSkip | None = None) -> Iterator[RawTable]:
    """The tables of a file or folder, in the order of their names.

    Raises `UnreadableFile` for a file that cannot be read at all. Files of other types in a folder or archive are
    handed to `on_skip`; hidden ones are passed over.
    """
    limits = limits or Limits()
    with closing(Documents(limits)) as documents:
        yield from _Opener(limits, on_skip or (lambda _: None), documents).tables(path)


def is_hidden(name: str) -> bool:
    """Whether a name is of the system's or an office program's own files."""
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in ("thumbs.db", "desktop.ini")


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens files by their names and their content."""

    limits: Limits
    on_skip: OnSkip
    documents: Documents

    def tables(self, path: Path) -> Iterator[RawTable]:
        """The tables of a file or folder."""
        if not path.exists():
            raise UnreadableFile(f"{path}: 没有这个文件或文件夹。请检查路径。")
        if not path.is_dir():
            yield from self._file(path, safe_name(path.name))
            return
        empty = True
        for file in sorted(path.rglob("*"), key=lambda file: file.relative_to(path).parts):
            inside = file.relative_to(path)
            if not file.is_file() or any(map(is_hidden, inside.parts)) or file.name == MANIFEST:
                continue
            name = safe_name(inside.as_posix())
            if _suffix(file.name) not in (*READ, ".gz", ".zip"):
                self.on_skip(Skipped(name, "不支持的文件类型"))
                continue
            if _is_no_table(file, name):
                self.on_skip(Skipped(name, "没有由对象组成的数组"))
                continue
            for table in self._one_of_many(self._file(file, name), _suffix(name), name):
                empty = False
                yield table
        if empty:
            raise UnreadableFile(f"{path}: 文件夹中没有可载入的文件。可载入:{READABLE}。")

    def _one_of_many(self, tables: Iterator[RawTable], suffix: str, name: str) -> Iterator[RawTable]:
        """The tables of a file in a folder or an archive, where texts of another use may lie beside the data."""
        if suffix not in (*PRINTED, *PAGES, ".md"):
            yield from tables
            return
        try:
            yield from tables
        except UnreadableFile as error:
            self.on_skip(Skipped(name, str(error).removeprefix(f"{name}: ")))

    def _file(self, path: Path, name: str) -> Iterator[RawTable]:
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            make = partial(RawTable, name, digest, path.stat().st_size)
        except OSError as error:
            raise UnreadableFile(f"{name}: 无法打开({error.strerror})。请检查权限。") from error
        suffix = _suffix(name)
        if suffix == ".zip":
            yield from self._zip(path, name, make)
        elif suffix == ".gz":
            yield from self._gz(path, name, make)
        else:
            yield from self._plain(path, suffix, name, make)

    def _gz(self, path: Path, name: str, make: MakeTable) -> Iterator[RawTable]:
        suffix = _suffix(Path(name).stem)
        if suffix in ARCHIVES:
            raise UnreadableFile(f"{name}: 压缩包内还有压缩包。请先解压一层再载入。")
        with gunzipped(path, name, self.limits) as unpacked:
            yield from self._plain(unpacked, suffix or ".csv", name, make)

    def _zip(self, path: Path, name: str, make: MakeTable) -> Iterator[RawTable]:
        empty = True
        with members(path, name, self.limits) as files:
            for member, unpack in files:
                if any(map(is_hidden, member.split("/"))):
                    continue
                inner, suffix = f"{name}/{member}", _suffix(member)
                if suffix in ARCHIVES:
                    raise UnreadableFile(f"{inner}: 压缩包内还有压缩包。请先解压一层再载入。")
                if suffix not in READ:
                    self.on_skip(Skipped(inner, "不支持的文件类型"))
                    continue
                with unpack() as unpacked:
                    if _is_no_table(unpacked, inner, suffix):
                        self.on_skip(Skipped(inner, "没有由对象组成的数组"))
                        continue
                    for table in self._one_of_many(self._plain(unpacked, suffix, inner, make), suffix, inner):
                        empty = False
                        yield table
        if empty:
            raise UnreadableFile(f"{name}: 压缩包中没有可载入的文件。可载入:{READABLE}。")

    def _plain(self, path: Path, suffix: str, name: str, make: MakeTable) -> Iterator[RawTable]:
        """The tables of a file that is no archive."""
        if suffix in regulation.SUFFIXES and (articles := regulation.read(path, name)):
            yield make(name, *articles)
            return
        if suffix == ".md":
            raise UnreadableFile(f"{name}: 不是法律法规的文本（没有标题或条文）。表格请另存为 .csv。")
        if suffix in (*PRINTED, *PAGES, ".txt") and self.documents.is_one(path, suffix, name):
            yield make(name, *self.documents.table(path, suffix, name))
            return
        if suffix in WORKBOOKS and workbook.is_text(path, name):
            suffix = ".tsv"
        if suffix in (*WORKBOOKS, *PAGES):
            for sheet in workbook.read(path, suffix, name, self.limits):
                label = f"{name}#{sheet.name}" if sheet.name else name
                yield make(label, sheet.header, sheet.batches, sheet.aside, sheet.of, sheet.title)
            return
        if suffix in PARQUET:
            header, batches = columnar.read(path, name, self.limits)
        elif suffix in TEXT:
            _check_text(path, name)
            header, batches, title = delimited.read(path, name, self.limits)
            yield make(name, header, batches, title=title)
            return
        elif suffix in (*LINES, *JSON):
            _check_text(path, name)
            reader = json_array if json_array.is_one_value(path, name, lines=suffix in LINES) else jsonl
            header, batches = reader.read(path, name, self.limits)
        else:
            raise UnreadableFile(f"{name}: 不支持的文件类型。可载入:{READABLE}。")
        yield make(name, header, batches)


def _is_no_table(path: Path, name: str, suffix: str | None = None) -> bool:
    """Whether a file in a folder or archive is JSON of another use, such as a description of the others."""
    if (suffix or _suffix(name)) not in JSON:
        return False
    return json_array.is_one_value(path, name) and json_array.find_array(path, name) is None


def _check_text(path: Path, name: str) -> None:
    with path.open("rb") as file:
        head = file.read(4)
    for magic, what in _NO_TEXT.items():
        if head.startswith(magic):
            raise UnreadableFile(f"{name}: 内容是{what},与扩展名不符。请改用正确的扩展名再载入。")
