"""A slice reads the rows that belong to it, whatever order the files are in, and no others."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest

from indexer import prepare
from indexer.context import SliceRows
from indexer.prepare import slices


def test_each_slice_has_a_file_of_its_own_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "SLICE_ROWS", 10)
    keys = [f"示例-{number}" for number in range(75)]
    random.Random(1).shuffle(keys)  # noqa: S311 - the same order each time
    files = [tmp_path / "one.parquet", tmp_path / "other.parquet"]
    for file, some in zip(files, (keys[:33], keys[33:]), strict=True):
        pl.DataFrame({"entity_id": some}).write_parquet(file)
    parts = slices("entities", files)
    linked = pl.DataFrame({"entity_id": [*keys[20:] * 2, "nobody", None], "record": range(112)})
    rows = SliceRows.write(tmp_path / "rows", linked.lazy(), parts, "entity_id")
    read = [rows.read(part) for part in parts]
    own = [part.read()["entity_id"] for part in parts]
    for frame, mine in zip(read, own, strict=True):
        assert frame.equals(linked.filter(pl.col("entity_id").is_in(mine.implode())))
    assert sum(frame.height for frame in read) == 110
    assert len(list(rows.folder.iterdir())) == 8  # of nine slices, two have no rows; and one file of none
