"""The time of a search inside the API, against the engine alone: `python -m loadtests.latency`.

Queries are made from the loaded names (whole names, names without region and form, brands, codes, one character
wrong). First each is asked once and what the engine was asked for it is written down; then, query by query and in turn,
the engine alone answers those same requests, the endpoint answers the query (parse, search, rank, shape, write JSON),
and the whole ASGI application does (routing, middleware and the way to a worker thread and back too; no socket). Prints
p50 and p95 of each in milliseconds and the ratios to the engine's, for the registry and for `--rows` entities.

Then the same names are typed, character by character, as pinyin letter by letter, and with an input method that holds
the letters of the last character: p50, p95 and the longest of the suggestions for all that was typed on the way,
through the whole application.

With `--url` the engine is the OpenSearch there, and its side are the bodies of those requests, sent by opensearch-py.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from copy import deepcopy
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi import Request as HttpRequest
from opensearchpy import OpenSearch
from starlette.types import Message, Scope

from api.app import create_app
from api.routes.entities import search_entities
from indexer.load import load
from indexer.publish import publish
from loadtests import cluster, registry
from xincha.engine.contract import Engine, IndexName, Result
from xincha.engine.open import open_engine
from xincha.engine.opensearch.engine import OpenSearchEngine
from xincha.engine.query import Request
from xincha.settings import Settings
from xincha.text import pinyin
from xincha.text.names import parts

Call = Callable[[], object]
"""Asks the engine again what it was asked."""


class Recorder:
    """An engine that passes everything on and, while `asked` is a list, writes down how to ask it that again."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.asked: list[Call] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)

    def search(self, index: IndexName, request: Request) -> Result:
        """As the engine's."""
        if self.asked is not None:
            self.asked.append(partial(self.engine.search, index, request))
        return self.engine.search(index, request)

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        """As the engine's."""
        if self.asked is not None:
            self.asked.append(partial(self.engine.search_many, index, requests))
        return self.engine.search_many(index, requests)


class CallRecorder(Recorder):
    """Writes down what the OpenSearch driver sends to its cluster; a client of its own sends it again."""

    def __init__(self, engine: OpenSearchEngine, urls: Sequence[str]) -> None:
        super().__init__(engine)
        transport: Any = engine._cluster._client.transport  # everything passes there that is sent
        plain: Any = OpenSearch(list(urls)).transport
        send = transport.perform_request

        def sent(*given: Any, **named: Any) -> Any:
            if self.asked is not None:
                again = deepcopy(named)  # what is sent is taken out of the parameters
                self.asked.append(lambda: plain.perform_request(*given, **deepcopy(again)))
            return send(*given, **named)

        transport.perform_request = sent

    def search(self, index: IndexName, request: Request) -> Result:
        """As the engine's."""
        return self.engine.search(index, request)

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        """As the engine's."""
        return self.engine.search_many(index, requests)


