"""What a load wrote → what proves it: the hash of each of its files, a leaf for each of its rows, a root over those.

A row bears the load that wrote it (`batch_id`), so each row of the lake has its leaf among those of one load; a row
that a load took away has a leaf that says so. Leaves and their salts lie in a table of the lake (`tables.LEAVES`), in
parts, one for each Parquet file that the load wrote. The ledger's row holds the rest as JSON (`Proof`), with the hash
of the row before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

import orjson
import polars as pl

from indexer.tables import DATA_TABLES, LEAVES, Table
from xincha.proof import merkle, rows

GONE = "gone"
"""The one column of a part that says which rows were taken away: their keys."""

_THREADS = 2
_ROWS = 200_000
"""Leaves from which on a file of them is full."""


@dataclass(frozen=True, slots=True)
class Leaves:
    """Leaves that lie together: of which table, of which columns the texts were, how many, and their root (hex)."""

    table: str
    columns: Sequence[str]
    rows: int
    root: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What the ledger's row says beside what it always did. `before`: hash of the row before (hex), if there is one;
    `root`: over the roots of the parts; `add` and `remove`: files of each table that came and went, with SHA-256."""

    before: str | None
    root: str
    parts: Sequence[Leaves]
    add: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    remove: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """As the ledger keeps it: columns once for all parts that have them."""
        different = list(dict.fromkeys(tuple(part.columns) for part in self.parts))
        parts = [[each.table, different.index(tuple(each.columns)), each.rows, each.root] for each in self.parts]
        told = asdict(self) | {"parts": parts, "columns": different}
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()

    @classmethod
    def parse(cls, text: str) -> Proof:
        """That of a row."""
        told = orjson.loads(text)
        columns = told.pop("columns")
        told["parts"] = [Leaves(table, columns[at], count, root) for table, at, count, root in told["parts"]]
        return cls(**told)


def row_hash(row: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a row of the ledger: JSON, keys in order, without nulls, since later programs add columns."""
    return sha256(orjson.dumps(_stated(row), option=orjson.OPT_SORT_KEYS)).hexdigest()


def root_of(parts: Sequence[Leaves]) -> str:
    """The root of a load (hex): the roots of its parts are the leaves."""
    return merkle.root([bytes.fromhex(part.root) for part in parts]).hex()


def file_hash(path: Path) -> str:
    """SHA-256 (hex) of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def hashes_below(folder: Path) -> dict[str, str]:
    """SHA-256 (hex) of each file in a folder, by its path from there."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): file_hash(path) for path in files}


def file_hashes(files: Mapping[str, Sequence[Path]]) -> dict[str, dict[str, str]]:
    """SHA-256 of files, by table and name."""
    return {name: {path.name: file_hash(path) for path in sorted(paths)} for name, paths in files.items() if paths}


def prove(
    added: Mapping[str, Sequence[Path]],
    removed: Mapping[str, Sequence[Path]],
    batch_id: str,
    write: Callable[[pl.DataFrame], Path],
) -> tuple[list[Leaves], list[Path]]:
    """The parts of a load, and the files of their leaves, which `write` writes. `added`, `removed`: files by table."""
    jobs = [
        job
        for table in DATA_TABLES
        for job in _jobs(table, sorted(added.get(table.name, ())), removed.get(table.name, ()), batch_id)
    ]
    parts: list[Leaves] = []
    files: list[Path] = []
    waiting: list[pl.DataFrame] = []
    with ThreadPoolExecutor(_THREADS) as pool:
        for part, leaves in pool.map(lambda job: job(), jobs):
            if part.rows:
                place = pl.lit(len(parts), pl.Int32).alias("part")
                waiting.append(leaves.select(pl.lit(batch_id).alias("batch_id"), place, *list(LEAVES)[2:]))
                parts.append(part)
            if sum(each.height for each in waiting) > _ROWS:
                files.append(write(pl.concat(waiting)))
                waiting = []
    return parts, [*files, write(pl.concat(waiting))] if waiting else files


_Job = Callable[[], tuple[Leaves, pl.DataFrame]]


def _jobs(table: Table, added: Sequence[Path], removed: Sequence[Path], batch_id: str) -> Iterator[_Job]:
    """What is left to do for a table: a part for each file, and one for the rows that it has no more."""
    yield from (partial(_part_of_file, table, path, batch_id) for path in added)
    if removed:
        yield partial(_part_of_gone, table, added, removed)


def _part_of_file(table: Table, path: Path, batch_id: str) -> tuple[Leaves, pl.DataFrame]:
    """The rows of a file that this load wrote."""
    of_load = pl.scan_parquet(path).filter(pl.col("batch_id") == batch_id).collect()
    return _part(table.name, of_load, of_load[table.key], rows.columns_of(of_load))


def _part_of_gone(table: Table, added: Sequence[Path], removed: Sequence[Path]) -> tuple[Leaves, pl.DataFrame]:
    """The keys that the files of a table had, and have no more."""
    there = pl.concat([pl.LazyFrame(schema={table.key: pl.String}), *(_keys(path, table) for path in added)])
    gone = pl.concat([_keys(path, table) for path in removed]).join(there, on=table.key, how="anti").collect()
    gone = gone.select(pl.col(table.key).alias(GONE)).sort(GONE)
    return _part(table.name, gone, gone[GONE], [GONE])


def _keys(path: Path, table: Table) -> pl.LazyFrame:
    return pl.scan_parquet(path).select(table.key)


def _part(table: str, frame: pl.DataFrame, keys: pl.Series, columns: Sequence[str]) -> tuple[Leaves, pl.DataFrame]:
    salts = rows.salts(frame.height)
    texts = rows.texts(frame, table, columns) if frame.height else pl.Series(dtype=pl.Binary)
    leaves = rows.leaves(texts, salts)
    told = pl.DataFrame([keys.alias("key"), salts, leaves]).with_row_index("place").cast({"place": pl.Int32})
    return Leaves(table, columns, frame.height, merkle.root(leaves.to_list()).hex()), told


def _stated(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _stated(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return list(map(_stated, value))
    return value.isoformat() if hasattr(value, "isoformat") else value
