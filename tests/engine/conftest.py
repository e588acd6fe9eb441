"""The contract suite of engines: everything here runs once for each driver.

A further driver is one more line in `DRIVERS`: a function that opens an engine on a folder (or on names derived from
it), such that opening the same folder twice gives two engines on one store, as two processes would have them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.engine import corpus
from tests.opensearch.secured import Secured
from xincha.engine.contract import Document, Engine, EngineStatus, IndexName, Result
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.engine.opensearch.client import Place
from xincha.engine.opensearch.engine import Layout, OpenSearchEngine
from xincha.engine.query import Request

Opener = Callable[[Path], Engine]

LOCK_SECONDS = 10.0
"""So long a lock lasts that is not renewed: more than a busy machine stands still, and who is refused waits a fifth."""


def open_embedded(folder: Path) -> Engine:
    return EmbeddedEngine(folder, threads=2, memory_mb=64, keep=2)


def open_opensearch(folder: Path) -> Engine:
    """On the node of this run; the folder gives the names of its indices."""
    prefix = f"t-{hashlib.blake2b(str(folder).encode(), digest_size=8).hexdigest()}"
    place = Place([os.environ["TESTS_OPENSEARCH_URL"]], timeout=30)
    return OpenSearchEngine(place, Layout(prefix, shards=2, replicas=0, threads=2, lock_seconds=LOCK_SECONDS))


class TwoUsers(OpenSearchEngine):
    """Writes as `xincha-publisher`, reads as `xincha-reader`: what either may do has to be enough."""

    def __init__(self, secured: Secured, layout: Layout) -> None:
        publisher, reader = (
            Place([secured.url], name, secured.passwords[name], Path(secured.ca), timeout=30)
            for name in ("xincha-publisher", "xincha-reader")
        )
        super().__init__(publisher, layout)
        self._reading = OpenSearchEngine(reader, layout)

    def search(self, index: IndexName, request: Request) -> Result:
        return self._reading.search(index, request)

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        return self._reading.search_many(index, requests)

    def status(self) -> EngineStatus:
        return self._reading.status()

    def close(self) -> None:
        self._reading.close()
        super().close()


def open_secured(folder: Path) -> Engine:
    """On the secured node of this run, which is of another version, with the project's roles."""
    prefix = f"s-{hashlib.blake2b(str(folder).encode(), digest_size=8).hexdigest()}"
    secured = Secured.read(Path(os.environ["TESTS_OPENSEARCH_SECURED"]))
    return TwoUsers(secured, Layout(prefix, replicas=0, threads=2, lock_seconds=LOCK_SECONDS))


DRIVERS = [
    pytest.param(open_embedded, id="embedded"),
    pytest.param(open_opensearch, id="opensearch"),
    pytest.param(open_secured, id="secured"),
]


@dataclass(frozen=True, repr=False)
class Published:
    """An engine with a published corpus, and the documents that are then in it."""

    engine: Engine
    documents: Sequence[Document]


@pytest.fixture(scope="module", params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> Opener:
    opener: Opener = request.param
    if opener is open_opensearch:
        os.environ["TESTS_OPENSEARCH_URL"] = request.getfixturevalue("opensearch_url")
    if opener is open_secured:
        request.getfixturevalue("opensearch_secured")
        os.environ["TESTS_OPENSEARCH_SECURED"] = str(request.getfixturevalue("run_folder") / "opensearch-secured")
    return opener


@pytest.fixture
def opened(driver: Opener, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Opens engines on one store, as separate processes would."""
    engines: list[Engine] = []

    def another() -> Engine:
        engines.append(driver(tmp_path / "index"))
        return engines[-1]

    yield another
    for engine in engines:
        engine.close()


@pytest.fixture
def engine(opened: Callable[[], Engine]) -> Engine:
    return opened()


@pytest.fixture(scope="module")
def published(driver: Opener, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """A corpus that has been built, changed and published: several segments, replaced and removed documents."""
    engine = driver(tmp_path_factory.mktemp("published") / "index")
    documents = {str(d["id"]): d for d in corpus.documents(200)}
    engine.switch([engine.build("entities", documents.values(), note={})])
    for seed, start, stop in ((1, 150, 260), (2, 250, 300)):
        changed = [corpus.document(number, seed) for number in range(start, stop)]
        gone = [f"示例-{number:04d}" for number in range(start - 40, start, 3)]
        engine.switch([engine.apply("entities", changed, gone, note={})])
        documents |= {str(d["id"]): d for d in changed}
        documents = {identifier: d for identifier, d in documents.items() if identifier not in gone}
    yield Published(engine, list(documents.values()))
    engine.close()


def publish(engine: Engine, index: IndexName, documents: Sequence[Document], **note: str) -> None:
    """Build and publish in one go."""
    engine.switch([engine.build(index, documents, note=note)])
