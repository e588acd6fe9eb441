"""One batch on its way from raw to canonical: columns under their declared names, and what was found in them.

Speed comes from reading each *different* value once: `Memory` keeps what a pure function made of a value, from batch to
batch, and `mapped` puts the results back in their rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from indexer.findings import LINE, RAW_LENGTH, SOURCE_ROW, Code
from xincha.rules.redact import excerpt
from xincha.text.units import Unit

Result = TypeVar("Result")
Type = pl.DataType | type[pl.DataType]

MOST_REMEMBERED = 50_000
LONGEST_REMEMBERED = 60  # longer texts hardly ever recur, and would fill the memory


@dataclass(frozen=True, slots=True)
class Layout:
    """A recognised header: its names in order.

    `columns`: declared column → the header's names for it, in order (where several have values the first is taken).
    `units`: header name → the unit of money that it states, or that the definition of its field does. `unknown`: names
    that no column has; not read. `personal`: names of personal columns; never read. `said`: the names of file and
    sheet, and what stands above the header.
    """

    kind: str
    header: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    units: Mapping[str, Unit]
    unknown: tuple[str, ...]
    personal: tuple[str, ...]
    said: str = ""

    @property
    def heads(self) -> str:
        """The header's names of declared columns, joined."""
        return " ".join(name for names in self.columns.values() for name in names)


class Memory:
    """What functions made of values: for each function a dictionary that is bounded in number and size."""

    def __init__(self) -> None:
        self._results: dict[Callable[[str], object], dict[str, object]] = {}

    def all(self, function: Callable[[str], Result], values: Iterable[str]) -> list[Result]:
        """The function's result for each value."""
        known: dict[str, Result] = self._results.setdefault(function, {})  # type: ignore[assignment]
        if len(known) > MOST_REMEMBERED:
            known.clear()
        results: list[Result] = []
        for value in values:
            result = known[value] if value in known else function(value)
            if len(value) <= LONGEST_REMEMBERED:
                known[value] = result
            results.append(result)
        return results


class Batch:
    """A batch being normalized. Rows stay in place: every column has the height of `frame`."""

    def __init__(
        self, frame: pl.DataFrame, published: pl.DataFrame, layout: Layout, source_file: str, memory: Memory
    ) -> None:
        """`frame`: declared columns that the header has, then `source_row` and `line`; `published`: the same rows as
        published, without columns of personal data."""
        self.frame = frame
        self.published = published
        self.layout = layout
        self.source_file = source_file
        self.memory = memory
        self.issues: list[pl.DataFrame] = []
        self.rejects: list[pl.DataFrame] = []
        self.rejected = self.mask()
        self.garbled = self.mask()
        """Rows of which a name was lost to mojibake."""
        self.overlong = self.mask()
        """Rows of which a name is longer than any is."""

    def has(self, name: str) -> bool:
        """Whether the header has this column."""
        return name in self.frame.columns

    def text(self, name: str) -> pl.Series:
        """A column; all null where the header does not have it."""
        return self.frame[name] if self.has(name) else self.none().alias(name)

    def none(self, dtype: Type = pl.String) -> pl.Series:
        """A column without values."""
        return pl.repeat(None, self.frame.height, dtype=dtype, eager=True)

    def constant(self, value: str | None) -> pl.Series:
        """A column of one text."""
        return pl.repeat(value, self.frame.height, dtype=pl.String, eager=True)

    def mask(self, value: bool = False) -> pl.Series:
        """A column of truth values."""
        return pl.repeat(value, self.frame.height, dtype=pl.Boolean, eager=True)

    def mapped(self, series: pl.Series, function: Callable[[str], object], dtype: Type = pl.String) -> pl.Series:
        """What the function makes of each value; null stays null."""
        different = series.drop_nulls().unique()
        if different.is_empty():
            return self.none(dtype)
        results = pl.Series(self.memory.all(function, different.to_list()), dtype=dtype)
        frame = pl.DataFrame({"value": different, "result": results})
        return series.alias("value").to_frame().join(frame, on="value", how="left", maintain_order="left")["result"]

    def issue(self, where: pl.Series, column: str, code: Code, raw: pl.Series | None = None) -> None:
        """Names the value of a column in each row of `where`."""
        where = where.fill_null(False)
        if where.any():
            texts = (self.text(column) if raw is None else raw).filter(where)
            self.issues.append(self._findings(where, column, code, texts))

    def reject(self, where: pl.Series, column: str, code: Code) -> None:
        """Rejects each row of `where` that is not rejected yet."""
        where = where.fill_null(False) & ~self.rejected
        lost = self.garbled | self.overlong
        reasons = (self.garbled, Code.MOJIBAKE), (self.overlong & ~self.garbled, Code.VALUE_TOO_LONG), (~lost, code)
        for some, reason in ((where & such, reason) for such, reason in reasons):
            if some.any():
                rows = self.published.filter(some).select(pl.concat_str(pl.all().fill_null(""), separator=","))
                self.rejects.append(self._findings(some, column, reason, rows.to_series()))
        self.rejected = self.rejected | where

    def _findings(self, where: pl.Series, column: str, code: Code, raw: pl.Series) -> pl.DataFrame:
        spelled = " / ".join(self.layout.columns.get(column, (column,)))  # as this file spells it
        texts = [text and excerpt(text, RAW_LENGTH) for text in raw.to_list()]
        return self.frame.filter(where).select(
            source_file=pl.lit(self.source_file, pl.String),
            source_row=SOURCE_ROW,
            line=LINE,
            column=pl.lit(spelled, pl.String),
            code=pl.lit(code.value, pl.String),
            message=pl.lit(code.message, pl.String),
            raw=pl.Series(texts, dtype=pl.String),
        )
