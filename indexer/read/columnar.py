"""Parquet → `RawBatch`es: every type as text, row groups streamed.

Dates and times in ISO form, numbers without an exponent, lists joined by `；` (the results of one check), structs as
JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from polars.datatypes import DataType, DataTypeClass

from indexer.read import Limits, RawBatch
from indexer.read.frames import numbered, raw_batch, unique_names
from xincha.errors import UnreadableFile


def read(path: Path, source_file: str, limits: Limits) -> tuple[tuple[str, ...], Iterator[RawBatch]]:
    """Header and batches of a Parquet file."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(source_file) from error
    header = unique_names(file.schema_arrow.names)
    if not header:
        raise UnreadableFile(f"{source_file}: 文件没有列。请换用有内容的文件。")
    return header, _batches(file, header, source_file, limits.batch_rows)


def _batches(file: pq.ParquetFile, header: tuple[str, ...], source_file: str, size: int) -> Iterator[RawBatch]:
    row = 0
    with file:
        try:
            for arrow in file.iter_batches(batch_size=size):
                frame = pl.DataFrame(
                    {
                        name: as_text(pl.Series(pl.from_arrow(column)))
                        for name, column in zip(header, arrow.columns, strict=True)
                    }
                )
                yield raw_batch(numbered(frame, row), header)
                row += frame.height
        except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as error:
            raise _damaged(source_file) from error


def as_text(series: pl.Series) -> pl.Series:
    """A column of any type as text."""
    kind = series.dtype
    if isinstance(kind, pl.List | pl.Array):
        lists = series if isinstance(kind, pl.List) else series.arr.to_list()
        return lists.list.eval(as_text_expr(kind.inner, pl.element())).list.join("；", ignore_nulls=True)
    return pl.select(as_text_expr(kind, pl.lit(series))).to_series()


def as_text_expr(kind: DataType | DataTypeClass, value: pl.Expr) -> pl.Expr:
    """The expression that casts values of a type that is no list to text."""
    if isinstance(kind, pl.Struct):
        return value.struct.json_encode()
    if kind == pl.Binary:
        return value.cast(pl.String, strict=False)
    if isinstance(kind, pl.Datetime):
        return value.dt.replace_time_zone(None).dt.to_string("%Y-%m-%d %H:%M:%S").str.strip_suffix(" 00:00:00")
    if kind in (pl.Float32, pl.Float64):
        whole = value.is_finite() & (value == value.round(0)) & (value.abs() < 2**53)
        return pl.when(whole).then(value.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(value.cast(pl.String))
    if isinstance(kind, pl.Decimal):
        return value.cast(pl.String).str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix(".")
    return value.cast(pl.String, strict=False)


def _damaged(source_file: str) -> UnreadableFile:
    return UnreadableFile(f"{source_file}: Parquet 文件已损坏或不完整。请重新下载或导出后再载入。")
