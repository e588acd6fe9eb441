"""Removals that do not say which listing they end: each ends the listings of that party that were open by then.

Files of removals often state the party and the day alone. Such a row is a record of its own, with no day of listing;
without this its party would still stand as listed. Which of several listings it meant nobody can tell: all of them are
closed, for to be said to be listed is the greater harm. The listing keeps its own origin, and what was taken from the
removal is `carried` with the row that stated it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from indexer.lake import Snapshot, scan_files, write_file
from indexer.merge import Merged
from indexer.tables import RECORD_TABLES, Table

_TAKEN = ("removed_on", "removal_reason", "removed_by", "removal_doc_no")
_LISTING = ("listed_on", "reason")
_PARTY = ("party_uscc", "party_reg_no", "party_name_key")
_ORIGIN = ("source_file", "source_row", "loaded_at")
LISTS: Sequence[Table] = [table for table in RECORD_TABLES if {*_TAKEN, *_LISTING} <= table.columns.keys()]
"""The tables of listings that end with a removal."""


def close(table: Table, outcome: Merged, before: Snapshot, batch_id: str, path: Callable[[], Path]) -> None:
    """Write removals into the listings that they end, in the files that a table has after this load.

    `outcome` is changed; `path` gives new file names.
    """
    kept = [file for file in before.files(table.name) if file not in outcome.remove]
    files = [*kept, *outcome.add]
    read = scan_files(table.name, files).select(table.key, *_LISTING, *_TAKEN, *_PARTY, *_ORIGIN)
    ended = _ended(read.collect(), table) if outcome.add else pl.DataFrame()
    if ended.is_empty():
        return
    is_ended = pl.col(table.key).is_in(ended[table.key].implode())
    for file in files:
        rows = scan_files(table.name, [file]).collect()
        if not rows.select(is_ended.any()).item():
            continue
        if file in outcome.add:
            outcome.add.remove(file)
        else:
            outcome.remove.append(file)
        outcome.add.append(write_file(_closed(rows, ended, table, batch_id), path()))


def _ended(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The key of each open listing that a removal ends, with the facts and the origin of the first such removal."""
    silent = pl.all_horizontal(pl.col(*_LISTING).is_null())
    bare = rows.filter(silent & pl.col("removed_on").is_not_null())
    if bare.is_empty():
        return bare.select(table.key)
    nothing = pl.all_horizontal(pl.col(*_TAKEN).is_null())
    listings = rows.filter(nothing & pl.col("listed_on").is_not_null()).select(table.key, "listed_on", *_PARTY)
    coded = pl.any_horizontal(pl.col("party_uscc", "party_reg_no").is_not_null())
    facts = [*_TAKEN, *_ORIGIN]
    pairs = [
        listings.join(some.select(by, *facts), on=by, how="inner").select(table.key, "listed_on", *facts)
        for by in _PARTY
        for some in (bare.filter(~coded) if by == "party_name_key" else bare,)
    ]
    return (
        pl.concat(pairs)
        .filter(pl.col("removed_on") >= pl.col("listed_on"))
        .sort("removed_on")
        .unique(table.key, keep="first", maintain_order=True)
        .drop("listed_on")
    )


def _closed(rows: pl.DataFrame, ended: pl.DataFrame, table: Table, batch_id: str) -> pl.DataFrame:
    """The rows of a file, those that are ended with what the removal states."""
    told = [
        pl.struct(pl.lit(name).alias("field"), *(pl.col(f"{each}:by").alias(each) for each in _ORIGIN))
        for name in _TAKEN
    ]
    stated = pl.concat_list(
        [pl.when(pl.col(f"{name}:by").is_not_null()).then(each) for name, each in zip(_TAKEN, told, strict=True)]
    )
    carried = pl.concat_list(pl.col("carried").fill_null([]), stated.list.drop_nulls())
    joined = rows.join(
        ended.rename(lambda name: name if name == table.key else f"{name}:by"),
        on=table.key,
        how="left",
        maintain_order="left",
    )
    is_ended = pl.col("removed_on:by").is_not_null()
    return joined.with_columns(
        *(pl.coalesce(name, f"{name}:by").alias(name) for name in _TAKEN),
        carried=pl.when(is_ended).then(carried.cast(table.schema["carried"])).otherwise("carried"),
        batch_id=pl.when(is_ended).then(pl.lit(batch_id)).otherwise("batch_id"),
    ).select(rows.columns)
