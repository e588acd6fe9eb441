"""A list in a file → the same list with the answers beside it, in bounded memory; can be stopped and resumed.

The list is parsed once, into a file beside the output (`OUT.rows`) that goes with the run. The answers go to a log
beside it (`OUT.part`) as they are found; when all are there, the output is written from the two, and moved to its
place: it is whole or not there. Who runs the same again after a stop goes on where the log ends; with another list,
other columns, another index version, or on another day, it begins anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from xincha import faults
from xincha.errors import BadParameter, Busy
from xincha.lists.answer_log import MOST_CANDIDATES, AnsweredRow, AnswerLog, Line
from xincha.lists.columns import answer_columns, list_columns
from xincha.lists.company_list import CompanyList, ListRow
from xincha.search.match.types import MatchResult
from xincha.tables import FORMATS, Chunks, Note, TableColumn, arrow_type, arrow_values, kind_of, parquet, save

Progress = Callable[[str, int, int | None], None]
Match = Callable[[Sequence[object]], list[MatchResult]]

_KINDS = ("csv", "xlsx", "parquet")
_FORM = 2
"""Of the log's lines: a log that another version of this program left is begun anew."""


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What became of a list: rows by state; `resumed` of them were answered before this run."""

    file: str
    out: str
    columns: Mapping[str, Sequence[str]]
    rows: int
    states: Mapping[str, int]
    resumed: int
    unread_sheets: Sequence[str]


def beside(path: Path) -> Path:
    """Where the answers to a list go unless said otherwise."""
    kind = path.suffix[1:].lower()
    return path.parent / f"{path.stem}.matched.{kind if kind in _KINDS else 'csv'}"


def match_file(  # noqa: PLR0913
    file: Path,
    out: Path,
    read: Callable[[Path, Path], CompanyList],
    match: Match,
    *,
    as_of: str,
    note: Note | None = None,
    progress: Progress | None = None,
    keep: Path | None = None,
) -> MatchReport:
    """Write `out`: the list in `file`, which `read` parses into the second path, with the answers of `match` beside it.

    `as_of` names what the answers depend on besides the list (index version, day). `note`: what is to be known of all
    answers. `keep`: where the log of the answers goes when all is done; without, it is deleted. Raises `BadParameter`
    if `out` cannot be written, `Busy` if another process is at it.
    """
    _check(file, out)
    progress = progress or (lambda *_: None)
    parsed = out.with_name(f"{out.name}.rows")
    with faults.named(out.parent, "what is answered so far is kept"), _alone(out):
        try:
            listed = read(file, parsed)
            depends = {"sha256": listed.sha256, "columns": listed.columns, "rows": listed.rows}
            log = AnswerLog(out.with_name(f"{out.name}.part"), {**depends, "as_of": as_of, "form": _FORM})
            resumed = _answer(listed, log, match, progress)
            states = _write(listed, log, out, note, progress)
        finally:
            parsed.unlink(missing_ok=True)
        if keep:
            log.path.replace(keep)
        else:
            log.path.unlink()
    return MatchReport(listed.file, str(out), listed.columns, listed.rows, states, resumed, listed.unread_sheets)


def _check(file: Path, out: Path) -> None:
    kind_of(out, _KINDS)
    if out.exists() and file.exists() and out.samefile(file):
        raise BadParameter(f"{out} is the list itself: give another file", parameter="--out")
    if not out.parent.is_dir():
        raise BadParameter(f"there is no folder {out.parent}", parameter="--out")


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """No other process writes `out` meanwhile."""
    lock = FileLock(f"{out}.part.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        message = f"another process is matching into {out}; wait until it has finished, or give another --out"
        raise Busy(message) from None
    try:
        yield
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)  # as long as nobody else can have it
        lock.release()


def _answer(listed: CompanyList, log: AnswerLog, match: Match, progress: Progress) -> int:
    """Answer the rows that are not answered yet; how many are."""
    resumed, done = log.resume(), 0
    for batch in listed.batches():
        rows = batch[max(resumed - done, 0) :]
        results = match([row.says for row in rows])
        done += len(batch)
        numbers = range(done - len(rows) + 1, done + 1)
        log.add([_answered(*each) for each in zip(numbers, rows, results, strict=True)])
        progress("match", done, listed.rows)
    return resumed


def _answered(number: int, row: ListRow, result: MatchResult) -> AnsweredRow:
    error, shown = row.error or result.error, result.candidates[:MOST_CANDIDATES]
    state = "error" if error else result.state
    return AnsweredRow(state, number, row.cells, result.score, result.entity_id, shown, result.reasons, error)


def _write(listed: CompanyList, log: AnswerLog, out: Path, note: Note | None, progress: Progress) -> Mapping[str, int]:
    """Write the output; rows by state."""
    states: Counter[str] = Counter()

    def pages() -> Iterator[tuple[Any, list[Line]]]:
        lines = log.lines()
        for cells in listed.typed():
            page = list(islice(lines, cells.num_rows))
            states.update(line["state"] for line in page)
            progress("answers", states.total(), listed.rows)
            yield cells, page

    answers = list(answer_columns(listed.header))
    kind = kind_of(out, _KINDS)
    if kind == "parquet":
        chunks = _parquet(listed.schema, pages(), answers, note)
    else:
        columns = [*list_columns(listed.header, next(listed.batches(), [])), *answers]
        chunks = FORMATS[kind].write((page for _, page in pages()), columns, "核对结果", note)
    save(chunks, out, out.with_name(f"{out.name}.new"))
    return dict(states)


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
