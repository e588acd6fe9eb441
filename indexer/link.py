"""Records → the entity that each is about, with the rule that says so (`tables.LINKS`).

The rules, first that finds anything decides:

1. `uscc`         the party's code is an entity's code
2. `reg_no`       the party's registration number is an entity's
3. `name`         the party's name key is an entity's
4. `former_name`  … is the key of an entity's former name, that it states or that a change says (`indexer.renamed`)

A code does not outvote a name. Where the party's name is another entity's (present, former, or in another spelling) and
none that the code's owner bears, one of the two is wrong: `code_of_another`, linked to nobody, with both as candidates.
Namesakes in other districts, where shops (个体工商户) share names, and whoever came later than the record do not count.
A name that nobody bears leaves the code to decide, for the owner may have been renamed; where it is not near the
owner's either, `name_differs` says so.

A cell that names several parties, or one with other words around it, is taken apart first (`indexer.several`): the
record is about all of them that are linked.

A wrong link accuses somebody of what another one did, so rules 2 to 4 first drop whoever cannot be the party:

- an entity with another code (or with another organization code than the one inside the party's code). A party whose
  valid code is not in the register is thus linked by name only to an entity that has no code of its own;
- for names, also an entity with another registration number, one of another city, one that was established after what
  the record tells, and an individual business (个体工商户) of another district: shops share names, and do not move.

Where the party is its record says, by address or code. The office that decided says it of shops alone, and only where
the record and the name do not: a company may be punished anywhere (异地处罚).

Of what is left, the entity whose region is nearest to the party's decides between equals: the same district, then one
that includes the other (or is not known), then another district of the city. One that is nearest: linked. Several:
`ambiguous`, with at most ten of them. None left by any rule: `none`; of a record that names nobody: `nobody`. A natural
person (自然人) has a person's name, which is nobody's company: codes and numbers only. Head office and branch have
different names and never meet here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl

from indexer import belonging, several
from indexer.findings import RAW_LENGTH, Code
from indexer.named import NAME_OF_ANOTHER, who_else
from indexer.renamed import entities_with_former_names
from indexer.tables import LINKS
from xincha.kinds import KINDS, Kind
from xincha.kinds.change import CHANGE
from xincha.text import divisions, regions
from xincha.text.names import name_key
from xincha.text.places import read_chain
from xincha.text.remember import remembered

RULES = ("uscc", "reg_no", "name", "former_name")
DISPUTED = "code_of_another"
NOBODY = "nobody"
MAX_CANDIDATES = 10
SHOP = "个体工商户"
PERSON = "自然人"

_LINKS: Any = dict(LINKS)
_PARTY = ("party_name", "party_name_key", "party_uscc", "party_more_usccs", "party_reg_no", "party_region_code")
_WHO = ("party_name", "party_uscc", "party_reg_no")
_ENTITY = ("entity_id", "uscc", "reg_no", "org_code", "kind", "region_code", "established_on", "name_key")


def parties(scan: Callable[[str], pl.LazyFrame]) -> pl.LazyFrame:
    """The parties of all records; `scan` opens a table of the lake by its name."""
    return pl.concat([_parties(scan(kind.table), kind) for kind in KINDS.values() if kind.party])


def _parties(records: pl.LazyFrame, kind: Kind) -> pl.LazyFrame:
    has_class = any(fact.name == "party_kind" for fact in kind.facts)
    person = (pl.col("party_kind") == PERSON).fill_null(False) if has_class else pl.lit(False)
    happened = pl.coalesce(kind.names("happened"))
    office = pl.coalesce(kind.names("authority") or pl.lit(None, pl.String))
    told = {"table": pl.lit(kind.table), "happened_on": happened, "office": office, "person": person}
    return records.select("record_id", *_PARTY, **told)


def of_lake(scan: Callable[[str], pl.LazyFrame]) -> pl.DataFrame:
    """The links of all records of a lake, in the order of their identifiers; documents are linked as their records."""
    changed = _parties(scan(CHANGE.table), CHANGE)
    entities = entities_with_former_names(scan, changed, partial(link, name_key=name_key))
    return belonging.belong(link(parties(scan), entities, name_key), scan).sort("record_id")


def link(records: pl.LazyFrame, entities: pl.LazyFrame, name_key: Callable[[str], str]) -> pl.DataFrame:
    """`records` as of `parties`, `entities` as in the lake; `name_key` folds the former names."""
    collected = records.collect()
    if collected.is_empty():
        return pl.DataFrame(schema=LINKS)
    present, former = entities.select(*_ENTITY, key="name_key"), _former(entities, name_key)
    parts = several.split(collected, entities, pl.concat([present, former]), name_key)
    links = several.without_other_owners(
        _linked(_with_shop_region(parts.rows), entities, present, former), parts.persons, entities
    )
    return several.joined(collected, links)


def _linked(records: pl.DataFrame, entities: pl.LazyFrame, present: pl.LazyFrame, former: pl.LazyFrame) -> pl.DataFrame:
    """The links of records of one party each; `present`, `former`: entities once for each name, by its key."""
    parties, named = records.lazy(), records.filter(~pl.col("person")).lazy()
    candidates = [
        _candidates(parties, entities.select(*_ENTITY, key="uscc"), "party_uscc", 0),
        _candidates(parties, entities.select(*_ENTITY, key="reg_no"), "party_reg_no", 1),
        _candidates(named, present, "party_name_key", 2),
        _candidates(named, former, "party_name_key", 3),
    ]
    elsewhere = (pl.col("kind") == SHOP).fill_null(False) & (_nearness() < 1)
    inside = pl.col("party_uscc").str.slice(8, 9)
    himself = pl.col("uscc").is_null() & (pl.col("org_code") == inside).fill_null(False)
    may_be = ~elsewhere & ~himself & ~_not_yet_there()
    others, differing = who_else(named, pl.concat(candidates[:2]), pl.concat([present, former]), entities, may_be)
    return _decided(records, pl.concat([*candidates, others], how="diagonal"), differing)


def _with_shop_region(records: pl.DataFrame) -> pl.DataFrame:
    """`shop_region_code` for `office`: where the party is if it is a shop."""
    unknown = records["party_region_code"].is_null()
    offices = records["office"].set(~unknown, None)
    each = map(_place_of_shop, records["party_name_key"], offices)
    places = pl.Series("shop_region_code", each, pl.String)
    return records.with_columns(shop_region_code=pl.coalesce("party_region_code", places)).drop("office")


@remembered(1 << 14)
def _place_of_shop(name: str | None, office: str | None) -> str | None:
    """The place of an office, or the finer one in the name; that alone where they contradict each other."""
    return divisions.finer(read_chain(name or "").code or None, regions.find(office)) if office else None


def count_by_rule(links: pl.LazyFrame) -> dict[str, int]:
    """How many records each rule has linked, `none` and `ambiguous` among them."""
    return dict(links.group_by("rule").len().sort("rule").collect().iter_rows())


def count_unlinked(links: pl.LazyFrame) -> int:
    """How many records name somebody and are linked to nobody."""
    return int(links.filter(pl.col("rule") != NOBODY).select(pl.col("entity_id").null_count()).collect().item())


def unlinked(scan: Callable[[str], pl.LazyFrame], *, limit: int = 100, batch_id: str | None = None) -> pl.DataFrame:
    """Records that are linked to nobody, or surely to none of several: who they name, their row, and the candidates.

    `batch_id`: only records that this load wrote.

    Columns: record_id, table, rule (none, ambiguous), candidates, party_name, party_uscc, source_file, source_row.
    """
    of_load = pl.lit(True) if batch_id is None else pl.col("batch_id") == batch_id
    records = _of_all(scan, "record_id", "party_name", "party_uscc", "source_file", "source_row", "batch_id")
    records = records.filter(of_load).drop("batch_id")
    alone = scan("links").filter(pl.col("entity_id").is_null() & (pl.col("rule") != NOBODY)).drop("entity_id")
    joined = alone.join(records, on="record_id", how="inner")
    return joined.sort("source_file", "source_row", "record_id").head(limit).collect()


def issues(
    links: pl.DataFrame, before: pl.DataFrame, scan: Callable[[str], pl.LazyFrame], batch_id: str
) -> pl.DataFrame:
    """`tables.ISSUES` of this load: records that a code alone links, and that code and name dispute, as far as they are
    new or newly so (`before`: the links until now)."""
    disputed = pl.when(pl.col("rule") == DISPUTED).then(pl.lit(Code.CODE_OF_ANOTHER.value))
    code = disputed.when("name_differs").then(pl.lit(Code.NAMED_OTHERWISE.value))
    told, known = (each.lazy().select("record_id", code=code).drop_nulls() for each in (links, before))
    number = pl.coalesce("party_uscc", "party_reg_no")
    records = _of_all(scan, "record_id", "party_name", "source_file", "source_row", "batch_id", number=number)
    said = known.with_columns(known=True)
    joined = told.join(records, on="record_id").join(said, on=["record_id", "code"], how="left")
    new = joined.filter(pl.col("known").is_null() | (pl.col("batch_id") == batch_id))
    messages = {each.value: each.message for each in (Code.CODE_OF_ANOTHER, Code.NAMED_OTHERWISE)}
    found = new.sort("source_file", "source_row", "record_id").select(
        pl.lit(batch_id).alias("batch_id"),
        "source_file",
        "source_row",
        pl.lit(None, pl.Int64).alias("line"),
        pl.lit("party_name").alias("column"),
        "code",
        pl.col("code").replace_strict(messages, return_dtype=pl.String).alias("message"),
        pl.concat_str("party_name", "number", separator=" ").str.slice(0, RAW_LENGTH).alias("raw"),
    )
    return found.collect()


def _of_all(scan: Callable[[str], pl.LazyFrame], *columns: str, **more: pl.Expr) -> pl.LazyFrame:
    """Columns of all records that have a party."""
    return pl.concat([scan(kind.table).select(*columns, **more) for kind in KINDS.values() if kind.party])


def _former(entities: pl.LazyFrame, name_key: Callable[[str], str]) -> pl.LazyFrame:
    """Entities once for each former name, by its key."""
    renamed = entities.filter(pl.col("former_names").list.len() > 0).select(*_ENTITY, key="former_names").collect()
    renamed = renamed.explode("key")
    keys = pl.Series("key", [name_key(name) for name in renamed["key"]], pl.String)
    return renamed.with_columns(keys).unique(["entity_id", "key"], maintain_order=True).lazy()


def _candidates(records: pl.LazyFrame, entities: pl.LazyFrame, key: str, rule: int) -> pl.DataFrame:
    """Pairs of one rule that nothing speaks against, with how near their regions are, and whether the present name of
    the entity is the party's (or the party has none)."""
    wanted = records.filter(pl.col(key).is_not_null() & (pl.col(key) != ""))
    pairs = wanted.join(entities, left_on=key, right_on="key", how="inner", coalesce=False)
    if rule > 0:
        pairs = pairs.filter(~_other_code())
    if rule > 1:
        pairs = pairs.with_columns(
            party_region_code=pl.when(_is_shop()).then("shop_region_code").otherwise("party_region_code")
        )
        other_number = (pl.col("party_reg_no") != pl.col("reg_no")).fill_null(False)
        pairs = pairs.filter(~other_number & ~_other_place() & ~_not_yet_there())
    named_so = (pl.col("party_name_key") == pl.col("name_key")).fill_null(True)
    return pairs.select("record_id", "entity_id", rule=pl.lit(rule), near=_nearness(), named_so=named_so).collect()


