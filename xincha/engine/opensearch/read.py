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
from datetime import datetime
from functools import partial
from typing import TypeVar

import orjson

from xincha.engine import query as q
from xincha.engine.contract import EngineStatus, IndexName, IndexStatus, Result
from xincha.engine.fields import INDICES, fingerprint
from xincha.engine.opensearch.client import ENGINE, Cluster, Refused, refusal
from xincha.engine.opensearch.compile import Compiler, Json
from xincha.engine.opensearch.search import PROBE, WHOLE, Question
from xincha.engine.opensearch.store import Published, Store, Version
from xincha.errors import EngineError, EngineNotReady, EngineUnavailable, UnsupportedQuery

_TRIES = 20
_PAUSES = (0.05, 0.1, 0.2, 0.4)
"""Seconds."""

_T = TypeVar("_T")


class _TakenDown(Exception):
    """Another version was published while a question was being answered: it is asked again."""


class Reader:
    """Answers from whatever is published. Any thread may ask it."""

    def __init__(self, cluster: Cluster, store: Store) -> None:
        self._cluster = cluster
        self._store = store
        self._seen = Published()
        self.compilers = {index: Compiler(fields) for index, fields in INDICES.items()}

    def look(self) -> Published:
        """What is published now."""
        self._seen = self._store.published()
        return self._seen

    def search(self, index: IndexName, request: q.Request) -> Result:
        """Answer one request."""
        question = Question(self.compilers[index], request)
        return _patiently(lambda: self._found(index, question, hits=request.size > 0))

    def _found(self, index: IndexName, question: Question, *, hits: bool) -> Result:
        if hits:
            for _ in range(_TRIES):
                raw = self._answer(index, question)
                if not raw["hits"]["hits"]:
                    break
                version = self._version(index, raw["hits"]["hits"][0]["_index"])
                if version is not None:
                    with suppress(_TakenDown):
                        return question.result(raw, version.version, self._again(version))
        return self._on_one_version(index, [question])[0]

    def search_many(self, index: IndexName, requests: Sequence[q.Request]) -> Sequence[Result]:
        """Answer several requests on one version."""
        questions = [Question(self.compilers[index], request) for request in requests]
        return _patiently(lambda: self._on_one_version(index, questions)) if questions else []

    def status(self) -> EngineStatus:
        """What is published; ready means that every shard has answered just now."""
        try:
            published = self.look()
        except EngineError as error:
            return EngineStatus(ENGINE, ready=False, reason=str(error))
        found: dict[str, IndexStatus] = {index: _status(published, index) for index in published.present}
        reasons = []
        for index in INDICES:
            try:
                self.current(index, published)
                _patiently(partial(self._probe, index))
            except EngineError as error:
                reasons.append(str(error))
        return EngineStatus(ENGINE, ready=not reasons, reason="; ".join(dict.fromkeys(reasons)), indices=found)

    def current(self, index: IndexName, published: Published) -> Version:
        """The published version, where this program's analysis made it."""
        version = published.present.get(index)
        if version is not None:
            return _of_our_analysis(version)
        if published.present:
            raise EngineNotReady(f"{ENGINE}: no version of {index} is published")
        raise EngineNotReady(f"{ENGINE}: nothing is published under {self._store.prefix!r}; load data first")

    def _answer(self, index: IndexName, question: Question) -> Json:
        """The raw answer to one question, on whatever is published."""
        alias, body, params = self._store.alias(index), question.body, question.parameters
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
            version = self.current(index, self.look())
        except EngineError as reason:
            return reason
        return EngineUnavailable(f"{ENGINE}: version {version.version} of {index} was published just now")

    def _version(self, index: IndexName, name: str) -> Version | None:
        """What is known of the version that has answered; `None` where it is gone already."""
        version = self._seen.version(name) or self.look().version(name)
        if version is not None:
            return _of_our_analysis(version)
        self.current(index, self._seen)
        return None

    def _again(self, version: Version) -> Callable[[Json, Json], Json]:
        """Asks a version for further aggregations."""

        def ask(query: Json, aggregations: Json) -> Json:
            body = {"query": query, "size": 0, "track_total_hits": False, "aggs": aggregations}
            try:
                answer = self._cluster.read(
                    "count values", lambda c: c.search(index=version.name, body=body, params=dict(WHOLE))
                )
            except Refused as error:
                if self._taken_down(version, error):
                    raise _TakenDown from error
                raise
            found: Json = answer["aggregations"]
            return found

        return ask

    def _on_one_version(self, index: IndexName, questions: Sequence[Question]) -> list[Result]:
        """Answers on one version, which was published when they were given."""
        seen = self._seen
        for _ in range(_TRIES):
            version = self.current(index, seen if index in seen.present else self.look())
            answers = self._asked(index, version, questions)
            if answers is not None:
                ask = self._again(version)
                pairs = zip(questions, answers, strict=True)
                with suppress(_TakenDown):
                    return [question.result(raw, version.version, ask) for question, raw in pairs]
            seen = self.look()
        raise EngineUnavailable(f"{ENGINE}: what is published under {self._store.prefix!r} changes all the time")

    def _asked(self, index: IndexName, version: Version, questions: Sequence[Question]) -> list[Json] | None:
        """Raw answers of this version; `None` where it is not the published one, or gone."""
        lines: list[Mapping[str, object]] = []
        for question in questions:
            lines += [{"index": version.name, **question.parameters}, question.body]
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
            return answers if hits[0]["_index"] == version.name else None
        present = self.look().present.get(index)  # an empty index has no document that could tell
        return answers if present is not None and present.name == version.name else None

    def _taken_down(self, version: Version, error: EngineError) -> bool:
        """Is that why it was refused? A user who may read what is published, and nothing else, is told 403 then."""
        if not isinstance(error, Refused) or error.status not in {403, 404}:
            return False
        present = self.look().present.get(version.index)
        return present is None or present.name != version.name

    def _probe(self, index: IndexName) -> None:
        """Raise where a shard does not answer."""
        alias = self._store.alias(index)
        self._cluster.read("search", lambda c: c.search(index=alias, body=PROBE, params=dict(WHOLE)))


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


def _of_our_analysis(version: Version) -> Version:
    if version.fingerprint == fingerprint(version.index):
        return version
    what = f"{version.index} was indexed by another analysis"
    raise EngineNotReady(f"{ENGINE}: {what}; build it again from the lake")


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
