"""The declared kinds of source, and how a table's header is recognised as one of them.

A source is a declaration: its columns with every accepted spelling, what a row must have, the canonical table it fills.
`recognise(header)` says which one a table is, or raises an error that names what was found and what was missing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.tables import Table


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a source: accepted spellings, and the unit of bare numbers where the definition states one."""

    aliases: tuple[str, ...]
    ten_thousands: bool = False  # 万元: bare numbers are in ten thousands, unless the header says （元）


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of source.

    `required`: groups of columns of which each needs at least one in the header. `marks`: columns that tell this kind
    from the others. `union_columns`: list columns that are joined where rows of one key merge (those of one row belong
    together by position). `personal`: spellings of columns that are never read.
    """

    kind: str
    title: str
    table: Table
    columns: Mapping[str, Column]
    required: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...]
    personal: tuple[str, ...] = ()
    union_columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """A recognised header: for each declared column the header's names (in order; several are coalesced)."""

    source: Source
    columns: Mapping[str, tuple[str, ...]]
    yuan: frozenset[str]  # declared columns whose header gives （元） as unit, against the definition
    unknown: tuple[str, ...]  # names that no declared column has; not read
    personal: tuple[str, ...]  # names of personal columns; never read


def recognise(header: Sequence[str], *, source_file: str, kind: str | None = None) -> Layout:
    """The layout of a table with this header; `kind` says it instead of the columns.

    Raises `UnknownKind` (no declared source fits) or `MissingColumn` (a required column is not there).
    """
    raise NotImplementedError
