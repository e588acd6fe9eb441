"""Codes and names of entities, by column: read, checked, and made into keys.

The check of a USCC and the key of a name are computed for whole columns where that is plainly the same as the pure
function of one value (`xincha.text.uscc.is_valid`, `xincha.text.names.name_key`), which reads the rest.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache

import polars as pl
import pyarrow as pa

from indexer.canonical.batch import Batch
from indexer.canonical.values import read_or_name
from indexer.findings import Code
from xincha.text import codes, identity_no, org_code, reg_no, uscc
from xincha.text.fold import compact
from xincha.text.names import name_key

_SHAPE = rf"^[1-9ANY][1-9]\d{{6}}[{uscc.ALPHABET}]{{10}}$"
_LIKE_IDENTITY = r"^[1-8]\d{5}(?:19|20)\d{9}[\dX]$"
_VALUES = bytes(max(uscc.ALPHABET.find(chr(byte)), 0) for byte in range(256))
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{1,3}|\d{14,16}0{2,5}(?:\.0)?")
_OLDER_REG_NO = re.compile(r"\d{13}|[\u4e00-\u9fff]{2,12}字?第?\d{3,8}(?:-\d{1,3})?号?")
_BRACKETS = "()（）"
_SEPARATOR = "\x1f"
_LONGEST_END = 12  # 农民专业合作社联合社, and what tells 分公司 from 公司


def is_uscc(series: pl.Series) -> pl.Series:
    """Whether each value is a USCC in canonical form, as `uscc.is_valid` says it, for a whole column at once."""
    shaped = series.str.contains(_SHAPE).fill_null(False)
    codes = series.filter(shaped)
    if codes.is_empty():
        return shaped
    values = "".join(codes.to_list()).encode().translate(_VALUES)
    places = [_bytes_series(values[place::18]) for place in range(18)]
    total = pl.sum_horizontal(pl.lit(places[place].cast(pl.Int32)) * weight for place, weight in enumerate(_WEIGHTS))
    holds = pl.select((total + pl.lit(places[17].cast(pl.Int32))) % 31 == 0).to_series()
    persons = holds & codes.str.contains(_LIKE_IDENTITY)
    if persons.any():
        holds = holds.scatter(persons.arg_true(), [not identity_no.is_owners(code) for code in codes.filter(persons)])
    return shaped.clone().scatter(shaped.arg_true(), holds)


def _bytes_series(data: bytes) -> pl.Series:
    return pl.Series(pl.from_arrow(pa.Array.from_buffers(pa.uint8(), len(data), [None, pa.py_buffer(data)])))


def read_codes(batch: Batch, uscc_column: str, reg_no_column: str, either_column: str) -> tuple[pl.Series, pl.Series]:
    """USCC and registration number from the columns for either and for both; what cannot be read is null and named.

    A code that checks is used in whichever of the columns it stands: files made during the change from one to the other
    (2015 to 2018) have both in one column.
    """
    in_uscc, in_reg_no, either = (batch.text(name) for name in (uscc_column, reg_no_column, either_column))
    own = _usccs(batch, in_uscc)
    unread = in_uscc.is_not_null() & own.is_null()
    as_reg_no = batch.mapped(in_uscc.set(~unread, None), reg_no.normalize)
    numbered, coded = batch.mapped(in_reg_no, registration_no), _usccs(batch, in_reg_no)
    code = first(own, _usccs(batch, either), coded)
    number = first(numbered, batch.mapped(either, registration_no), as_reg_no)
    _name_bad(batch, uscc_column, unread & as_reg_no.is_null(), Code.BAD_CODE)
    batch.issue(unread & as_reg_no.is_not_null(), uscc_column, Code.CODE_READ_AS_REG_NO)
    _name_bad(batch, either_column, either.is_not_null() & code.is_null() & number.is_null(), Code.BAD_CODE)
    _name_bad(batch, reg_no_column, in_reg_no.is_not_null() & numbered.is_null() & coded.is_null(), Code.BAD_REG_NO)
    return code, number


def first(*columns: pl.Series) -> pl.Series:
    """The first value of each row that is not null."""
    return pl.select(pl.coalesce([pl.lit(column) for column in columns])).to_series()


def _usccs(batch: Batch, published: pl.Series) -> pl.Series:
    if published.is_null().all():
        return published
    valid = is_uscc(published)
    if valid.all():
        return published
    return first(published.set(~valid, None), batch.mapped(published.set(valid, None), _code_in))


def _code_in(text: str) -> str | None:
    return uscc.normalize(text) or uscc.find(text)


def _name_bad(batch: Batch, column: str, where: pl.Series, code: Code) -> None:
    """Names codes that cannot be read; numbers of persons and those that a spreadsheet made into a number, by that."""
    unread = batch.text(column).set(~where, None)
    persons = batch.mapped(unread, _is_persons, pl.Boolean).fill_null(False)
    lost = where & ~persons & batch.mapped(unread, lost_digits, pl.Boolean).fill_null(False)
    batch.issue(where & persons, column, Code.IDENTITY_AS_CODE)
    batch.issue(lost, column, Code.PRECISION_LOST)
    batch.issue(where & ~persons & ~lost, column, code)


def _is_persons(text: str) -> bool:
    number = compact(text)
    return len(number) in (18, 20) and identity_no.is_owners(number[:18])  # 20: as a tax number


def lost_digits(text: str) -> bool:
    """Whether a code that does not check was a number on its way: written with an exponent, with zeros after the 15
    digits that a spreadsheet keeps, or long and yet exactly a floating point number, as one integer in a hundred is."""
    is_exact_float = text.isdecimal() and 17 <= len(text) <= 20 and int(float(text)) == int(text)
    return is_exact_float or bool(_EXPONENT.fullmatch(text))


def registration_no(text: str) -> str | None:
    """A registration number: 15 digits that check, or a form without check digit (13 digits, 企独闽厦总字第…号) as
    published."""
    older = compact(text)
    return reg_no.normalize(text) or (older if _OLDER_REG_NO.fullmatch(older) else None)


def org_codes(batch: Batch, column: str, usccs: pl.Series) -> pl.Series:
    """Organization codes: the column's own where valid, else the one inside the USCC."""
    read = read_or_name(batch, column, org_code.normalize, Code.BAD_ORG_CODE)
    return first(read, usccs.str.slice(8, 9))


