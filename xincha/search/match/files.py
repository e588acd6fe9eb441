"""A list in a file → the same list with the answers beside it, in bounded memory; can be stopped and resumed.

The answers go to a journal beside the output (`OUT.part`: JSON lines, the first one says of what) as they are found;
when all are there, the list is read again and the output written beside its place, then moved there: it is whole or not
there. Who runs the same again after a stop goes on where the journal ends; with another list, other columns, another
index version, or on another day, it begins anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import orjson
import polars as pl
from filelock import FileLock, Timeout

from xincha.errors import BadParameter, Busy
from xincha.search.match.cells import Cell, cells, heads_beside
from xincha.search.match.kept import Keep
from xincha.search.match.sheets import writable, writing
from xincha.search.match.types import Match

Progress = Callable[[str, int, int | None], None]
_ROWS = 500
_FORM = 1
"""Of the journal's lines: a journal that another version of this program left is begun anew."""


class Batch(Protocol):
    """Some rows of a list: as text, in their own types, and what each says of a company, or why it cannot be read."""

    @property
    def texts(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def cells(self) -> pl.DataFrame: ...  # noqa: D102
    @property
    def said(self) -> Sequence[Mapping[str, str] | str]: ...  # noqa: D102


class List(Protocol):
    """A list that can be read any number of times, always in the same batches."""

    @property
    def path(self) -> Path: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def rows(self) -> int: ...  # noqa: D102
    @property
    def header(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def columns(self) -> Mapping[str, Sequence[str]]: ...  # noqa: D102
    @property
    def sheets(self) -> int: ...  # noqa: D102
    def batches(self, size: int) -> Iterator[Batch]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a list: rows by state; `resumed` of them were answered before this run."""

    file: str
    out: str
    columns: Mapping[str, Sequence[str]]
    rows: int
    states: Mapping[str, int]
    resumed: int
    sheets: int


def beside(path: Path) -> Path:
    """Where the answers to a list go unless said otherwise."""
    suffix = path.suffix.lower() if writable(path) else ".csv"
    return path.with_name(f"{path.stem}.matched{suffix}")


def match_list(  # noqa: PLR0913 - two of them watch
    listed: List,
    out: Path,
    match: Callable[[Sequence[object]], list[Match]],
    *,
    as_of: str,
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> Report:
    """Write `out`: the list with the answers of `match` beside it.

    `as_of` names what the answers depend on besides the list (index version, day). `keep` is given the answers of this
    run as they are found; those that a stopped run left are not given again. Raises `BadParameter` where `out`
    cannot be written, `Busy` where another process is at it.
    """
    _check(listed, out)
    said = {"sha256": listed.sha256, "columns": listed.columns, "rows": listed.rows, "as_of": as_of, "form": _FORM}
    part = out.with_name(f"{out.name}.part")
    lock = FileLock(f"{part}.lock", timeout=0)
    try:
        with lock:
            journal = _Journal(part, orjson.dumps(said, option=orjson.OPT_SORT_KEYS))
            run = _Run(listed, out, journal, progress or (lambda *_: None))
            run.answer(match, keep)
            run.write()
            journal.remove()
    except Timeout:
        raise Busy(
            f"another process is matching into {out}; wait until it has finished, or give another --out"
        ) from None
    Path(lock.lock_file).unlink(missing_ok=True)
    return Report(listed.path.name, str(out), listed.columns, listed.rows, dict(run.states), run.resumed, listed.sheets)


def _check(listed: List, out: Path) -> None:
    if not writable(out):
        raise _refused(f"cannot write {out.name}: give a file that ends with .csv, .xlsx or .parquet")
    if out.exists() and out.samefile(listed.path):
        raise _refused(f"{out} is the list itself: give another file")
    if not out.parent.is_dir():
        raise _refused(f"there is no folder {out.parent}")


def _refused(message: str) -> BadParameter:
    return BadParameter(message, parameter="--out")


class _Journal:
    """The answers so far: a line that says of what, then one line for each batch."""

    def __init__(self, path: Path, said: bytes) -> None:
        self._path = path
        self._said = said + b"\n"

    def resume(self) -> int:
        """How many batches are answered; what is of another list, or was cut off by a stop, is dropped."""
        if not self._path.exists():
            self._path.write_bytes(self._said)
            return 0
        with self._path.open("rb+") as file:
            if file.readline() != self._said:
                file.seek(0)
                file.truncate()
                file.write(self._said)
                return 0
            batches, end = 0, file.tell()
            while (line := file.readline()).endswith(b"\n"):
                batches, end = batches + 1, end + len(line)
            file.truncate(end)
            return batches

    def add(self, answers: Sequence[Sequence[Cell]]) -> None:
        """Keep the answers to one batch."""
        with self._path.open("ab") as file:
            file.write(orjson.dumps(answers, option=orjson.OPT_APPEND_NEWLINE))

    def answers(self) -> Iterator[list[list[Cell]]]:
        """The answers, batch by batch."""
        with self._path.open("rb") as file:
            file.readline()
            yield from map(orjson.loads, file)

    def remove(self) -> None:
        """It has served."""
        self._path.unlink()


class _Run:
    """One list on its way."""

    def __init__(self, listed: List, out: Path, journal: _Journal, progress: Progress) -> None:
        self._list = listed
        self._out = out
        self._journal = journal
        self._progress = progress
        self.states: Counter[str] = Counter()
        self.resumed = 0

    def answer(self, match: Callable[[Sequence[object]], list[Match]], keep: Keep | None) -> None:
        """Answer what is not answered yet."""
        answered, done = self._journal.resume(), 0
        for at, batch in enumerate(self._list.batches(_ROWS)):
            done += len(batch.said)
            if at < answered:
                self.resumed = done
            else:
                found = _found(batch.said, match)
                self._journal.add(list(map(cells, found)))
                if keep:
                    keep(batch.texts, found)
            self._progress("match", done, self._list.rows)

    def write(self) -> None:
        """Write the output beside its place, and move it there."""
        heads = heads_beside(self._list.header)
        made = self._out.with_name(f"{self._out.name}.new")
        done = 0
        try:
            with writing(made, self._list.header, heads, self._out.suffix.lower()) as write:
                for batch, answers in zip(self._list.batches(_ROWS), self._journal.answers(), strict=True):
                    write(batch.texts, batch.cells, answers)
                    self.states.update(str(answer[0]) for answer in answers)
                    done += len(answers)
                    self._progress("answers", done, self._list.rows)
            made.replace(self._out)
        finally:
            made.unlink(missing_ok=True)


def _found(said: Sequence[Mapping[str, str] | str], match: Callable[[Sequence[object]], list[Match]]) -> list[Match]:
    found = match([{} if isinstance(row, str) else row for row in said])
    return [replace(each, error=row) if isinstance(row, str) else each for row, each in zip(said, found, strict=True)]
