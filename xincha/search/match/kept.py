"""The answers to a list kept as JSON lines, for somebody who looks through them: all, or those of one state.

One line per row of the list, in its order: `state` (first, so that a line is passed over without being read), `row`
(from 1), `input` (the cells that say something, under their heads), `score`, `entity_id`, `candidates` (at most 3),
`reasons`, `error`. State is that of the row's answer, or `error` where the row cannot be used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

import orjson
import polars as pl

from xincha.search import cursor as cursors
from xincha.search.match.types import Match

Kept = Literal["matched", "ambiguous", "none", "error"]
Keep = Callable[[pl.DataFrame, Sequence[Match]], None]
"""Takes some rows of a list, as text, and the answers to them."""

_CANDIDATES = 3


@dataclass(frozen=True, slots=True)
class KeptPage:
    """Some lines, parsed. `cursor`: where the next page begins, `None` behind the last."""

    lines: Sequence[object]
    cursor: str | None


@contextmanager
def keeping(path: Path | None) -> Iterator[Keep | None]:
    """What keeps answers in a file, in the order in which they are given; nothing without a path."""
    if path is None:
        yield None
        return
    with path.open("wb") as file:
        numbers = count(1)

        def keep(texts: pl.DataFrame, answers: Sequence[Match]) -> None:
            for cells, match in zip(texts.iter_rows(named=True), answers, strict=True):
                file.write(orjson.dumps(_line(next(numbers), cells, match), option=orjson.OPT_APPEND_NEWLINE))

        yield keep


def _line(row: int, cells: dict[str, str | None], match: Match) -> dict[str, object]:
    return {
        "state": "error" if match.error else match.state,
        "row": row,
        "input": {head: cell for head, cell in cells.items() if cell},
        "score": match.score,
        "entity_id": match.entity_id,
        "candidates": match.candidates[:_CANDIDATES],
        "reasons": match.reasons,
        "error": match.error,
    }


def read_page(path: Path, state: Kept | None, size: int, cursor: str | None) -> KeptPage:
    """The next `size` lines of a state. Raises `BadCursor`."""
    bound = cursors.binding(path.parent.name, state)
    begin = f'{{"state":"{state}"'.encode() if state else b"{"
    lines: list[object] = []
    with path.open("rb") as file:
        file.seek(_place(cursor, bound, path))
        while line := file.readline():
            if not line.startswith(begin):
                continue
            if len(lines) == size:
                return KeptPage(lines, cursors.write(bound, "kept", [file.tell() - len(line)]))
            lines.append(orjson.loads(line))
    return KeptPage(lines, None)


def _place(cursor: str | None, bound: str, path: Path) -> int:
    """Where a line begins; anybody can write a cursor that says otherwise."""
    if not cursor:
        return 0
    match cursors.read(cursor, bound):
        case "kept", [int(place)] if 0 < place < path.stat().st_size:
            with path.open("rb") as file:
                file.seek(place - 1)
                if file.read(1) == b"\n":
                    return place
    raise cursors.damaged()
