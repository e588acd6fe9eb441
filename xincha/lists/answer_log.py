"""The answers to a list, kept once: JSON lines, from which files are written and pages are shown.

The first line says to what the answers are. Then one line per row of the list, in its order, each an `AnsweredRow`
whose state, doubt and place come first, so that a line is passed over without being read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import orjson
from pydantic import Field

from xincha.search import cursor as cursors
from xincha.search.answers import Reason
from xincha.search.match.types import DOUBT, Doubt, MatchCandidate

RowState = Literal["matched", "ambiguous", "none", "error"]
Line = Mapping[str, Any]
"""An `AnsweredRow` as JSON."""

MOST_CANDIDATES = 3
_BEGINS = re.compile(rb'\{"state":"(\w+)","doubt":(?:null|"(\w+)"),"row":(\d+),')


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A row of a list and its answer."""

    state: Annotated[RowState, Field(description="error: the row cannot be used")]
    doubt: Annotated[Doubt | None, Field(description=DOUBT)]
    row: Annotated[int, Field(description="place in the list, from 1")]
    input: Annotated[dict[str, str], Field(description="its cells as they are, under their heads; no empty ones")]
    score: Annotated[float, Field(description="of the first candidate, 0 to 1")]
    entity_id: Annotated[str | None, Field(description="the entity that is meant, where the state is matched")]
    candidates: Annotated[list[MatchCandidate], Field(description="best first, at most 3; the one that is meant first")]
    reasons: list[Reason]
    error: Annotated[str | None, Field(description="why this row cannot be used")]


class Beginning(NamedTuple):
    """What a line begins with."""

    state: str
    doubt: str
    row: int

    @classmethod
    def of(cls, line: bytes) -> Beginning:
        """That of a line of the log; `doubt` is "" where there is none."""
        found = _BEGINS.match(line)
        if found is None:
            raise ValueError("no line of a log of answers")
        state, doubt, row = found.groups(b"")
        return cls(state.decode(), doubt.decode(), int(row))


Wanted = Callable[[Beginning], bool]


class AnswerLog:
    """The log of one list on its way. `of`: what the answers depend on; `counts`: rows by state, and by doubt."""

    def __init__(self, path: Path, of: Mapping[str, object]) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        self._head = orjson.dumps(of, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)

    def resume(self) -> int:
        """How many rows are answered; what is of another list, or was cut off by a stop, is dropped."""
        self.path.touch()
        with self.path.open("rb+") as file:
            if file.readline() != self._head:
                file.seek(0)
                file.truncate()
                file.write(self._head)
                return 0
            rows, end = 0, file.tell()
            while (line := file.readline()).endswith(b"\n"):
                rows, end = rows + 1, end + len(line)
                self.counts.update(filter(None, Beginning.of(line)[:2]))
            file.truncate(end)
            return rows

    def add(self, rows: Sequence[AnsweredRow]) -> None:
        """Keep further answers."""
        with self.path.open("ab") as file:
            file.write(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))
        for row in rows:
            self.counts.update(filter(None, (row.state, row.doubt)))


def read_head(path: Path) -> dict[str, Any]:
    """What the answers of a log depend on."""
    with path.open("rb") as file:
        return orjson.loads(file.readline())  # type: ignore[no-any-return]


def read_lines(path: Path) -> Iterator[Line]:
    """All answers of a log."""
    with path.open("rb") as file:
        file.readline()
        yield from map(orjson.loads, file)


def read_beginnings(path: Path) -> Iterator[Beginning]:
    """What each line of a log begins with."""
    with path.open("rb") as file:
        file.readline()
        yield from map(Beginning.of, file)


def read_page(  # noqa: PLR0913
    path: Path, bound: str, wanted: Wanted, size: int, cursor: str | None, *, grows: bool
) -> tuple[list[Line], str | None]:
    """The next `size` rows that are wanted, and where those behind them begin; raises `BadCursor`.

    `bound`: what was asked, as a cursor holds it. Of a log that `grows` there is always a cursor.
    """
    lines: list[Line] = []
    with path.open("rb") as file:
        if cursor:  # anybody can write one that says what he likes
            file.seek(_place(cursor, bound) - 1)
            if file.read(1) != b"\n":
                raise cursors.damaged()
        else:
            file.readline()
        end = file.tell()
        while (line := file.readline()).endswith(b"\n"):
            if wanted(Beginning.of(line)):
                if len(lines) == size:
                    return lines, cursors.write(bound, "kept", [end])
                lines.append(orjson.loads(line))
            end += len(line)
    return lines, cursors.write(bound, "kept", [end]) if grows else None


def _place(cursor: str, bound: str) -> int:
    match cursors.read(cursor, bound):
        case "kept", [int(place)] if place > 0:
            return place
    raise cursors.damaged()
