"""Which of the tables of a load are data, and of which kind."""

from __future__ import annotations

from indexer.canonical.batch import Layout
from indexer.kinds import SOURCES
from indexer.read import RawTable, Skipped
from indexer.recognise import recognise
from xincha.errors import MissingColumn, UnknownKind


class Sheets:
    """Recognises tables. Of a workbook with several sheets those that are no data are passed over, and named; a
    workbook none of whose sheets is any is an error, as any other file is."""

    def __init__(self, kind: str | None, skipped: list[Skipped]) -> None:
        self._kind = kind
        self._skipped = skipped
        self._read: set[str] = set()
        self._unread: dict[str, list[tuple[str, UnknownKind | MissingColumn]]] = {}

    def layout(self, table: RawTable, label: str) -> Layout | None:
        """The layout of a table; `None` if it is a sheet that is passed over."""
        book = table.source_file.rpartition("#")[0] if table.sheets > 1 else table.source_file
        if table.aside and book in self._read:
            self._skipped.append(Skipped(label, table.aside))
            return None
        try:
            layout = recognise(table.header, source_file=label, kind=self._kind, title=table.title)
        except (UnknownKind, MissingColumn) as error:
            if table.sheets == 1 or self._kind not in (None, *SOURCES):
                raise
            self._unread.setdefault(book, []).append((label, error))
            return None
        self._read.add(book)
        return layout

    def finish(self) -> None:
        """Name the sheets that were passed over, or raise what was wrong with those of a workbook without data."""
        for book, sheets in self._unread.items():
            if book not in self._read:
                raise sheets[0][1]
            self._skipped += [Skipped(label, str(error).removeprefix(f"{label}: ")[:200]) for label, error in sheets]
