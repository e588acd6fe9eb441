"""Parquet → `RawBatch`es: every type as text, row groups streamed.

Dates and times in ISO form, numbers without an exponent, lists joined by `；` (the results of one check), structs as
JSON. A file may say one long text once and name it in every row, so texts are read as dictionaries, and their sizes are
added up before they are written out: a batch is cut where its text would be too much.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from polars.datatypes import DataType, DataTypeClass

from indexer.read import Limits, RawBatch
from indexer.read.frames import numbered, raw_batch, unique_names
from xincha.errors import UnreadableFile

_TEXT_PER_BYTE = 25
_DEEPEST = 32
_TEXTS = "BYTE_ARRAY"


def read(path: Path, source_file: str, limits: Limits) -> tuple[tuple[str, ...], Iterator[RawBatch]]:
    """Header and batches of a Parquet file."""
    with _opened(path, source_file) as file:
        _check(file, source_file, limits, path.stat().st_size)
        header = unique_names(file.schema_arrow.names)
    if not header:
        raise UnreadableFile(f"{source_file}: 文件没有列。请换用有内容的文件。")
    return header, _batches(path, header, source_file, limits)


def _batches(path: Path, header: tuple[str, ...], source_file: str, limits: Limits) -> Iterator[RawBatch]:
    row = 0
    try:
        for arrow in arrow_batches(path, source_file, limits):
            frame = pl.DataFrame(
                {
                    name: as_text(pl.Series(pl.from_arrow(column)))
                    for name, column in zip(header, arrow.columns, strict=True)
                }
            )
            yield raw_batch(numbered(frame, row), header)
            row += frame.height
    except pl.exceptions.PolarsError as error:
        raise _damaged(source_file) from error


def arrow_batches(path: Path, source_file: str, limits: Limits) -> Iterator[Any]:
    """All rows as Arrow record batches in the file's own types, of bounded size: the batches of `read`."""
    most = _most_text(limits, path.stat().st_size)
    total = 0
    with _opened(path, source_file) as plain:
        schema = pa.schema([field.with_type(_castable(field.type)) for field in plain.schema_arrow])
        columns = [plain.schema.column(at) for at in range(len(plain.schema))]
    texts = [column.path for column in columns if column.physical_type == _TEXTS]
    fixed = sum(column.length for column in columns)
    rows = min(limits.rows_of_batch(len(columns)), max(1, limits.batch_text // max(fixed, 1)))
    try:
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            for batch in file.iter_batches(rows):
                total += sum(map(_text_bytes, batch.columns)) + fixed * batch.num_rows
                limits.check_text(source_file, total, most)
                for part in _parts(batch, limits.batch_text):
                    limits.check_text(source_file, sum(map(_text_bytes, part.columns)), limits.max_text)
                    cells = [cell.cast(of.type) for cell, of in zip(part.columns, schema, strict=True)]
                    yield pa.RecordBatch.from_arrays(cells, schema=schema)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError) as error:
        raise _damaged(source_file) from error


def _castable(of: Any) -> Any:
    """A type; of views, which Arrow does not make of dictionaries, the plain one."""
    if pa.types.is_string_view(of) or pa.types.is_binary_view(of):
        return pa.large_string() if pa.types.is_string_view(of) else pa.large_binary()
    if pa.types.is_list(of) or pa.types.is_large_list(of):
        kind = pa.list_ if pa.types.is_list(of) else pa.large_list
        return kind(of.value_field.with_type(_castable(of.value_type)))
    if pa.types.is_struct(of):
        return pa.struct([field.with_type(_castable(field.type)) for field in of])
    return of


def _most_text(limits: Limits, size: int) -> int:
    """Bytes of text that a file of this size may come to."""
    return max(limits.max_unpacked, size * _TEXT_PER_BYTE)


def _opened(path: Path, source_file: str) -> Any:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(source_file) from error


def _check(file: Any, source_file: str, limits: Limits, size: int) -> None:
    """What the footer tells of the size; `UnreadableFile` beyond the limits."""
    footer, schema = file.metadata, file.schema
    limits.check_columns(source_file, len(schema))
    leaves = [schema.column(at) for at in range(len(schema))]
    if any(leaf.max_definition_level > _DEEPEST for leaf in leaves):
        raise UnreadableFile(f"{source_file}: 列的类型嵌套过深，不像表格数据。请检查文件内容。")
    limits.check_text(source_file, sum(leaf.length for leaf in leaves) * footer.num_rows, _most_text(limits, size))
    cells = 0
    for group in map(footer.row_group, range(footer.num_row_groups)):
        chunks = [group.column(at) for at in range(group.num_columns)]
        limits.check_text(
            source_file, max((chunk.total_uncompressed_size for chunk in chunks), default=0), limits.max_text
        )
        lists = zip(chunks, leaves, strict=True)
        limits.check_cells(source_file, sum(chunk.num_values for chunk, leaf in lists if leaf.max_repetition_level))
        cells += max(group.num_rows * len(chunks), sum(chunk.num_values for chunk in chunks))
        limits.check_cells(source_file, cells, size)


def _parts(batch: Any, most: int) -> Iterator[Any]:
    """A batch, cut so that each part has at most so many bytes of text, or one row."""
    if batch.num_rows > 1 and sum(map(_text_bytes, batch.columns)) > most:
        half = batch.num_rows // 2
        yield from _parts(batch.slice(0, half), most)
        yield from _parts(batch.slice(half), most)
    else:
        yield batch


def _text_bytes(array: Any) -> int:
    """Bytes of the texts of an array, each as often as it is named."""
    of = array.type
    if pa.types.is_dictionary(of):
        if not _is_text(of.value_type) or not len(array.dictionary):
            return 0
        return _sum(pc.binary_length(array.dictionary).cast(pa.int64()).take(array.indices))
    if _is_text(of):
        return _sum(pc.binary_length(array))
    return sum(map(_text_bytes, _inner(array)))


def _inner(array: Any) -> list[Any]:
    """The arrays of which an array of lists or structs is made."""
    of = array.type
    if pa.types.is_struct(of):
        return list(array.flatten())
    if pa.types.is_map(of):
        return [_within(array, values) for values in (array.keys, array.items)]
    if pa.types.is_list(of) or pa.types.is_large_list(of):
        return [_within(array, array.values)]
    return [array.flatten()] if pa.types.is_fixed_size_list(of) else []


def _within(lists: Any, values: Any) -> Any:
    """The values of these lists: a slice of a list has those of the whole."""
    first, last = (lists.offsets[at].as_py() for at in (0, -1))
    return values.slice(first, last - first)


def _is_text(of: Any) -> bool:
    return any(
        is_a(of)
        for is_a in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary)
    )


def _sum(lengths: Any) -> int:
    return int(pc.sum(lengths).as_py() or 0)


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
