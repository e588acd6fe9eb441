"""A small fictional register in the real embedded engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing

import pytest

from tests.search.register import TODAY
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.search.service import Searcher

Documents = Iterable[Mapping[str, object]]
Publish = Callable[..., Searcher]


@pytest.fixture(scope="module")
def publish(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publish]:
    """Publish documents of entities and of records; a searcher over them, on 1 March 2026."""
    with ExitStack() as opened:

        def call(entities: Documents, records: Documents = ()) -> Searcher:
            folder = tmp_path_factory.mktemp("index")
            engine = opened.enter_context(closing(EmbeddedEngine(folder, threads=1, memory_mb=32)))
            engine.switch([engine.build("entities", entities, note={}), engine.build("records", records, note={})])
            return Searcher(engine, today=lambda: TODAY)

        yield call
