"""The OpenSearch engine: versions are indices of a cluster, published by aliases (`store`).

Reading needs no lock (`read`). Writing takes a lock in the cluster from the first `build` or `apply` until
everything built is switched, or `close`; a second process that wants to write meanwhile is refused.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from xincha.engine import query as q
from xincha.engine.contract import Build, Document, EngineStatus, IndexName, Result, Spread
from xincha.engine.opensearch.bulk import IndexSink, Lines, Sender, action, given_twice
from xincha.engine.opensearch.client import ENGINE, Cluster, Place
from xincha.engine.opensearch.lock import Lock
from xincha.engine.opensearch.read import Reader
from xincha.engine.opensearch.store import Published, State, Store, Version
from xincha.errors import BuildFailed, EngineError, EngineNotReady, EngineUnavailable

log = logging.getLogger("xincha.engine")


@dataclass(frozen=True, slots=True)
class Layout:
    """How indices lie in the cluster. `threads`: connections that write at once. `keep`: published versions kept, the
    present one too. `lock_seconds`: so long the lock of a publisher that was killed lasts; a live one renews it."""

    prefix: str = "xincha"
    shards: int = 1
    replicas: int = 1
    threads: int = 4
    keep: int = 2
    lock_seconds: float = 15.0


class OpenSearchEngine:
    """The OpenSearch driver of `xincha.engine.contract.Engine`."""

    name = ENGINE
    remote = True

    def __init__(self, place: Place, layout: Layout) -> None:
        self._place = place
        self._threads = layout.threads
        self._keep = layout.keep
        self._cluster = Cluster(place)
        self._store = Store(
            self._cluster, layout.prefix, shards=layout.shards, replicas=layout.replicas, keep=layout.keep
        )
        ttl = layout.lock_seconds
        self._lock = Lock(self._cluster, f"{layout.prefix}-lock", ttl=ttl, renew=ttl / 5)
        self._reader = Reader(self._cluster, self._store)
        self._writing = threading.RLock()
        self._pending: dict[str, Version] = {}
        self._closed = False

    def build(self, index: IndexName, documents: Iterable[Document], *, note: Mapping[str, str]) -> Build:
        """See `Engine.build`."""
        with self._writing:
            self._become_writer()
            return self._built(lambda: self._store.begin(index), lambda made: self._written(made, documents), note)

    def apply(
        self, index: IndexName, upserts: Iterable[Document], deletes: Iterable[str], *, note: Mapping[str, str]
    ) -> Build:
        """See `Engine.apply`. Raises `EngineNotReady` where there is no version to begin from."""
        with self._writing:
            self._become_writer()
            try:
                base = self._reader.current(index, self._reader.look())
            except BaseException:
                self._finish_writing(set())
                raise
            return self._built(
                lambda: self._store.clone(base),
                lambda made: self._changed(made, base, list(upserts), list(deletes)),
                note,
            )

    def switch(self, builds: Sequence[Build]) -> None:
        """See `Engine.switch`."""
        with self._writing:
            self._take_lock()
            names = {self._store.name(build.index, build.version) for build in builds}
            try:
                built = {build.index: self._verified(build) for build in builds}
                self._store.await_copies(sorted(names), self._lock.check)
                before = self._store.published()
                now = datetime.now(UTC).isoformat()
                present = {index: replace(version, published_at=now) for index, version in built.items()}
                earlier = [before.present, *before.before] if before.present else []
                self._move(before, [{**before.present, **present}, *earlier][: self._keep], names)
            finally:
                self._finish_writing(names)

    def rollback(self) -> EngineStatus:
        """See `Engine.rollback`."""
        with self._writing:
            self._take_lock()
            try:
                before = self._store.published()
                if not before.before:
                    raise EngineNotReady(f"{ENGINE}: there is no version before the present one")
                self._move(before, before.before)
            finally:
                self._finish_writing(set())
        return self.status()

    def search(self, index: IndexName, request: q.Request) -> Result:
        """See `Engine.search`."""
        self._check_open()
        return self._reader.search(index, request)

    def search_many(self, index: IndexName, requests: Sequence[q.Request]) -> Sequence[Result]:
        """See `Engine.search_many`."""
        self._check_open()
        return self._reader.search_many(index, requests)

    def status(self) -> EngineStatus:
        """See `Engine.status`. Ready means that every shard has answered just now."""
        try:
            self._check_open()
        except EngineUnavailable as error:
            return EngineStatus(self.name, ready=False, reason=str(error))
        return self._reader.status()

    def close(self) -> None:
        """See `Engine.close`."""
        with self._writing:
            if not self._closed:
                self._closed = True
                self._lock.unlock()
                self._cluster.close()

    def _check_open(self) -> None:
        if self._closed:
            raise EngineUnavailable(f"{ENGINE}: the engine is closed")

    def _become_writer(self) -> None:
        """Take the lock, and remove what an interrupted writer left."""
        held = self._lock.locked
        self._take_lock()
        if not held:
            try:
                self._store.sweep(set())
            except BaseException:
                self._finish_writing(set())
                raise

    def _take_lock(self) -> None:
        self._check_open()
        try:
            self._lock.lock()
        except BaseException:
            self._pending.clear()  # where the lock was lost another writer has removed them
            self._lock.unlock()
            raise

    def _finish_writing(self, done: set[str]) -> None:
        for name in done:
            self._pending.pop(name, None)
        if not self._pending:
            self._lock.unlock()

    def _built(self, begin: Callable[[], Version], write: Callable[[Version], int], note: Mapping[str, str]) -> Build:
        """Begin a version, write it and mark it complete; where that fails, for whatever reason, remove it."""
        made = None
        try:
            made = begin()
            documents = write(made)
            self._lock.check()
            self._pending[made.name] = self._store.complete(made, documents, note)
        except BaseException:
            if made is not None:
                with suppress(EngineError):  # the next writer removes it
                    self._store.remove([made.name])
            self._finish_writing(set())
            raise
        return Build(made.index, made.version, documents)

    def _written(self, made: Version, documents: Iterable[Document]) -> int:
        """Fill a new version; returns how many documents it holds."""
        processes = documents.processes if isinstance(documents, Spread) else 1
        sink = IndexSink(self._place, made.index, made.name, max(1, self._threads // processes))
        parts = documents.pour(sink) if isinstance(documents, Spread) else [sink(documents)]
        return self._counted(made, sum(part.documents for part in parts))

    def _changed(self, made: Version, base: Version, given: Sequence[Document], deletes: Sequence[str]) -> int:
        """Change a copy of `base`; returns how many documents it then holds."""
        lines = [Lines(made.index).of(document, "index") for document in given]
        if repeated := [name for name, count in Counter(name for name, _ in lines).items() if count > 1]:
            raise given_twice(repeated)
        upserts = dict(lines)
        touched = list(dict.fromkeys([*deletes, *upserts]))
        known = self._store.count(base.name, self._reader.compilers[made.index].query(q.Ids(touched)))
        with Sender(self._cluster, made.name, self._threads) as sender:
            for name in touched:
                sender.add((name, upserts.get(name) or action("delete", name)))
        return self._counted(made, base.documents - known + len(upserts))

    def _counted(self, made: Version, expected: int) -> int:
        found = self._store.refreshed(made)
        if found != expected:
            counts = f"{found:,} documents of {made.index} are in the index, {expected:,} were written"
            raise BuildFailed(f"{ENGINE}: {counts}: some identifiers were given twice")
        return found

    def _verified(self, build: Build) -> Version:
        version = self._pending.get(self._store.name(build.index, build.version))
        if version is None or not version.documents == build.documents == self._store.count(version.name):
            raise BuildFailed(f"{ENGINE}: version {build.version} of {build.index} is not one that was built here")
        return version

    def _move(self, before: Published, states: Sequence[State], done: Iterable[str] = ()) -> None:
        """Switch, and remove what is no longer kept."""
        self._lock.check()
        self._store.publish(before, states)
        try:
            self._store.sweep(self._pending.keys() - set(done))
            self._reader.look()
        except EngineError as error:
            log.warning("older versions are removed by the next publish: %s", error)
