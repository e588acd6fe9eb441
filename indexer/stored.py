"""Rows → the stored JSON of documents: what is shown of an entity or a record. Nothing absent is written as null.

Keys are those of the lake's columns, money as numbers, dates and times in ISO 8601. Beside them:

    origin      {file, row, batch_id, loaded_at}: the row that stated all this, but what `carried` names
    carried     [{field, file, row, loaded_at}]: facts of older rows that the newest did not state
    changes     [{field, old, new, changed_at, file, row}]: what a fact was, until when, and the row that changed it
    renamed, moved  [{name or address, until_on, record_id}]: what an entity was called and where it was, newest first
    known_from  when the lake first held the entity
    records     [{kind, id, on, until, …}]: the records linked to an entity, in brief, for counts by date
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from indexer import tables
from indexer.renamed import EARLIER

_NULL = r',"[a-z_]+":null'
_MOST_EARLIER = 50
_TIME = "%Y-%m-%dT%H:%M:%S%.6fZ"


def stored(rows: pl.DataFrame, columns: Sequence[str | pl.Expr]) -> list[bytes]:
    """One JSON object per row. The first column is never null.

    A null is cut out of the written JSON: `,"name":null` cannot stand inside a string, where quotes are escaped.
    """
    json = rows.select(pl.struct(*columns).struct.json_encode().str.replace_all(_NULL, "")).to_series()
    return [text.encode() for text in json]


def money(name: str) -> pl.Expr:
    """Money as a number."""
    return pl.col(name).cast(pl.Float64)


def time(name: str) -> pl.Expr:
    """A time as text."""
    return pl.col(name).dt.strftime(_TIME)


def origin() -> pl.Expr:
    """Where a row comes from."""
    return pl.struct(
        pl.col("source_file").alias("file"),
        pl.col("source_row").alias("row"),
        "batch_id",
        time("loaded_at").alias("loaded_at"),
    ).alias("origin")


def with_carried(rows: pl.DataFrame) -> pl.DataFrame:
    """`carried` with the names and times of the stored JSON; null where nothing is carried."""
    if rows["carried"].null_count() == rows.height:
        return rows.with_columns(carried=pl.lit(None, pl.String))
    each = pl.element().struct
    shown = pl.struct(
        field=each.field("field"),
        file=each.field("source_file"),
        row=each.field("source_row"),
        loaded_at=each.field("loaded_at").dt.strftime(_TIME),
    )
    return rows.with_columns(pl.col("carried").list.eval(shown))


def changes_by_key(changes: pl.DataFrame, key: str) -> pl.DataFrame:
    """`changes` of one table as one list per key, oldest first: in the order of the loads, whatever their clocks said.

    Beside them `first`: when the lake first held what was changed. Where a clock was set back between two loads, the
    later change is as late as the one before it.
    """
    shown = pl.struct(
        "field", "old", "new", changed_at=time("changed_at"), file=pl.col("source_file"), row=pl.col("source_row")
    )
    ordered = changes.sort("batch_id", maintain_order=True)
    known = ordered.with_columns(pl.col("changed_at").cum_max().over(key))
    return known.group_by(key, maintain_order=True).agg(changes=shown, first=pl.col("old_loaded_at").first())


def earlier_by_entity(told: pl.DataFrame) -> pl.DataFrame:
    """`indexer.renamed.earlier` as one list of lines per entity and fact (`renamed`, `moved`)."""
    found = pl.DataFrame(schema={"entity_id": pl.String})
    for fact, (what, _) in EARLIER.items():
        line = pl.struct(pl.col("was").alias(what), "until_on", "record_id").head(_MOST_EARLIER)
        lines = told.filter(pl.col("fact") == fact).group_by("entity_id", maintain_order=True).agg(line.alias(fact))
        found = found.join(lines, on="entity_id", how="full", coalesce=True)
    return found


def plain(columns: Sequence[str], schema: Any) -> list[pl.Expr]:
    """Columns as they are, money as numbers."""
    return [money(name) if schema.get(name) == tables.MONEY else pl.col(name) for name in columns]
