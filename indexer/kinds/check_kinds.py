"""Which of the five kinds of check 抽查种类 the rows of a table tell of."""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from xincha.text.check_kinds import RANDOM, check_kind

KIND_COLUMNS = ("抽查种类", "检查种类", "抽查检查种类", "监督抽查种类", "抽查检查类别", "check_kind")
"""Spellings of a column that says it."""


def check_kinds_of(batch: Batch, *texts: pl.Series, else_kind: str | None = None) -> pl.Series:
    """By a column of its own, the words of these texts together, what the file is called, the columns of 双随机; else
    `else_kind`."""
    ranins = any(name.casefold().startswith("ranins") for name in batch.layout.header)
    of_file = check_kind(batch.layout.said) or (RANDOM if ranins else else_kind)
    said = pl.select(pl.concat_str(list(map(pl.lit, texts)), separator=" ", ignore_nulls=True)).to_series()
    own = (batch.mapped(each, check_kind) for each in (batch.text("check_kind"), said))
    return first(*own, batch.constant(of_file))
