"""Delta tables as the lake uses them: whole Parquet files go in and out in one commit; what is old is cut off.

`indexer.lake` alone calls this.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import DeltaTable, Schema
from deltalake.exceptions import DeltaError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from xincha.errors import LakeError

CHECKPOINT = 20
"""Versions of a table after which Delta writes its state as a whole; older log entries then go."""

RESTORE = "restore the lake from its backup, or move it away and load the files again (docs/operations.md)"


def clean_log(log: Path, oldest: int) -> None:
    """Remove what lies before the last checkpoint but one that is no newer than version `oldest`.

    Delta makes a checkpoint every `CHECKPOINT` versions. A reader that listed the log before the last one was made
    still finds what it needs.
    """
    checkpoints = sorted(at for path in log.glob("*.checkpoint.parquet") if (at := log_version(path)) <= oldest)
    if len(checkpoints) > 1:
        for path in log.iterdir():
            if 0 <= log_version(path) < checkpoints[-2]:
                path.unlink(missing_ok=True)


def log_version(path: Path) -> int:
    """The version of which a file in a log is; -1 if it is of none."""
    number = path.name.partition(".")[0]
    return int(number) if number.isdigit() else -1


def is_table(folder: Path) -> bool:
    """Whether there is a Delta table."""
    return (folder / "_delta_log").is_dir() and DeltaTable.is_deltatable(str(folder))


def open_table(folder: Path, version: int | None) -> DeltaTable:
    """A table at a version (None: the latest); raises `LakeError`."""
    try:
        return DeltaTable(str(folder), version=version)
    except (DeltaError, OSError) as error:
        raise LakeError(
            f"{folder}: the table is damaged or missing at version {version}: {error}; {RESTORE}"
        ) from error


def paths(folder: Path, version: int | None) -> list[Path]:
    """Data files of a table at a version (None: the latest)."""
    actions = pl.DataFrame(open_table(folder, version).get_add_actions(flatten=True))
    return [folder / path for path in actions["path"].to_list()]


def restore(folder: Path, version: int) -> None:
    """Take a table back to a version, by a new one, unless that was done already."""
    table = open_table(folder, None)
    if table.version() == version:
        return
    last = table.history(1)[0]
    if last.get("operation") == "RESTORE" and str(last["operationParameters"].get("version")) == str(version):
        return
    table.restore(version)


def _now() -> int:
    """Milliseconds, as Delta counts them."""
    return int(datetime.now(UTC).timestamp() * 1000)


def rows_of(path: Path) -> int:
    """Rows of a Parquet file, from its footer."""
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def adopt(path: Path, folder: Path) -> AddAction:
    """Move a finished file into the table's folder, where no reader sees it before the commit."""
    stats = json.dumps({"numRecords": rows_of(path)})
    target = path.replace(folder / path.name)
    return AddAction(target.name, target.stat().st_size, {}, _now(), data_change=True, stats=stats)


def commit(folder: Path, columns: Mapping[str, Any], adds: list[AddAction], remove: Sequence[Path]) -> int:
    """Commit and return the new version of a table with these columns."""
    empty = pl.DataFrame(schema=pl.Schema(columns))
    schema = Schema.from_arrow(empty.to_arrow(compat_level=pl.CompatLevel.oldest()).schema)
    if not is_table(folder):
        keep_log: dict[str, str | None] = {
            "delta.enableExpiredLogCleanup": "false",
            "delta.checkpointInterval": str(CHECKPOINT),
        }
        create_table_with_add_actions(str(folder), schema, adds, configuration=keep_log)
        return 0
    table = open_table(folder, None)
    known = {field.name for field in table.schema().fields}
    missing = [field for field in schema.fields if field.name not in known]
    if missing:
        table.alter.add_columns(missing)
    removes = [RemoveAction(path.name, True, _now()) for path in remove]
    table.create_write_transaction([*adds, *removes], "append", table.schema())
    return open_table(folder, None).version()
