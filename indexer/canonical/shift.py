"""Rows whose values stand in the wrong columns: found by values that cannot be what their column says.

A comma inside a value that was not quoted pushes what follows one column on, and a field that was dropped pulls it
back; the field count can come out right all the same. Each typed column of a row *fits* (its value is what the column
holds), or is a *misfit* (it plainly holds something else: an amount as enterprise type, a person's name as capital,
words as province), or says nothing. A row is shifted where two columns are misfits, or one is and none fits (of at
least two that the table has).

Of a shifted row only what proves itself is kept: name, code and date of establishment, which stand before the place of
the shift, and values that fit their column. Everything else is null and named; nothing is moved by guess.
"""

from __future__ import annotations

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.values import BARE, unit_of_column
from indexer.findings import Code
from xincha.text import regions

_AMOUNT = r"\d\s*[(（]?\s*[万亿]|^[\d,，.]+\s*元|^\d+\.\d+$"
_NO_HAN = r"^[^\x{4e00}-\x{9fff}\d]*\p{Latin}[^\x{4e00}-\x{9fff}\d]*$"
_OF_NUMBERS = r"\d〇零一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟元圆"
_NO_NUMBER = rf"^[^{_OF_NUMBERS}]*[\p{{L}}&&[^{_OF_NUMBERS}]][^{_OF_NUMBERS}]*$"
_TYPE = (
    r"公司|企业|个体|合作|合伙|独资|机构|集体|国有|全民|股份|分支|联营|外资|外商|合资|来料|办事处|代表处"
    r"|工商户|经营单位|^\d{4}$"
)
_LONGEST_PLACE = 15

_PROVEN = ("name", "trade_name", "uscc", "reg_no", "code", "established_on")


def settle_shifted(batch: Batch) -> pl.Series:
    """Empties what cannot be trusted in shifted rows, names it, and tells which rows are shifted."""
    fits, misfits = _judge(batch)
    fitting, failing = (pl.sum_horizontal(list(map(pl.lit, judged.values()))) for judged in (fits, misfits))
    if unit_of_column(batch, "capital"):
        fitting += pl.lit(batch.text("capital").str.contains(BARE).fill_null(False)).cast(pl.UInt32)
    telling = sum(map(batch.has, fits)) > 1  # one typed column alone is a bad value, not a shift
    shifted = pl.select((failing >= 2) | ((failing == 1) & (fitting == 0) & telling)).to_series()
    if not shifted.any():
        return shifted
    for name in [name for name in batch.layout.columns if name not in _PROVEN]:
        values = batch.text(name).set(~shifted, None)
        doubtful = values.is_not_null() & ~_proves_itself(batch, name, values, fits)
        batch.issue(doubtful, name, Code.SHIFTED_COLUMNS)
        batch.frame = batch.frame.with_columns(batch.frame[name].set(doubtful, None))
    return shifted


def _judge(batch: Batch) -> tuple[dict[str, pl.Series], dict[str, pl.Series]]:
    """Which rows' typed columns fit, and which are misfits."""
    kind, capital, province = batch.text("enterprise_type"), batch.text("capital"), batch.text("province")
    place = batch.mapped(province, _is_place, pl.Boolean)
    fits = {
        "enterprise_type": kind.str.contains(_TYPE) & ~kind.str.contains(_AMOUNT),
        "capital": capital.str.contains(_AMOUNT),
        "province": place,
    }
    misfits = {
        "enterprise_type": kind.str.contains(_AMOUNT) | kind.str.contains(_NO_HAN),
        "capital": capital.str.contains(_NO_NUMBER),
        "province": ~place,
        "city": batch.text("city").str.contains(_AMOUNT),
        "legal_rep": batch.text("legal_rep").str.contains(_AMOUNT),
    }
    return {k: v.fill_null(False) for k, v in fits.items()}, {k: v.fill_null(False) for k, v in misfits.items()}


def _proves_itself(batch: Batch, name: str, values: pl.Series, fits: dict[str, pl.Series]) -> pl.Series:
    """Which of these values of a column can only be of this column."""
    if name in fits:
        return fits[name]
    test = _PROOFS.get(name)
    return batch.mapped(values, test, pl.Boolean).fill_null(False) if test else batch.mask()


def _is_place(text: str) -> bool:
    return len(text) <= _LONGEST_PLACE and regions.find(text) is not None


def _begins_with_place(text: str) -> bool:
    return regions.from_address(text) is not None


_PROOFS = {**dict.fromkeys(("city", "district", "region"), _is_place), "address": _begins_with_place}
