"""Removals and annulments that do not say which listing they are of: each ends what its party had open.

Files of removals 移出 and of annulments 撤销列入 often state the party and the day alone. Such a row is a record of its
own, with no day of listing; without this its party would still stand as listed. Which of several listings it meant
nobody can tell: all that were open by its day are ended, for to be said to be listed is the greater harm; where it
states no day, by the day on which it was loaded. The listing keeps its own origin, what was taken is `carried` with the
row that stated it, and what a listing of an earlier load is told stands in its history.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from indexer.lake import Snapshot, scan_files, write_file
from indexer.merge import Merged
from indexer.tables import CHANGES, RECORD_TABLES, Table

_REMOVAL = ("removed_on", "removal_reason", "removed_by", "removal_doc_no")
_ANNULMENT = ("annulled_on", "annulled")
_LISTING = ("listed_on", "reason")
_PARTY = ("party_uscc", "party_reg_no", "party_name_key")
_ORIGIN = ("source_file", "source_row", "loaded_at")
LISTS: Sequence[Table] = [table for table in RECORD_TABLES if {*_REMOVAL, *_LISTING} <= table.columns.keys()]
"""The tables of listings that end with a removal."""


def close(table: Table, outcome: Merged, before: Snapshot, batch_id: str, path: Callable[[], Path]) -> None:
    """Write removals and annulments into the listings that they end, in the files that a table has after this load.

    `outcome` is changed; `path` gives new file names.
    """
    kept = [file for file in before.files(table.name) if file not in outcome.remove]
    files = [*kept, *outcome.add]
    read = scan_files(table.name, files).select(table.key, *_LISTING, *_taken(table), *_PARTY, *_ORIGIN)
    ended = _ended(read.collect(), table) if outcome.add else pl.DataFrame()
    if ended.is_empty():
        return
    changes = _history(ended, before, table, batch_id)
    if changes.height:
        outcome.changes.append(write_file(changes, path()))
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


def _taken(table: Table) -> list[str]:
    """The facts of an end that a table has."""
    return [name for name in (*_REMOVAL, *_ANNULMENT) if name in table.columns]


def _ended(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The key of each open listing that is ended, with the facts and the origin of the first row that ends it; of one
    day an annulment comes first, for it leaves nothing."""
    taken = _taken(table)
    silent = pl.all_horizontal(pl.col(*_LISTING).is_null())
    nothing = pl.all_horizontal(pl.col(*taken).is_null())
    bare = rows.filter(silent & ~nothing).with_columns(
        by=pl.coalesce("annulled_on", "removed_on", pl.col("loaded_at").dt.offset_by("8h").dt.date()),  # in China
        milder=pl.all_horizontal(pl.col(name).is_null() for name in _ANNULMENT if name in taken),
    )
    if bare.is_empty():
        return bare.select(table.key)
    listings = rows.filter(nothing & pl.col("listed_on").is_not_null()).select(table.key, "listed_on", *_PARTY)
    coded = pl.any_horizontal(pl.col("party_uscc", "party_reg_no").is_not_null())
    facts = [*taken, *_ORIGIN]
    pairs = [
        listings.join(some.select(by, "by", "milder", *facts), on=by, how="inner").select(
            table.key, "listed_on", "by", "milder", *facts
        )
        for by in _PARTY
        for some in (bare.filter(~coded) if by == "party_name_key" else bare,)
    ]
    return (
        pl.concat(pairs)
        .filter(pl.col("by") >= pl.col("listed_on"))
        .sort("by", "milder")
        .unique(table.key, keep="first", maintain_order=True)
        .drop("listed_on", "by", "milder")
    )


def _history(ended: pl.DataFrame, before: Snapshot, table: Table, batch_id: str) -> pl.DataFrame:
    """The changes (`tables.CHANGES`) of the listings that the lake held before this load: one row a fact."""
    held = before.scan(table.name).select(table.key, *(pl.col(name).alias(f"old_{name}") for name in _ORIGIN))
    of_before = held.join(ended.lazy(), on=table.key, how="inner").collect()
    facts = [
        of_before.filter(pl.col(name).is_not_null()).select(
            pl.lit(table.name).alias("table"),
            pl.col(table.key).alias("key"),
            pl.lit(name).alias("field"),
            pl.lit(None, pl.String).alias("old"),
            pl.col(name).cast(pl.String).alias("new"),
            *(f"old_{each}" for each in _ORIGIN),
            pl.lit(batch_id).alias("batch_id"),
            pl.col("loaded_at").alias("changed_at"),
            "source_file",
            "source_row",
        )
        for name in _taken(table)
    ]
    return pl.concat(facts).select(*CHANGES)


def _closed(rows: pl.DataFrame, ended: pl.DataFrame, table: Table, batch_id: str) -> pl.DataFrame:
    """The rows of a file, those that are ended with what ends them."""
    taken = _taken(table)
    told = [
        pl.struct(pl.lit(name).alias("field"), *(pl.col(f"{each}:by").alias(each) for each in _ORIGIN))
        for name in taken
    ]
    stated = pl.concat_list(
        [pl.when(pl.col(f"{name}:by").is_not_null()).then(each) for name, each in zip(taken, told, strict=True)]
    )
    carried = pl.concat_list(pl.col("carried").fill_null([]), stated.list.drop_nulls())
    joined = rows.join(
        ended.rename(lambda name: name if name == table.key else f"{name}:by"),
        on=table.key,
        how="left",
        maintain_order="left",
    )
    is_ended = pl.col("loaded_at:by").is_not_null()
    return joined.with_columns(
        *(pl.coalesce(name, f"{name}:by").alias(name) for name in taken),
        carried=pl.when(is_ended).then(carried.cast(table.schema["carried"])).otherwise("carried"),
        batch_id=pl.when(is_ended).then(pl.lit(batch_id)).otherwise("batch_id"),
    ).select(rows.columns)
