"""Records about natural persons: they are counted and found by number, office and offence, and never by name.

行政处罚 and 行政许可 of persons have no page in the national publicity system to stand on, and a person may refuse that
public information is published again (个人信息保护法 article 27). So neither the name of a person (自然人; a 个体工商户
or 个人独资企业 is none) nor what else names him leaves the lake: what documents show and index is made of rows
without it.
"""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from indexer.link import PERSON
from xincha.kinds import Fact, Kind
from xincha.text.parties import is_person

NAMELESS = "自然人（姓名不予显示）"
PERHAPS_NAMELESS = "疑为自然人（姓名不予显示）"
NAME_MASK = "［姓名已隐去］"
_APART = re.compile(r"[\s,，;；、/|（）()]+")
_LEAST = 2
_KEYS = ("party_uscc", "party_more_usccs", "party_reg_no", "entity_id")


def nameless(rows: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Rows of a record table with their links, without the names of natural persons, wherever they stand.

    The name of the party is one of the words above. A party that nothing says what it is, that has no code and is no
    entity of the register, is taken for a person if its name may be a person's.
    """
    known, perhaps = persons_of(rows, kind)
    person = known | perhaps
    if not person.any():
        return rows
    rows = _without_texts(rows, kind, person)
    texts = [fact.name for fact in kind.facts if fact.name in rows.columns and _may_name(fact, rows.schema[fact.name])]
    hidden = rows.filter(person).select(texts)
    masked = [_masked(row) for row in hidden.iter_rows(named=True)]
    at = pl.Series(range(rows.height)).filter(person).to_list()
    columns = []
    for name in texts:
        values = rows[name].to_list()
        for place, row in zip(at, masked, strict=True):
            values[place] = row[name]
        columns.append(pl.Series(name, values, dtype=rows.schema[name]))
    words = pl.Series([NAMELESS if is_known else PERHAPS_NAMELESS for is_known in known])
    return rows.with_columns(columns).with_columns(
        party_name=pl.when(person & pl.col("party_name").is_not_null()).then(words).otherwise("party_name"),
        nameless=person,
    )


def persons_of(rows: pl.DataFrame, kind: Kind) -> tuple[pl.Series, pl.Series]:
    """Which rows of a record table with their links are about a natural person: known to be, and taken for one.

    Of a document whose party could not be read nobody knows whom it names.
    """
    none = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    if not kind.party:
        return none, none
    known = pl.col("party_kind") == PERSON if "party_kind" in rows.columns else pl.lit(False)
    stated = pl.col("party_kind").is_not_null() if "party_kind" in rows.columns else pl.lit(False)
    told = rows.select(
        none, known=known.fill_null(False), silent=~stated & pl.all_horizontal(pl.col(n).is_null() for n in _KEYS)
    )
    names = rows["party_name"]
    unread = bool(kind.names("lines_kept"))
    perhaps = [
        bool(silent and (is_person(name) if name else unread))
        for silent, name in zip(told["silent"], names, strict=True)
    ]
    return told["known"], pl.Series(perhaps, dtype=pl.Boolean)


def _without_texts(rows: pl.DataFrame, kind: Kind, person: pl.Series) -> pl.DataFrame:
    """Rows without the full texts about persons, which tell who they are in many words; without any prose of those of
    whom not even the name is known."""
    whole = kind.names("lines_kept")
    if not whole:
        return rows
    unread = person & pl.col("party_name").is_null()
    prose = [name for name in kind.names("prose") if name not in whole]
    return rows.with_columns(
        *(pl.when(~person).then(name).alias(name) for name in whole),
        *(pl.when(~unread).then(name).alias(name) for name in prose),
    )


def _may_name(fact: Fact, dtype: pl.DataType) -> bool:
    """Whether a column holds texts, alone or in lists and lines."""
    return fact.type != "key" and (
        dtype == pl.String or (isinstance(dtype, pl.List) and fact.type in ("list", "lines"))
    )


def _masked(row: dict[str, Any]) -> dict[str, Any]:
    """Texts without the names that the cell of the party holds; who represents a person is himself."""
    named = [name for name in _APART.split(row["party_name"] or "") if len(name) >= _LEAST]
    pattern = re.compile("|".join(map(re.escape, named))) if named else None
    masked = {key: _without(pattern, value) for key, value in row.items()} if pattern else row
    return {**masked, "legal_rep": None} if "legal_rep" in row else masked


def _without(pattern: re.Pattern[str], value: Any) -> Any:
    """A text, a list or a line without what the pattern finds."""
    if isinstance(value, str):
        return pattern.sub(NAME_MASK, value)
    if isinstance(value, list):
        return [_without(pattern, each) for each in value]
    return {key: _without(pattern, each) for key, each in value.items()} if isinstance(value, dict) else value