def main() -> None:
    """Both sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="size of the second measurement; 0 leaves it out")
    parser.add_argument("--queries", type=int, default=400, help="queries of each size")
    parser.add_argument("--url", default="", help="an open OpenSearch on this machine; without it, the embedded engine")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xincha-latency-") as folder:
        _measure(cluster.settings(Path(folder) / "registry", options.url), registry.files(), options.queries)
        if options.rows:
            scaled = registry.write_scaled(Path(folder) / "scaled.csv", options.rows)
            _measure(cluster.settings(Path(folder) / "scaled", options.url), [scaled], options.queries)


def _measure(settings: Settings, files: list[Path], count: int) -> None:
    load(files, settings)
    with cluster.cleared(settings), closing(open_engine(settings)) as engine:
        publish(settings, engine)
        urls = settings.opensearch_urls
        recorder = CallRecorder(engine, urls) if isinstance(engine, OpenSearchEngine) else Recorder(engine)
        print(f"{engine.status().indices['entities'].documents:,} entities, {engine.name}")
        app, queries = create_app(settings.model_copy(update={"limit_address": 0}), engine=recorder), _queries(count)
        asyncio.run(_ask(app, recorder, queries))
        asyncio.run(_type(app, [query for kind, query in queries if kind == "name"]))


def _queries(count: int) -> list[tuple[str, str]]:
    chance = random.Random(1)  # noqa: S311 - the same queries each time
    chosen = chance.sample(list(registry.rows()), count)
    kinds = ("name", "core", "brand", "code", "one character wrong")
    return [(kind, _query(kind, row, chance)) for row, kind in zip(chosen, kinds * count, strict=False)]


def _query(kind: str, row: dict[str, str], chance: random.Random) -> str:
    name = row[registry.NAME]
    if kind == "code":
        return row[registry.CODE]
    if kind == "one character wrong":
        at = chance.randrange(len(name))
        return name[:at] + "某" + name[at + 1 :]
    return {"name": name, "core": parts(name).core or name, "brand": parts(name).brand or name}[kind]


async def _ask(app: FastAPI, recorder: Recorder, queries: list[tuple[str, str]]) -> None:
    asked = []
    for _, query in queries:
        recorder.asked = []
        await _application(app, query)
        asked.append(recorder.asked)
    recorder.asked = None
    seconds: dict[str, list[float]] = {"application": [], "endpoint": [], "engine": []}
    for at, ((_, query), requests) in enumerate(zip(queries, asked, strict=True)):
        # whoever comes later finds more in the processor's caches: they take turns
        sides = list(seconds)
        for side in sides[at % 3 :] + sides[: at % 3]:
            started = time.perf_counter()
            if side == "application":
                await _application(app, query)
            elif side == "endpoint":
                search_entities(HttpRequest({**_scope(query), "app": app}))
            else:
                for call in requests:
                    call()
            seconds[side].append(time.perf_counter() - started)
    for kind in (None, *dict.fromkeys(kind for kind, _ in queries)):
        chosen = [at for at, (of, _) in enumerate(queries) if kind in (None, of)]
        _print(kind or "all", {side: [times[at] for at in chosen] for side, times in seconds.items()})


async def _type(app: FastAPI, names: Sequence[str]) -> None:
    """Suggestions for everything that is in the box while the names are typed without their region."""
    typed: dict[str, list[str]] = {"characters": [], "pinyin": [], "half-typed": []}
    for name in names:
        core = parts(name).core or name
        letters = "".join(pinyin.syllables(core))[:24]
        typed["characters"] += [core[:end] for end in range(1, len(core) + 1)]
        typed["pinyin"] += [letters[:end] for end in range(1, len(letters) + 1)]
        typed["half-typed"] += [
            core[:at] + read[:end]
            for at, char in enumerate(core[:8])
            for read in pinyin.syllables(char)
            for end in range(1, len(read) + 1)
        ]
    for kind, texts in typed.items():
        seconds = []
        for text in texts:
            started = time.perf_counter()
            await _application(app, text, "/api/v1/suggest")
            seconds.append((time.perf_counter() - started) * 1000)
        p50, p95 = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
        print(
            f"  suggestions, {kind:<10} p50 / p95 / longest: {p50:.2f} / {p95:.2f} / {max(seconds):.2f} ms"
            f" ({len(texts):,} texts)",
            flush=True,
        )


def _print(kind: str, seconds: Mapping[str, list[float]]) -> None:
    p50 = {side: statistics.median(times) * 1000 for side, times in seconds.items()}
    p95 = {side: statistics.quantiles(times, n=20)[-1] * 1000 for side, times in seconds.items()}
    shown = "  ".join(f"{side} {p50[side]:6.2f} / {p95[side]:6.2f} ms" for side in seconds)
    pairs = [(side, p50[side] / p50["engine"], p95[side] / p95["engine"]) for side in ("endpoint", "application")]
    ratios = "  ".join(f"{side} {middle:.2f} / {high:.2f}" for side, middle, high in pairs)
    print(f"  {kind:<20} p50 / p95:  {shown}   ratio to the engine's:  {ratios}", flush=True)


async def _application(app: FastAPI, query: str, path: str = "/api/v1/entities") -> None:
    """One request through the application, as a server hands it over; anything but 200 ends the measurement."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(_scope(query, path), receive, send)
    assert sent[0]["status"] == 200, (sent[0]["status"], query)


def _scope(query: str, path: str = "/api/v1/entities") -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": urlencode({"q": query}).encode(),
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }


if __name__ == "__main__":
    main()
