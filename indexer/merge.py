"""Staged rows of one table → the files that the lake gains and loses, and what happened to every row.

Whole files are the unit. A staged file whose keys are all new is adopted as it is; the others are split into new rows
and rows of known keys. The latter are merged (`indexer.merge_rows`) group by group, a group being the rows that one
file of the lake holds already, or some of those that meet only each other; so memory is bounded by the size of files,
whatever the size of the table. A file of the lake is written anew only where one of its rows really changes.

Nothing is committed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from indexer.findings import Code
from indexer.held import hold, issues
from indexer.lake import Snapshot, scan_files, write_file
from indexer.merge_rows import conflicts, fold, history, merge_pairs
from indexer.pieces import Piece, write_piece
from indexer.tables import ENTITIES, Table

GROUP_ROWS = 50_000
_GROUP = "group"


@dataclass(slots=True)
class Merged:
    """What a merge comes to. `kept` and `merged` count rows by source file; `issues` name keys whose rows of this load
    contradict each other, and rows that are held back; `conflicts` counts those by source file."""

    add: list[Path] = field(default_factory=list)
    remove: list[Path] = field(default_factory=list)
    changes: list[Path] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)
    merged: Counter[str] = field(default_factory=Counter)
    issues: list[Piece] = field(default_factory=list)
    conflicts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Merger:
    """Merges the staged files of a load. `path` gives new file names, `batch_id` is written into issues."""

    before: Snapshot
    path: Callable[[], Path]
    batch_id: str

    def __call__(self, table: Table, parts: Sequence[Path], tick: Callable[[int], None] = lambda _: None) -> Merged:
        """Merge `parts` (Parquet, `table.schema`, oldest first); `tick` is told how many rows have been seen to."""
        merged = Merged()
        if table.name == ENTITIES.name:
            parts = self._without_held(parts, merged, tick)
        if not parts:
            return merged
        keys = _keys(table, parts)
        lake = self.before.files(table.name)
        keys = _grouped(keys, table, lake)
        merged.kept = _count(keys.filter("kept"))
        merged.merged.update(_count(keys.filter(~pl.col("kept"))))
        pieces: dict[int, list[Path]] = {}
        for part, rows in zip(parts, keys.partition_by("part", maintain_order=True), strict=True):
            self._split(part, rows[_GROUP], merged, pieces)
            tick(rows.height - rows[_GROUP].count())
        for group in sorted(pieces):
            rows = pl.concat(pl.read_ipc(piece) for piece in pieces[group])
            self._merge_group(table, rows, lake[group] if group >= 0 else None, merged)
            tick(rows.height)
        return merged

    def _without_held(self, parts: Sequence[Path], merged: Merged, tick: Callable[[int], None]) -> Sequence[Path]:
        """The parts less the rows that are held back, which change nothing."""
        held = hold(parts, self.before, self.path)
        if held.rows.height:
            merged.issues.append(write_piece(issues(held.rows, self.batch_id), self.path()))
            for counts in (merged.merged, merged.conflicts):
                counts.update(_count(held.rows))
            tick(held.rows.height)
        return held.parts

    def _split(self, part: Path, groups: pl.Series, merged: Merged, pieces: dict[int, list[Path]]) -> None:
        """New rows to a file that the lake adopts, rows of known keys to pieces by group."""
        if groups.null_count() == len(groups):
            merged.add.append(part)
            return
        rows = pl.read_parquet(part).with_columns(groups)
        new = rows.filter(pl.col(_GROUP).is_null()).drop(_GROUP)
        if new.height:
            merged.add.append(write_file(new, self.path()))
        known = rows.filter(pl.col(_GROUP).is_not_null()).partition_by(_GROUP, as_dict=True, include_key=False)
        for (group,), piece in known.items():
            path = self.path().with_suffix(".arrow")
            piece.write_ipc(path)
            pieces.setdefault(int(group), []).append(path)

    def _merge_group(self, table: Table, rows: pl.DataFrame, file: Path | None, merged: Merged) -> None:
        conflicting = _conflict_issues(conflicts(rows, table), table.key, self.batch_id)
        if conflicting.height:
            merged.issues.append(write_piece(conflicting, self.path()))
            merged.conflicts.update(_count(conflicting))
        rows = fold(rows, table)
        if file is None:
            merged.add.append(write_file(rows, self.path()))
            return
        old = scan_files(table.name, [file]).collect()
        known = old.join(rows.select(table.key), on=table.key, how="semi", maintain_order="left")
        pairs = merge_pairs(known, rows, table).filter("changed")
        if pairs.is_empty():
            return
        changes = history(pairs, table)
        if changes.height:
            merged.changes.append(write_file(changes, self.path()))
        changed = pairs.select(*table.schema)
        whole = pl.concat([old.join(changed, on=table.key, how="anti", maintain_order="left"), changed])
        merged.add.append(write_file(whole, self.path()))
        merged.remove.append(file)


def _keys(table: Table, parts: Sequence[Path]) -> pl.DataFrame:
    """Key, source file and part of every staged row, in order."""
    columns = [pl.col(table.key), pl.col("source_file").cast(pl.Categorical)]
    frames = [pl.read_parquet(part, columns=[table.key, "source_file"]).select(columns) for part in parts]
    return pl.concat(frame.with_columns(part=pl.lit(i, pl.UInt32)) for i, frame in enumerate(frames))


def _grouped(keys: pl.DataFrame, table: Table, lake: Sequence[Path]) -> pl.DataFrame:
    """Adds `group`: the lake's file that holds the key; below zero: a key that is new but repeated; null: only new.

    And `kept`: true for the row that brings its key into the lake.
    """
    keys = keys.join(_held(table, lake, keys), on=table.key, how="left", maintain_order="left")
    repeated = pl.col(_GROUP).is_null() & pl.col(table.key).is_duplicated()
    count = keys.select(repeated.sum()).item()
    bucket = -1 - (pl.col(table.key).hash() % (count // GROUP_ROWS + 1)).cast(pl.Int64)
    kept = pl.col(_GROUP).is_null() & pl.col(table.key).is_first_distinct()
    return keys.with_columns(pl.when(repeated).then(bucket).otherwise(_GROUP).alias(_GROUP), kept=kept)


def _held(table: Table, lake: Sequence[Path], keys: pl.DataFrame) -> pl.DataFrame:
    """Which file of the lake holds which of the staged keys."""
    wanted = keys.select(table.key).lazy()
    held = (
        scan_files(table.name, [file])
        .select(pl.col(table.key), pl.lit(number, pl.Int64).alias(_GROUP))
        .join(wanted, on=table.key, how="semi")
        .collect()
        for number, file in enumerate(lake)
    )
    return pl.concat([pl.DataFrame(schema={table.key: pl.String, _GROUP: pl.Int64}), *held])


def _count(keys: pl.DataFrame) -> dict[str, int]:
    return dict(keys.group_by(pl.col("source_file").cast(pl.String)).len().iter_rows())


def _conflict_issues(rows: pl.DataFrame, key: str, batch_id: str) -> pl.DataFrame:
    """One issue for each key whose rows of one load contradict each other, at the row that won."""
    message = pl.format("{}:{}", pl.lit(Code.DUPLICATE_KEY.message), "column")
    return rows.select(
        batch_id=pl.lit(batch_id),
        source_file="source_file",
        source_row="source_row",
        line=pl.lit(None, pl.Int64),
        column="column",
        code=pl.lit(Code.DUPLICATE_KEY.value),
        message=message,
        raw=pl.col(key),
    )
