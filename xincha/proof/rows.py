"""Rows of a table → leaves, whole columns at a time.

The canonical text of a row is JSON, its keys in order: the name of the `table`, and every column that had a value when
it was hashed, `null` included. Days are days since 1970, times microseconds since then, money is text; lists of
structures are JSON as text, without nulls. So the order of columns does not matter, nor a column that a later program
adds. A leaf is the RFC 6962 hash of 16 random bytes (the salt) and that text: without its salt nobody can try whether a
row that is gone was this one or that.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256

import polars as pl
import pyarrow as pa

SALT = 16
_NULLS = r'(?:,"[a-z_0-9]+":null)+'
_FIRST_NULLS = r'\{(?:"[a-z_0-9]+":null,?)+'


def salts(rows: int) -> pl.Series:
    """As many random salts."""
    drawn = pa.py_buffer(os.urandom(SALT * rows))
    array = pa.FixedSizeBinaryArray.from_buffers(pa.binary(SALT), rows, [None, drawn])
    return pl.Series("salt", array.cast(pa.binary()), dtype=pl.Binary)


def columns_of(frame: pl.DataFrame) -> list[str]:
    """The columns that have a value in any row, in order."""
    return sorted(name for name in frame.columns if frame[name].null_count() < frame.height)


def texts(frame: pl.DataFrame, table: str, columns: Sequence[str]) -> pl.Series:
    """The canonical text of each row, as bytes."""
    fields = [pl.lit(table).alias("table"), *(_plain(name, frame.schema[name]) for name in sorted(columns))]
    return frame.select(pl.struct(fields).struct.json_encode().alias("text").cast(pl.Binary)).to_series()


def leaves(texts: pl.Series, salts: pl.Series) -> pl.Series:
    """The leaf of each text behind its salt; null where there is no salt."""
    pairs = zip(texts.to_list(), salts.to_list(), strict=True)
    made = [None if salt is None else sha256(b"\0" + salt + text).digest() for text, salt in pairs]
    return pl.Series("leaf", made, dtype=pl.Binary)


def _plain(name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as something that JSON writes the same for ever."""
    column = pl.col(name)
    if dtype == pl.Date:
        return column.cast(pl.Int32)
    if isinstance(dtype, pl.Datetime):
        return column.dt.epoch("us")
    if isinstance(dtype, pl.Decimal):
        return column.cast(pl.String)
    if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Struct):
        json = pl.struct(v=column).struct.json_encode().str.replace_all(_NULLS, "").str.replace_all(_FIRST_NULLS, "{")
        return pl.when(column.is_not_null()).then(json).alias(name)
    return column
