"""What a load's links are like: those that it made or changed, and of them the least certain.

A link is as certain as what the record and its entity agree in. Where a code, a number or a former name has linked,
the names may differ: the more they do, the more a person should look.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from rapidfuzz.distance import Indel

from indexer.report import LinkExample
from xincha.kinds import KINDS
from xincha.text.names import name_key

MOST_SHOWN = 10
_MOST_COMPARED = 200_000
_RECORD = ("record_id", "party_name", "party_name_key", "party_uscc", "source_file", "source_row")
_ENTITY = ("entity_id", "name", "name_key", "former_names")


def new_links(linked: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The links (`tables.LINKS`) of records that were not linked so before."""
    return linked.join(before, on=["record_id", "entity_id", "rule"], how="anti", nulls_equal=True)


def least_certain(links: pl.DataFrame, scan: Callable[[str], pl.LazyFrame]) -> list[LinkExample]:
    """The links between names that differ most, at most `MOST_SHOWN`; `scan` opens a table of the lake by its name."""
    tables = links["table"].unique().to_list()
    records = [scan(kind.table).select(_RECORD) for kind in KINDS.values() if kind.party and kind.table in tables]
    if not records:
        return []
    made = links.lazy().filter(pl.col("entity_id").is_not_null()).select("record_id", "entity_id", "rule")
    pairs = (
        made.join(pl.concat(records), on="record_id")
        .join(scan("entities").select(_ENTITY), on="entity_id")
        .filter(pl.col("party_name_key") != pl.col("name_key"))
        .sort("source_file", "source_row", "record_id")
        .head(_MOST_COMPARED)
        .collect()
    )
    keys = pairs.select("party_name_key", "name_key", pl.when(pl.col("rule") != "former_name").then("former_names"))
    ranked = pairs.with_columns(likeness=pl.Series([_likeness(*row) for row in keys.iter_rows()], dtype=pl.Float64))
    shown = list(LinkExample.__dataclass_fields__)
    worst = ranked.sort("likeness", maintain_order=True).head(MOST_SHOWN).select(shown)
    return [LinkExample(**row) for row in worst.iter_rows(named=True)]


def _likeness(party: str, own: str, former: list[str] | None) -> float:
    """How like the names are, 0 to 1: characters that both have in one order; by the nearest of the entity's names."""
    names = [own, *map(name_key, former or ())]
    return round(max(Indel.normalized_similarity(party, name) for name in names), 2)
