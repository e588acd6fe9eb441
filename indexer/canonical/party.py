"""The party of a record 当事人: name, codes, region; and the keys of records, which begin with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from indexer.canonical.batch import Batch
from indexer.canonical.identify import first, hashed, name_keys, org_codes, read_codes
from indexer.canonical.places import region_codes
from indexer.canonical.values import read_or_name
from indexer.findings import Code
from xincha.rules.redact import redact
from xincha.text import cells, uscc
from xincha.text.doc_no import doc_no_key
from xincha.text.fold import fold
from xincha.text.parties import MORE_THAN_A_NAME, parties

_PERSON = re.compile("自然人|个人|公民")
_SOLE_TRADER = "个体工商户"
_CODES = pl.List(pl.String)
_SEVERAL, _LONG_NUMBER = "^.{20,}$", "[0-9A-Za-z]{18}"
_ORGANIZATION = "法人及非法人组织"


@dataclass(frozen=True, slots=True)
class Party:
    """The parties of a batch.

    `columns`: those of a record table. `key` is what a record's key begins with: the code, else the registration
    number, else the name's key.
    """

    columns: Mapping[str, pl.Series]
    key: pl.Series


def read_party(batch: Batch) -> Party:
    """The party of each row; rows without any are rejected."""
    columns = party_columns(batch)
    key = first(*(columns[name] for name in ("party_uscc", "party_reg_no", "party_name_key")))
    batch.reject(key.is_null(), "party_name", Code.NO_PARTY)
    return Party(columns, key)


def party_columns(batch: Batch) -> dict[str, pl.Series]:
    """The columns of the party of each row, as far as it has one."""
    name, more_codes = batch.text("party_name"), _further_codes(batch)
    code, reg_no = read_codes(batch, "party_uscc", "party_reg_no", "party_code")
    name_key = name_keys(batch, name)
    worded = name.set(~name.str.contains(MORE_THAN_A_NAME).fill_null(False), None)
    several = batch.mapped(worded, _names_several, pl.Boolean).fill_null(False)
    batch.issue(several | more_codes.is_not_null(), "party_name", Code.SEVERAL_PARTIES)
    return {
        "party_name": name,
        "party_name_key": name_key,
        "party_uscc": code,
        "party_more_usccs": more_codes,
        "party_reg_no": reg_no,
        "party_region_code": region_codes(batch, code),
    }


def _further_codes(batch: Batch) -> pl.Series:
    """The codes of each row but the first, which its column is left with. A code in the cell of the name counts where
    no column has one."""
    columns = [column for column in ("party_uscc", "party_code") if batch.has(column)]
    found = {column: _codes_in(batch, column, _SEVERAL) for column in columns}
    stated = pl.select(
        pl.any_horizontal([pl.lit(False), *(pl.lit(batch.text(each).is_not_null()) for each in columns)])
    )
    if not stated.to_series().all():
        beside = _codes_in(batch, "party_name", _LONG_NUMBER)
        beside = beside.set(stated.to_series(), None)
        if beside.is_not_null().any():
            found["party_uscc"] = first(found.get("party_uscc", batch.none(_CODES)), beside)
    for column, codes in found.items():
        own = first(codes.list.first(), batch.text(column)).alias(column)
        batch.frame = batch.frame.with_columns(own)
    more = first(batch.none(_CODES), *(codes.list.slice(1) for codes in found.values()))
    return more.set((more.list.len() == 0).fill_null(True), None)


def _codes_in(batch: Batch, column: str, pattern: str) -> pl.Series:
    """The codes in texts that a pattern lets through."""
    texts = batch.text(column)
    return batch.mapped(texts.set(~texts.str.contains(pattern).fill_null(False), None), _usccs_in, _CODES)


def _usccs_in(text: str) -> list[str] | None:
    return [code for code in cells.codes(text) if uscc.is_valid(code)] or None


def _names_several(text: str) -> bool:
    return len(parties(text)) > 1


def record_ids(letter: str, *parts: pl.Series) -> pl.Series:
    """Keys of records: the kind's letter and a hash of what makes a record one; dates and nulls are texts here."""
    texts = [part.cast(pl.String).to_list() for part in parts]
    return pl.Series([f"{letter}-{hashed(*row)}" for row in zip(*texts, strict=True)], dtype=pl.String)


def require(batch: Batch, column: str, *facts: pl.Series) -> None:
    """Rejects rows that hold none of these facts."""
    nothing = pl.select(pl.all_horizontal([pl.lit(fact).is_null() for fact in facts])).to_series()
    batch.reject(nothing, column, Code.NO_KEY_FACT)


def double_publicity(batch: Batch, party: Party) -> dict[str, pl.Series]:
    """The columns that all records of 双公示 have of party and offices, where they are not taken as they stand."""
    codes = party.columns["party_uscc"]
    return {
        **party.columns,
        "party_kind": class_of(batch, codes),
        "party_org_code": org_codes(batch, "party_org_code", codes),
        "party_tax_no": batch.mapped(batch.text("party_tax_no"), tax_no),
        **{
            column: read_or_name(batch, column, uscc.normalize, Code.BAD_CODE)
            for column in ("authority_uscc", "data_source_uscc")
        },
    }


def class_of(batch: Batch, codes: pl.Series) -> pl.Series:
    """The class of each party: as published, else what its type says, else its code (`codes`)."""
    by_type = batch.mapped(batch.text("enterprise_type"), _class_of_type)
    by_code = batch.mapped(codes.str.slice(0, 2), _class_of_code)
    return first(batch.mapped(batch.text("party_kind"), party_kind), by_type, by_code)


def numbered_ids(  # noqa: PLR0913, PLR0917 - what makes a record one
    batch: Batch, letter: str, party: Party, numbers: pl.Series, day: pl.Series, texts: Iterable[str]
) -> pl.Series:
    """Keys of records: party and number of a document; without a number, party, day and the first of these texts."""
    keys = batch.mapped(numbers, doc_no_key)
    keys = keys.set(keys == "", None)
    what = batch.mapped(first(*map(batch.text, texts)), fold)
    by_number = record_ids(letter, party.key, keys).set(keys.is_null(), None)
    return first(by_number, record_ids(letter, party.key, day, what))


def party_kind(text: str) -> str:
    """The class of a party, in the wording of the present standard."""
    if _PERSON.search(text):
        return "自然人"
    return _SOLE_TRADER if "个体" in text else _ORGANIZATION if re.search("法人|组织|企业|单位|公司", text) else text


def _class_of_type(text: str) -> str | None:
    """The class that a type of enterprise or party (自然人, 有限责任公司) is of; `None` where it is no such type."""
    known = party_kind(text)
    return known if known in {"自然人", _SOLE_TRADER, _ORGANIZATION} else None


def _class_of_code(start: str) -> str:
    return _SOLE_TRADER if start == "92" else _ORGANIZATION


def tax_no(text: str) -> str | None:
    """A tax registration number, unless it is made of its owner's identity number, as those of sole traders are."""
    digits = re.sub(r"\s", "", text)
    owners = (digits[:length] for length in (18, 15) if len(digits) >= length)
    if len(digits) != 15 and any(redact(number) != number for number in owners):
        return None
    return text if redact(text, "number") == text else None
