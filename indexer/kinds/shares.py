"""Shares and numbers of plans and tasks of spot checks, by column."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from indexer.canonical.batch import Batch
from xincha.text import quantities

_MOST = 100


def shares_of(batch: Batch, column: str) -> pl.Series:
    """Shares of a column in percent. A bare number is a percentage where its head says 百分比 or %, and from 1 on;
    below 1 it is a part of one, as spreadsheets keep a percentage: 0.05 is 5%."""
    published = batch.text(column)
    stated = batch.mapped(published, quantities.percent, pl.Float64)
    bare = batch.mapped(published, quantities.bare, pl.Float64)
    heads = "".join(batch.layout.columns.get(column, ()))
    named = any(sign in heads for sign in ("%", "％", "百分"))
    part = (bare > 0) & (bare < 1) & (not named)
    plain = pl.select(pl.when(pl.lit(part)).then((pl.lit(bare) * 100).round(4)).otherwise(pl.lit(bare))).to_series()
    plain = plain.set(~plain.is_between(0, _MOST, closed="right").fill_null(False), None)
    return pl.select(pl.coalesce(pl.lit(stated), pl.lit(plain))).to_series()


def number_or_none(batch: Batch, column: str, function: Callable[[str], int | None]) -> pl.Series:
    """What a function reads of a column; the text that says no number stands beside it."""
    return batch.mapped(batch.text(column), function, pl.Int64)
