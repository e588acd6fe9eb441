"""Which columns of a table are not read: no source declares them, they are of persons, or their values gave way.

A column without a head is named only where it has values. Of several columns that mean the same the first with a value
is taken: one that never was, though it says something else, is not read either.
"""

from __future__ import annotations

import re

import polars as pl

from indexer.canonical.batch import Layout
from xincha.rules.redact import excerpt

_NO_HEAD = re.compile(r"第\d+列(?:#\d+)?")
_LONGEST_NAME = 100


class Unread:
    """The columns of one table that are not read; it sees every batch."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._has_values: set[str] = set()
        self._taken: set[str] = set()
        self._other: set[str] = set()

    def see(self, frame: pl.DataFrame) -> None:
        """Take note of the values in a batch's columns."""
        for name in self._layout.unknown:
            if _NO_HEAD.fullmatch(name) and frame[name].is_not_null().any():
                self._has_values.add(name)
        for names in self._layout.columns.values():
            taken = frame[names[0]]
            for name in names[1:]:
                free, values = taken.is_null(), frame[name]
                if (free & values.is_not_null()).any():
                    self._taken.add(name)
                if (values != taken).any():  # null where either has no value
                    self._other.add(name)
                taken = taken.zip_with(~free, values)

    @property
    def names(self) -> list[str]:
        """The columns as the header names them, in its order; a name that is no name is masked and cut."""
        unknown = [name for name in self._layout.unknown if not _NO_HEAD.fullmatch(name) or name in self._has_values]
        gave_way = self._other - self._taken
        unread = {*unknown, *self._layout.personal, *gave_way}
        return [excerpt(name, _LONGEST_NAME) for name in self._layout.header if name in unread]
