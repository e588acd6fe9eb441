"""Rows of text cells → `RawBatch`es: the one place where rows become frames.

Cells lose outer space and are null when nothing is left; rows without any cell are dropped (they are no rows) while
their numbers stay taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from indexer.findings import FINDING, RAW_LENGTH, Code
from indexer.read import LINE, SOURCE_ROW, RawBatch
from xincha.rules.redact import excerpt


def unique_names(cells: Sequence[str | None]) -> tuple[str, ...]:
    """Header cells as column names: one line each, blank ones by their place, repeated ones numbered."""
    names: list[str] = []
    seen = {SOURCE_ROW, LINE}
    times: dict[str, int] = {}
    for place, cell in enumerate(cells, start=1):
        base = " ".join((cell or "").split()).strip("\ufeff") or f"第{place}列"
        name, count = base, times.get(base, 1)
        while name in seen:
            count += 1
            name = f"{base}#{count}"
        times[base] = count
        seen.add(name)
        names.append(name)
    return tuple(names)


@dataclass(slots=True)
class BatchBuilder:
    """Rows on their way into a batch, with their numbers, and what was found on the way.

    They come one by one (`put`) or as frames that have the header's columns, `source_row` and `line` (`put_frame`).
    """

    header: Sequence[str]
    source_file: str
    _rejects: list[Mapping[str, object]] = field(default_factory=list)
    _issues: list[Mapping[str, object]] = field(default_factory=list)
    _frames: list[pl.DataFrame] = field(default_factory=list)
    _rows: list[tuple[Sequence[str], int, int | None]] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(frame.height for frame in self._frames) + len(self._rows) + len(self._rejects)

    def put(self, row: Sequence[str], number: int, line: int | None) -> None:
        """Adds one row."""
        self._rows.append((row, number, line))

    def reject(self, code: Code, number: int, line: int | None, raw: str, detail: str = "") -> None:
        """Adds a row that cannot be used; `detail` follows the message of the code."""
        self._rejects.append(self._finding(code, number, line, raw, detail))

    def issue(self, code: Code, number: int, line: int, raw: str) -> None:
        """Adds what a reader of a row should know."""
        self._issues.append(self._finding(code, number, line, raw))

    def _finding(self, code: Code, number: int, line: int | None, raw: str, detail: str = "") -> Mapping[str, object]:
        return {
            "source_file": self.source_file,
            "source_row": number,
            "line": line,
            "code": code.value,
            "message": f"{code.message}:{detail}" if detail else code.message,
            "raw": excerpt(raw, RAW_LENGTH),
        }

    def put_frame(self, frame: pl.DataFrame) -> None:
        """Adds rows."""
        self._settle()
        self._frames.append(frame)

    def take(self, most: int) -> RawBatch:
        """The first rows, at most so many, as a batch with everything found so far; they are gone from here."""
        self._settle()
        whole = pl.concat(self._frames) if self._frames else rows_frame(self.header, [], [], [])
        if not whole[SOURCE_ROW].is_sorted():
            whole = whole.sort(SOURCE_ROW)
        batch = raw_batch(whole.head(most), self.header, self._rejects, self._issues)
        rest = whole.slice(most)
        self._frames = [rest] if rest.height else []
        self._rejects, self._issues = [], []
        return batch

    def _settle(self) -> None:
        if self._rows:
            self._frames.append(rows_frame(self.header, *zip(*self._rows, strict=True)))
            self._rows = []


def rows_frame(
    header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int], lines: Sequence[int | None]
) -> pl.DataFrame:
    """Rows with their numbers and lines as a frame."""
    columns = [*zip(*rows, strict=True)] or [()] * len(header)
    cells = [pl.Series(name, column, pl.String) for name, column in zip(header, columns, strict=True)]
    return pl.DataFrame([*cells, pl.Series(SOURCE_ROW, numbers, pl.Int64), pl.Series(LINE, lines, pl.Int64)])


def numbered(frame: pl.DataFrame, before: int = 0) -> pl.DataFrame:
    """Rows of a file without lines, with their numbers; `before`: how many rows came before."""
    numbers = pl.int_range(before + 1, before + pl.len() + 1, dtype=pl.Int64)
    return frame.with_columns(numbers.alias(SOURCE_ROW), pl.lit(None, pl.Int64).alias(LINE))


def raw_batch(
    frame: pl.DataFrame,
    header: Sequence[str],
    rejects: Sequence[Mapping[str, object]] = (),
    issues: Sequence[Mapping[str, object]] = (),
) -> RawBatch:
    """A batch of a frame that has the header's columns, `source_row` and `line`."""
    stripped = frame.with_columns(pl.col(header).str.strip_chars())
    blank = stripped.with_columns(pl.when(pl.col(header) != "").then(pl.col(header)))
    if header:
        blank = blank.filter(~pl.all_horizontal(pl.col(header).is_null()))
    return RawBatch(blank, *(pl.DataFrame(rows, schema=FINDING, orient="row") for rows in (rejects, issues)))
