"""The OpenSearch engine: versions are indices of a cluster, published by aliases (`store`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xincha.engine.contract import Build, Document, IndexName
from xincha.engine.fields import INDICES
from xincha.engine.opensearch.client import ENGINE, Cluster, Connection
from xincha.engine.opensearch.lock import PublisherLock
from xincha.engine.opensearch.read import OpenSearchReader
from xincha.engine.opensearch.store import IndexOptions, OpenSearchStore
from xincha.engine.opensearch.writer import OpenSearchWriter
from xincha.engine.versioned import Version, VersionedEngine


class OpenSearchEngine(VersionedEngine):
    """The OpenSearch driver of `xincha.engine.contract.Engine`."""

    name = ENGINE
    remote = True

    def __init__(self, connection: Connection, options: IndexOptions) -> None:
        self._cluster = Cluster(connection)
        ttl = options.lock_seconds
        lock = PublisherLock(self._cluster, f"{options.prefix}-lock", ttl=ttl, renew=ttl / 5)
        store = OpenSearchStore(self._cluster, lock, options)
        writer = OpenSearchWriter(connection, self._cluster, store, options.threads, options.tries)
        super().__init__(store, lock, OpenSearchReader(self._cluster, store), writer, keep=options.keep)
        self._parts_store, self._parts_writer = store, writer

    def begin_parts(self) -> Mapping[IndexName, str]:
        """See `WrittenInParts.begin_parts`."""
        with self._being_writer():
            self._parts_store.sweep_parts()
            return {index: self._parts_store.begin(index, in_parts=True).version for index in INDICES}

    def write_part(self, index: IndexName, version: str, documents: Iterable[Document]) -> int:
        """See `WrittenInParts.write_part`."""
        return self._parts_writer.part(Version(index, version), documents)

    def finish_parts(self, index: IndexName, version: str, documents: int, *, note: Mapping[str, str]) -> Build:
        """See `WrittenInParts.finish_parts`."""
        written = Version(index, version)
        with self._being_writer():
            return self._finished(written, lambda: self._parts_writer.completed(written, documents), note)

    def give_up_parts(self) -> None:
        """See `WrittenInParts.give_up_parts`."""
        with self._being_writer():
            self._parts_store.sweep_parts()
