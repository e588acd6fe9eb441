"""Writing a version: all documents, by the processes that make them, or changes of a copy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from xincha.engine.contract import Document, parts_of, processes_of
from xincha.engine.fields import INDICES
from xincha.engine.opensearch.bulk import BulkLines, BulkPartWriter, BulkSender, Operation, action, given_twice
from xincha.engine.opensearch.client import ENGINE, Cluster, Connection
from xincha.engine.opensearch.compile import OpenSearchCompiler
from xincha.engine.opensearch.store import OpenSearchStore
from xincha.engine.query import Ids
from xincha.engine.versioned import Version
from xincha.errors import BuildFailed


class OpenSearchWriter:
    """The OpenSearch driver's `VersionWriter`. `threads`: connections that write at once, of all processes together;
    `tries`: times that documents are sent to a cluster that does not take them."""

    def __init__(
        self, connection: Connection, cluster: Cluster, store: OpenSearchStore, threads: int, tries: int
    ) -> None:
        self._connection = connection
        self._cluster = cluster
        self._store = store
        self._threads = threads
        self._tries = tries

    def fill(self, version: Version, documents: Iterable[Document]) -> int:
        """See `VersionWriter.fill`."""
        return self.completed(version, self._written(version, documents, "create"))

    def part(self, version: Version, documents: Iterable[Document]) -> int:
        """Write some documents of a version, on disk in the end; how many."""
        count = self._written(version, documents, "index")
        self._store.flushed(version)
        return count

    def _written(self, version: Version, documents: Iterable[Document], operation: Operation) -> int:
        threads = max(1, self._threads // processes_of(documents))
        name = self._store.name(version)
        writer = BulkPartWriter(self._connection, version.index, name, threads, self._tries, operation)
        return sum(part.documents for part in parts_of(documents, writer))

    def change(self, version: Version, base: Version, upserts: Sequence[Document], deletes: Sequence[str]) -> int:
        """See `VersionWriter.change`."""
        lines = [BulkLines(version.index).of(document, "index") for document in upserts]
        if repeated := [identifier for identifier, count in Counter(each for each, _ in lines).items() if count > 1]:
            raise given_twice(repeated)
        actions = dict(lines)
        touched = list(dict.fromkeys([*deletes, *actions]))
        known = self._store.count(base, OpenSearchCompiler(INDICES[base.index]).query(Ids(touched)))
        with BulkSender(self._cluster, self._store.name(version), self._threads, self._tries) as sender:
            for identifier in touched:
                sender.add((identifier, actions.get(identifier) or action("delete", identifier)))
        return self.completed(version, base.documents - known + len(actions))

    def completed(self, version: Version, expected: int) -> int:
        """Make a version one that is never written again; `BuildFailed` unless it holds so many documents."""
        documents = self._store.refreshed(version)
        if documents != expected:
            counts = f"{documents:,} documents of {version.index} are in the index, {expected:,} were written"
            raise BuildFailed(f"{ENGINE}: {counts}: some identifiers were given twice")
        self._store.complete(version)
        return documents
