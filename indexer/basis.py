"""What decides, beside the lake, which documents there are: the day, the operator's policy, what is held back.

A record whose window has closed, that is withheld, or that is held back has no document, neither stored text nor terms.
One whose window is still to open has: it is found from its day on, without a publish (searches filter by day).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import polars as pl

from xincha.holds import Holds, digest
from xincha.rules.window import Policy
from xincha.settings import Settings


class Basis(NamedTuple):
    """`held`: records that are held back on `day`; `named`: all that ever were, for one may have been released."""

    day: date
    policy: Policy
    held: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings, day: date) -> Basis:
        """The basis on which documents are made of the lake of `settings` on a day; raises `HoldsUnreadable`."""
        holds = Holds(settings.holds_file)
        return cls(day, settings.policy, holds.on(day), frozenset(hold.record_id for hold in holds.listed()))

    @property
    def held_digest(self) -> str:
        """What differs when others are held back."""
        return digest(self.held)

    def kept(self, judged: pl.DataFrame) -> pl.DataFrame:
        """Of judged records (`indexer.records.JUDGED`) those that have documents."""
        held = pl.col("record_id").is_in(pl.Series(sorted(self.held), dtype=pl.String).implode())
        return judged.filter(pl.col("withheld").is_null() & (pl.col("public_until") >= self.day) & ~held)
