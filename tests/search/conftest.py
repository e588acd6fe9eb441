"""A small fictional register in the real embedded engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.search.register import TODAY
from xincha.engine.embedded import EmbeddedEngine
from xincha.search.service import Searcher

Documents = Iterable[Mapping[str, object]]
Publish = Callable[..., Searcher]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[EmbeddedEngine]:
    with closing(EmbeddedEngine(tmp_path / "index", threads=1, memory_mb=32)) as engine:
        yield engine


@pytest.fixture
def publish(engine: EmbeddedEngine) -> Publish:
    """Publish documents of entities and of records; a searcher over them, on 1 March 2026."""

    def call(entities: Documents, records: Documents = ()) -> Searcher:
        engine.switch([engine.build("entities", entities, note={}), engine.build("records", records, note={})])
        return Searcher(engine, today=lambda: TODAY)

    return call
