"""Versions in a cluster: which exist, which are published, and those before them.

    <prefix>-<index>-<version>     one version; what is known of it is in its mapping's `_meta`
    <prefix>-<index>               alias of the published version
    <prefix>-<index>-previous      alias of the one that was published before (`-previous-2`, … where more are kept)

All aliases move in one call, so that a switch of several indices happens at once. That call names the version that each
alias leaves, and fails whole where it is another by now; each alias is a *write alias*, of which there can be no second
index: two publishers can never both believe to have published. A version is never written again once it is complete.
What no alias names is a leftover: the next writer removes it.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from xincha.engine.contract import IndexName
from xincha.engine.fields import INDICES, fingerprint
from xincha.engine.opensearch.client import ENGINE, LONG, Cluster, Refused
from xincha.engine.opensearch.mapping import index_body
from xincha.errors import BuildFailed, EngineError, EngineUnavailable

FORMAT = 1
_COPIES_SECONDS = 600.0
"""So long a switch waits for copies that are on their way; they may also be made later."""

_LOOK_SECONDS = 5.0
_NOTED = ("documents", "fingerprint", "note", "published_at")


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `name`: of its index in the cluster. The rest is known, and noted there, once it is complete."""

    index: IndexName
    version: str
    name: str
    documents: int = 0
    fingerprint: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    published_at: str = ""


State = Mapping[IndexName, Version]


@dataclass(frozen=True, slots=True)
class Published:
    """What is published, and what was before: the state before the last switch, then the one before that."""

    present: State = field(default_factory=dict)
    before: tuple[State, ...] = ()

    def version(self, name: str) -> Version | None:
        """The version of a name, where it is one of these."""
        every = (version for state in (self.present, *self.before) for version in state.values())
        return next((version for version in every if version.name == name), None)

    def names(self) -> set[str]:
        """All names of versions."""
        return {version.name for state in (self.present, *self.before) for version in state.values()}


