"""How common a token is, is counted of the version that is asked, and once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.search import register
from xincha.engine.contract import IndexName, Result
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.engine.query import Request
from xincha.search import frequencies
from xincha.search.frequencies import KnownFrequencies
from xincha.text import tokens

NAMES = ("厦门鹭岛科技有限公司", "厦门鹭岛贸易有限公司", "泉州清源茶业有限公司")


class Counted(EmbeddedEngine):
    """The engine that counts about how many tokens it is asked."""

    tokens = 0

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        self.tokens += len(requests)
        return super().search_many(index, requests)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Counted]:
    with closing(Counted(tmp_path, threads=1, memory_mb=32)) as opened:
        yield opened


def published(engine: Counted, names: Sequence[str]) -> str:
    documents = [register.entity(number, name) for number, name in enumerate(names)]
    builds = [engine.build("entities", documents, note={}), engine.build("records", [], note={})]
    engine.switch(builds)
    return builds[0].version


def test_tokens_are_counted_in_their_order_also_those_that_are_asked_twice_or_nowhere(engine: Counted) -> None:
    version = published(engine, NAMES)
    asked = ["鹭岛", "清源", "无有", "鹭岛"]
    assert KnownFrequencies(engine).of(version, "name_2", asked) == [2, 1, 0, 2]


def test_what_was_counted_is_kept_for_its_version_only(engine: Counted) -> None:
    counts = KnownFrequencies(engine)
    pairs = tokens.bigrams(NAMES[0]).split()
    first = published(engine, NAMES)
    before = counts.of(first, "name_2", pairs)
    asked = engine.tokens
    assert counts.of(first, "name_2", pairs) == before
    counts.of("", "name_2", ["清源"])
    asked += 1
    assert counts.of(first, "name_2", pairs) == before
    assert engine.tokens == asked
    later = published(engine, NAMES[1:])
    assert counts.of(later, "name_2", ["鹭岛", "公司"]) == [1, 2]


def test_without_a_version_nothing_is_kept(engine: Counted) -> None:
    published(engine, NAMES)
    counts = KnownFrequencies(engine)
    assert counts.of("", "name_2", ["鹭岛"]) == [2]
    published(engine, NAMES[2:])
    assert counts.of("", "name_2", ["鹭岛"]) == [0]


def test_what_is_kept_is_bounded_in_number_and_in_length(engine: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frequencies, "_KEPT", 3)
    version = published(engine, NAMES)
    counts = KnownFrequencies(engine)
    for token in tokens.bigrams("".join(NAMES)).split():
        counts.of(version, "name_2", [token])
        counts.of(version, "name_2", [token * 7])
    kept = counts._kept[1]
    assert 0 < len(kept) <= 4
    assert max(len(token) for _, token in kept) <= 12
