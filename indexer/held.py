"""Rows of a register that give an entity the name of another one: held back until a later file says so again.

Where a file exchanges the codes of two companies, each row looks like a renaming, and the facts and records of each
would stand under the other's name. Such a row changes nothing and leaves an issue, which is also how a later file is
known to repeat it: then it is merged like any other. Names that an entity bore before are no news. Shops (个体工商户)
of different districts share names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from indexer.findings import RAW_LENGTH, Code
from indexer.lake import Snapshot, scan_files, write_file
from indexer.tables import ENTITIES
from xincha.text.names import name_key

SHOP = "个体工商户"
_KEY = ENTITIES.key
_FACTS = (_KEY, "kind", "region_code")
_SAID = (_KEY, "name", "name_key", "source_file", "source_row")
_PLACE = ("part", "row")


@dataclass(frozen=True, slots=True)
class HeldRows:
    """`parts`: staged files without the rows that are held back. `rows`: those, with their origin."""

    parts: Sequence[Path]
    rows: pl.DataFrame


def hold(parts: Sequence[Path], before: Snapshot, path: Callable[[], Path]) -> HeldRows:
    """Staged rows of entities (oldest first), without those that give an entity of the lake, or of an earlier row, the
    present name of another one for the first time. `path` gives new file names."""
    rows = _claims(_staged(parts), before.scan(ENTITIES.name))
    if rows.height:
        rows = _said_first(_news(rows, before.scan(ENTITIES.name)), before.scan("issues"))
    return HeldRows(_without(parts, rows, path) if rows.height else parts, rows)


def issues(rows: pl.DataFrame, batch_id: str) -> pl.DataFrame:
    """An issue for each row that is held back (`tables.ISSUES`)."""
    return rows.select(
        pl.lit(batch_id).alias("batch_id"),
        "source_file",
        "source_row",
        pl.lit(None, pl.Int64).alias("line"),
        pl.lit("name").alias("column"),
        pl.lit(Code.NAME_OF_ANOTHER.value).alias("code"),
        pl.lit(Code.NAME_OF_ANOTHER.message).alias("message"),
        pl.concat_str(_KEY, "name", separator=" ").str.slice(0, RAW_LENGTH).alias("raw"),
    )


def _staged(parts: Sequence[Path]) -> pl.LazyFrame:
    """The staged rows, with their place: `part`, `row`."""
    frames = [scan_files(ENTITIES.name, [part]).with_row_index("row") for part in parts]
    return pl.concat(frame.with_columns(part=pl.lit(number, pl.UInt32)) for number, frame in enumerate(frames))


def _claims(staged: pl.LazyFrame, lake: pl.LazyFrame) -> pl.DataFrame:
    """Staged rows whose name is another one than their entity has, and that another entity has."""
    rows, known = (
        frame.select(columns).filter(pl.col("name_key").is_not_null()).collect()
        for frame, columns in ((staged, [*_PLACE, _KEY, "name_key"]), (lake, [_KEY, "name_key"]))
    )
    if known.is_empty() and rows[_KEY].n_unique() == rows.height:
        return rows.clear()
    first = rows.unique(_KEY, keep="first", maintain_order=True).join(known, on=_KEY, how="anti")
    present = pl.concat([known, first.select(known.columns)])
    own = present.select(_KEY, own="name_key")
    renamed = rows.join(own, on=_KEY).filter(pl.col("name_key") != pl.col("own"))
    pairs = renamed.join(present.rename({_KEY: "other"}), on="name_key").filter(pl.col(_KEY) != pl.col("other"))
    if pairs.is_empty():
        return pairs
    rivals = _rivals(pairs, pl.concat([lake.select(_FACTS), staged.select(_FACTS)]))
    places = rivals.select(_PLACE).unique().lazy()
    return staged.join(places, on=_PLACE, how="semi").select(*_PLACE, *_SAID).sort(_PLACE).collect()


def _rivals(pairs: pl.DataFrame, facts: pl.LazyFrame) -> pl.DataFrame:
    """Pairs of a row and an entity that has its name, without shops of two districts."""
    keys = pl.concat([pairs.select(_KEY), pairs.select(pl.col("other").alias(_KEY))]).unique().lazy()
    of = facts.join(keys, on=_KEY, how="semi").unique(_KEY, keep="first", maintain_order=True).collect()
    both = pairs.join(of, on=_KEY).join(of.rename({_KEY: "other"}), on="other", suffix=":other")
    shops = (pl.col("kind") == SHOP) & (pl.col("kind:other") == SHOP)
    apart = pl.col("region_code") != pl.col("region_code:other")
    return both.filter(~(shops & apart).fill_null(False))


def _news(rows: pl.DataFrame, lake: pl.LazyFrame) -> pl.DataFrame:
    """Without names that an entity bore before."""
    wanted = rows.lazy().select(_KEY).unique()
    former = lake.select(_KEY, name_key="former_names").join(wanted, on=_KEY, how="semi")
    named = former.explode("name_key").drop_nulls().collect()
    keys = pl.Series("name_key", map(name_key, named["name_key"]), pl.String)
    return rows.join(named.with_columns(keys), on=[_KEY, "name_key"], how="anti")


def _said_first(rows: pl.DataFrame, issues: pl.LazyFrame) -> pl.DataFrame:
    """Without what an earlier file said too: of this load, or of one before, which left an issue."""
    told = issues.filter(pl.col("code") == Code.NAME_OF_ANOTHER.value).select("raw").collect()["raw"]
    pairs = [(key, name_key(name)) for key, _, name in (raw.partition(" ") for raw in told)]
    said = pl.DataFrame(pairs, schema={_KEY: pl.String, "name_key": pl.String}, orient="row")
    first_file = pl.col("source_file").first().over(_KEY, "name_key")
    return rows.filter(pl.col("source_file") == first_file).join(said, on=[_KEY, "name_key"], how="anti")


def _without(parts: Sequence[Path], rows: pl.DataFrame, path: Callable[[], Path]) -> Sequence[Path]:
    """The staged files less these rows."""
    kept = []
    for number, part in enumerate(parts):
        places = rows.filter(pl.col("part") == number)["row"]
        if places.is_empty():
            kept.append(part)
            continue
        frame = pl.read_parquet(part).with_row_index("row").filter(~pl.col("row").is_in(places.implode())).drop("row")
        if frame.height:
            kept.append(write_file(frame, path()))
    return kept
