"""Rows of text cells → `RawBatch`es: the one place where rows become frames.

Cells lose outer space and are null when nothing is left; rows without any cell are dropped (they are no rows) while
their numbers stay taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from indexer.findings import findings
from indexer.read import LINE, SOURCE_ROW, RawBatch


def unique_names(cells: Sequence[str | None]) -> tuple[str, ...]:
    """Header cells as column names: one line each, blank ones by their place, repeated ones numbered."""
    names: list[str] = []
    seen = {SOURCE_ROW, LINE}
    for place, cell in enumerate(cells, start=1):
        base = " ".join((cell or "").split()).strip("\ufeff") or f"第{place}列"
        name, count = base, 1
        while name in seen:
            count += 1
            name = f"{base}#{count}"
        seen.add(name)
        names.append(name)
    return tuple(names)


@dataclass(slots=True)
class Gathered:
    """Rows on their way into a batch, with their numbers, and what was found on the way."""

    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    rejects: list[Mapping[str, object]] = field(default_factory=list)
    issues: list[Mapping[str, object]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows) + len(self.rejects)

    def take(self, header: Sequence[str], rows: int) -> RawBatch:
        """The first `rows` rows as a batch, with everything found so far; they are gone from here."""
        columns = [*zip(*self.rows[:rows], strict=True)] or [()] * len(header)
        frame = pl.DataFrame([pl.Series(name, cells, pl.String) for name, cells in zip(header, columns, strict=True)])
        frame = frame.with_columns(
            pl.Series(SOURCE_ROW, self.numbers[:rows], pl.Int64), pl.Series(LINE, self.lines[:rows], pl.Int64)
        )
        batch = raw_batch(frame, header, self.rejects, self.issues)
        del self.rows[:rows], self.numbers[:rows], self.lines[:rows]
        self.rejects, self.issues = [], []
        return batch


def raw_batch(
    frame: pl.DataFrame,
    header: Sequence[str],
    rejects: Iterable[Mapping[str, object]] = (),
    issues: Iterable[Mapping[str, object]] = (),
) -> RawBatch:
    """A batch of a frame that has the header's columns, `source_row` and `line`."""
    stripped = frame.with_columns(pl.col(header).str.strip_chars())
    blank = stripped.with_columns(pl.when(pl.col(header) != "").then(pl.col(header)))
    if header:
        blank = blank.filter(~pl.all_horizontal(pl.col(header).is_null()))
    return RawBatch(blank, findings(rejects), findings(issues))
