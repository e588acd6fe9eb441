"""Whose name stands beside a code: its owner's, another entity's, or nobody's.

`who_else` looks at the parties that have a code of the register. Names are compared as they are registered, and in
other spellings (`xincha.text.spellings`): with or without 省 and 市, 有限责任公司 for 有限公司. A slip of the pen and
an old legal form leave a name near: one character wrong, 公司 for 有限公司. A number is no slip.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import polars as pl
from rapidfuzz.distance import OSA

from xincha.text import divisions
from xincha.text.names import NameParts, form_key_of, name_key, parts
from xincha.text.remember import remembered
from xincha.text.spellings import placed, spellings

NAME_OF_ANOTHER = -1
"""The rule, as `indexer.link` counts them, of candidates that a code and a name dispute."""

SAME, NEAR, OTHER = "same", "near", "other"
"""How a party's name stands to those of its code's owner."""

_KNOWN_NAMES, _LONGEST_NAME = 1 << 14, 200
_SHORTEST_COMPANY = 5
_NUMERAL = re.compile(r"[0-9〇零一二三四五六七八九十百]")


def who_else(
    named: pl.LazyFrame, by_code: pl.DataFrame, borne: pl.LazyFrame, entities: pl.LazyFrame, may_be: pl.Expr
) -> tuple[pl.DataFrame, pl.Series]:
    """Candidates of the parties whose name is another entity's than their code's owner (and the owner among them), and
    the records whose name is nobody's and not near the owner's.

    `named`: parties (`indexer.link.parties`); `by_code`: the owners, with record_id, entity_id, rule and `named_so`,
    which is true of those that have the party's name; `borne`: entities by each name that they bear or bore, `key`;
    `may_be`: whether an entity may be the party whatever its name.
    """
    unlike = _unlike(named, by_code, borne)
    if unlike.is_empty():
        return by_code.clear(), unlike["record_id"]
    exact = _claims(unlike, borne, may_be)
    rest = unlike.join(exact, on="record_id", how="anti")
    owners = entities.select("name", "former_names", owner="entity_id", own_region="region_code")
    rest = _compared(rest.lazy().join(owners, on="owner", maintain_order="left").collect())
    spelled = _claims(rest, _in_other_spellings(rest["party_name"], entities), may_be)
    differing = rest.filter((pl.col("likeness") == OTHER).all().over("record_id"))
    return pl.concat([exact, spelled]), differing.join(spelled, on="record_id", how="anti")["record_id"].unique()


def _unlike(named: pl.LazyFrame, by_code: pl.DataFrame, borne: pl.LazyFrame) -> pl.DataFrame:
    """Parties and each `owner` of their code, where none of the owners bears the name or bore it."""
    doubtful = by_code.filter(~pl.col("named_so")).select("record_id").unique()
    owners = by_code.join(doubtful, on="record_id", how="semi")
    owners = owners.filter(pl.col("rule") == pl.col("rule").min().over("record_id"))
    owners = owners.filter(~pl.col("named_so").any().over("record_id"))
    pairs = named.join(owners.lazy().select("record_id", owner="entity_id"), on="record_id")
    bearing = borne.select(owner="entity_id", party_name_key="key")
    settled = pairs.join(bearing, on=["owner", "party_name_key"], how="semi")
    return pairs.join(settled, on="record_id", how="anti").collect() if owners.height else pairs.collect()


def _claims(unlike: pl.DataFrame, borne: pl.LazyFrame, may_be: pl.Expr) -> pl.DataFrame:
    """Whoever bears the name of a party by right of it, and the owners of its code."""
    others = unlike.lazy().join(borne, left_on="party_name_key", right_on="key").filter(may_be).collect()
    owners = unlike.join(others, on="record_id", how="semi").select("record_id", entity_id="owner")
    pairs = pl.concat([owners, others.select("record_id", "entity_id")])
    return pairs.with_columns(rule=pl.lit(NAME_OF_ANOTHER), near=pl.lit(2))


def _compared(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs with `likeness`; without the parties that an owner may be called in another spelling."""
    columns = pairs.select("party_name", "name", "former_names", "own_region").iter_rows()
    likeness = [compare(party, [name, *(former or ())], region) for party, name, former, region in columns]
    compared = pairs.drop("name", "former_names").with_columns(likeness=pl.Series(likeness, dtype=pl.String))
    return compared.filter((pl.col("likeness") != SAME).all().over("record_id"))


def compare(party: str, names: Iterable[str | None], region_code: str | None) -> str:
    """How a name stands to the names of an entity of this region."""
    key = {*name_key(party)}
    theirs = [name for name in names if name and _share_half(key, {*name_key(name)})]
    if not theirs:
        return OTHER
    ours = _parts(party)
    keys = {*spellings(ours), *placed(ours, [region_code] if region_code else [])}
    if any(form_key_of(_parts(name)) in keys for name in theirs):
        return SAME
    return NEAR if any(_near(party, name) for name in theirs) else OTHER


def _share_half(ours: set[str], theirs: set[str]) -> bool:
    """Whether half the characters of the shorter name are in the other; hardly, where one is a person's."""
    return 2 * len(ours & theirs) >= min(len(ours), len(theirs))


def _near(party: str, name: str) -> bool:
    """Whether one may be written for the other: a character apart that is no number, or another legal form."""
    ours, theirs = name_key(party), name_key(name)
    if _NUMERAL.findall(ours) != _NUMERAL.findall(theirs):
        return False
    return OSA.distance(ours, theirs, score_cutoff=1) <= 1 or _other_form(_parts(party), _parts(name))


def _other_form(ours: NameParts, theirs: NameParts) -> bool:
    nested = divisions.contains(ours.code, theirs.code) or divisions.contains(theirs.code, ours.code)
    return bool(ours.core) and (ours.core, ours.branch) == (theirs.core, theirs.branch) and nested


def _in_other_spellings(names: pl.Series, entities: pl.LazyFrame) -> pl.LazyFrame:
    """Entities by the key of each of the names that is theirs in another spelling; as `borne`.

    Looked for are companies that have a name of their own, which is told by a brand and a legal form.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    cores: set[str] = set()
    for name in names.filter(names.str.len_chars() >= _SHORTEST_COMPANY).unique():
        split = _parts(name)
        if split.form and len(split.brand) > 1:
            cores.add(split.core)
            for key in spellings(split):
                wanted[key].add(name_key(name))
    found = entities.filter(pl.col("name_key").str.contains_any(sorted(cores)) if cores else pl.lit(False)).collect()
    keys = [sorted(wanted.get(form_key_of(_parts(name)), ())) for name in found["name"]]
    return found.lazy().with_columns(key=pl.Series(keys, dtype=pl.List(pl.String))).explode("key")


@remembered(_KNOWN_NAMES, _LONGEST_NAME)
def _parts(name: str) -> NameParts:
    return parts(name)
