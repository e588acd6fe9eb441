"""Documents that several processes make become one version, whoever writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial

import pytest

from tests.engine import corpus
from tests.forked import FORKED
from xincha.engine import query as q
from xincha.engine.contract import BuildPart, Document, Engine, PartWriter
from xincha.errors import BuildFailed

EVERYTHING = q.Request(q.MatchAll(), size=1_000)


def made(numbers: Iterable[int]) -> list[Document]:
    return [corpus.document(number) for number in numbers]


def written(writer: PartWriter, numbers: Iterable[int]) -> BuildPart:
    return writer(made(numbers))


@dataclass
class Halves:
    """Some documents for each of two processes."""

    each: Sequence[Iterable[int]]
    processes: int = 2

    def __iter__(self) -> Iterator[Document]:
        for numbers in self.each:
            yield from made(numbers)

    def write_parts(self, writer: PartWriter) -> Sequence[BuildPart]:
        with ProcessPoolExecutor(self.processes, FORKED) as pool:
            return list(pool.map(partial(written, writer), self.each))


def found(engine: Engine) -> dict[str, bytes]:
    result = engine.search("entities", EVERYTHING)
    assert result.total == len(result.hits)
    return {hit.id: hit.source for hit in result.hits}


@pytest.mark.slow
def test_what_two_processes_make_is_one_version(engine: Engine) -> None:
    engine.switch([engine.build("entities", made(range(90)), note={})])
    alone = found(engine)
    build = engine.build("entities", Halves([range(0, 90, 2), range(1, 90, 2)]), note={})
    assert build.documents == 90
    engine.switch([build])
    assert found(engine) == alone
    engine.switch([engine.apply("entities", made([90]), ["示例-0000"], note={})])
    assert found(engine).keys() ^ alone.keys() == {"示例-0000", "示例-0090"}


@pytest.mark.slow
@pytest.mark.parametrize("each", [[[], []], [range(5), []], [[], range(5)]])
def test_a_process_that_found_nothing_to_do_adds_nothing(engine: Engine, each: Sequence[Iterable[int]]) -> None:
    engine.switch([engine.build("entities", Halves(each), note={})])
    assert len(found(engine)) == sum(map(len, map(list, each)))


@pytest.mark.slow
def test_an_identifier_that_two_processes_give_is_refused(engine: Engine, opened: Callable[[], Engine]) -> None:
    engine.switch([engine.build("entities", made(range(3)), note={})])
    with pytest.raises(BuildFailed, match="示例-0004"):
        engine.build("entities", Halves([range(5), range(4, 9)]), note={})
    assert len(found(opened())) == 3


@pytest.mark.slow
def test_an_identifier_that_one_process_gives_twice_is_refused(engine: Engine) -> None:
    with pytest.raises(BuildFailed, match="示例-0002"):
        engine.build("entities", Halves([[0, 2, 1, 2], [5]]), note={})
