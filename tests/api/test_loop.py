"""Nothing holds the event loop: whatever is asked, each of its steps takes less than 5 ms of processor time.

Processor time of the loop's own thread is counted, not time of day: what other threads and processes do, and how busy
the machine is, makes no difference. What takes longer once, for a cache that was cold, is asked again; what takes
longer each time does so by design.
"""

from __future__ import annotations

import asyncio
import gc
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import orjson
import pytest
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.protocol import MAX_TARGET
from api.routes.service import operators
from tests.api.live import Live, echo, live
from xincha.engine.contract import Engine
from xincha.settings import Settings

LONGEST_SECONDS = 0.005
TRIES = 5


class Watch:
    """How long the longest step of the loop of a server took since `reset`."""

    def __init__(self) -> None:
        self.longest, self.what = 0.0, ""

    def reset(self) -> None:
        self.longest, self.what = 0.0, ""


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Measures each step of event loops in other threads than this one."""
    watch, run, here = Watch(), asyncio.Handle._run, threading.get_ident()

    def timed(handle: asyncio.Handle) -> None:
        told = repr(handle)
        begun = time.thread_time()
        run(handle)
        took = time.thread_time() - begun
        if took > watch.longest and threading.get_ident() != here:
            watch.longest, watch.what = took, told

    monkeypatch.setattr(asyncio.Handle, "_run", timed)
    gc.disable()  # it walks over everything that all tests of this process have made, in whatever thread it is due
    try:
        yield watch
    finally:
        gc.enable()


def get(path: str, **query: object) -> bytes:
    target = path + (f"?{urlencode(query, doseq=True)}" if query else "")
    return f"GET {target} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode()


def post(path: str, body: bytes, kind: str = "application/json") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n"
    return f"{head}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


ROWS = [{"name": f"厦门示例{number}建材有限公司", "address": "示" * 200, "id": str(number)} for number in range(300)]
QUERIES = {f"q{number}": {"query": f"示例{number}", "limit": 5} for number in range(100)}
FORM = urlencode({"queries": orjson.dumps(QUERIES)}).encode()
CHUNKED = post("/api/v1/match", b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
HEADERS = b"".join(b"X-%d: a\r\n" % number for number in range(90))
ENTITY = "91350211YYY000281P"

ASKED = {
    "page": get("/"),
    "a file of the page": get("/assets/large.js"),
    "health": get("/healthz"),
    "a query that health does not take": get("/healthz?" + "a&" * 999),
    "more parameters than anybody has": get("/healthz?" + "a&" * (MAX_TARGET // 2 - 8)),
    "ready": get("/readyz"),
    "about": get("/api/v1/about"),
    "description": get("/api/v1/openapi.json"),
    "entities": get("/api/v1/entities", q="示例", page_size=100),
    "entities, everything": get("/api/v1/entities", page_size=100),
    "records": get("/api/v1/records", page_size=100),
    "entity": get(f"/api/v1/entities/{ENTITY}"),
    "its records": get(f"/api/v1/entities/{ENTITY}/records", page_size=100),
    "suggestions": get("/api/v1/suggest", q="shili"),
    "export of entities": get("/api/v1/export/entities.csv"),
    "export of records": get("/api/v1/export/records.ndjson"),
    "export of a workbook": get("/api/v1/export/entities.xlsx"),
    "rows": post("/api/v1/match", orjson.dumps({"rows": ROWS})),
    "rows, too large": post("/api/v1/match", b"[" * (4 << 20)),
    "no list": post("/api/v1/match/files?filename=a.csv", b"a" * 300_000, "application/octet-stream"),
    "manifest": get("/reconcile"),
    "queries": post("/reconcile", FORM, "application/x-www-form-urlencoded"),
    "nested queries": post("/reconcile/v1/match", b"[" * 1_000_000),
    "extension": post("/reconcile/v1/extend", orjson.dumps({"ids": [ENTITY] * 100, "properties": [{"id": "status"}]})),
    "preview": get("/reconcile/preview", id=ENTITY),
    "an address that nobody has": get("/" + quote("示" * 1500)),
    "a long path": get("/api/v1/" + "a/" * 8000),
    "a long query": get("/api/v1/entities", q="示" * 1500),
    "many parameters": get("/api/v1/entities?" + "".join(f"a{number}=1&" for number in range(999))),
    "many headers": get("/healthz").replace(b"Host: a\r\n", b"Host: a\r\n" + HEADERS),
    "large headers": get("/healthz").replace(b"Host: a\r\n", b"Host: a\r\nX: " + b"a" * 60_000 + b"\r\n"),
    "chunks of a byte": CHUNKED + b"1\r\na\r\n" * 10_000 + b"0\r\n\r\n",
    "requests ahead": get("/healthz").replace(b"Connection: close\r\n", b"") * 2000,
    "no HTTP": b"\x00" * 1_000_000,
}  # fmt: skip


@pytest.fixture(scope="module")
def running(settings: Settings, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    page = tmp_path_factory.mktemp("page")
    (page / "assets").mkdir()
    (page / "index.html").write_text("<!doctype html>" + "<p>信查</p>" * 100, "utf-8")
    (page / "assets" / "large.js").write_bytes(b"//" + os.urandom(1 << 20).hex().encode())
    with live(create_app(settings.model_copy(update={"page": page}), engine)) as running:
        yield running


def watch_for_long_steps(running: Live, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails if these bytes make the loop take a long step each time."""
    with watched(monkeypatch) as watch:
        for _ in range(TRIES):
            watch.reset()
            with running.connect() as client:
                client.send(data)
                while client.file.read(1 << 16):
                    pass
            if watch.longest < LONGEST_SECONDS:
                return
    pytest.fail(f"{watch.longest * 1000:.1f} ms: {watch.what}")


@pytest.mark.parametrize("data", list(ASKED.values()), ids=list(ASKED))
def test_no_step_of_the_event_loop_is_long(running: Live, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    watch_for_long_steps(running, data, monkeypatch)


def test_telling_operators_is_no_long_step(settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with live(operators(create_app(settings, engine))) as running:
        watch_for_long_steps(running, get("/metrics"), monkeypatch)


def test_a_long_step_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        end = time.thread_time() + 2 * LONGEST_SECONDS
        while time.thread_time() < end:
            pass
        await echo(scope, receive, send)

    with live(slow) as running, pytest.raises(pytest.fail.Exception):
        watch_for_long_steps(running, get("/"), monkeypatch)
