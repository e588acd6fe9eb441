"""Dates, amounts and lists, by column; what cannot be read is null and an issue."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import polars as pl

from indexer.canonical.batch import Batch, Type
from indexer.findings import Code
from indexer.tables import MONEY, Table
from xincha.kinds import Fact
from xincha.text import dates, money
from xincha.text.units import Unit

AMOUNT = pl.Struct({"amount": MONEY, "currency": pl.String})
AMOUNT_READ = pl.Struct({"amount": MONEY, "currency": pl.String, "currency_named": pl.Boolean})
BARE = r"^[\d,，.\s]+$"
"""A number without any unit."""

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


def amount_of(batch: Batch, column: str, *, currency: pl.Series | None = None) -> pl.Series:
    """Amounts of a column as `AMOUNT`, in units of their currency; what cannot be read is named.

    A bare number is read by the unit of its column: of its header, or of the definition of the field. In a column
    without unit it is not read. `currency`: what a column of its own says (ISO 4217) of amounts that name none; where
    the header names another one, neither is believed.
    """
    unit = unit_of_column(batch, column)
    read = read_or_name(batch, column, amount_reader(unit), Code.BAD_AMOUNT, AMOUNT_READ, money.is_sentinel)
    amounts, codes, named = (read.struct.field(name) for name in AMOUNT_READ.to_schema())
    if currency is not None and currency.is_not_null().any():
        open_to = named.not_() & currency.is_not_null()
        if unit is not None and unit.currency:
            disagree = open_to & (currency != unit.currency)
            batch.issue(disagree, column, Code.BAD_AMOUNT)
            amounts = amounts.set(disagree.fill_null(False), None)
        codes = pl.select(pl.when(pl.lit(open_to)).then(pl.lit(currency)).otherwise(pl.lit(codes))).to_series()
    both = pl.DataFrame({"amount": amounts, "currency": codes.set(amounts.is_null(), None)}).to_struct()
    return both.set(amounts.is_null(), None)


def as_published(batch: Batch, column: str) -> pl.Series:
    """The text of an amount as published, with the unit that its column states where it has none itself."""
    published = batch.text(column)
    unit = unit_of_column(batch, column)
    return published if unit is None or unit.scale is None else with_unit(published, unit)


def with_unit(numbers: pl.Series, unit: Unit) -> pl.Series:
    """Texts, with a unit behind bare numbers: 100 → 100(万元)."""
    text = pl.lit(numbers)
    return pl.select(pl.when(text.str.contains(BARE)).then(text + f"({unit.shown})").otherwise(text)).to_series()


def split_list(text: str) -> list[str] | None:
    """The items of a list in one text: split at `；`, `|` and line ends, without their numbers and repetitions."""
    items = (_NUMBERED.sub("", part).strip(" 。;；") for part in _SEPARATED.split(text))
    return [*dict.fromkeys(item for item in items if item)] or None


def unit_of_column(batch: Batch, column: str) -> Unit | None:
    """The unit that the headers of a column state, or the definition of its field, if it is the same for all."""
    units = {batch.layout.units.get(name) for name in batch.layout.columns.get(column, ())}
    return units.pop() if len(units) == 1 else None


@lru_cache(1024)
def amount_reader(unit: Unit | None) -> Callable[[str], dict[str, object] | None]:
    """What reads amounts in a column of a unit, as `AMOUNT_READ`; the same object every time, so that a batch's memory
    knows it."""

    def amount(text: str) -> dict[str, object] | None:
        read = money.read(text, unit)
        return read and read._asdict()

    return amount
