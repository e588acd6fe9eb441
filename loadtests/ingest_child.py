"""One measured side of `loadtests.ingest`, in a process of its own; prints one line of JSON.

load DATA FILE…      load the files into DATA and publish them
direct DATA FOLDER   the documents that this publish made, finished and in memory, straight into tantivy in FOLDER:
                     the same schema, threads and memory, nothing but making its documents, adding and committing
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import tantivy

from indexer.load import load
from indexer.publish import publish
from xincha.engine.contract import Build, Document, EngineStatus, IndexName
from xincha.engine.embedded.engine import EmbeddedEngine
from xincha.engine.embedded.index import date_number, open_index
from xincha.engine.fields import INDICES
from xincha.engine.open import open_engine
from xincha.settings import Settings


def main() -> None:
    """Does what the first argument says."""
    what, data, *others = sys.argv[1:]
    settings = Settings(data=Path(data))
    report = _load(settings, others) if what == "load" else _direct(settings, Path(others[0]))
    print(json.dumps(report))


def _load(settings: Settings, files: list[str]) -> Mapping[str, object]:
    began = time.perf_counter()
    loaded = load([Path(file) for file in files], settings)
    engine = open_engine(settings)
    published = publish(settings, engine)
    seconds = time.perf_counter() - began
    engine.close()
    rows = sum(file.rows_read for file in loaded.files)
    stages = {f"load {k}": v for k, v in loaded.seconds.items()} | {
        f"publish {k}": v for k, v in published.seconds.items()
    }
    return {"rows": rows, "seconds": seconds, "stages": stages}


class Collector(EmbeddedEngine):
    """Takes the documents of a build into memory instead of writing them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.taken: dict[IndexName, list[Document]] = {}

    def build(self, index: IndexName, documents: Iterable[Document], *, note: Mapping[str, str]) -> Build:  # noqa: ARG002
        """See `Engine.build`."""
        self.taken[index] = list(documents)
        return Build(index, "collected", len(self.taken[index]))

    def status(self) -> EngineStatus:
        """See `Engine.status`."""
        return EngineStatus("collector", ready=False, reason="collects")

    def switch(self, builds: object) -> None:
        """Nothing is published."""


def _direct(settings: Settings, folder: Path) -> Mapping[str, object]:
    collector = Collector(folder / "collector")
    publish(settings, collector, full=True)
    finished = {index: [_plain(index, each) for each in taken] for index, taken in collector.taken.items()}
    rows = sum(len(taken) for taken in finished.values())
    gc.disable()
    began = time.perf_counter()
    for index, documents in finished.items():
        path = folder / index
        path.mkdir(parents=True)
        opened = open_index(path, INDICES[index])
        writer = opened.writer(settings.index_memory_mb * 1024 * 1024, settings.index_threads)
        schema = opened.schema
        for document in documents:
            writer.add_document(tantivy.Document.from_dict(document, schema))
        writer.commit()
        writer.wait_merging_threads()
    return {"rows": rows, "seconds": time.perf_counter() - began, "stages": {}}


def _plain(index: IndexName, document: Document) -> dict[str, object]:
    dates = [name for name, field in INDICES[index].items() if field.type == "date"]
    row = dict(document)
    for name in dates:
        if isinstance(day := row.get(name), date):
            row[name] = date_number(day)
    return row


if __name__ == "__main__":
    main()
