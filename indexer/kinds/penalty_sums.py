"""Fine and confiscation of a penalty, in yuan: of their columns, of a column of both together, and of the content.

A sum is what its column says, by the unit of header or value; where neither states one, what the content says; else
null and an issue. Where column and content name the same number in different units, the content, which carries its
unit, is believed. A column that holds the sum of both (罚没金额) is divided by what else is stated, by nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first
from indexer.canonical.values import AMOUNT_READ, amount_reader, unit_of_column
from indexer.findings import Code
from indexer.tables import MONEY
from xincha.text import money

FINE, CONFISCATED, BOTH = "fine", "confiscated", "fine_and_confiscated"
_COLUMNS = (FINE, CONFISCATED, BOTH)
_SCALES = (1, 100, 1000, 10_000, 10**8)
_TEN_THOUSAND = 10_000
_FIND = {FINE: money.fine_in, CONFISCATED: money.confiscated_in}
"""What finds a sum in prose: in the content, and in a cell of its column."""

_CONFISCATIONS = frozenset({"没收违法所得", "没收非法财物"})

Sum = Decimal | None
Told = tuple[str, Code]
"""A column, and what is wrong with its value."""


@dataclass(frozen=True, slots=True)
class SumRow:
    """What a row says of its sums, in yuan.

    `texts`, `yuan`: by column, as published and where that is an amount in yuan. `fine`, `confiscated`: what the
    content says. `types`: the row's types of penalty.
    """

    texts: Mapping[str, str | None]
    yuan: Mapping[str, Sum]
    fine: Sum
    confiscated: Sum
    types: frozenset[str]

    @property
    def both(self) -> Sum:
        """The sum of fine and confiscation, where the content says both."""
        return self.fine + self.confiscated if self.fine and self.confiscated else None


def sums_of(batch: Batch, types: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Fine and confiscation of each row; values of columns that were not believed are named."""
    content = batch.text("content")
    said = {column: batch.mapped(content, find, MONEY) for column, find in _FIND.items()}
    texts, yuan = {}, {}
    for column in _COLUMNS:
        texts[column], yuan[column] = _cells(batch, column)
    plain = texts[BOTH].is_null()
    for column, in_content in said.items():
        agrees = yuan[column].is_not_null() & (in_content.is_null() | (yuan[column] == in_content).fill_null(False))
        plain &= texts[column].is_null() | agrees
    fine, taken = (first(yuan[column], said[column]) for column in said)
    odd = plain.not_().arg_true()
    if odd.is_empty():
        return fine, taken
    parts = (*texts.values(), *yuan.values(), *said.values(), types)
    sums = [settled(_row(*row)) for row in zip(*(part.gather(odd).to_list() for part in parts), strict=True)]
    told: dict[Told, list[int]] = {}
    for at, (*_, wrong) in zip(odd, sums, strict=True):
        for each in wrong:
            told.setdefault(each, []).append(at)
    for (column, code), places in told.items():
        batch.issue(batch.mask().scatter(places, True), column, code)
    changed = (pl.Series(part, dtype=MONEY) for part in list(zip(*sums, strict=True))[:2])
    return _scattered(fine, odd, next(changed)), _scattered(taken, odd, next(changed))


def _row(*values: Any) -> SumRow:
    """Texts and yuan of the columns in their order, then what the content says, and the types."""
    *cells, fine, confiscated, types = values
    texts, yuan = cells[: len(_COLUMNS)], cells[len(_COLUMNS) :]
    of = dict(zip(_COLUMNS, texts, strict=True)), dict(zip(_COLUMNS, yuan, strict=True))
    return SumRow(*of, fine, confiscated, frozenset(types or ()))


def _scattered(series: pl.Series, at: pl.Series, values: pl.Series) -> pl.Series:
    """The series with these values in these places, null ones too."""
    changed = pl.DataFrame({"at": at.cast(pl.UInt32), "new": values, "is_changed": True})
    rows = pl.DataFrame({"at": pl.int_range(series.len(), eager=True, dtype=pl.UInt32), "old": series})
    joined = rows.join(changed, on="at", how="left", maintain_order="left")
    return joined.select(pl.when("is_changed").then("new").otherwise("old")).to_series()


