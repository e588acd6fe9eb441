"""A list of companies that was parsed: its rows lie in an Arrow file, and are read from there any number of times.

The file holds three columns: `texts`, the cells as text under the list's heads; `own`, the same cells in their own
types, only where these are not text; `error`, a sentence where a row cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from xincha.limits import MAX_SAID

BATCH_ROWS = 500


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row: its cells that say something, what it says of a company, and why it cannot be read, if so."""

    cells: dict[str, str]
    says: Mapping[str, str]
    error: str | None


@dataclass(frozen=True, slots=True)
class CompanyList:
    """A list. `columns`: what is said of a company (name, uscc, region, legal_rep, address) → columns that say it.

    `rows`: how many, all in `parsed`, see above. `unread_sheets`: tables of the file that are no part of the list.
    """

    file: str
    sha256: str
    rows: int
    header: Sequence[str]
    columns: Mapping[str, Sequence[str]]
    unread_sheets: Sequence[str]
    parsed: Path

    def first_rows(self, most: int) -> list[Sequence[str]]:
        """The cells of the first rows as text, each in the order of the header; "" where there is nothing."""
        rows = islice(chain.from_iterable(self.batches()), most)
        return [[row.cells.get(head, "") for head in self.header] for row in rows]

    def batches(self) -> Iterator[list[ListRow]]:
        """All rows, at most `BATCH_ROWS` at a time."""
        for batch in self._read():
            yield list(map(self._row, batch["texts"].to_pylist(), batch["error"].to_pylist()))

    @property
    def schema(self) -> Any:
        """The Arrow schema of the cells in their own types."""
        with pa.OSFile(str(self.parsed)) as file, pa.ipc.open_stream(file) as stream:
            return pa.schema(list(stream.schema.field(_own(stream.schema)).type))

    def typed(self) -> Iterator[Any]:
        """The cells in their own types, as Arrow record batches: those of `batches`."""
        for batch in self._read():
            yield pa.RecordBatch.from_struct_array(batch[_own(batch.schema)])

    def _read(self) -> Iterator[Any]:
        with pa.OSFile(str(self.parsed)) as file, pa.ipc.open_stream(file) as stream:
            yield from stream

    def _row(self, texts: Mapping[str, str | None], error: str | None) -> ListRow:
        cells = {head: text for head, text in texts.items() if text}
        said = ((field, _said(field, columns, cells)) for field, columns in self.columns.items())
        return ListRow(cells, {field: text for field, text in said if text and not error}, error)


def _own(schema: Any) -> str:
    return "own" if "own" in schema.names else "texts"


def _said(field: str, columns: Sequence[str], cells: dict[str, str]) -> str:
    """What the columns of a field say in one row: a place is said by all of them, anything else by the first."""
    texts = [cells[column] for column in columns if column in cells]
    text = "".join(texts if field == "region" else texts[:1])
    return text if field == "name" else text[: MAX_SAID[field]]


def write_rows(path: Path, tables: Iterable[Any]) -> int:
    """Write the rows of a list, at least one table of them (see above); how many there are."""
    rows, writer = 0, None
    with pa.OSFile(str(path), "wb") as file:
        for table in tables:
            writer = writer or pa.ipc.new_stream(file, table.schema)
            writer.write_table(table, BATCH_ROWS)
            rows += table.num_rows
        if writer:
            writer.close()
    return rows
