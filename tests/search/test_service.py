"""What the searcher does as a whole, apart from what its finders find."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.search import register
from xincha.days import today
from xincha.engine.contract import IndexName, Result
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.engine.query import MatchAll, Request
from xincha.search.service import Searcher


class Watched(EmbeddedEngine):
    """The engine that counts how many documents are asked for without saying which."""

    sampled = 0

    def search(self, index: IndexName, request: Request) -> Result:
        self.sampled += request.size if isinstance(request.query, MatchAll) else 0
        return super().search(index, request)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Watched]:
    with closing(Watched(tmp_path, threads=1, memory_mb=32)) as opened:
        documents = [register.entity(1, "厦门鹭岛科技有限公司")]
        opened.switch([opened.build("entities", documents, note={}), opened.build("records", [], note={})])
        yield opened


def test_a_warm_searcher_has_read_the_sample_that_its_first_match_needs(engine: Watched) -> None:
    searcher = Searcher(engine, today=today)
    searcher.warm()
    before = engine.sampled
    (match,) = searcher.matcher.match([{"name": "厦门鹭导科技有限公司"}])
    assert before
    assert engine.sampled == before
    assert match.candidates[0].name == "厦门鹭岛科技有限公司"
