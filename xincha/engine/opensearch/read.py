"""Reading what is published: searches, and whether they can be answered.

A search goes to the alias, and its hits tell on which version it was answered. One that finds nothing, or asks for
several things on one version, goes to the version last seen, and one document is asked of the alias in the same call:
where that is of another version by now, the question is asked again. So no search costs a look at the aliases first.

Versions never change, so a place in an order (`search_after`) holds without a point in time kept open in the cluster.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

import orjson

from xincha.engine import query as q
from xincha.engine.contract import IndexName, Result
from xincha.engine.fields import INDICES
from xincha.engine.opensearch.client import ENGINE, Cluster, Refused, refusal
from xincha.engine.opensearch.compile import Json, OpenSearchCompiler
from xincha.engine.opensearch.search import PROBE, WHOLE, CompiledRequest
from xincha.engine.opensearch.store import OpenSearchStore
from xincha.engine.versioned import Published, Version
from xincha.errors import EngineError, EngineUnavailable, UnsupportedQuery

_TRIES = 20
_PAUSES = (0.05, 0.1, 0.2, 0.4)
"""Seconds."""

_T = TypeVar("_T")


class _TakenDown(Exception):
    """Another version was published while a request was being answered: it is asked again."""


class OpenSearchReader:
    """The OpenSearch driver's `VersionReader`. Any thread may ask it."""

    def __init__(self, cluster: Cluster, store: OpenSearchStore) -> None:
        self._cluster = cluster
        self._store = store
        self._seen = Published(store.where)
        self._compilers = {index: OpenSearchCompiler(fields) for index, fields in INDICES.items()}

    def _look(self) -> Published:
        """What is published now."""
        self._seen = self._store.published()
        return self._seen

    def search(self, index: IndexName, request: q.Request) -> Result:
        """Answer one request."""
        compiled = CompiledRequest(self._compilers[index], request)
        return _patiently(lambda: self._search(index, compiled, hits=request.size > 0))

    def _search(self, index: IndexName, request: CompiledRequest, *, hits: bool) -> Result:
        if hits:
            for _ in range(_TRIES):
                raw = self._answer(index, request)
                if not raw["hits"]["hits"]:
                    break
                version = self._version(raw["hits"]["hits"][0]["_index"])
                if version is not None:
                    with suppress(_TakenDown):
                        return request.result(raw, version.version, self._again(version))
        return self._on_one_version(index, [request])[0]

    def search_many(self, index: IndexName, requests: Sequence[q.Request]) -> Sequence[Result]:
        """Answer several requests on one version."""
        compiled = [CompiledRequest(self._compilers[index], request) for request in requests]
        return _patiently(lambda: self._on_one_version(index, compiled)) if compiled else []

    def check(self, index: IndexName) -> None:
        """See `VersionReader.check`: raises if a shard does not answer."""
        alias = self._store.alias(index)
        _patiently(
            lambda: self._cluster.read("search", lambda c: c.search(index=alias, body=PROBE, params=dict(WHOLE)))
        )

    def close(self) -> None:
        """See `VersionReader.close`."""
        self._cluster.close()

    def _answer(self, index: IndexName, request: CompiledRequest) -> Json:
        """The raw answer to one request, on whatever is published."""
        alias, body, params = self._store.alias(index), request.body, request.parameters
        try:
            raw: Json = self._cluster.read("search", lambda c: c.search(index=alias, body=body, params=dict(params)))
        except Refused as error:
            raise self._meaning(index, error) from error
        return raw

    def _meaning(self, index: IndexName, error: EngineError) -> EngineError:
        """What a refused search means."""
        if not isinstance(error, Refused) or error.status not in {400, 404}:
            return error
        if error.status == 400:
            return UnsupportedQuery(f"{ENGINE}: Request: the cluster cannot honour it ({error.kind})")
        try:
            version = self._look().current(index)
        except EngineError as reason:
            return reason
        return EngineUnavailable(f"{ENGINE}: version {version.version} of {index} was published just now")

    def _version(self, name: str) -> Version | None:
        """The version whose index has answered; `None` if it is gone already."""
        name = name.removeprefix(f"{self._store.prefix}-")
        published = self._seen if name in self._seen.versions() else self._look()
        version = published.versions().get(name)
        return version and published.of_our_analysis(version)

    def _again(self, version: Version) -> Callable[[Json, Json], Json]:
        """Asks a version for further aggregations."""

        def ask(query: Json, aggregations: Json) -> Json:
            body = {"query": query, "size": 0, "track_total_hits": False, "aggs": aggregations}
            try:
                answer = self._cluster.read(
                    "count values", lambda c: c.search(index=self._store.name(version), body=body, params=dict(WHOLE))
                )
            except Refused as error:
                if self._taken_down(version, error):
                    raise _TakenDown from error
                raise
            counts: Json = answer["aggregations"]
            return counts

        return ask

    def _on_one_version(self, index: IndexName, compiled: Sequence[CompiledRequest]) -> list[Result]:
        """Answers on one version, which was published when they were given."""
        seen = self._seen
        for _ in range(_TRIES):
            version = (seen if index in seen.present else self._look()).current(index)
            answers = self._msearch(index, version, compiled)
            if answers is not None:
                ask = self._again(version)
                pairs = zip(compiled, answers, strict=True)
                with suppress(_TakenDown):
                    return [request.result(raw, version.version, ask) for request, raw in pairs]
            seen = self._look()
        raise EngineUnavailable(f"{self._store.where}: what is published changes all the time")

    def _msearch(self, index: IndexName, version: Version, compiled: Sequence[CompiledRequest]) -> list[Json] | None:
        """Raw answers of this version; `None` where it is not the published one, or gone."""
        lines: list[Mapping[str, object]] = []
        for request in compiled:
            lines += [{"index": self._store.name(version), **request.parameters}, request.body]
        lines += [{"index": self._store.alias(index)}, PROBE]
        body = b"\n".join(map(orjson.dumps, lines)) + b"\n"
        raw = self._cluster.read("search", lambda c: c.msearch(body=body))
        *answers, probe = raw["responses"]
        for answer in (*answers, probe):
            if "error" in answer:
                error = refusal("search", answer.get("status", 500), answer["error"])
                if self._taken_down(version, error):
                    return None
                raise self._meaning(index, error)
        hits = probe["hits"]["hits"]
        if hits:
            return answers if hits[0]["_index"] == self._store.name(version) else None
        present = self._look().present.get(index)  # an empty index has no document that could tell
        return answers if present is not None and present.name == version.name else None

    def _taken_down(self, version: Version, error: EngineError) -> bool:
        """Is that why it was refused? A user who may read what is published, and nothing else, is told 403 then."""
        if not isinstance(error, Refused) or error.status not in {403, 404}:
            return False
        present = self._look().present.get(version.index)
        return present is None or present.name != version.name


def _patiently(ask: Callable[[], _T]) -> _T:
    """The answer; for a moment after a switch the cluster may still refuse (403) what stands behind an alias by now."""
    for pause in _PAUSES:
        try:
            return ask()
        except Refused as error:
            if error.status != 403:
                raise
        time.sleep(pause)
    return ask()
