"""The OpenSearch engine: versions are indices of a cluster, published by aliases (`store`)."""

from __future__ import annotations

from xincha.engine.opensearch.client import ENGINE, Cluster, Connection
from xincha.engine.opensearch.lock import PublisherLock
from xincha.engine.opensearch.read import OpenSearchReader
from xincha.engine.opensearch.store import IndexOptions, OpenSearchStore
from xincha.engine.opensearch.writer import OpenSearchWriter
from xincha.engine.versioned import VersionedEngine


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
