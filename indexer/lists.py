"""A list of companies in a file → its rows as they are, and which columns say what of a company.

`open_list` reads a CSV, XLSX, Parquet or JSON-lines file once: it counts the rows, and finds the column of names, by
what the header calls it or else by what is in it, and those of codes, places, representatives and addresses. `batches`
reads it again, any number of times, always in the same batches. Of a workbook the first sheet that has names counts. A
list without a header is one whose first row holds a name where the names are.

A row that cannot be read (a quote that is not closed, too many fields) is a row all the same: its text stands in the
first column, and what is wrong with it in the place of what it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from indexer.headers import fold_header, spellings
from indexer.kinds.registration import REGISTRATION
from indexer.kinds.source import PARTY_COLUMNS, REGION_COLUMNS
from indexer.read import LINE, SOURCE_ROW, Limits, RawBatch, RawTable, open_tables
from indexer.read.files import PARQUET
from xincha.errors import MissingColumn, UnreadableFile
from xincha.limits import MAX_CELL
from xincha.text.names import parts

Said = Mapping[str, str]
"""What a row says of a company: `name`, `uscc`, `region`, `legal_rep`, `address`, as far as it has them."""

_PART = 5_000
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
_PLACES = ("province", "city", "district")


@dataclass(frozen=True, slots=True)
class ListBatch:
    """Some rows: the list's columns as text, and (the same, but for Parquet) in their own types; what each row says.

    Where a row cannot be read, what is wrong with it stands there instead, as a sentence.
    """

    texts: pl.DataFrame
    cells: pl.DataFrame
    said: Sequence[Said | str]


@dataclass(frozen=True, slots=True)
class CompanyList:
    """A list that was looked through. `columns`: what is said of a company → the list's columns that say it.

    `sheets`: tables in the file; one of them, the `at`-th, is the list.
    """

    path: Path
    sha256: str
    rows: int
    header: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    sheets: int
    at: int
    headless: bool
    limits: Limits

    def batches(self, size: int) -> Iterator[ListBatch]:
        """All rows, `size` at a time (fewer where a part of the file ends)."""
        table = next(islice(open_tables(self.path, self.limits), self.at, None))
        own = _own_types(self.path, self.header, self.limits)
        for number, batch in enumerate(table.batches):
            rows = _rows(batch, table.header)
            if self.headless and number == 0:
                rows = pl.concat([_head_as_row(table.header), rows], how="diagonal")
            rows = rows.rename(dict(zip(table.header, self.header, strict=True)))
            texts, said = rows.select(self.header), self._said(rows)
            cells = own(rows[SOURCE_ROW]) if own else texts
            for start in range(0, rows.height, size):
                end = start + size
                yield ListBatch(texts[start:end], cells[start:end], said[start:end])

    def _said(self, rows: pl.DataFrame) -> list[Said | str]:
        texts = {field: [rows[column].to_list() for column in columns] for field, columns in self.columns.items()}
        return [
            error or {field: text for field, columns in texts.items() if (text := _text(field, columns, at))}
            for at, error in enumerate(rows[LINE].to_list())
        ]


def _text(field: str, columns: Sequence[Sequence[str | None]], at: int) -> str:
    """What the columns of a field say in one row: a place is said by all of them, anything else by the first."""
    said = [text for column in columns if (text := column[at])]
    if field == "region":
        return "".join(said)[:MAX_CELL]
    return (said[0] if field == "name" else said[0][:MAX_CELL]) if said else ""


def open_list(path: Path, column: str | None = None, limits: Limits | None = None) -> CompanyList:
    """Look a list through. `column`: the column of names, by its head or its place (1 is the first).

    Raises `UnreadableFile`, and `MissingColumn` where no column holds names or codes.
    """
    if path.is_dir() or path.suffix.lower() == ".zip":
        raise UnreadableFile(f"{path.name}: 名单须是一个文件。可用:CSV、XLSX、Parquet、JSONL。")
    limits = limits or Limits(batch_rows=_PART)
    found: CompanyList | None = None
    heads: list[str] = []
    sheets = 0
    for at, table in enumerate(open_tables(path, limits)):
        sheets += 1
        if found is None:
            found = _look_through(path, table, at, column, limits)
            heads += table.header
    if found is None:
        shown = "、".join(heads[:20])
        asked = f"没有“{column}”栏" if column else "找不到名称或统一社会信用代码栏"
        raise MissingColumn(f"{path.name}: {asked}。表头:{shown}。请用 --column 指明名称栏。")
    return replace(found, sheets=sheets)


def _look_through(path: Path, table: RawTable, at: int, column: str | None, limits: Limits) -> CompanyList | None:
    """The list that a table is, its rows counted; `None` where it has no column of names or codes."""
    batches = table.batches
    first = next(batches, None)
    sample = first.frame.head(_SAMPLE) if first else pl.DataFrame(schema=dict.fromkeys(table.header, pl.String))
    columns = _columns(table.header, sample, column)
    if not columns:
        return None
    named = columns.get("name", ())
    headless = bool(named) and not any(map(_fields, table.header)) and _is_name(named[0])
    header = tuple(f"第{place}列" for place in range(1, len(table.header) + 1)) if headless else table.header
    new = dict(zip(table.header, header, strict=True))
    return CompanyList(
        path,
        table.sha256,
        sum(batch.rows_read for batch in chain((first,) if first else (), batches)) + headless,
        header,
        {field: tuple(new[each] for each in chosen) for field, chosen in columns.items()},
        1,
        at,
        headless,
        limits,
    )


def _columns(header: Sequence[str], sample: pl.DataFrame, asked: str | None) -> Mapping[str, tuple[str, ...]]:
    """What is said of a company → the columns that say it, best first."""
    known = {field: _called(header, field) for field in _COLUMNS}
    if asked is not None:
        name = _asked(header, asked)
        if name is None:
            return {}
    else:
        name = _names(sample, known["name"])
    places = tuple(column for field in _PLACES for column in known[field][:1])
    columns = {
        "name": (name,) if name else (),
        "uscc": tuple(known["uscc"]),
        "legal_rep": tuple(known["legal_rep"]),
        "address": tuple(known["address"]),
        "region": tuple(known["region"][:1]) or places,
    }
    found = {
        field: tuple(each for each in chosen if each != name or field == "name") for field, chosen in columns.items()
    }
    return {field: chosen for field, chosen in found.items() if chosen} if name or found["uscc"] else {}


def _fields(head: str) -> list[tuple[int, str]]:
    """The fields that a head may name, each with how usual that spelling is."""
    keys = [spelling.key for spelling in spellings(head)]
    return [(aliases[key], field) for field, aliases in _COLUMNS.items() for key in keys if key in aliases]


def _called(header: Sequence[str], field: str) -> list[str]:
    """The columns whose heads name a field, the most usual spelling first."""
    ranked = [(place, head) for head in header for place, named in _fields(head) if named == field]
    return list(dict.fromkeys(head for _, head in sorted(ranked)))


def _asked(header: Sequence[str], asked: str) -> str | None:
    """The column that somebody names, by its head or its place."""
    for head in header:
        if asked == head or fold_header(asked) == fold_header(head):
            return head
    return header[int(asked) - 1] if asked.isascii() and asked.isdigit() and 0 < int(asked) <= len(header) else None


def _names(sample: pl.DataFrame, called: Sequence[str]) -> str | None:
    """The column of names: of those that are called so the one that looks most like it; else one that looks like it."""
    shares = {column: _share(sample[column]) for column in sample.columns if column not in (SOURCE_ROW, LINE)}
    best = max(called, key=lambda column: round(shares[column], 1), default=None)
    if best is not None and shares[best] > 0:
        return best
    like = max(shares, key=lambda column: shares[column], default=None)
    if like is not None and shares[like] >= _LEAST_NAMES:
        return like
    return best


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


def _head_as_row(header: Sequence[str]) -> pl.DataFrame:
    cells = {head: [re.sub(r"#\d+$", "", head)] for head in header}
    return pl.DataFrame({**cells, SOURCE_ROW: [0]}).with_columns(pl.lit(None, pl.String).alias(LINE))


def _own_types(path: Path, header: Sequence[str], limits: Limits) -> Callable[[pl.Series], pl.DataFrame] | None:
    """Rows of a Parquet file in its own types, by their numbers (from 1, ever greater); `None` for other files."""
    if path.suffix.lower() not in PARQUET:
        return None
    batches = pq.ParquetFile(path).iter_batches(batch_size=limits.batch_rows)
    before = 0

    def rows(numbers: pl.Series) -> pl.DataFrame:
        nonlocal before
        frame = pl.DataFrame(pl.from_arrow(next(batches)))
        chosen = frame[(numbers - before - 1).to_list()]
        before += frame.height
        return chosen.rename(dict(zip(frame.columns, header, strict=True)))

    return rows
