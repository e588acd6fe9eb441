"""Dates, amounts and lists, by column; what cannot be read is null and an issue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from indexer.canonical.batch import Batch, Type
from indexer.findings import Code
from indexer.tables import MONEY, Table
from xincha.kinds import Fact
from xincha.text import dates, money

AMOUNT = pl.Struct({"amount": MONEY, "currency": pl.String})
_BARE = r"^[\d,，.\s]+$"
_SEPARATED = re.compile(r"[；;\n\r|]+")
_NUMBERED = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）]|\d{1,2}[.、．](?!\d))\s*")


def date_of(batch: Batch, column: str, *, end: bool = False) -> pl.Series:
    """Dates of a column. `end`: 长期 and the like are 9999-12-31."""
    parse = dates.parse_end if end else dates.parse
    return read_or_name(batch, column, parse, Code.BAD_DATE, pl.Date, dates.is_sentinel)


def as_table(batch: Batch, table: Table, read: Mapping[str, pl.Series]) -> pl.DataFrame:
    """The batch's rows as rows of a table: the columns that were read, and all others by the type of their fact.

    A date is read as a date, a list is split, and text is taken as it stands in the column of that name.
    """
    columns = {name: read[name] if name in read else _by_type(batch, table.facts[name]) for name in table.columns}
    return pl.DataFrame(columns, schema=dict(table.columns))


def _by_type(batch: Batch, fact: Fact) -> pl.Series:
    if fact.type == "date":
        return date_of(batch, fact.name, end=fact.end)
    if fact.type == "list":
        return batch.mapped(batch.text(fact.name), split_list, pl.List(pl.String))
    return batch.text(fact.name)


def read_or_name(  # noqa: PLR0913, PLR0917 - what is read, how, and what is said of the rest
    batch: Batch,
    column: str,
    function: Callable[[str], object],
    code: Code,
    dtype: Type = pl.String,
    says_nothing: Callable[[str], bool] | None = None,
) -> pl.Series:
    """What the function reads of a column's values; values that it reads nothing of are named.

    `says_nothing`: tells values that stand for none, and are not named.
    """
    published = batch.text(column)
    read = batch.mapped(published, function, dtype)
    unread = published.is_not_null() & read.is_null()
    if says_nothing and unread.any():
        unread &= ~batch.mapped(published.set(~unread, None), says_nothing, pl.Boolean).fill_null(False)
    batch.issue(unread, column, code)
    return read


def amount_of(batch: Batch, column: str, *, ten_thousands: bool, currency: pl.Series | None = None) -> pl.Series:
    """Amounts of a column as `AMOUNT`, in units of their currency.

    `ten_thousands`: bare numbers are in 万, by definition of the column; its header may state another unit. A bare
    number in a column without any unit is not read. `currency`: what a column of its own says of bare numbers (ISO
    4217).
    """
    published = batch.text(column)
    parse = _PARSERS[_unit(batch, column, ten_thousands)]
    read = read_or_name(batch, column, parse, Code.BAD_AMOUNT, AMOUNT, money.is_sentinel)
    if currency is None or currency.is_null().all():
        return read
    stated = pl.when(pl.lit(published.str.contains(_BARE))).then(pl.lit(currency))
    amounts = read.struct.field("amount")
    codes = pl.select(pl.coalesce(stated, pl.lit(read.struct.field("currency")))).to_series()
    both = pl.DataFrame({"amount": amounts, "currency": codes.set(amounts.is_null(), None)}).to_struct()
    return both.set(amounts.is_null(), None)


def as_published(batch: Batch, column: str, *, ten_thousands: bool = False) -> pl.Series:
    """The text of an amount as published, with the unit that its column states where it has none itself."""
    published = batch.text(column)
    unit = _unit(batch, column, ten_thousands)
    if unit is None:
        return published
    bare, text = pl.lit(published.str.contains(_BARE)), pl.lit(published)
    return pl.select(pl.when(bare).then(text + f"({unit})").otherwise(text)).to_series()


def split_list(text: str) -> list[str] | None:
    """The items of a list in one text: split at `；`, `|` and line ends, without their numbers and repetitions."""
    items = (_NUMBERED.sub("", part).strip(" 。;；") for part in _SEPARATED.split(text))
    return [*dict.fromkeys(item for item in items if item)] or None


def _unit(batch: Batch, column: str, ten_thousands: bool) -> str | None:
    """万元 or 元, as the headers of a column state it, all the same; else by definition of the column."""
    units = {batch.layout.units.get(name) for name in batch.layout.columns.get(column, ())}
    stated = units.pop() if len(units) == 1 else None
    return stated or ("万元" if ten_thousands else None)


def _amount(text: str, unit: str | None) -> dict[str, object] | None:
    amount = money.parse(text, unit=unit)
    return amount and amount._asdict()


_PARSERS = {unit: partial(_amount, unit=unit) for unit in (None, "元", "万元")}
"""By unit; each the same object every time, so that a batch's memory knows it."""
