"""The list with the answers beside it, written from the list's own cells and the log of the answers.

What is kept beside a log (`keep_list`) is enough to write it again, once a person has said what he makes of
the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from xincha import faults
from xincha.lists.answer_log import Line, read_head, read_lines
from xincha.lists.columns import answer_columns, list_columns
from xincha.lists.company_list import CompanyList
from xincha.lists.judgments import Judgments
from xincha.tables import FORMATS, Chunks, Note, TableColumn, arrow_type, arrow_values, kind_of, parquet, save

KINDS = ("csv", "xlsx", "parquet")


def write_answers(  # noqa: PLR0913, PLR0917
    listed: CompanyList,
    log: Path,
    out: Path,
    note: Note | None,
    progress: Callable[[int], None],
    judgments: Judgments | None = None,
) -> None:
    """Write `out`. `note`: what is to be known of all answers; `progress` hears how many rows are written."""

    def pages() -> Iterator[tuple[Any, list[Line]]]:
        lines, written = read_lines(log), 0
        for cells in listed.typed():
            page = list(islice(lines, cells.num_rows))
            written += len(page)
            progress(written)
            yield cells, page

    answers = list(answer_columns(listed.header, judgments or {}))
    kind = kind_of(out, KINDS)
    if kind == "parquet":
        chunks = _parquet(listed.schema, pages(), answers, note)
    else:
        columns = [*list_columns(listed.header, next(listed.batches(), [])), *answers]
        chunks = FORMATS[kind].write((page for _, page in pages()), columns, "核对结果", note)
    save(chunks, out, out.with_name(f"{out.name}.new"))


def head_of(listed: CompanyList, note: Note | None) -> Mapping[str, object]:
    """What the head of a log says of the list, and of all answers: read by `write_again`."""
    return {
        "sha256": listed.sha256,
        "rows": listed.rows,
        "header": listed.header,
        "columns": listed.columns,
        "note": note and [note.text, note.key, note.value.decode()],
    }


def keep_list(listed: CompanyList, log: Path) -> None:
    """Keep the cells of a list beside the log of its answers."""
    listed.parsed.replace(_beside(log))


def write_again(log: Path, out: Path, judgments: Judgments, progress: Callable[[int], None]) -> int:
    """Write `out` anew from a log and what is kept beside it, with what a person says of the answers; how many rows."""
    head = read_head(log)
    text, key, value = head["note"] or ("", "", "")
    note = Note(text, key, value.encode()) if key else None
    own = {name: head[name] for name in ("sha256", "rows", "header", "columns")}
    listed = CompanyList(**own, file="", unread_sheets=(), parsed=_beside(log))
    with faults.named(out.parent, "what was written before is kept"):
        write_answers(listed, log, out, note, progress, judgments)
    return listed.rows


def _beside(log: Path) -> Path:
    return log.with_name(f"{log.name}.list")


def _parquet(
    own: Any, pages: Iterator[tuple[Any, list[Line]]], answers: Sequence[TableColumn], note: Note | None
) -> Chunks:
    """The list in its own types, and the answers."""
    import pyarrow as pa

    schema = pa.schema([*own, *(pa.field(column.head, arrow_type(column.type)) for column in answers)])
    if note:
        schema = schema.with_metadata({**(own.metadata or {}), note.key: note.value})
    tables = (
        pa.table([*cells.columns, *(arrow_values(column, page) for column in answers)], schema=schema)
        for cells, page in pages
    )
    return parquet(tables, schema)
