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
from xincha.engine.contract import Document, Engine, IndexName
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.engine.opensearch.client import Connection
from xincha.engine.opensearch.engine import OpenSearchEngine
from xincha.engine.opensearch.store import IndexOptions

Opener = Callable[[Path], Engine]

LOCK_SECONDS = 10.0
"""So long a lock lasts that is not renewed: more than a busy machine stands still, and who is refused waits a fifth."""


def open_embedded(folder: Path) -> Engine:
    return EmbeddedEngine(folder, threads=2, memory_mb=64, keep=2)


def open_opensearch(folder: Path) -> Engine:
    """On the node of this run; the folder gives the names of its indices."""
    prefix = f"t-{hashlib.blake2b(str(folder).encode(), digest_size=8).hexdigest()}"
    connection = Connection([os.environ["TESTS_OPENSEARCH_URL"]], timeout=30)
    return OpenSearchEngine(
        connection, IndexOptions(prefix, shards=2, replicas=0, threads=2, lock_seconds=LOCK_SECONDS)
    )


DRIVERS = [
    pytest.param(open_embedded, id="embedded"),
    pytest.param(open_opensearch, id="opensearch"),
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
