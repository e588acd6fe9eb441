"""Records whose cell names several parties, or one with other words around it → one row for each party, and back.

Only where nobody bears the name as it stands. Of a cell `甲、乙` each party is linked by itself, by the rules of
`indexer.link`: the record is then about both. A code belongs to the party whose name its owner bears, else to the one
in the same place; where neither tells whose it is, it is held against every party without one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import polars as pl

from indexer.tables import LINKS
from xincha.text.parties import MORE_THAN_A_NAME, NamedParty, parties

_LINKS: Any = dict(LINKS)
_PART = "\n"
_SHOP = "个体工商户"
_UNLINKED = ("code_of_another", "ambiguous", "none")


@dataclass(frozen=True, slots=True)
class Split:
    """`rows`: records, those that name several once for each party, with a mark behind their `record_id`. `persons`:
    `record_id` of a row → the person that its cell names beside the party."""

    rows: pl.DataFrame
    persons: Mapping[str, str]


def split(records: pl.DataFrame, entities: pl.LazyFrame, known: pl.LazyFrame, name_key: Callable[[str], str]) -> Split:
    """`records` as in `indexer.link`; `known`: the keys (`key`) under which names are registered."""
    worded = records.filter(~pl.col("person") & pl.col("party_name").str.contains(MORE_THAN_A_NAME)).lazy()
    worded = worded.join(known.select(key="key").unique(), left_on="party_name_key", right_on="key", how="anti")
    unknown = worded.collect()
    said = {name: found for name in unknown["party_name"].unique() if (found := parties(name))}
    unknown = unknown.filter(pl.col("party_name").is_in(list(said)))
    if unknown.is_empty():
        return Split(records, {})
    owners = _owners(unknown, entities, name_key)
    rows, persons = [], {}
    for record in unknown.iter_rows(named=True):
        for row, person in _rows(record, said[record["party_name"]], owners, name_key):
            rows.append(row)
            if person:
                persons[row["record_id"]] = person
    rest = records.join(unknown.select("record_id"), on="record_id", how="anti", maintain_order="left")
    return Split(pl.concat([rest, pl.DataFrame(rows, schema=records.schema)]), persons)


def _owners(
    records: pl.DataFrame, entities: pl.LazyFrame, name_key: Callable[[str], str]
) -> Mapping[str, frozenset[str]]:
    """Code → the keys of its owners' names."""
    codes = pl.concat([records["party_uscc"], records["party_more_usccs"].explode()]).drop_nulls().unique()
    owners = entities.filter(pl.col("uscc").is_in(codes.implode())).select("uscc", "name_key", "former_names").collect()
    keys: dict[str, frozenset[str]] = defaultdict(frozenset)
    for code, key, former in owners.iter_rows():
        keys[code] |= {key, *map(name_key, former or ())}
    return keys


def _rows(
    record: Mapping[str, Any],
    said: Sequence[NamedParty],
    owners: Mapping[str, Set[str]],
    name_key: Callable[[str], str],
) -> Iterator[tuple[dict[str, Any], str]]:
    """The rows of a record, with the person that is named in each."""
    keys = [name_key(party.name) for party in said]
    codes = [code for code in (record["party_uscc"], *(record["party_more_usccs"] or ())) if code]
    for number, (party, key, code) in enumerate(zip(said, keys, _codes(codes, keys, owners), strict=True)):
        alone = len(said) == 1
        row = {
            **record,
            "record_id": record["record_id"] if alone else f"{record['record_id']}{_PART}{number}",
            "party_name": party.name,
            "party_name_key": key,
            "party_uscc": code,
            "party_reg_no": record["party_reg_no"] if alone else None,
            "party_region_code": record["party_region_code"] if code == record["party_uscc"] else None,
        }
        yield row, party.person


def _codes(codes: Sequence[str], keys: Sequence[str], owners: Mapping[str, Set[str]]) -> list[str | None]:
    """The code of each party."""
    of: list[str | None] = [next((code for code in codes if key in owners.get(code, ())), None) for key in keys]
    if len(codes) == len(keys):
        return [own or code for own, code in zip(of, codes, strict=True)]
    left = [code for code in codes if code not in of]
    return [own or (left[0] if left else None) for own in of]


def without_other_owners(links: pl.DataFrame, persons: Mapping[str, str], entities: pl.LazyFrame) -> pl.DataFrame:
    """Links without those of a shop whose owner is another person than the one named beside it: shops share names."""
    if not persons:
        return links
    named = pl.DataFrame({"record_id": [*persons], "person": [*persons.values()]})
    shops = entities.filter((pl.col("kind") == _SHOP) & pl.col("legal_rep").is_not_null())
    pairs = links.lazy().join(named.lazy(), on="record_id").join(shops, on="entity_id").collect()
    wrong = [
        record
        for record, person, owner in pairs.select("record_id", "person", "legal_rep").iter_rows()
        if not _same_person(person, owner)
    ]
    is_wrong = pl.col("record_id").is_in(wrong)
    return links.with_columns(
        entity_id=pl.when(~is_wrong).then("entity_id"),
        rule=pl.when(is_wrong).then(pl.lit("none")).otherwise("rule"),
    )


def _same_person(one: str, other: str) -> bool:
    """Whether two names are one, as far as neither is masked (张某某, 张**)."""
    shown = [name.replace("×", "*").replace("某", "*").partition("*")[0] for name in (one, other)]
    masked = shown != [one, other]
    return one == other or (masked and (shown[0].startswith(shown[1]) or shown[1].startswith(shown[0])))


def joined(records: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    """The links of rows of `split` as links of the records, in their order: a record of several parties is about all
    that are linked, the first of them its `entity_id`."""
    if not links["record_id"].str.contains(_PART, literal=True).any():
        return links
    record = pl.col("record_id").str.split(_PART).list.first()
    ordered = links.with_columns(
        record_id=record, part=pl.col("record_id").str.split(_PART).list.get(1, null_on_oob=True)
    )
    linked = pl.col("entity_id").is_not_null()
    rank = pl.col("rule").replace_strict(_UNLINKED, range(len(_UNLINKED)), default=-1, return_dtype=pl.Int8)
    entities = pl.col("entity_id").filter(linked).unique(maintain_order=True)
    others = [name for name in _LINKS if name not in ("record_id", "entity_id", "also_ids", "rule", "candidates")]
    whole = (
        ordered.sort("record_id", rank, pl.col("part").cast(pl.Int32))
        .group_by("record_id", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in others),
            entity_id=entities.first(),
            also_ids=entities.slice(1),
            rule=pl.col("rule").first(),
            candidates=pl.col("candidates")
            .explode(empty_as_null=False)
            .drop_nulls()
            .unique(maintain_order=True)
            .head(10),
        )
        .with_columns(
            also_ids=pl.when(pl.col("also_ids").list.len() > 0).then("also_ids"),
            candidates=pl.when(pl.col("entity_id").is_null() & (pl.col("candidates").list.len() > 0)).then(
                "candidates"
            ),
        )
    )
    return records.select("record_id").join(whole, on="record_id", how="left", maintain_order="left").select(*_LINKS)


def linked_to(links: pl.DataFrame) -> pl.DataFrame:
    """`record_id` and `entity_id` of each entity that a record is linked to."""
    pairs = links.select("record_id", "entity_id"), links.select("record_id", entity_id="also_ids").explode("entity_id")
    return pl.concat(pairs).drop_nulls()
