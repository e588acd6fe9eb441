"""A list in a file → the same list with the answers beside it, in bounded memory; can be stopped and resumed.

The list is parsed once, into a file beside the output (`OUT.rows`) that goes with the run. The answers go to a log
beside it (`OUT.part`) as they are found; when all are there, the output is written from the two, and moved to its
place: it is whole or not there. Who runs the same again after a stop goes on where the log ends; with another list,
other columns, another index version, or on another day, it begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

from filelock import FileLock, Timeout

from xincha import faults
from xincha.errors import BadParameter, Busy
from xincha.lists.answer_log import MOST_CANDIDATES, AnsweredRow, AnswerLog, RowState
from xincha.lists.company_list import CompanyList, ListRow
from xincha.lists.output import KINDS, head_of, keep_list, write_answers
from xincha.search.match.types import Doubt, MatchResult
from xincha.tables import Note, kind_of

Match = Callable[[Sequence[object]], list[MatchResult]]

_FIRST = 20
_FORM = 3
"""Of the log's lines: a log that another version of this program left is begun anew."""


@dataclass(frozen=True, slots=True)
class MatchProgress:
    """How far a list is: `done` rows of a stage (`match`, then `answers`); answered rows by state and by doubt."""

    stage: str
    done: int
    counts: Mapping[str, int]
    listed: CompanyList


Progress = Callable[[MatchProgress], None]


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What became of a list: rows by state, and the ambiguous ones by doubt; `resumed` of all were answered before this
    run."""

    file: str
    out: str
    columns: Mapping[str, Sequence[str]]
    rows: int
    states: Mapping[str, int]
    doubts: Mapping[str, int]
    resumed: int
    unread_sheets: Sequence[str]


def beside(path: Path) -> Path:
    """Where the answers to a list go unless said otherwise."""
    kind = path.suffix[1:].lower()
    return path.parent / f"{path.stem}.matched.{kind if kind in KINDS else 'csv'}"


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
    answers. `keep`: where the log of the answers goes when all is done, with what `write_again` needs beside it;
    without it is deleted. Raises `BadParameter` if `out` cannot be written, `Busy` if another process is at it.
    """
    _check(file, out)
    parsed = out.with_name(f"{out.name}.rows")
    with faults.named(out.parent, "what is answered so far is kept"), _alone(out):
        try:
            listed = read(file, parsed)
            log = AnswerLog(out.with_name(f"{out.name}.part"), {**head_of(listed, note), "as_of": as_of, "form": _FORM})

            def tell(stage: str, done: int) -> None:
                if progress:
                    progress(MatchProgress(stage, done, log.counts, listed))

            resumed = _answer(listed, log, match, tell)
            write_answers(listed, log.path, out, note, partial(tell, "answers"))
            if keep:
                keep_list(listed, keep)
        finally:
            parsed.unlink(missing_ok=True)
        if keep:
            log.path.replace(keep)
        else:
            log.path.unlink()
    states, doubts = (_counted(log, names) for names in (RowState, Doubt))
    return MatchReport(
        listed.file, str(out), listed.columns, listed.rows, states, doubts, resumed, listed.unread_sheets
    )


def _counted(log: AnswerLog, names: object) -> Mapping[str, int]:
    return {name: log.counts[name] for name in get_args(names) if log.counts[name]}


def _check(file: Path, out: Path) -> None:
    kind_of(out, KINDS)
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


def _answer(listed: CompanyList, log: AnswerLog, match: Match, tell: Callable[[str, int], None]) -> int:
    """Answer the rows that are not answered yet; how many are."""
    resumed, done = log.resume(), 0
    tell("match", resumed)
    for batch in _parts(listed):
        rows = batch[max(resumed - done, 0) :]
        results = match([row.says for row in rows])
        done += len(batch)
        numbers = range(done - len(rows) + 1, done + 1)
        log.add([_answered(*each) for each in zip(numbers, rows, results, strict=True)])
        tell("match", done)
    return resumed


def _parts(listed: CompanyList) -> Iterator[list[ListRow]]:
    """The rows of a list, first a few, for somebody looks at them meanwhile."""
    batches = listed.batches()
    first = next(batches, [])
    yield from filter(None, (first[:_FIRST], first[_FIRST:]))
    yield from batches


def _answered(number: int, row: ListRow, result: MatchResult) -> AnsweredRow:
    error, shown = row.error or result.error, result.candidates[:MOST_CANDIDATES]
    state: RowState = "error" if error else result.state
    doubt = None if error else result.doubt
    return AnsweredRow(state, doubt, number, row.cells, result.score, result.entity_id, shown, result.reasons, error)
