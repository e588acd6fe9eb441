"""Reading what is published: needs no lock and no second process.

Each search looks whether another version was published since the last one (one `stat`), and answers on the version it
then holds open.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xincha.engine.contract import IndexName, Result
from xincha.engine.embedded.search import VersionSearcher
from xincha.engine.embedded.store import EmbeddedStore, Stamp
from xincha.engine.fields import fingerprint
from xincha.engine.query import Request
from xincha.engine.versioned import Published
from xincha.errors import EngineError, EngineUnavailable

_TRIES = 20


@dataclass(frozen=True, slots=True)
class _OpenState:
    """What this process has open: what was published when the stamp was that, and a searcher of each index that this
    program's analysis made."""

    stamp: Stamp | None
    published: Published
    searchers: Mapping[IndexName, VersionSearcher]


class EmbeddedReader:
    """The embedded driver's `VersionReader`."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store
        self._state: _OpenState | None = None
        self._opening = threading.Lock()

    def search(self, index: IndexName, request: Request) -> Result:
        """See `Engine.search`."""
        return self._searcher(index).search(request)

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        """See `Engine.search_many`."""
        searcher = self._searcher(index)
        return [searcher.search(request) for request in requests]

    def check(self, index: IndexName) -> None:
        """See `VersionReader.check`."""
        self._searcher(index)

    def close(self) -> None:
        """See `VersionReader.close`."""
        self._state = None

    def _searcher(self, index: IndexName) -> VersionSearcher:
        """The open searcher of what is published now."""
        state = self._state
        if state is None or state.stamp != self._store.stamp():
            state = self._reopened()
        state.published.current(index)  # or why there is none
        return state.searchers[index]

    def _reopened(self) -> _OpenState:
        """Open what is published; once more if another process has published and removed it meanwhile."""
        with self._opening:
            for _ in range(_TRIES):
                stamp = self._store.stamp()
                if self._state and self._state.stamp == stamp:
                    return self._state
                try:
                    self._state = self._opened(stamp)
                except EngineError:
                    if self._store.stamp() == stamp:
                        raise
                else:
                    return self._state
        raise EngineUnavailable(f"{self._store.where}: what is published changes all the time")

    def _opened(self, stamp: Stamp | None) -> _OpenState:
        published = self._store.published()
        before = self._state.searchers if self._state else {}
        searchers = {}
        for index, version in published.present.items():
            if version.fingerprint == fingerprint(index):
                known = before.get(index)
                same = known is not None and known.version == version.version
                searchers[index] = known if same and known else VersionSearcher(version, self._store.path(version))
        return _OpenState(stamp, published, searchers)
