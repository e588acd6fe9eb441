"""Pieces of a load: staged Parquet files with their counts, and of findings the reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from indexer.lake import write_file
from indexer.report import Reason

GATHER_ROWS = 50_000
"""Rows up to which small files are put into one."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some staged rows: their file (None: there are none), and of findings how often each reason occurred."""

    path: Path | None
    rows: int
    reasons: tuple[Reason, ...] = ()


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


def reasons(pieces: Iterable[Piece]) -> list[Reason]:
    """The reasons of several pieces, commonest first."""
    found: dict[str, Reason] = {}
    for reason in (reason for piece in pieces for reason in piece.reasons):
        count = found[reason.code].count if reason.code in found else 0
        found[reason.code] = replace(found.get(reason.code, reason), count=count + reason.count)
    return sorted(found.values(), key=lambda reason: (-reason.count, reason.code))


def findings_piece(frame: pl.DataFrame, path: Path) -> Piece:
    """Rejects or issues (`tables.REJECTS`) as a piece."""
    if frame.is_empty():
        return Piece(None, 0)
    place = pl.format("{}:{} {}", "source_file", "source_row", "message")
    counts = frame.group_by("code", maintain_order=True).agg(pl.len(), example=place.first())
    return Piece(write_file(frame, path), frame.height, tuple(Reason(*row) for row in counts.iter_rows()))
