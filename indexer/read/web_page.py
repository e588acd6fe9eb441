"""The tables of an HTML page, which many systems write under `.xls` → rows of cells as text, with what is merged.

Each `<table>` is one; of one in another the cells stand in it alone. `colspan` and `rowspan` are merged cells. Tags may
be left open, as HTML has it. The parser's time is bounded by who runs it (`indexer.workers.limited`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from indexer.read import Limits
from indexer.read.text import detect

Span = tuple[int, int, int, int]
_MOST_SPANNED = 1_000
"""Columns or rows of one cell, as browsers have it for columns."""
_BREAKS = frozenset({"br", "p", "div", "li"})
_SILENT = frozenset({"script", "style"})
_ENDS = frozenset({"tr", "thead", "tbody", "tfoot"})


@dataclass(slots=True)
class PageTable:
    """A table of a page. `spans`: first row and column, last row and column of merged cells."""

    rows: list[list[str | None]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    taken: dict[int, int] = field(default_factory=dict)  # column → rows that a cell above still takes of it
    width: int = 0


def tables_of(path: Path, source_file: str, limits: Limits) -> Sequence[PageTable]:
    """The tables of a page that have cells; of equal width in all rows."""
    limits.check_text(source_file, path.stat().st_size, limits.max_text)
    encoding = detect(path, source_file)
    page = _Page(source_file, limits)
    page.feed(path.read_bytes()[encoding.mark :].decode(encoding.name, errors="replace").replace("\x00", ""))
    page.close()
    page.end_table()
    for table in page.tables:
        table.rows = [row + [None] * (table.width - len(row)) for row in table.rows]
    return page.tables


class _Page(HTMLParser):
    def __init__(self, source_file: str, limits: Limits) -> None:
        super().__init__(convert_charrefs=True)
        self.source_file = source_file
        self.limits = limits
        self.tables: list[PageTable] = []
        self.open: list[PageTable] = []
        self.cell: list[list[str] | None] = []  # of each open table the text of its open cell
        self.spanned: list[tuple[int, int]] = []
        self.silent = 0
        self.cells = self.merged = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.open.append(PageTable())
            self.cell.append(None)
            self.spanned.append((1, 1))
        elif not self.open:
            return
        elif tag in ("td", "th"):
            self._end_cell()
            if not self.open[-1].rows:
                self._begin_row()
            given = dict(attrs)
            self.spanned[-1] = _number(given.get("rowspan")), _number(given.get("colspan"))
            self.cell[-1] = []
        elif tag == "tr":
            self._end_cell()
            self._begin_row()
        elif tag in _BREAKS and (cell := self.cell[-1]) is not None:
            cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table":
            self.end_table(1)
        elif self.open and (tag in ("td", "th") or tag in _ENDS):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.cell and (cell := self.cell[-1]) is not None and not self.silent:
            cell.append(data)

    def end_table(self, most: int | None = None) -> None:
        """The innermost open table is over, or all are."""
        for _ in range(min(most or len(self.open), len(self.open))):
            self._end_cell()
            table = self.open.pop()
            self.cell.pop()
            self.spanned.pop()
            if any(any(row) for row in table.rows):
                self.tables.append(table)

    def _begin_row(self) -> None:
        table = self.open[-1]
        table.taken = {column: rows - 1 for column, rows in table.taken.items() if rows > 1}
        table.rows.append([])

    def _end_cell(self) -> None:
        """Puts the text of the open cell, if there is one, into its first place; the others that it takes are blank."""
        text = self.cell[-1] if self.cell else None
        if text is None:
            return
        self.cell[-1] = None
        table, (down, across) = self.open[-1], self.spanned[-1]
        row, at = table.rows[-1], len(table.rows) - 1
        while len(row) in table.taken:
            row.append(None)
        place = len(row)
        row += [" ".join("".join(text).split()) or None, *[None] * (across - 1)]
        table.width = max(table.width, len(row))
        self.limits.check_columns(self.source_file, table.width)
        self.cells += across
        self.limits.check_cells(self.source_file, self.cells + table.width)
        if down > 1:
            # one row more, since the present one counts too
            table.taken |= dict.fromkeys(range(place, place + across), down)
        if down > 1 or across > 1:
            self.merged += 1
            self.limits.check_merged(self.source_file, self.merged)
            table.spans.append((at, place, at + down - 1, place + across - 1))


def _number(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_SPANNED) if text and text.isascii() and text.isdigit() else 1