def _other_code() -> pl.Expr:
    """Both have a code and they differ; or the organization codes do."""
    inside = pl.col("party_uscc").str.slice(8, 9)
    differs = (pl.col("party_uscc") != pl.col("uscc")).fill_null(False)
    return differs | (pl.col("uscc").is_null() & (inside != pl.col("org_code")).fill_null(False))


def _not_yet_there() -> pl.Expr:
    """Established after what the record tells."""
    return (pl.col("established_on") > pl.col("happened_on")).fill_null(False)


def _other_place() -> pl.Expr:
    """Another city (or province), or for a shop another district of the city."""
    near = _nearness()
    return (near < 0) | ((near == 0) & _is_shop())


def _is_shop() -> pl.Expr:
    return (pl.col("kind") == SHOP).fill_null(False)


def _nearness() -> pl.Expr:
    """2: same district. 1: one includes the other, or one is unknown. 0: another district of one city. -1: farther."""
    party, own = (pl.col(name).str.replace(r"(?:00){1,2}$", "") for name in ("party_region_code", "region_code"))
    same = (party == own) & (party.str.len_chars() == 6)
    city = party.str.slice(0, 4) == own.str.slice(0, 4)
    return (
        pl.when(party.is_null() | own.is_null())
        .then(1)
        .when(same)
        .then(2)
        .when(party.str.starts_with(own) | own.str.starts_with(party))
        .then(1)
        .when(city)
        .then(0)
        .otherwise(-1)
    )


