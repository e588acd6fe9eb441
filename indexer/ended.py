"""Which records a publish leaves out that may have been shown before (`xincha.ended`): by a load, or since a day.

A function of the lake: the same is found when an index is made anew. Where only some documents are written, what was
known of the others stays. A record that no load had shown before is in no list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl

from indexer.basis import Basis
from indexer.documents import number_of
from indexer.lake import Lake, Snapshot
from indexer.several import linked_to
from indexer.tables import RECORD_TABLES
from xincha.ended import Ended, load_name

_ROW = {"record_id": pl.String, "batch": pl.Int64, "known": pl.Boolean, "loaded_on": pl.Date}


def ended(judged: pl.DataFrame, shown: pl.Series, links: pl.DataFrame, snapshot: Snapshot, basis: Basis) -> Ended:
    """Of judged records (`indexer.records.JUDGED`) those that are not `shown`."""
    texts = _texts(links, basis)
    hidden = {*basis.held, *texts, *(each for those in texts.values() for each in those)}
    left = judged.filter(~pl.col("record_id").is_in(shown.implode()) & ~pl.col("record_id").is_in(sorted(hidden)))
    rows = left.join(_rows(left["record_id"], links, snapshot), on="record_id", how="inner")
    over = pl.col("withheld").is_null() & (pl.col("public_until") < basis.day)
    concerned = pl.Series([*rows["record_id"], *sorted(hidden)], dtype=pl.String).implode()
    about = linked_to(links).filter(pl.col("record_id").is_in(concerned)).group_by("record_id").all()
    closed = rows.filter(over & (pl.col("known") | (pl.col("public_until") >= pl.col("loaded_on"))))
    return Ended(
        by_load=rows.filter("known").select("batch", "record_id").rows(),
        by_day=closed.select(pl.col("public_until").cast(pl.String), "record_id").rows(),
        texts=texts,
        loads=[load_name(*row) for row in Lake(snapshot.folder).ledger().select("batch_id", "finished_at").rows()],
        about=dict(about.sort("record_id").select("record_id", "entity_id").rows()),
    )


def added(now: Ended, before: Ended | None, looked_at: frozenset[str], number: int, basis: Basis) -> Ended:
    """What is known after some records were `looked_at`: of these `now`, of all others what was known before."""
    if before is None:
        return replace(now, since_load=number, since_day=(basis.day - timedelta(days=1)).isoformat())
    return replace(
        now,
        by_load=[*now.by_load, *(each for each in before.by_load if each[1] not in looked_at)],
        since_load=before.since_load,
        by_day=[*now.by_day, *(each for each in before.by_day if each[1] not in looked_at)],
        since_day=before.since_day,
        texts={**{of: those for of, those in before.texts.items() if of in basis.held}, **now.texts},
        about={**{record: of for record, of in before.about.items() if record not in looked_at}, **now.about},
    )


def _texts(links: pl.DataFrame, basis: Basis) -> Mapping[str, Sequence[str]]:
    """Records that are held back → the documents that are their text, if any."""
    held_here = links.filter(pl.col("record_id").is_in(sorted(basis.held)))["record_id"]
    pairs = links.select("record_id", of_id="of_ids").explode("of_id").drop_nulls()
    held = pairs.filter(pl.col("of_id").is_in(sorted(basis.held)))
    with_texts = {str(of): list(those) for of, those in held.group_by("of_id").agg("record_id").rows()}
    return {**{str(record): [] for record in held_here}, **with_texts}


def _rows(records: pl.Series, links: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
    """Of each record the load that wrote its row, whether an earlier one had brought it, and when. A document is as
    late as the records that it is the text of."""
    of = links.filter(pl.col("record_id").is_in(records.implode())).select("record_id", of_id="of_ids").explode("of_id")
    of = of.drop_nulls()
    wanted = pl.concat([records, of["of_id"]]).unique().implode()
    changed = pl.col("record_id").is_in(snapshot.scan("changes").select("key").unique().collect().to_series().implode())
    loads = Lake(snapshot.folder).ledger().lazy().select("batch_id", "started_at")
    found = [
        snapshot.scan(table.name)
        .filter(pl.col("record_id").is_in(wanted))
        .join(loads, on="batch_id", how="left")
        .select(
            "record_id",
            batch=number_of("batch_id"),
            known=pl.col("loaded_at").ne_missing(pl.col("started_at")) | changed,
            loaded_on=pl.col("loaded_at").dt.offset_by("8h").dt.date(),
        )
        .collect()
        for table in RECORD_TABLES
    ]
    rows = pl.concat([pl.DataFrame(schema=_ROW), *found])
    theirs = of.join(rows, left_on="of_id", right_on="record_id").select(rows.columns)
    last = (
        pl.concat([rows, theirs])
        .group_by("record_id")
        .agg(pl.col("batch").max(), pl.col("known").any(), pl.col("loaded_on").first())
    )
    return last.filter(pl.col("record_id").is_in(records.implode()))
