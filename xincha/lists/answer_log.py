"""The answers to a list, kept once: JSON lines, from which files are written and pages are shown.

The first line says to what the answers are. Then one line per row of the list, in its order, each an `AnsweredRow`
whose state comes first, so that a line is passed over without being read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from xincha.search import cursor as cursors
from xincha.search.answers import Reason
from xincha.search.match.types import MatchCandidate

RowState = Literal["matched", "ambiguous", "none", "error"]
Line = Mapping[str, Any]
"""An `AnsweredRow` as JSON."""

MOST_CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A row of a list and its answer."""

    state: Annotated[RowState, Field(description="error: the row cannot be used")]
    row: Annotated[int, Field(description="place in the list, from 1")]
    input: Annotated[dict[str, str], Field(description="its cells as they are, under their heads; no empty ones")]
    score: Annotated[float, Field(description="of the first candidate, 0 to 1")]
    entity_id: Annotated[str | None, Field(description="the entity that is meant, where the state is matched")]
    candidates: Annotated[list[MatchCandidate], Field(description="best first, at most 3; the one that is meant first")]
    reasons: list[Reason]
    error: Annotated[str | None, Field(description="why this row cannot be used")]


class AnswerLog:
    """The log of one list on its way. `of`: what the answers depend on."""

    def __init__(self, path: Path, of: Mapping[str, object]) -> None:
        self.path = path
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
            file.truncate(end)
            return rows

    def add(self, rows: Sequence[AnsweredRow]) -> None:
        """Keep further answers."""
        with self.path.open("ab") as file:
            file.write(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))

    def lines(self) -> Iterator[Line]:
        """All answers."""
        with self.path.open("rb") as file:
            file.readline()
            yield from map(orjson.loads, file)


def read_page(path: Path, state: RowState | None, size: int, cursor: str | None) -> tuple[list[Line], str | None]:
    """The next `size` rows of a state, and where those behind them begin. Raises `BadCursor`."""
    bound = cursors.binding(path.parent.name, state)
    begin = f'{{"state":"{state or ""}'.encode()
    lines: list[Line] = []
    with path.open("rb") as file:
        if cursor:  # anybody can write one that says what he likes
            file.seek(_place(cursor, bound))
            if not file.peek(len(begin)).startswith(begin):
                raise cursors.damaged()
        while line := file.readline():
            if not line.startswith(begin):
                continue
            if len(lines) == size:
                return lines, cursors.write(bound, "kept", [file.tell() - len(line)])
            lines.append(orjson.loads(line))
    return lines, None


def _place(cursor: str, bound: str) -> int:
    match cursors.read(cursor, bound):
        case "kept", [int(place)] if place > 0:
            return place
    raise cursors.damaged()
