"""Versions, the same for every engine: built beside what is published, verified, switched to, rolled back to, removed.

`VersionedEngine` has the methods of `xincha.engine.contract.Engine`. A driver gives it a `VersionStore` (which versions
there are, which are published), a `WriterLock`, a `VersionReader` and a `VersionWriter`. The lock is taken by the first
`build` or `apply` and held until everything that was built is switched, or `close`; another process that wants to write
meanwhile is refused. What a writer that was interrupted has left is removed by the next one.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from xincha import budget
from xincha.engine.contract import Build, Document, EngineStatus, IndexName, IndexStatus, Result
from xincha.engine.fields import INDICES, fingerprint
from xincha.engine.query import Request
from xincha.errors import BuildFailed, EngineError, EngineNotReady, EngineUnavailable

log = logging.getLogger("xincha.engine")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an index. What stands behind `version` is known once it is complete, `published_at` (ISO 8601)
    once it is published."""

    index: IndexName
    version: str
    documents: int = 0
    fingerprint: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    published_at: str = ""

    @property
    def name(self) -> str:
        """Its name among the versions of all indices."""
        return f"{self.index}-{self.version}"


State = Mapping[IndexName, Version]


@dataclass(frozen=True, slots=True)
class Published:
    """What is published, and what was before: the state before the last switch, then the one before that.

    `where` begins the message of each error: which engine, and where its versions are.
    """

    where: str
    present: State = field(default_factory=dict)
    before: Sequence[State] = ()

    def current(self, index: IndexName) -> Version:
        """The published version; `EngineNotReady` if there is none that this program's analysis made."""
        version = self.present.get(index)
        if version is None:
            what = f"no version of {index}" if self.present else "nothing"
            raise EngineNotReady(f"{self.where}: {what} is published; load data, then run `xincha publish`")
        return self.of_our_analysis(version)

    def of_our_analysis(self, version: Version) -> Version:
        """This version; `EngineNotReady` if it was indexed by another analysis than this program's."""
        if version.fingerprint != fingerprint(version.index):
            what = f"{version.index} was indexed by another analysis"
            raise EngineNotReady(f"{self.where}: {what}; run `xincha publish`")
        return version

    def versions(self) -> dict[str, Version]:
        """All of them by name."""
        return {version.name: version for state in (*self.before, self.present) for version in state.values()}


class VersionStore(Protocol):
    """Which versions exist, and which are published."""

    def published(self) -> Published:
        """What is published: one state, also while another process switches."""

    def begin(self, index: IndexName) -> Version:
        """A new, empty version."""

    def copy(self, base: Version) -> Version:
        """A new version that begins as `base`, which stays as it is."""

    def check(self, versions: Iterable[Version]) -> None:
        """Raise `EngineError` unless these are complete and can be searched."""

    def publish(self, before: Published, states: Sequence[State]) -> None:
        """Go in one step from `before` to `states`, which begin with the present one."""

    def remove(self, version: Version) -> None:
        """Remove a version."""

    def sweep(self, keep: set[str]) -> None:
        """Remove the versions that are neither published, nor kept for `rollback`, nor named in `keep`."""


class WriterLock(Protocol):
    """One writer at a time, of all processes; a writer that is killed holds it no longer."""

    @property
    def locked(self) -> bool:
        """Is this process the writer?"""

    def lock(self) -> None:
        """Become the writer, or stay it; `BuildFailed` while another process is, or if the lock was lost."""

    def check(self) -> None:
        """`BuildFailed` if the lock was lost."""

    def unlock(self) -> None:
        """Let others write."""


class VersionReader(Protocol):
    """Answers requests on what is published."""

    def search(self, index: IndexName, request: Request) -> Result:
        """See `Engine.search`."""

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        """See `Engine.search_many`."""

    def check(self, index: IndexName) -> None:
        """Raise `EngineError` if a search could not be answered now."""

    def close(self) -> None:
        """Release files and connections."""


class VersionWriter(Protocol):
    """Writes versions; each method leaves a complete version and returns how many documents it holds."""

    def fill(self, version: Version, documents: Iterable[Document]) -> int:
        """Write all documents of an empty version."""

    def change(self, version: Version, base: Version, upserts: Sequence[Document], deletes: Sequence[str]) -> int:
        """Replace, add and remove documents of a version that is a copy of `base`."""


