"""Rows of the lake for tests: all of them about fictional parties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl
import pytest

from indexer.lake import Lake, write_file
from indexer.link import link, parties
from indexer.merge import Merger
from indexer.tables import Table
from xincha.settings import Settings
from xincha.text.names import name_key

Lay = Callable[..., str]
Rows = Callable[..., pl.DataFrame]


@pytest.fixture
def rows() -> Rows:
    """`rows(table, {...}, …)`: rows with these values, null elsewhere; origin `a.csv`, rows 1, 2, …, one load."""

    def make(table: Table, *values: dict[str, object], file: str = "a.csv", batch: int = 1) -> pl.DataFrame:
        origin = {
            "batch_id": f"{batch:06d}-20240101T000000",
            "source_file": file,
            "loaded_at": datetime(2024, 1, batch, tzinfo=UTC),
        }
        filled = [{**origin, "source_row": number, **row} for number, row in enumerate(values, 1)]
        return pl.DataFrame(filled, schema=pl.Schema(table.schema))

    return make


@pytest.fixture
def lay() -> Lay:
    """`lay(settings, frames…)`: one complete load of these rows, merged and linked as `load` does it."""

    def run(settings: Settings, *frames: tuple[Table, pl.DataFrame]) -> str:
        with Lake(settings.lake).writing() as writing:
            merger = Merger(writing.before, writing.path, writing.batch_id)
            for table, frame in frames:
                stamped = frame.with_columns(batch_id=pl.lit(writing.batch_id), loaded_at=pl.lit(writing.started_at))
                part = write_file(stamped.cast(pl.Schema(table.schema)), writing.path())
                merged = merger(table, [part])
                writing.commit(table.name, merged.add, merged.remove)
                writing.commit("changes", merged.changes)
            after = writing.after()
            linked = link(parties(after.scan), after.scan("entities"), name_key)
            old = writing.before.files("links")
            writing.commit("links", [write_file(linked, writing.path())], old)
            writing.finish({"files": [], "seconds": "{}", "program": "test"})
            return writing.batch_id

    return run