def _decided(records: pl.DataFrame, candidates: pl.DataFrame, differing: pl.Series) -> pl.DataFrame:
    """One row per record: the first rule with candidates, and among those the nearest."""
    best = (
        candidates.unique(["record_id", "entity_id", "rule"])
        .filter(pl.col("rule") == pl.col("rule").min().over("record_id"))
        .filter(pl.col("near") == pl.col("near").max().over("record_id"))
        .group_by("record_id")
        .agg(pl.col("entity_id").sort(), pl.col("rule").first())
    )
    one = pl.col("entity_id").list.len() == 1
    more = pl.col("entity_id").list.len() > 1
    rules = dict(enumerate(RULES))
    rule = pl.col("rule").replace_strict(rules, default=None, return_dtype=pl.String)
    nobody = pl.all_horizontal(pl.col(name).is_null() for name in _WHO)
    unclear = pl.when(pl.col("rule") == NAME_OF_ANOTHER).then(pl.lit(DISPUTED)).otherwise(pl.lit("ambiguous"))
    return (
        records.select("record_id", "table", *_WHO)
        .join(best, on="record_id", how="left", maintain_order="left")
        .select(
            "record_id",
            "table",
            entity_id=pl.when(one).then(pl.col("entity_id").list.first()),
            also_ids=pl.lit(None),
            rule=pl.when(one)
            .then(rule)
            .when(more)
            .then(unclear)
            .when(nobody)
            .then(pl.lit(NOBODY))
            .otherwise(pl.lit("none")),
            candidates=pl.when(more).then(pl.col("entity_id").list.head(MAX_CANDIDATES)),
            name_differs=one & pl.col("record_id").is_in(differing.implode()),
            of_ids=pl.lit(None),
        )
        .cast(_LINKS)
    )