def _cells(batch: Batch, column: str) -> tuple[pl.Series, pl.Series]:
    """The texts of a column, without those that say that there is no amount; and the amounts that are in yuan."""
    texts = batch.text(column)
    if not batch.has(column):
        return texts, batch.none(MONEY)
    read = batch.mapped(texts, amount_reader(unit_of_column(batch, column)), AMOUNT_READ)
    unread = texts.set(read.is_not_null(), None)
    says_nothing = batch.mapped(unread, money.is_sentinel, pl.Boolean).fill_null(False)
    yuan = read.struct.field("amount").set(read.struct.field("currency").ne_missing("CNY"), None)
    return texts.set(says_nothing, None), yuan


def settled(row: SumRow) -> tuple[Sum, Sum, list[Told]]:
    """Fine and confiscation of a row, and what is wrong with its columns."""
    told: list[Told] = []
    fine = _believed(row, FINE, row.fine, told)
    if fine is not None and fine == row.both:
        told.append((FINE, Code.SUM_AS_FINE))
        fine = row.fine
    taken = _believed(row, CONFISCATED, row.confiscated, told)
    total = _believed(row, BOTH, row.both or row.fine or row.confiscated, told) if row.texts[BOTH] else None
    if total is not None:
        fine, taken = _divided(row, total, fine, taken, told)
    return fine, taken, told


def _believed(row: SumRow, column: str, said: Sum, told: list[Told]) -> Sum:
    """The sum of a column, else the one that the content says."""
    text, yuan = row.texts[column], row.yuan[column]
    if text is None:
        return None if column == BOTH else said
    number = money.bare(text)
    if yuan is not None:
        mistaken = said is not None and yuan != said and _same_number(yuan, number, said)
        if mistaken:
            told.append((column, Code.UNIT_CONFLICT))
        return said if mistaken else yuan
    found = _FIND[column](text) if number is None and column in _FIND else _borne_out(row, column, number, said)
    if found is not None:
        return found
    told.append((column, Code.BAD_AMOUNT))
    return None if column == BOTH else said


def _borne_out(row: SumRow, column: str, number: Sum, said: Sum) -> Sum:
    """The sum that a number without unit is: what the content says, in whatever unit; nothing is nothing in any."""
    if not number:
        return number
    sums = (said, row.both if column == FINE else None)
    return next((each for each in sums if each and any(number * scale == each for scale in _SCALES)), None)


def _same_number(yuan: Decimal, number: Sum, said: Decimal) -> bool:
    """Whether a column was filled in in 元 for 万元, or the other way round."""
    numbers = () if number is None else (number, number * _TEN_THOUSAND)
    return said in {yuan * _TEN_THOUSAND, yuan / _TEN_THOUSAND, *numbers}


def _divided(row: SumRow, total: Decimal, fine: Sum, taken: Sum, told: list[Told]) -> tuple[Sum, Sum]:
    """Fine and confiscation of a sum of both, as far as the row says how it is divided."""
    of_fine = row.texts[FINE] is not None or "罚款" in row.types
    of_taken = row.texts[CONFISCATED] is not None or bool(row.types & _CONFISCATIONS)
    if fine is None and taken is None:
        if not total:
            return Decimal(0), Decimal(0)
        if of_fine == of_taken:
            told.append((BOTH, Code.SUM_NOT_DIVIDED))
            return None, None
        return (total, None) if of_fine else (None, total)
    rest = total - (fine or 0) - (taken or 0)
    if rest > 0 and fine is None and (of_fine or row.texts[CONFISCATED]):
        fine, rest = rest, Decimal(0)
    elif rest > 0 and taken is None and (of_taken or row.texts[FINE]):
        taken, rest = rest, Decimal(0)
    if rest:
        told.append((BOTH, Code.AMOUNTS_DISAGREE))
    return fine, taken