@cache
def _plain() -> str:
    """Pattern of names whose key is the name without its brackets: characters that folding leaves as they are.

    Folding works character by character, so that each may be tried alone.
    """
    kept = [chr(code) for code in range(0x4E00, 0x9FFF) if name_key(chr(code)) == chr(code)]
    return rf"^[0-9a-z{_BRACKETS}{''.join(kept)}]+$"


def name_keys(batch: Batch, names: pl.Series) -> pl.Series:
    """`name_key` of each name; null where nothing of it is left."""
    plain = names.str.contains(_plain()).fill_null(False)
    keys = names.set(~plain, None).str.replace_all(f"[{_BRACKETS}]", "")
    if not plain.all():
        keys = first(keys, batch.mapped(names.set(plain, None), name_key))
    return keys.set(keys == "", None)


def kinds(batch: Batch, usccs: pl.Series, names: pl.Series) -> pl.Series:
    """`codes.kind` of each row. Where the type does not decide, a name is read only as far from its end as that can
    matter, because ends repeat: all of it where it ends in a bracket."""
    company = names.str.ends_with("公司")
    ends = pl.select(
        pl.when(pl.lit(names.str.contains("[)）]$"))).then(pl.lit(names))
        .when(pl.lit(company)).then(pl.lit(names.str.slice(-3)))
        .otherwise(pl.lit(names.str.slice(-_LONGEST_END)))
    ).to_series()  # fmt: skip
    types = batch.text("enterprise_type")
    ends = ends.set(batch.mapped(types, _decides, pl.Boolean), None)
    parts = [pl.lit(part.fill_null("")) for part in (types, usccs.str.slice(0, 2), ends)]
    return batch.mapped(pl.select(pl.concat_str(parts, separator=_SEPARATOR)).to_series(), _kind)


def _decides(enterprise_type: str) -> bool:
    """Whether a type says the kind alone: codes that contradict each other change nothing."""
    return codes.kind(enterprise_type, "12", None) == codes.kind(enterprise_type, "92", None)


def _kind(key: str) -> str:
    enterprise_type, category, name = key.split(_SEPARATOR)
    return codes.kind(enterprise_type or None, category or None, name or None)


def hashed(*parts: str | None) -> str:
    """Sixteen hex digits of these parts; a missing one is as good as an empty one."""
    return hashlib.blake2b("\x1f".join(part or "" for part in parts).encode(), digest_size=8).hexdigest()
