"""A writer killed at any moment leaves both indices before or after the switch, and the next one works.

And readers in many threads, while another process publishes, see whole versions only.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.engine import interrupted
from tests.engine.conftest import Opener, publish
from tests.forked import call
from xincha.engine import query as q
from xincha.engine.contract import Engine, IndexName

EVERYTHING = q.Request(q.MatchAll(), size=1_000)


def run(driver: Opener, folder: Path, generation: str, unit: str = "calls", number: int = 0) -> tuple[int, object]:
    """Run the writer; returns how it ended, and how many calls it made."""
    return call(interrupted.run, driver, folder, unit, number, generation)


def contents(engine: Engine, index: IndexName) -> set[bytes]:
    """The sources in an index: of a whole generation one."""
    result = engine.search(index, EVERYTHING)
    assert result.total == len(result.hits) == interrupted.COUNT
    return {hit.source for hit in result.hits}


@pytest.fixture
def reader(opened: Callable[[], Engine]) -> Engine:
    """A reader of a store where generation 0 is published; the writer of it is gone."""
    writer = opened()
    publish(writer, "entities", interrupted.documents("entities", "0"))
    publish(writer, "records", interrupted.documents("records", "0"))
    writer.close()
    return opened()


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["calls", "microseconds"])
def test_a_writer_killed_at_any_moment_leaves_before_or_after(
    driver: Opener, reader: Engine, opened: Callable[[], Engine], tmp_path: Path, unit: str
) -> None:
    folder = tmp_path / "index"
    _, calls = run(driver, folder, "1")
    assert isinstance(calls, int)
    moments = [calls * part // 5 for part in range(1, 5)] if unit == "calls" else range(2_000, 90_000, 20_000)
    last, kills = {b"1"}, 0
    for generation, moment in enumerate(moments, start=2):
        code, _ = run(driver, folder, str(generation), unit, moment)
        kills += code < 0
        found = contents(reader, "entities")
        assert found == contents(reader, "records") == contents(opened(), "entities")
        assert found in ({str(generation).encode()}, last)
        last = found
    assert kills > 2
    run(driver, folder, "last")
    assert contents(reader, "entities") == contents(reader, "records") == {b"last"}


@pytest.mark.slow
def test_readers_in_many_threads_see_whole_versions_while_another_process_publishes(
    driver: Opener, reader: Engine, tmp_path: Path
) -> None:
    facet = q.Request(q.MatchAll(), size=0, facets={"kind": q.Facet(q.TermsAgg("kind"))})

    def look(writer: Future[tuple[int, object]]) -> set[tuple[str, bytes]]:
        seen = set()
        while not writer.done():
            everything, counted = reader.search_many("entities", [EVERYTHING, facet])
            assert everything.version == counted.version
            (source,) = {hit.source for hit in everything.hits}
            assert everything.total == counted.total == len(everything.hits) == interrupted.COUNT
            seen.add((everything.version, source))
            status = reader.status()
            assert status.ready, status.reason
            assert status.indices["entities"].note == status.indices["records"].note
        return seen

    generations = [str(number) for number in range(1, 6)]
    with ThreadPoolExecutor(4) as threads:
        writer = threads.submit(call, interrupted.run, driver, tmp_path / "index", "calls", 0, *generations)
        looking = [threads.submit(look, writer) for _ in range(3)]
        seen = set().union(*[each.result() for each in looking])
    assert writer.result()[0] == 0
    assert len({version for version, _ in seen}) == len(seen) > 1
    assert contents(reader, "entities") == {b"5"}