class Store:
    """The versions under one prefix."""

    def __init__(self, cluster: Cluster, prefix: str, *, shards: int, replicas: int, keep: int) -> None:
        self._cluster = cluster
        self.prefix = prefix
        self._shards = shards
        self._replicas = replicas
        self._keep = keep
        self._aliases = {self.alias(index, depth): (index, depth) for index in INDICES for depth in range(keep)}
        self._named = re.compile(rf"{re.escape(prefix)}-({'|'.join(INDICES)})-(\d{{8}}t\d{{6}}-[0-9a-f]{{8}})")

    def alias(self, index: IndexName, depth: int = 0) -> str:
        """The alias of what is published (0), or was before the last `depth` switches."""
        behind = ("", "-previous")[depth] if depth < 2 else f"-previous-{depth}"
        return f"{self.prefix}-{index}{behind}"

    def name(self, index: IndexName, version: str) -> str:
        """The name of a version's index."""
        return f"{self.prefix}-{index}-{version}"

    def published(self) -> Published:
        """What is published; asked in one call, so that it is one state also while somebody switches."""
        return self._read(self._indices(list(self._aliases)))

    def begin(self, index: IndexName) -> Version:
        """A new, empty version."""
        made = self._new(index)
        body = index_body(INDICES[index], shards=self._shards, meta={"format": FORMAT})
        self._change("make an index", lambda c: c.indices.create(index=made.name, body=body, params=_params()))
        return made

    def clone(self, base: Version) -> Version:
        """A new version that begins as `base`: the same files, linked."""
        made = self._new(base.index)
        settings = {
            "index.number_of_replicas": 0,
            "index.blocks.write": None,
            "index.refresh_interval": "-1",
            "index.translog.durability": "async",
        }
        self._change(
            "copy an index",
            lambda c: c.indices.clone(index=base.name, target=made.name, body={"settings": settings}, params=_params()),
        )
        return made

    def refreshed(self, version: Version) -> int:
        """Make what was written readable; how many documents there are."""
        self._change("refresh an index", lambda c: c.indices.refresh(index=version.name, params=_params()))
        return self.count(version.name)

    def count(self, name: str, query: Mapping[str, Any] | None = None) -> int:
        """How many documents an index holds, or of them meet a query."""
        body = None if query is None else {"query": query}
        answer = self._cluster.read(
            "count documents", lambda c: c.count(index=name, body=body, params={"request_timeout": LONG})
        )
        if answer["_shards"]["failed"]:
            raise EngineUnavailable(f"{ENGINE}: count documents: a part of the index does not answer")
        return int(answer["count"])

    def complete(self, version: Version, documents: int, note: Mapping[str, str]) -> Version:
        """A version that is on disk, is never written again, and has copies on other nodes as soon as these are made.

        Written to disk twice: only then the cluster knows that all is there, and copies files. After the first time
        alone it would make a copy by indexing every document once more.
        """
        name = version.name
        for _ in range(2):
            self._change(
                "write an index to disk", lambda c: c.indices.flush(index=name, params={**_params(), "force": "true"})
            )
        settings = {
            "index.blocks.write": True,
            "index.refresh_interval": None,
            "index.translog.durability": None,
            "index.number_of_replicas": self._replicas,
        }
        self._change("finish an index", lambda c: c.indices.put_settings(index=name, body=settings, params=_params()))
        return replace(version, documents=documents, note=dict(note), fingerprint=fingerprint(version.index))

    def publish(self, before: Published, states: Sequence[State]) -> None:
        """Move all aliases in one step: from `before` to `states`, which begin with the present one.

        What is known of versions that were not published before is noted in them. `BuildFailed` where somebody else
        has moved an alias.
        """
        for version in states[0].values():
            if version.name not in before.names():
                self._note(version)
        actions = self._moves([before.present, *before.before], states)
        try:
            self._change("switch", lambda c: c.indices.update_aliases(body={"actions": actions}, params=_params()))
        except (Refused, EngineUnavailable) as error:
            now = _names(self.published().present)
            if now == _names(states[0]):
                return  # only the answer was lost
            if now != _names(before.present):
                raise BuildFailed(f"{ENGINE}: another process has published meanwhile; nothing was changed") from error
            raise

    def await_copies(self, names: Sequence[str], check: Callable[[], None]) -> None:
        """Wait until the versions can be searched and copies that are on their way have arrived."""
        params = {
            "wait_for_status": "yellow",
            "wait_for_no_initializing_shards": "true",
            "timeout": f"{_LOOK_SECONDS:g}s",
            "request_timeout": LONG,
            "ignore": 408,
        }
        end = time.monotonic() + _COPIES_SECONDS
        while True:
            check()
            health = self._cluster.read(
                "look at the health of indices", lambda c: c.cluster.health(index=",".join(names), params=dict(params))
            )
            if not health["timed_out"]:
                return
            if time.monotonic() > end:
                break
        if health["status"] == "red":
            raise BuildFailed(f"{ENGINE}: a part of what was built is on no node; nothing was changed")

    def remove(self, names: Sequence[str]) -> None:
        """Remove versions; what is gone already is no error."""
        params = {**_params(), "ignore_unavailable": "true"}
        if names:
            self._change("remove indices", lambda c: c.indices.delete(index=",".join(names), params=params))

    def sweep(self, keep: set[str]) -> None:
        """Remove the versions that are neither published nor in `keep`; only for the writer."""
        raw = self._indices([f"{self.prefix}-{index}-*" for index in INDICES])
        named = self._read(raw).names() | keep
        self.remove([name for name in raw if self._named.fullmatch(name) and name not in named])

    def _new(self, index: IndexName) -> Version:
        version = f"{datetime.now(UTC):%Y%m%dt%H%M%S}-{secrets.token_hex(4)}"
        return Version(index, version, self.name(index, version))

    def _note(self, version: Version) -> None:
        """Write down what is known of a version."""
        meta = {"format": FORMAT, **{name: getattr(version, name) for name in _NOTED}}
        self._change(
            "note what is known of an index",
            lambda c: c.indices.put_mapping(index=version.name, body={"_meta": meta}, params=_params()),
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
                actions.append({"remove": {"index": old.name, "alias": alias, "must_exist": True}})
            if new:
                actions.append({"add": {"index": new.name, "alias": alias, "is_write_index": True}})
        return actions

    def _indices(self, names: Sequence[str]) -> dict[str, Any]:
        """Aliases and `_meta` of indices, by name; those that are not there are left out."""
        params = {"ignore_unavailable": "true", "filter_path": "*.aliases,*.mappings._meta"}
        found = self._cluster.read("look at indices", lambda c: c.indices.get(index=",".join(names), params=params))
        return dict(found or {})

    def _read(self, raw: Mapping[str, Any]) -> Published:
        states: list[dict[IndexName, Version]] = [{} for _ in range(self._keep)]
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
        return Published(states[0], tuple(states[1:]))

    def _version(self, name: str, body: Mapping[str, Any]) -> Version | None:
        match = self._named.fullmatch(name)
        if match is None:
            return None
        meta = body.get("mappings", {}).get("_meta", {})
        if meta.get("format", FORMAT) != FORMAT:
            raise EngineError(f"{ENGINE}: {name} is of a format that this program does not know")
        index: IndexName = "entities" if match[1] == "entities" else "records"
        return Version(index, match[2], name, **{key: value for key, value in meta.items() if key in _NOTED})

    def _change(self, doing: str, call: Callable[[Any], Any]) -> None:
        self._cluster.write(doing, call)


def _names(state: State) -> dict[IndexName, str]:
    return {index: version.name for index, version in state.items()}


def _params() -> dict[str, Any]:
    return {"request_timeout": LONG}
