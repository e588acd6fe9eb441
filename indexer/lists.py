"""A list of companies in a file → its rows as they are, and which columns say what of a company.

`open_list` parses a CSV, XLSX, Parquet or JSON-lines file once, into a file that `xincha.lists` reads: it finds the
column of names, by what the header calls it or else by what is in it, and those of codes, places, representatives and
addresses. Of a workbook the first sheet that has names counts, and further ones with the same heads; sheets that are
hidden or called 填报说明 are tried last. A list without a header is one whose first row holds the name of a company.

A row that cannot be read (a quote that is not closed, too many fields) is a row all the same: its text stands in the
first column, and what is wrong with it in the place of what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa

from indexer.headers import fold_header
from indexer.list_column import choose, is_name, unclear
from indexer.list_heads import FIELDS, Role, fields, is_head, role
from indexer.read import LINE, SOURCE_ROW, Limits, RawBatch, RawTable
from indexer.read.columnar import arrow_batches
from indexer.read.files import PARQUET, open_tables
from indexer.read.frames import raw_batch, rows_frame
from xincha.errors import BadParameter, UnclearColumn, UnreadableFile
from xincha.lists.company_list import CompanyList, write_rows

_PART = 5_000
_UPLOADED = Limits(batch_rows=_PART, max_cells=10_000_000, cells_per_byte=0, max_text=256 << 20, max_unpacked=512 << 20)
"""Of a list that somebody sent: a hundred columns of as many rows as are taken, in the memory of one process."""

_SAMPLE = 500
_OTHERS = ("uscc", "legal_rep", "address")
_PLACES = ("province", "city", "district")
_COMPANY = re.compile("有限|股份公司|合作社$|事务所$")


def open_list(  # noqa: PLR0913, PLR0917
    path: Path,
    parsed: Path,
    column: str | None = None,
    most_rows: int | None = None,
    limits: Limits | None = None,
    others: Mapping[str, str] | None = None,
) -> CompanyList:
    """Parse a list into the file `parsed`.

    `column`: the column of names, by its head or its place (1 is the first). `others`: the columns of other things that
    are said of a company (uscc, region, legal_rep, address), likewise; "": there is none. What is not named is found.

    Raises `UnreadableFile`, `MissingColumn` if no column holds names or codes, `UnclearColumn` if several may, and
    `BadParameter` if there are more than `most_rows` rows.
    """
    if path.is_dir() or path.suffix.lower() == ".zip":
        raise UnreadableFile(f"{path.name}: 名单须是一个文件。可用:CSV、XLSX、Parquet、JSON、JSONL。")
    limits = limits or (Limits(batch_rows=_PART) if most_rows is None else _UPLOADED)
    limits = replace(limits, max_rows=most_rows and 2 * most_rows)  # who is a little over is told by how much
    try:
        named = {**(others or {}), **({} if column is None else {"name": column})}
        parsed_list = _Reading(path, parsed, named, limits).read()
    except MemoryError:
        raise UnreadableFile(f"{path.name}: 展开后太大，超过了可用的内存。请分成几份，或另存为 CSV 再试。") from None
    if most_rows and parsed_list.rows > most_rows:
        raise BadParameter(f"{path.name}: {parsed_list.rows:,} rows; at most {most_rows:,}", parameter="FILE")
    return parsed_list


class _Table(NamedTuple):
    """A table that may be a list: its heads, or places where it has none; its first rows; the columns that say
    something."""

    table: RawTable
    header: list[str]
    rows: pl.DataFrame
    columns: Mapping[str, Sequence[str]]


class _Reading:
    """Finds the list among the tables of a file, and writes its rows."""

    def __init__(self, path: Path, parsed: Path, named: Mapping[str, str], limits: Limits) -> None:
        self.path = path
        self.parsed = parsed
        self.named = named
        self.limits = limits
        self.typed = path.suffix.lower() in PARQUET
        self.others: list[str] = []  # tables that are not read
        self.missing: UnclearColumn | None = None  # of the first table that is none

    def read(self) -> CompanyList:
        """The first table that is a list, and those behind it that have the same heads."""
        tables = open_tables(self.path, self.limits)
        for table in tables:
            found = self._table(table)
            if found.columns:
                break
            self._pass_over(table)
        else:
            raise self.missing or UnreadableFile(f"{self.path.name}: 没有内容。请换用有内容的文件。")
        rows = chain(_all_rows(found), self._more_rows(found, tables))
        frames = _bounded(self.path, rows, self.limits)
        own = arrow_batches(self.path, self.path.name, self.limits) if self.typed else iter(())
        count = write_rows(self.parsed, _tables(frames, found.header, own))
        return CompanyList(
            self.path.name, found.table.sha256, count, found.header, found.columns, self.others, self.parsed
        )

    def _table(self, table: RawTable) -> _Table:
        first = next(table.batches, None) or raw_batch(rows_frame(table.header, [], [], []), table.header)
        headless = not self.typed and _is_headless(table.header)
        header = [f"第{place}列" if headless else head for place, head in enumerate(table.header, 1)]
        new = dict(zip(table.header, header, strict=True))
        rows, sample = _rows(first, table.header).rename(new), first.frame.rename(new)
        if headless:
            cells = {new[head]: re.sub(r"#\d+$", "", head) for head in table.header}
            top = pl.DataFrame({**cells, SOURCE_ROW: [0]})
            rows, sample = (pl.concat([top, frame], how="diagonal") for frame in (rows, sample))
        absent = next((column for column in self.named.values() if column and not _chosen(header, column)), None)
        columns = {} if absent else _columns(self.path.name, header, sample.head(_SAMPLE), self.named)
        if not columns and self.missing is None:
            missing = f"没有“{absent[:40]}”栏" if absent else "找不到名称或统一社会信用代码栏"
            what = f"{self.path.name}: {missing}。表头:{'、'.join(head[:40] for head in header[:20])}"
            self.missing = unclear(what, header, header, sample)
        return _Table(table, header, rows, columns)

    def _more_rows(self, found: _Table, tables: Iterable[RawTable]) -> Iterator[pl.DataFrame]:
        """The rows of further sheets with the same heads."""
        for table in tables:
            if table.aside or [*table.header] != found.header:
                self._pass_over(table)
                continue
            yield from (_rows(batch, table.header) for batch in table.batches)

    def _pass_over(self, table: RawTable) -> None:
        self.others.append(table.source_file.rpartition("#")[2])


def _all_rows(found: _Table) -> Iterator[pl.DataFrame]:
    new = dict(zip(found.table.header, found.header, strict=True))
    yield found.rows
    yield from (_rows(batch, found.table.header).rename(new) for batch in found.table.batches)


def _is_headless(header: Sequence[str]) -> bool:
    """Whether the first row of a list is no header: it holds the name of a company, and no head."""
    if any(map(is_head, header)):
        return False
    return any(is_name(head) and (role(head) is not Role.NEVER or _COMPANY.search(head)) for head in header)


def _bounded(path: Path, frames: Iterable[pl.DataFrame], limits: Limits) -> Iterator[pl.DataFrame]:
    """The rows of a list, until there are too many."""
    rows = 0
    for frame in frames:
        rows += frame.height
        limits.check_cells(path.name, rows * frame.width, path.stat().st_size)
        if limits.max_rows and rows > limits.max_rows:
            raise BadParameter(f"{path.name}: over {limits.max_rows:,} rows", parameter="FILE")
        yield frame


def _tables(frames: Iterable[pl.DataFrame], header: Sequence[str], own: Iterator[Any]) -> Iterator[pa.Table]:
    """Rows as `xincha.lists` keeps them. `own`: the batches of a Parquet file, of which the frames are the rows."""
    before = 0
    for frame in frames:
        table = frame.select(pl.struct(header).alias("texts"), pl.col(LINE).alias("error")).to_arrow()
        if (batch := next(own, None)) is not None:
            cells = batch.take((frame[SOURCE_ROW] - before - 1).to_arrow()).columns
            table = table.append_column("own", pa.StructArray.from_arrays(cells, names=header))
            before += batch.num_rows
        yield table


def _columns(
    file: str, header: Sequence[str], sample: pl.DataFrame, named: Mapping[str, str]
) -> Mapping[str, Sequence[str]]:
    """What is said of a company → the columns that say it, best first; none if there are neither names nor codes.

    `named`: the columns that somebody names, all in the header. Raises `UnclearColumn` where several columns may be
    that of the names.
    """
    taken = {field: _named(header, column) for field, column in named.items()}
    known = {field: taken.get(field, _called(header, field)) for field in FIELDS}
    name = known["name"] if "name" in taken else _one(choose(file, header, sample))
    if not name and not known["uscc"]:
        return {}
    places = [head for field in _PLACES for head in known[field][:1]]
    others = {field: known[field] for field in _OTHERS}
    others["region"] = taken["region"] if "region" in taken else known["region"][:1] or places
    own = {head for heads in (name, *taken.values()) for head in heads}
    free = {field: [head for head in heads if field in taken or head not in own] for field, heads in others.items()}
    return {field: chosen for field, chosen in {"name": name, **free}.items() if chosen}


def _one(head: str | None) -> list[str]:
    return [] if head is None else [head]


def _named(header: Sequence[str], column: str) -> list[str]:
    """The column that somebody names, which is there; none of ""."""
    return _one(_chosen(header, column)) if column else []


def _called(header: Sequence[str], field: str) -> list[str]:
    """The columns whose heads name a field, the most usual spelling first."""
    ranked = [(place, head) for head in header for place, named in fields(head) if named == field]
    return list(dict.fromkeys(head for _, head in sorted(ranked)))


def _chosen(header: Sequence[str], column: str) -> str | None:
    """The column that somebody names, by its head or its place."""
    for head in header:
        if column == head or fold_header(column) == fold_header(head):
            return head
    place = int(column) if column.isascii() and column.isdigit() else 0
    return header[place - 1] if 0 < place <= len(header) else None


def _rows(batch: RawBatch, header: Sequence[str]) -> pl.DataFrame:
    """All rows of a batch in order, those that could not be read too; `line` holds what is wrong with these."""
    read = batch.frame.with_columns(pl.lit(None, pl.String).alias(LINE))
    if not batch.rejects.height:
        return read
    message = pl.format("该行无法读取：{}", pl.col("message"))
    unread = batch.rejects.select(pl.col("raw").alias(header[0]), SOURCE_ROW, message.alias(LINE))
    return pl.concat([read, unread], how="diagonal").sort(SOURCE_ROW)
