"""A list of companies in a file → its rows as they are, and which columns say what of a company.

`open_list` parses a CSV, XLSX, Parquet or JSON-lines file once, into a file that `xincha.lists` reads: it finds the
column of names, by what the header calls it or else by what is in it, and those of codes, places, representatives and
addresses. Of a workbook the first sheet that has names counts. A list without a header is one whose first row holds a
name where the names are.

A row that cannot be read (a quote that is not closed, too many fields) is a row all the same: its text stands in the
first column, and what is wrong with it in the place of what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from indexer.headers import fold_header, spellings
from indexer.kinds.registration import REGISTRATION
from indexer.kinds.source import PARTY_COLUMNS, REGION_COLUMNS
from indexer.read import LINE, SOURCE_ROW, Limits, RawBatch, RawTable
from indexer.read.columnar import arrow_batches
from indexer.read.files import PARQUET, open_tables
from indexer.read.frames import raw_batch, rows_frame
from xincha.errors import BadParameter, MissingColumn, UnreadableFile
from xincha.lists.company_list import CompanyList, write_rows
from xincha.text.names import parts

_PART = 5_000
_UPLOADED = Limits(batch_rows=_PART, max_cells=10_000_000, cells_per_byte=0, max_text=256 << 20, max_unpacked=512 << 20)
"""Of a list that somebody sent: a hundred columns of as many rows as are taken, in the memory of one process."""

_SAMPLE = 500
_LOOKED_AT = 100
_LEAST_NAMES = 0.3
_LEAST_NAME, _LONGEST_NAME = 4, 60

_LISTS_CALL_IT = (
    "供应商名称", "供应商", "客户名称", "客户", "往来单位", "往来单位名称", "交易对手", "交易对方", "对方单位",
    "对方名称", "合作方", "合作单位", "合作伙伴", "付款单位", "收款单位", "开票单位", "开票名称", "发票抬头", "抬头",
    "公司", "企业", "单位", "机构", "商家", "商家名称", "店铺名称", "门店名称", "投标人", "投标单位", "中标单位",
    "承包商", "厂商", "厂家", "经销商", "户名", "公司全称", "企业全称", "全称", "被投资单位", "借款人", "担保人",
    "supplier", "supplier_name", "vendor", "vendor_name", "customer", "customer_name", "company", "entity_name",
    "organization", "organisation",
)  # fmt: skip
_CODES_TOO = ("税号", "纳税人识别号", "纳税人识别码", "代码", "证照号码", "营业执照编号", "taxid", "tax_id")


def _aliases(*groups: Sequence[str]) -> Mapping[str, int]:
    """Folded spelling → its place: the sooner named, the better."""
    return {fold_header(alias): place for place, alias in reversed(list(enumerate(sum(map(tuple, groups), ()))))}


_REGISTERED = REGISTRATION.columns
_COLUMNS: Mapping[str, Mapping[str, int]] = {
    "name": _aliases(_REGISTERED["name"], PARTY_COLUMNS["party_name"], _LISTS_CALL_IT),
    "uscc": _aliases(
        *(_REGISTERED[each] for each in ("uscc", "code", "reg_no", "org_code")),
        *(PARTY_COLUMNS[each] for each in ("party_uscc", "party_code", "party_reg_no")),
        _CODES_TOO,
    ),
    "legal_rep": _aliases(_REGISTERED["legal_rep"]),
    "address": _aliases(REGION_COLUMNS["address"]),
    **{each: _aliases(REGION_COLUMNS[each]) for each in ("region", "province", "city", "district")},
}
_OTHERS = ("uscc", "legal_rep", "address")
_PLACES = ("province", "city", "district")


def open_list(
    path: Path, parsed: Path, column: str | None = None, most_rows: int | None = None, limits: Limits | None = None
) -> CompanyList:
    """Parse a list into the file `parsed`. `column`: the column of names, by its head or its place (1 is the first).

    Raises `UnreadableFile`, `MissingColumn` if no column holds names or codes, `BadParameter` if there are more than
    `most_rows` rows.
    """
    if path.is_dir() or path.suffix.lower() == ".zip":
        raise UnreadableFile(f"{path.name}: 名单须是一个文件。可用:CSV、XLSX、Parquet、JSONL。")
    limits = limits or (Limits(batch_rows=_PART) if most_rows is None else _UPLOADED)
    limits = replace(limits, max_rows=most_rows and 2 * most_rows)  # who is a little over is told by how much
    try:
        parsed_list, heads, sheets = _first_list(path, parsed, column, limits)
    except MemoryError:
        raise UnreadableFile(f"{path.name}: 展开后太大，超过了可用的内存。请分成几份，或另存为 CSV 再试。") from None
    if parsed_list is None:
        missing = f"没有“{column}”栏" if column else "找不到名称或统一社会信用代码栏"
        raise MissingColumn(
            f"{path.name}: {missing}。表头:{'、'.join(head[:40] for head in heads[:20])}。请用 --column 指明名称栏。"
        )
    if most_rows and parsed_list.rows > most_rows:
        raise BadParameter(f"{path.name}: {parsed_list.rows:,} rows; at most {most_rows:,}", parameter="FILE")
    return replace(parsed_list, sheets=sheets)


def _first_list(
    path: Path, parsed: Path, column: str | None, limits: Limits
) -> tuple[CompanyList | None, list[str], int]:
    """The first table that is a list, the heads of those before it and its own, and how many tables there are."""
    parsed_list: CompanyList | None = None
    heads: list[str] = []
    sheets = 0
    for table in open_tables(path, limits):
        sheets += 1
        if parsed_list is None:
            parsed_list = _parse(path, table, parsed, column, limits)
            heads += table.header
    return parsed_list, heads, sheets


def _parse(path: Path, table: RawTable, parsed: Path, column: str | None, limits: Limits) -> CompanyList | None:
    """The list that a table is; `None` if it has no column of names or codes."""
    first = next(table.batches, None) or raw_batch(rows_frame(table.header, [], [], []), table.header)
    columns = _columns(table.header, first.frame.head(_SAMPLE), column)
    if not columns:
        return None
    typed = path.suffix.lower() in PARQUET
    headless = not typed and not any(map(_fields, table.header)) and any(map(_is_name, columns.get("name", ())))
    header = [f"第{place}列" if headless else head for place, head in enumerate(table.header, 1)]
    new = dict(zip(table.header, header, strict=True))
    rows = _rows(first, table.header)
    if headless:
        cells = {head: re.sub(r"#\d+$", "", head) for head in table.header}
        rows = pl.concat([pl.DataFrame({**cells, SOURCE_ROW: [0]}), rows], how="diagonal")
    frames = _bounded(path, chain([rows], (_rows(batch, table.header) for batch in table.batches)), limits)
    own = arrow_batches(path, path.name, limits) if typed else iter(())
    count = write_rows(parsed, _tables((frame.rename(new) for frame in frames), header, own))
    named = {field: [new[each] for each in chosen] for field, chosen in columns.items()}
    return CompanyList(path.name, table.sha256, count, header, named, 1, parsed)


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


def _columns(header: Sequence[str], sample: pl.DataFrame, column: str | None) -> Mapping[str, Sequence[str]]:
    """What is said of a company → the columns that say it, best first; none if there are neither names nor codes."""
    known = {field: _called(header, field) for field in _COLUMNS}
    name = _names(sample, known["name"]) if column is None else _chosen(header, column)
    if name is None and (column is not None or not known["uscc"]):
        return {}
    places = [head for field in _PLACES for head in known[field][:1]]
    others = {**{field: known[field] for field in _OTHERS}, "region": known["region"][:1] or places}
    named = {"name": [name]} if name is not None else {}
    columns = named | {field: [each for each in chosen if each != name] for field, chosen in others.items()}
    return {field: chosen for field, chosen in columns.items() if chosen}


def _fields(head: str) -> list[tuple[int, str]]:
    """The fields that a head may name, each with how usual that spelling is."""
    keys = [key for key, _ in spellings(head)]
    return [(aliases[key], field) for field, aliases in _COLUMNS.items() for key in keys if key in aliases]


def _called(header: Sequence[str], field: str) -> list[str]:
    """The columns whose heads name a field, the most usual spelling first."""
    ranked = [(place, head) for head in header for place, named in _fields(head) if named == field]
    return list(dict.fromkeys(head for _, head in sorted(ranked)))


def _chosen(header: Sequence[str], column: str) -> str | None:
    """The column that somebody names, by its head or its place."""
    for head in header:
        if column == head or fold_header(column) == fold_header(head):
            return head
    place = int(column) if column.isascii() and column.isdigit() else 0
    return header[place - 1] if 0 < place <= len(header) else None


def _names(sample: pl.DataFrame, called: Sequence[str]) -> str | None:
    """The column of names: of those that are called so the one that looks most like it; else one that looks like it."""
    shares = {column: _share(sample[column]) for column in sample.columns if column not in (SOURCE_ROW, LINE)}
    best = max(called, key=lambda column: round(shares[column], 1), default=None)
    if best is not None and shares[best] > 0:
        return best
    like = max(shares, key=lambda column: shares[column], default=None)
    return like if like is not None and shares[like] >= _LEAST_NAMES else best


def _share(column: pl.Series) -> float:
    """The share of values that look like names of companies."""
    values = column.drop_nulls().head(_LOOKED_AT).to_list()
    return sum(map(_is_name, values)) / len(values) if values else 0.0


def _is_name(text: str) -> bool:
    return _LEAST_NAME <= len(text) <= _LONGEST_NAME and bool(parts(text).form)


def _rows(batch: RawBatch, header: Sequence[str]) -> pl.DataFrame:
    """All rows of a batch in order, those that could not be read too; `line` holds what is wrong with these."""
    read = batch.frame.with_columns(pl.lit(None, pl.String).alias(LINE))
    if not batch.rejects.height:
        return read
    message = pl.format("该行无法读取：{}", pl.col("message"))
    unread = batch.rejects.select(pl.col("raw").alias(header[0]), SOURCE_ROW, message.alias(LINE))
    return pl.concat([read, unread], how="diagonal").sort(SOURCE_ROW)
