"""Published changes 变更 → the names and addresses that entities had, until when, and the record that says so.

A record of a change is linked to its entity as any record is. The name before it is a name of that entity, under which
others may know it still: it is found by it, and records that state it are linked by it. A row that tells of a step
whose names nobody bears any more is linked once the later steps are known, so linking goes on while it finds more.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from indexer.several import linked_to
from xincha.kinds.change import CHANGE
from xincha.text import alterations
from xincha.text.names import name_key

Scan = Callable[[str], pl.LazyFrame]
Link = Callable[[pl.LazyFrame, pl.LazyFrame], pl.DataFrame]
EARLIER = {"renamed": ("name", alterations.NAME), "moved": ("address", alterations.ADDRESS)}
"""Facts of an entity that changes tell, what their lines name, and the kind of change that they are read from."""

_READ = {"renamed": alterations.name_in, "moved": alterations.address_in}
_MOST_STEPS = 8


def entities_with_former_names(scan: Scan, parties: pl.LazyFrame, link: Link) -> pl.LazyFrame:
    """`entities` of the lake, where `former_names` holds what changes say, too. `parties`: those of the changes, for
    `link` with entities (`indexer.link.link`)."""
    entities = scan("entities")
    told = scan(CHANGE.table).filter(pl.col("change_kind") == alterations.NAME)
    renaming = parties.join(told.select("record_id"), on="record_id", how="semi").collect().lazy()
    known, found = 0, entities
    for _ in range(_MOST_STEPS):
        links = link(renaming, found).filter(pl.col("entity_id").is_not_null())
        if links.height <= known:
            break
        known = links.height
        found = with_former_names(entities, earlier(told, linked_to(links)))
    return found


def earlier(changes: pl.LazyFrame, of: pl.DataFrame) -> pl.DataFrame:
    """What changes say that entities were called and where they were, newest first.

    `changes`: rows of their table. `of`: record_id, entity_id of those to read. Columns: entity_id, record_id, fact
    (a key of `EARLIER`), was, until_on: the day of the change.
    """
    kinds = {kind: fact for fact, (_, kind) in EARLIER.items()}
    told = changes.filter(pl.col("change_kind").is_in(list(kinds))).select(
        "record_id", "before", fact=pl.col("change_kind").replace_strict(kinds, default=None), until_on="changed_on"
    )
    rows = of.lazy().select("record_id", "entity_id").join(told, on="record_id").collect()
    was = [_READ[fact](before) for fact, before in rows.select("fact", "before").iter_rows()]
    rows = rows.with_columns(was=pl.Series(was, dtype=pl.String)).drop("before").filter(pl.col("was").is_not_null())
    return rows.sort("until_on", "record_id", descending=True, nulls_last=True)


def with_former_names(entities: pl.LazyFrame, told: pl.DataFrame) -> pl.LazyFrame:
    """`entities` with the names of `told` (`earlier`) among `former_names`, but for the one that it bears."""
    names = told.filter(pl.col("fact") == "renamed")
    if names.is_empty():
        return entities
    keys = pl.Series("key", [name_key(name) for name in names["was"]], pl.String)
    bearing = entities.filter(pl.col("entity_id").is_in(names["entity_id"].implode())).select("entity_id", "name_key")
    names = names.with_columns(keys).join(bearing.collect(), on="entity_id", maintain_order="left")
    names = names.filter(pl.col("key") != pl.col("name_key")).unique(["entity_id", "key"], maintain_order=True)
    by_entity = names.group_by("entity_id", maintain_order=True).agg(told="was")
    together = pl.concat_list(pl.col("former_names").fill_null([]), "told").list.unique(maintain_order=True)
    former = pl.when(pl.col("told").is_null()).then("former_names").otherwise(together)
    joined = entities.join(by_entity.lazy(), on="entity_id", how="left", maintain_order="left")
    return joined.with_columns(former_names=former).drop("told")
