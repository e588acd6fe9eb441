"""The embedded engine: tantivy in this process, one folder of versions (`store`).

Reading needs no lock and no second process: each search looks whether another version was published since the last one
(one `stat`), and answers on the version it then holds. Writing takes a lock on the folder from the first `build` or
`apply` until everything built is switched, or `close`; a second process that wants to write meanwhile fails at once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from xincha.engine.contract import Build, Document, EngineStatus, IndexName, IndexStatus, Result, Spread
from xincha.engine.embedded.index import Writer, open_index, wrapped
from xincha.engine.embedded.parts import FolderSink, filled, joined, refuse_repeated
from xincha.engine.embedded.search import Reader
from xincha.engine.embedded.store import Published, State, Store, Version
from xincha.engine.fields import INDICES, fingerprint
from xincha.engine.query import Request
from xincha.errors import BuildFailed, EngineError, EngineNotReady, EngineUnavailable

_TRIES = 20
_LEAST_MB = 16
"""Memory with which one thread of a writer works well."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Held:
    """What this process has open: a reader of each published index, or why it cannot be read."""

    stamp: tuple[int, int, int]
    readers: Mapping[IndexName, Reader]
    refused: Mapping[IndexName, str]


class EmbeddedEngine:
    """The embedded driver of `xincha.engine.contract.Engine`."""

    name = "embedded"
    remote = False

    def __init__(self, folder: Path, *, threads: int = 2, memory_mb: int = 256, keep: int = 2) -> None:
        """`threads` and `memory_mb` (MiB) are the writer's; `keep`: published versions kept, the present one too."""
        self._store = Store(folder)
        self._threads = threads
        self._memory_mb = max(memory_mb, _LEAST_MB * threads)
        self._keep = max(keep, 1)
        self._held: _Held | None = None
        self._opening = threading.Lock()
        self._writing = threading.RLock()
        self._pending: set[str] = set()
        self._closed = False

    def build(self, index: IndexName, documents: Iterable[Document], *, note: Mapping[str, str]) -> Build:
        """See `Engine.build`."""
        with self._writing:
            self._become_writer()
            version = self._store.begin(index)
            return self._built(index, version, note, lambda: self._written(index, version, documents))

    def apply(
        self, index: IndexName, upserts: Iterable[Document], deletes: Iterable[str], *, note: Mapping[str, str]
    ) -> Build:
        """See `Engine.apply`. Raises `EngineNotReady` where there is no version to begin from."""
        with self._writing:
            self._become_writer()
            try:
                base = self._reader(index)
                version = self._store.snapshot(index, base.version)
            except BaseException:
                self._finish_writing(set())
                raise
            return self._built(index, version, note, lambda: self._changed(index, version, base, upserts, deletes))

    def switch(self, builds: Sequence[Build]) -> None:
        """See `Engine.switch`."""
        with self._writing:
            self._store.lock()
            try:
                for build in builds:
                    self._verify(build)
                self._publish(builds)
            finally:
                self._finish_writing({f"{build.index}-{build.version}" for build in builds})

    def rollback(self) -> EngineStatus:
        """See `Engine.rollback`."""
        with self._writing:
            self._store.lock()
            try:
                published = self._store.published()
                if published is None or not published.before:
                    raise EngineNotReady("embedded: there is no version before the present one")
                for index, version in published.before[0].versions.items():
                    self._store.about(index, version)
                self._store.publish(list(published.before))
                self._store.sweep(self._pending)
            finally:
                self._finish_writing(set())
        return self.status()

    def search(self, index: IndexName, request: Request) -> Result:
        """See `Engine.search`."""
        return self._reader(index).search(request)

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        """See `Engine.search_many`."""
        reader = self._reader(index)
        return [reader.search(request) for request in requests]

    def status(self) -> EngineStatus:
        """See `Engine.status`."""
        try:
            found = self._statuses()
        except (EngineError, OSError) as error:
            return EngineStatus(self.name, ready=False, reason=str(error))
        reasons = []
        for index in INDICES:
            try:
                self._reader(index)
            except EngineError as error:
                reasons.append(str(error))
        return EngineStatus(self.name, ready=not reasons, reason="; ".join(dict.fromkeys(reasons)), indices=found)

    def close(self) -> None:
        """See `Engine.close`."""
        with self._writing:
            self._closed = True
            self._held = None
            self._store.unlock()

    # Reading

    def _reader(self, index: IndexName) -> Reader:
        """The open reader of what is published now."""
        if self._closed:
            raise EngineUnavailable("embedded: the engine is closed")
        held, stamp = self._held, self._store.stamp()
        if stamp is None:
            raise EngineNotReady(f"embedded: nothing is published in {self._store.folder}; load data first")
        if held is None or held.stamp != stamp:
            held = self._reopened()
        reader = held.readers.get(index)
        if reader is None:
            raise EngineNotReady(held.refused.get(index, f"embedded: no version of {index} is published"))
        return reader

    def _reopened(self) -> _Held:
        """Open what is published."""
        with self._opening:

            def opened(published: Published | None) -> _Held:
                if published is None:
                    raise EngineNotReady(f"embedded: nothing is published in {self._store.folder}; load data first")
                current = self._held is not None and self._held.stamp == published.stamp
                return self._held if current and self._held else self._opened(published, self._held)

            self._held = self._settled(opened)
            return self._held

    def _settled(self, use: Callable[[Published | None], _T]) -> _T:
        """Use what is published; once more where another process has published and removed it meanwhile."""
        for _ in range(_TRIES):
            published = self._store.published()
            try:
                return use(published)
            except EngineError:
                if published is None or self._store.stamp() == published.stamp:
                    raise
        raise EngineUnavailable(f"embedded: what is published in {self._store.folder} changes all the time")

    def _opened(self, published: Published, before: _Held | None) -> _Held:
        readers: dict[IndexName, Reader] = {}
        refused: dict[IndexName, str] = {}
        for index, version in published.present.versions.items():
            if self._store.about(index, version).fingerprint != fingerprint(index):
                refused[index] = f"embedded: {index} was indexed by another analysis; build it again from the lake"
                continue
            same = before.readers.get(index) if before else None
            reuse = same is not None and same.version == version
            readers[index] = same if reuse and same else Reader(index, version, self._store.path(index, version))
        return _Held(published.stamp, readers, refused)

    def _statuses(self) -> dict[str, IndexStatus]:
        def statuses(published: Published | None) -> dict[str, IndexStatus]:
            versions = published.present.versions if published else {}
            return {index: self._status(published, index, version) for index, version in versions.items() if published}

        return self._settled(statuses)

    def _status(self, published: Published, index: IndexName, version: str) -> IndexStatus:
        about = self._store.about(index, version)
        since = datetime.fromisoformat(published.present.since[index])
        before = dict.fromkeys(state.versions[index] for state in published.before if index in state.versions)
        previous = tuple(each for each in before if each != version)
        return IndexStatus(index, version, about.documents, since, about.fingerprint, dict(about.note), previous)

    # Writing

    def _become_writer(self) -> None:
        """Take the lock, and remove what an interrupted writer left."""
        if self._closed:
            raise EngineUnavailable("embedded: the engine is closed")
        if not self._store.locked:
            self._store.lock()
            self._pending.clear()
            self._store.sweep(set())

    def _finish_writing(self, done: set[str]) -> None:
        self._pending -= done
        if not self._pending:
            self._store.unlock()

    def _built(self, index: IndexName, version: str, note: Mapping[str, str], write: Callable[[], int]) -> Build:
        """Write a version and mark it complete; where that fails, for whatever reason, remove it."""
        try:
            documents = write()
            self._store.complete(Version(index, version, documents, fingerprint(index), dict(note)))
        except BaseException:
            self._store.remove(index, version)
            self._finish_writing(set())
            raise
        self._pending.add(f"{index}-{version}")
        return Build(index, version, documents)

    def _written(self, index: IndexName, version: str, documents: Iterable[Document]) -> int:
        """Fill a new version; returns how many documents it holds."""
        folder = self._store.path(index, version)
        processes = documents.processes if isinstance(documents, Spread) else 1
        threads = max(1, self._threads // processes)
        sink = FolderSink(index, folder, threads, max(self._memory_mb // processes, _LEAST_MB * threads))
        parts = documents.pour(sink) if isinstance(documents, Spread) else [sink(documents)]
        return joined(index, folder, parts)

    def _changed(
        self, index: IndexName, version: str, base: Reader, upserts: Iterable[Document], deletes: Iterable[str]
    ) -> int:
        """Change a snapshot of `base`; returns how many documents it then holds."""
        given = list(upserts)
        touched = list(dict.fromkeys([*deletes, *(str(document.get("id")) for document in given)]))
        with wrapped("cannot open the snapshot", BuildFailed):
            opened = open_index(self._store.path(index, version))
        writer = Writer(opened, INDICES[index], threads=self._threads, memory_mb=self._memory_mb)

        def change() -> int:
            writer.remove(touched)
            return base.documents - base.count(touched) + writer.add(given)

        found = filled(opened, writer, change)
        refuse_repeated(index, opened, [writer.hashes()])
        return found

    def _verify(self, build: Build) -> None:
        about = self._store.about(build.index, build.version)
        if about.documents != build.documents:
            raise BuildFailed(f"embedded: version {build.version} of {build.index} is not the one that was built")

    def _publish(self, builds: Sequence[Build]) -> None:
        published = self._store.published()
        present = published.present if published else State()
        now = datetime.now(UTC).isoformat()
        state = State(
            {**present.versions, **{build.index: build.version for build in builds}},
            {**present.since, **{build.index: now for build in builds}},
        )
        before = [present, *published.before] if published else []
        self._store.publish([state, *before][: self._keep])
        done = {f"{build.index}-{build.version}" for build in builds}
        self._store.sweep(self._pending - done)
