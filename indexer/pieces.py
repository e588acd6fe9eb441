"""Pieces of a load: staged Parquet files with their counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from indexer.lake import write_file

GATHER_ROWS = 50_000
"""Rows up to which small files are put into one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some staged rows, and their file; None: there are none."""

    path: Path | None
    rows: int


def gathered(pieces: Iterable[Piece], path: Callable[[], Path]) -> list[Path]:
    """The files of pieces in their order, small ones that follow each other put into one."""
    runs: list[list[Path]] = []
    room = 0
    for piece in pieces:
        if piece.path is None:
            continue
        if piece.rows > room:
            runs.append([])
            room = GATHER_ROWS
        runs[-1].append(piece.path)
        room -= piece.rows
    return [run[0] if len(run) == 1 else write_file(pl.concat(map(pl.read_parquet, run)), path()) for run in runs]


def write_piece(frame: pl.DataFrame, path: Path) -> Piece:
    """Rows as a piece; no rows, no file."""
    return Piece(write_file(frame, path) if frame.height else None, frame.height)
