"""The files of the lake against the ledger; of a table with a file that differs, which records are others.

A file whose hash is right has the rows that the load wrote, so only tables with a wrong one are read row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from indexer.lake import LEAVES, SCHEMAS, Snapshot
from indexer.proven import GONE, Proof, file_hash, root_of
from indexer.tables import DATA_TABLES, Table
from indexer.verify.report import VerifyReport
from xincha.errors import LakeError
from xincha.proof import merkle, rows

Proven = Sequence[tuple[str, Proof]]
"""Loads that have a proof, oldest first."""


def check_lake(snapshot: Snapshot, proven: Proven, report: VerifyReport) -> None:
    """Every file of the state that the last load left."""
    if not proven:
        return
    expected = _expected(proven)
    wrong = {name for name in SCHEMAS if not _files_are(name, snapshot, expected.get(name, {}), report)}
    try:
        leaves = snapshot.scan(LEAVES).sort("batch_id", "part", "place").collect()
    except (LakeError, OSError, pl.exceptions.PolarsError):
        report.note("the leaves of the rows cannot be read: which records differ cannot be told")
        return
    _check_roots(leaves, proven, report)
    for table in DATA_TABLES:
        if table.name in wrong:
            _check_rows(table, list(_read(snapshot, table)), leaves, proven, report)


def _expected(proven: Proven) -> dict[str, dict[str, str]]:
    """The files that each table has to have, with their hashes."""
    files: dict[str, dict[str, str]] = {}
    for _, proof in proven:
        for name, gone in proof.remove.items():
            for each in gone:
                files.get(name, {}).pop(each, None)
        for name, added in proof.add.items():
            files.setdefault(name, {}).update(added)
    return files


def _files_are(name: str, snapshot: Snapshot, expected: Mapping[str, str], report: VerifyReport) -> bool:
    """Whether a table has its files, and they are what was written."""
    where = f"lake/{name}"
    if name not in snapshot.versions:
        if expected:
            report.differs(where, "the table is gone")
        return not expected
    try:
        paths = {path.name: path for path in snapshot.files(name)}
    except LakeError as error:
        report.differs(where, str(error))
        return False
    right = True
    for other in sorted(paths.keys() ^ expected.keys()):
        right = False
        what = "is no file that a load wrote" if other in paths else "was written by a load, and the table lacks it"
        report.differs(f"{where}/{other}", what)
    for each in sorted(paths.keys() & expected.keys()):
        if not paths[each].is_file():
            right = False
            report.differs(f"{where}/{each}", "the file is gone")
        elif file_hash(paths[each]) != expected[each]:
            right = False
            report.differs(f"{where}/{each}", "the file is not the one that was written")
        report.count("files of the lake")
    return right


def _check_roots(leaves: pl.DataFrame, proven: Proven, report: VerifyReport) -> None:
    """The leaves of every load against the roots in its row."""
    there = {
        (load, part): frame["leaf"] for (load, part), frame in leaves.group_by("batch_id", "part", maintain_order=True)
    }
    for load, proof in proven:
        for number, part in enumerate(proof.parts):
            found = there.pop((load, number), None)
            right = found is not None and len(found) == part.rows and found.null_count() == 0
            if not right or merkle.root(found.to_list()).hex() != part.root:  # type: ignore[union-attr]
                report.differs(
                    f"lake/{LEAVES}", f"the leaves of load {load}, table {part.table}, are not those that it wrote"
                )
        if root_of(proof.parts) != proof.root:
            report.differs("lake/batches", f"the root of load {load} is not that of its parts")
    if there:
        report.differs(f"lake/{LEAVES}", "there are leaves that no load wrote")
    report.count("leaves", leaves.height)


def _read(snapshot: Snapshot, table: Table) -> Iterator[tuple[Path, pl.DataFrame]]:
    """The files of a table that can be read."""
    try:
        paths = snapshot.files(table.name)
    except LakeError:
        return
    for path in paths:
        try:
            yield path, pl.read_parquet(path, glob=False)
        except (OSError, pl.exceptions.PolarsError):
            continue


def _check_rows(
    table: Table, files: Sequence[tuple[Path, pl.DataFrame]], leaves: pl.DataFrame, proven: Proven, report: VerifyReport
) -> None:
    """Name the records of a table that are others, gone or new."""
    known = _latest(table, leaves, proven)
    first = proven[0][0]
    seen: list[pl.DataFrame] = []
    for path, frame in files:
        where = f"lake/{table.name}/{path.name}"
        if not {table.key, "batch_id"} <= set(frame.columns):
            continue
        own = frame.with_row_index("at").join(
            known, left_on=table.key, right_on="key", how="left", maintain_order="left"
        )
        told = own.filter((pl.col("batch_id") >= first) | pl.col("leaf").is_not_null())
        new = told.filter(pl.col("leaf").is_null() | pl.col("gone"))[table.key]
        if len(new):
            report.differs(where, "records that no load wrote", new)
        changed = [
            key for _, part in told.filter(~pl.col("gone")).group_by("columns") for key in _changed(part, table, frame)
        ]
        if changed:
            report.differs(where, "records that are others than a load wrote", changed)
        seen.append(own.select(pl.col(table.key).alias("key")))
    keys = pl.concat([pl.DataFrame(schema={"key": pl.String}), *seen])
    twice = keys.filter(pl.col("key").is_duplicated())["key"].unique()
    if len(twice):
        report.differs(f"lake/{table.name}", "records that are there twice", twice)
    gone = known.filter(~pl.col("gone")).join(keys, on="key", how="anti")["key"]
    if len(gone):
        report.differs(f"lake/{table.name}", "records that a load wrote, and that are gone or cannot be read", gone)


def _latest(table: Table, leaves: pl.DataFrame, proven: Proven) -> pl.DataFrame:
    """The newest leaf of each key of a table: `key`, `load`, `salt`, `leaf`, `columns` (of its text), `gone`."""
    parts = [
        (load, number, list(part.columns))
        for load, proof in proven
        for number, part in enumerate(proof.parts)
        if part.table == table.name
    ]
    schema = pl.Schema([("batch_id", pl.String()), ("part", pl.Int32()), ("columns", pl.List(pl.String))])
    of = pl.DataFrame(parts, schema=schema, orient="row")
    own = leaves.join(of, on=["batch_id", "part"], how="inner", maintain_order="left")
    latest = own.unique("key", keep="last", maintain_order=True)
    gone = (pl.col("columns").list.len() == 1) & (pl.col("columns").list.first() == GONE)
    return latest.select("key", "salt", "leaf", "columns", load="batch_id", gone=gone)


def _changed(told: pl.DataFrame, table: Table, frame: pl.DataFrame) -> Iterator[str]:
    """The keys of rows, all with leaves of the same columns, that have other leaves now, or belong to another load."""
    columns = told["columns"][0].to_list()
    others = [name for name in frame.columns if name not in columns and name in table.schema]
    other = told["batch_id"] != told["load"]
    if others:
        other |= told.select(pl.any_horizontal(pl.col(name).is_not_null() for name in others)).to_series()
    if set(columns) <= set(frame.columns):
        made = rows.leaves(rows.texts(told, table.name, columns), told["salt"])
        other |= (made != told["leaf"]).fill_null(False)
    else:
        other |= True
    yield from told.filter(other)[table.key]