class VersionedEngine:
    """The eight methods of `Engine` over the parts of a driver. `keep`: published versions kept, the present one among
    them."""

    name: str
    remote: bool

    def __init__(
        self, store: VersionStore, lock: WriterLock, reader: VersionReader, writer: VersionWriter, *, keep: int
    ) -> None:
        self._store = store
        self._lock = lock
        self._reader = reader
        self._writer = writer
        self._keep = max(keep, 1)
        self._writing = threading.RLock()
        self._pending: dict[str, Version] = {}
        self._closed = False

    def build(self, index: IndexName, documents: Iterable[Document], *, note: Mapping[str, str]) -> Build:
        """See `Engine.build`."""
        with self._being_writer():
            version = self._store.begin(index)
            return self._built(version, lambda: self._writer.fill(version, documents), note)

    def apply(
        self, index: IndexName, upserts: Iterable[Document], deletes: Iterable[str], *, note: Mapping[str, str]
    ) -> Build:
        """See `Engine.apply`. Raises `EngineNotReady` if there is no version to begin from."""
        with self._being_writer():
            base = self._store.published().current(index)
            version = self._store.copy(base)
            return self._built(version, lambda: self._writer.change(version, base, list(upserts), list(deletes)), note)

    def switch(self, builds: Sequence[Build]) -> None:
        """See `Engine.switch`."""
        with self._being_writer():
            versions = self._taken(builds)
            self._store.check(versions)
            before, now = self._store.published(), datetime.now(UTC).isoformat()
            present = {**before.present, **{each.index: replace(each, published_at=now) for each in versions}}
            earlier = [before.present, *before.before] if before.present else []
            self._publish(before, [present, *earlier][: self._keep])

    def rollback(self) -> EngineStatus:
        """See `Engine.rollback`."""
        with self._being_writer():
            before = self._store.published()
            if not before.before:
                raise EngineNotReady(f"{before.where}: there is no version before the present one")
            self._store.check(before.before[0].values())
            self._publish(before, before.before)
        return self.status()

    def search(self, index: IndexName, request: Request) -> Result:
        """See `Engine.search`."""
        self._check_open()
        budget.check()
        return self._reader.search(index, request)

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        """See `Engine.search_many`."""
        self._check_open()
        budget.check()
        return self._reader.search_many(index, requests)

    def status(self) -> EngineStatus:
        """See `Engine.status`. Ready means that a search of each index could be answered just now."""
        try:
            self._check_open()
            published = self._store.published()
        except EngineError as error:
            return EngineStatus(self.name, ready=False, reason=str(error))
        reasons = []
        for index in INDICES:
            try:
                published.current(index)
                self._reader.check(index)
            except EngineError as error:
                reasons.append(str(error))
        statuses: dict[str, IndexStatus] = {index: _status(published, index) for index in published.present}
        return EngineStatus(self.name, not reasons, "; ".join(dict.fromkeys(reasons)), statuses)

    def close(self) -> None:
        """See `Engine.close`."""
        with self._writing:
            if not self._closed:
                self._closed = True
                self._lock.unlock()
                self._reader.close()

    def _check_open(self) -> None:
        if self._closed:
            raise EngineUnavailable(f"{self.name}: the engine is closed")

    @contextmanager
    def _being_writer(self) -> Iterator[None]:
        """Hold the lock; in the end others may write, unless something that was built is still to be switched."""
        with self._writing:
            self._check_open()
            held = self._lock.locked
            try:
                self._lock.lock()
                if not held:
                    self._store.sweep(set())
            except BaseException:
                self._pending.clear()  # if the lock was lost, another writer has removed them
                self._lock.unlock()
                raise
            try:
                yield
            finally:
                if not self._pending:
                    self._lock.unlock()

    def _built(self, version: Version, write: Callable[[], int], note: Mapping[str, str]) -> Build:
        """Write a version; if that fails, for whatever reason, remove it."""
        try:
            return self._finished(version, write, note)
        except BaseException:
            with suppress(EngineError):  # the next writer removes it
                self._store.remove(version)
            raise

    def _finished(self, version: Version, write: Callable[[], int], note: Mapping[str, str]) -> Build:
        """Write a version, or what is left to write of it; from then on it is pending."""
        documents = write()
        self._lock.check()
        made_by = fingerprint(version.index)
        self._pending[version.name] = replace(version, documents=documents, fingerprint=made_by, note=dict(note))
        return Build(version.index, version.version, documents)

    def _taken(self, builds: Sequence[Build]) -> list[Version]:
        """The versions of builds, which are no longer pending, whatever becomes of them."""
        pending = [(build, self._pending.pop(f"{build.index}-{build.version}", None)) for build in builds]
        versions = []
        for build, version in pending:
            if version is None or version.documents != build.documents:
                raise BuildFailed(
                    f"{self.name}: version {build.version} of {build.index} is not one that was built here"
                )
            versions.append(version)
        return versions

    def _publish(self, before: Published, states: Sequence[State]) -> None:
        """Switch, and remove what is no longer kept."""
        self._lock.check()
        self._store.publish(before, states)
        try:
            self._store.sweep(set(self._pending))
        except EngineError as error:
            log.warning("older versions are removed by the next publish: %s", error)


def new_version(index: IndexName) -> Version:
    """A version that is none yet: its name tells when it was begun."""
    return Version(index, f"{datetime.now(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(4)}")


def _status(published: Published, index: IndexName) -> IndexStatus:
    version = published.present[index]
    before = dict.fromkeys(state[index].version for state in published.before if index in state)
    return IndexStatus(
        index,
        version.version,
        version.documents,
        datetime.fromisoformat(version.published_at),
        version.fingerprint,
        dict(version.note),
        tuple(each for each in before if each != version.version),
    )
