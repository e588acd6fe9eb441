"""Files that are one document 文书 (TXT, DOCX, PDF with a text layer, HTML) → a table of one row.

The row holds the text with its lines, the format, the pages, and the digest of the file
(`indexer.kinds.document.FILE_COLUMNS`); what the text says is read later, masked. DOCX and PDF are read by python-docx
and PDFium, in a process of its own that has limits of memory and time, since a small file may unfold to much; that
process serves all files of a load. A PDF of pictures alone (a scan) has no text: its row says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from indexer import workers
from indexer.kinds.document import FILE_COLUMNS
from indexer.read import Limits, RawBatch
from indexer.read.archive import check_unpacked
from indexer.read.frames import raw_batch, rows_frame
from indexer.read.text import detect
from xincha.errors import UnreadableFile
from xincha.text import decision

PRINTED = (".docx", ".pdf")
PAGES = (".html", ".htm")
_MOST_BYTES, _MOST_UNPACKED = 64 << 20, 256 << 20
_MOST_PAGES = 2_000
_LOOKED_AT = 64 << 10


class Read(NamedTuple):
    """A document as read: its text, and how many pages it has where pages are told."""

    text: str
    pages: int | None = None


@dataclass(slots=True)
class Documents:
    """Reads documents; `close` ends the process that reads those of office programs, if there is one."""

    limits: Limits
    _pool: ProcessPoolExecutor | None = field(default=None, init=False)

    def is_one(self, path: Path, suffix: str, source_file: str) -> bool:
        """Whether a file of this suffix is a document, and not a table."""
        if suffix in PRINTED:
            return True
        if path.stat().st_size > _MOST_BYTES:
            return False
        try:
            return decision.is_one(self._shown(path, suffix, source_file, _LOOKED_AT))
        except UnreadableFile:
            return False

    def table(self, path: Path, suffix: str, source_file: str) -> tuple[tuple[str, ...], Iterator[RawBatch]]:
        """Header and rows of the table that a document is."""
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableFile(f"{source_file}: 超过 {_MOST_BYTES >> 20} MiB，不像一份文书。请检查文件内容。")
        read = (
            self._printed(path, suffix, source_file)
            if suffix in PRINTED
            else Read(self._shown(path, suffix, source_file))
        )
        if read.text.strip() and not decision.is_one(read.text):
            raise UnreadableFile(
                f"{source_file}: 没有文书标题，不是决定书一类的文书。如是表格，请另存为 .xlsx 或 .csv。"
            )
        if len(read.text) > decision.LONGEST:
            raise UnreadableFile(f"{source_file}: 全文超过 {decision.LONGEST:,} 字，不像一份文书。请检查文件内容。")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        row = (read.text, suffix[1:].upper(), str(read.pages or ""), digest)
        return FILE_COLUMNS, iter([raw_batch(rows_frame(FILE_COLUMNS, [row], [1], [None]), FILE_COLUMNS)])

    def close(self) -> None:
        """End the process."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def _printed(self, path: Path, suffix: str, source_file: str) -> Read:
        """A DOCX or a PDF."""
        if suffix == ".docx":
            check_unpacked(path, source_file, replace(self.limits, max_unpacked=_MOST_UNPACKED))
        if self._pool is None:
            self._pool = workers.limited(self.limits.max_memory, self.limits.max_seconds)
        try:
            return self._pool.submit(_READERS[suffix], path, source_file).result()
        except BrokenProcessPool:
            self._pool = None
            raise UnreadableFile(f"{source_file}: 展开后超过可用的内存或时间，或已损坏。请另存为文本再载入。") from None

    def _shown(self, path: Path, suffix: str, source_file: str, most: int = -1) -> str:
        """The text of a TXT or HTML file, or its beginning."""
        encoding = detect(path, source_file)
        with path.open("rb") as file:
            file.seek(encoding.mark)
            text = file.read(most).decode(encoding.name, errors="replace").replace("\x00", "")
        return _text_of_page(text) if suffix in PAGES else text.replace("\r\n", "\n").replace("\r", "\n")


def _read_docx(path: Path, source_file: str) -> Read:
    import docx
    from docx.table import Table

    try:
        lines: list[str] = []
        for part in docx.Document(str(path)).iter_inner_content():
            if isinstance(part, Table):
                lines += ["\t".join(dict.fromkeys(cell.text.strip() for cell in row.cells)) for row in part.rows]
            else:
                lines.append(part.text)
    except Exception as error:  # of the parts of the file, each with its own class
        raise UnreadableFile(f"{source_file}: 不是 DOCX 文件，或已损坏。请打开并另存为 .docx 再载入。") from error
    return Read("\n".join(lines))


def _read_pdf(path: Path, source_file: str) -> Read:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as book:
            if len(book) > _MOST_PAGES:
                raise UnreadableFile(f"{source_file}: 超过 {_MOST_PAGES:,} 页，不像一份文书。请检查文件内容。")
            pages: list[str] = []
            for page in book:
                pages.append(page.get_textpage().get_text_bounded())
                page.close()
                if sum(map(len, pages)) > decision.LONGEST:
                    break
            return Read("\n".join(pages).replace("\r\n", "\n").replace("\ufffe", ""), len(book))
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error)
        why = "已加密。请去掉打开密码" if locked else "不是 PDF 文件，或已损坏。请重新下载"
        raise UnreadableFile(f"{source_file}: {why}再载入。") from error


_READERS = {".docx": _read_docx, ".pdf": _read_pdf}
_BLOCKS = re.compile(r"p|div|br|li|tr|table|h[1-6]|section|article|header|footer|[uod]l|d[td]|title|center|pre")
_SILENT = frozenset(("script", "style", "template", "noscript", "title"))


class _Text(HTMLParser):
    """The text of a page, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self.silent += 1
        elif _BLOCKS.fullmatch(tag):
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif _BLOCKS.fullmatch(tag):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(" ".join(data.split()) if data.strip() else "")


def _text_of_page(text: str) -> str:
    page = _Text()
    page.feed(text)
    page.close()
    lines = (line.strip() for line in "".join(page.parts).split("\n"))
    return decision.from_heading("\n".join(line for line in lines if line))
