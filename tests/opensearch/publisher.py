"""A publisher of one generation, run as a process by `test_faults`.

    python -m tests.opensearch.publisher URLS PREFIX GENERATION

Builds and switches both indices; each document's source is the generation's name. Prints `writing` when the first
document is asked for, and `published` in the end; ends with 3 and the message where the engine refuses.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

from tests.engine import corpus
from xincha.engine.contract import Document, IndexName
from xincha.engine.opensearch import bulk
from xincha.engine.opensearch.client import Connection
from xincha.engine.opensearch.engine import OpenSearchEngine
from xincha.engine.opensearch.store import IndexOptions
from xincha.errors import EngineError

BODY = 100
"""Documents of a request: a tenth of what it may hold, so that as many requests take a tenth of the time."""

COUNT = 3 * BODY
LOCK_SECONDS = 30.0


def engine_on(urls: list[str], prefix: str, *, tries: int = 9) -> OpenSearchEngine:
    """An engine whose versions are copied to a second node."""
    options = IndexOptions(prefix, replicas=1, keep=2, lock_seconds=LOCK_SECONDS, tries=tries)
    return OpenSearchEngine(Connection(urls), options)


def documents(index: IndexName, generation: str, count: int = COUNT) -> Iterator[Document]:
    """All documents of a generation."""
    for number in range(count):
        if index == "entities":
            yield {**corpus.document(number % 100), "id": f"示例-{number}", "source": generation.encode()}
        else:
            yield {"id": f"P-{number}", "tie": number, "source": generation.encode()}


def _told(rows: Iterator[Document]) -> Iterator[Document]:
    print("writing", flush=True)  # noqa: T201
    yield from rows


def main() -> None:
    urls, prefix, generation = sys.argv[1:]
    bulk.BODY_DOCUMENTS = BODY
    try:
        with closing(engine_on(urls.split(","), prefix)) as engine:
            entities = engine.build("entities", _told(documents("entities", generation)), note={})
            records = engine.build("records", documents("records", generation), note={})
            engine.switch([entities, records])
    except EngineError as error:
        print(error, flush=True)  # noqa: T201
        sys.exit(3)
    print("published", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
