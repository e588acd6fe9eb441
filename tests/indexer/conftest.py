"""Rows of the lake for tests: all of them about fictional parties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl
import pytest

from indexer.tables import Table

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
