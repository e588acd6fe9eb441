"""Versions in a cluster: which exist, which are published, and those before them.

    <prefix>-<index>-<version>     one version; what is known of it is in its mapping's `_meta`
    <prefix>-<index>               alias of the published version
    <prefix>-<index>-previous      alias of the one that was published before (`-previous-2`, … where more are kept)
    <prefix>-<index>-in-parts      alias of one that several machines are writing

All aliases move in one call, so that a switch of several indices happens at once. That call names the version that each
alias leaves, and fails whole where it is another by now; each alias is a *write alias*, of which there can be no second
index: two publishers can never both believe to have published. A version is never written again once it is complete.
What no alias names is a leftover: the next writer removes it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xincha.engine.contract import IndexName
from xincha.engine.fields import INDICES
from xincha.engine.opensearch.client import ENGINE, LONG, Cluster, Refused
from xincha.engine.opensearch.lock import PublisherLock
from xincha.engine.opensearch.mapping import index_body
from xincha.engine.versioned import Published, State, Version, new_version
from xincha.errors import BuildFailed, EngineError, EngineUnavailable

FORMAT = 1
_COPIES_SECONDS = 600.0
"""So long a switch waits for copies that are on their way; they may also be made later."""

_LOOK_SECONDS = 5.0
_NOTED = ("documents", "fingerprint", "note", "published_at")


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """How indices lie in the cluster. `threads`: connections that write at once. `keep`: published versions kept, the
    present one too. `lock_seconds`: so long the lock of a publisher that was killed lasts; a live one renews it.
    `tries`: times that documents are sent to a cluster that does not take them; nine take a good minute and more."""

    prefix: str = "xincha"
    shards: int = 1
    replicas: int = 1
    threads: int = 4
    keep: int = 2
    lock_seconds: float = 15.0
    tries: int = 9


class OpenSearchStore:
    """The versions under one prefix. `check` of versions stops if `lock` is lost meanwhile."""

    def __init__(self, cluster: Cluster, lock: PublisherLock, options: IndexOptions) -> None:
        self.where = f"{ENGINE}: {options.prefix}-*"
        self.prefix = prefix = options.prefix
        self._cluster = cluster
        self._lock = lock
        self._options = options
        self._aliases = {self.alias(index, depth): (index, depth) for index in INDICES for depth in range(options.keep)}
        self._named = re.compile(rf"{re.escape(prefix)}-({'|'.join(INDICES)})-(\d{{8}}t\d{{6}}-[0-9a-f]{{8}})")

    def alias(self, index: IndexName, depth: int = 0) -> str:
        """The alias of what is published (0), or was before the last `depth` switches."""
        behind = ("", "-previous")[depth] if depth < 2 else f"-previous-{depth}"
        return f"{self.prefix}-{index}{behind}"

    def name(self, version: Version) -> str:
        """The name of a version's index in the cluster."""
        return f"{self.prefix}-{version.name}"

    def published(self) -> Published:
        """See `VersionStore.published`; asked in one call."""
        return self._read(self._indices(list(self._aliases)))

    def begin(self, index: IndexName, *, in_parts: bool = False) -> Version:
        """See `VersionStore.begin`. One that is written `in_parts` is nobody's leftover until it was published."""
        version = new_version(index)
        body = dict(index_body(INDICES[index], shards=self._options.shards, meta={"format": FORMAT}))
        if in_parts:
            body["aliases"] = {self._in_parts(index): {}}
        self._change("make an index", lambda c: c.indices.create(index=self.name(version), body=body, params=_params()))
        return version

    def copy(self, base: Version) -> Version:
        """See `VersionStore.copy`: the same files, linked."""
        version = new_version(base.index)
        settings = {
            "index.number_of_replicas": 0,
            "index.blocks.write": None,
            "index.refresh_interval": "-1",
            "index.translog.durability": "async",
        }
        source, target, body = self.name(base), self.name(version), {"settings": settings}
        self._change(
            "copy an index", lambda c: c.indices.clone(index=source, target=target, body=body, params=_params())
        )
        return version

    def refreshed(self, version: Version) -> int:
        """Make what was written readable; how many documents there are."""
        self._change("refresh an index", lambda c: c.indices.refresh(index=self.name(version), params=_params()))
        return self.count(version)

    def count(self, version: Version, query: Mapping[str, Any] | None = None) -> int:
        """How many documents a version holds, or of them meet a query."""
        body = None if query is None else {"query": query}
        answer = self._cluster.read(
            "count documents",
            lambda c: c.count(index=self.name(version), body=body, params={"request_timeout": LONG}),
        )
        if answer["_shards"]["failed"]:
            raise EngineUnavailable(f"{ENGINE}: count documents: a part of the index does not answer")
        return int(answer["count"])

    def flushed(self, version: Version) -> None:
        """Write to disk what is in memory yet."""
        params = {**_params(), "force": "true"}
        self._change("write an index to disk", lambda c: c.indices.flush(index=self.name(version), params=params))

    def complete(self, version: Version) -> None:
        """Make a version one that is on disk, is never written again, and is copied to other nodes.

        Written to disk twice: only then the cluster knows that all is there, and copies files. After the first time
        alone it would make a copy by indexing every document once more.
        """
        name = self.name(version)
        for _ in range(2):
            self.flushed(version)
        settings = {
            "index.blocks.write": True,
            "index.refresh_interval": None,
            "index.translog.durability": None,
            "index.number_of_replicas": self._options.replicas,
        }
        self._change("finish an index", lambda c: c.indices.put_settings(index=name, body=settings, params=_params()))

    def check(self, versions: Iterable[Version]) -> None:
        """See `VersionStore.check`. Waits until copies that are on their way have arrived."""
        names = []
        for version in versions:
            if self.count(version) != version.documents:
                raise BuildFailed(f"{ENGINE}: version {version.version} of {version.index} is not what was built")
            names.append(self.name(version))
        if names:
            self._await_copies(names)

    def publish(self, before: Published, states: Sequence[State]) -> None:
        """See `VersionStore.publish`: all aliases are moved in one step.

        What is known of versions that were not published before is noted in them. `BuildFailed` if somebody else has
        moved an alias.
        """
        known = before.versions()
        for version in states[0].values():
            if version.name not in known:
                self._note(version)
        actions = self._moves([before.present, *before.before], states)
        for index, version in states[0].items():
            ends = {"index": self.name(version), "alias": self._in_parts(index), "must_exist": False}
            actions.append({"remove": ends})
        try:
            self._change("switch", lambda c: c.indices.update_aliases(body={"actions": actions}, params=_params()))
        except (Refused, EngineUnavailable) as error:
            now = _names(self.published().present)
            if now == _names(states[0]):
                return  # only the answer was lost
            if now != _names(before.present):
                raise BuildFailed(f"{ENGINE}: another process has published meanwhile; nothing was changed") from error
            raise

    def remove(self, version: Version) -> None:
        """See `VersionStore.remove`."""
        self._remove([self.name(version)])

    def sweep(self, keep: set[str]) -> None:
        """See `VersionStore.sweep`. What is being written in parts stays."""
        raw = self._all()
        named = {f"{self.prefix}-{name}" for name in self._read(raw).versions().keys() | keep}
        self._remove([name for name, body in raw.items() if name not in named and not self._is_in_parts(body)])

    def sweep_parts(self) -> None:
        """Remove what was begun in parts and is not published."""
        self._remove([name for name, body in self._all().items() if self._is_in_parts(body)])

    def _in_parts(self, index: IndexName) -> str:
        """The alias of what is being written in parts; the switch takes it away in the same step."""
        return f"{self.alias(index)}-in-parts"

    def _is_in_parts(self, body: Mapping[str, Any]) -> bool:
        return any(self._in_parts(index) in body.get("aliases", ()) for index in INDICES)

    def _all(self) -> dict[str, Any]:
        """As of `_indices`, of every version."""
        raw = self._indices([f"{self.prefix}-{index}-*" for index in INDICES])
        return {name: body for name, body in raw.items() if self._named.fullmatch(name)}

    def _remove(self, names: Sequence[str]) -> None:
        """Remove indices; what is gone already is no error."""
        params = {**_params(), "ignore_unavailable": "true"}
        if names:
            self._change("remove indices", lambda c: c.indices.delete(index=",".join(names), params=params))

    def _await_copies(self, names: Sequence[str]) -> None:
        params = {
            "wait_for_status": "yellow",
            "wait_for_no_initializing_shards": "true",
            "timeout": f"{_LOOK_SECONDS:g}s",
            "request_timeout": LONG,
            "ignore": 408,
        }
        end = time.monotonic() + _COPIES_SECONDS
        while True:
            self._lock.check()
            health = self._cluster.read(
                "look at the health of indices", lambda c: c.cluster.health(index=",".join(names), params=dict(params))
            )
            if not health["timed_out"]:
                return
            if time.monotonic() > end:
                break
        if health["status"] == "red":
            raise BuildFailed(f"{ENGINE}: a part of what was built is on no node; nothing was changed")

    def _note(self, version: Version) -> None:
        """Write down what is known of a version."""
        name, meta = self.name(version), {"format": FORMAT, **{each: getattr(version, each) for each in _NOTED}}
        self._change(
            "note what is known of an index",
            lambda c: c.indices.put_mapping(index=name, body={"_meta": meta}, params=_params()),
        )

    def _moves(self, before: Sequence[State], after: Sequence[State]) -> list[dict[str, Any]]:
        """Aliases that are not where they should be; those of the present state all, to hold on to what was seen."""
        actions: list[dict[str, Any]] = []
        for alias, (index, depth) in self._aliases.items():
            old = before[depth].get(index) if depth < len(before) else None
            new = after[depth].get(index) if depth < len(after) else None
            if old == new and depth:
                continue
            if old:
                actions.append({"remove": {"index": self.name(old), "alias": alias, "must_exist": True}})
            if new:
                actions.append({"add": {"index": self.name(new), "alias": alias, "is_write_index": True}})
        return actions

    def _indices(self, names: Sequence[str]) -> dict[str, Any]:
        """Aliases and `_meta` of indices, by name; those that are not there are left out."""
        params = {"ignore_unavailable": "true", "filter_path": "*.aliases,*.mappings._meta"}
        raw = self._cluster.read("look at indices", lambda c: c.indices.get(index=",".join(names), params=params))
        return dict(raw or {})

    def _read(self, raw: Mapping[str, Any]) -> Published:
        states: list[dict[IndexName, Version]] = [{} for _ in range(self._options.keep)]
        for name, body in raw.items():
            version = self._version(name, body)
            for alias in body.get("aliases", ()):
                if version and alias in self._aliases:
                    if not version.published_at:
                        raise EngineError(f"{ENGINE}: {alias} stands for {name}, which was not published by Xincha")
                    index, depth = self._aliases[alias]
                    states[depth][index] = version
        while len(states) > 1 and not states[-1]:
            states.pop()
        return Published(self.where, states[0], states[1:])

    def _version(self, name: str, body: Mapping[str, Any]) -> Version | None:
        match = self._named.fullmatch(name)
        if match is None:
            return None
        meta = body.get("mappings", {}).get("_meta", {})
        if meta.get("format", FORMAT) != FORMAT:
            raise EngineError(f"{ENGINE}: {name} is of a format that this program does not know")
        index: IndexName = "entities" if match[1] == "entities" else "records"
        return Version(index, match[2], **{key: value for key, value in meta.items() if key in _NOTED})

    def _change(self, doing: str, call: Callable[[Any], Any]) -> None:
        self._cluster.write(doing, call)


def _names(state: State) -> dict[IndexName, str]:
    return {index: version.name for index, version in state.items()}


def _params() -> dict[str, Any]:
    return {"request_timeout": LONG}
