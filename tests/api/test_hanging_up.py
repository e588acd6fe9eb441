"""A caller who hangs up stops what is done for him; one who takes too long is told so. Over real sockets."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import orjson
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes import export
from tests.api.live import until
from tests.api.watched import Clock, Watched, connected, request, served, status_of
from xincha.budget import Abandoned, Budget, running
from xincha.engine.contract import Engine, IndexName, Result
from xincha.engine.open import open_engine
from xincha.engine.query import Facet, MatchAll, Request, Sort, TermsAgg
from xincha.errors import OutOfTime
from xincha.settings import Settings

ROWS = orjson.dumps({"rows": [{"name": f"厦门示例无此贸易{number}有限公司"} for number in range(900)]})
QUERIES = [{"query": f"厦门示例无此贸易{number}有限公司"} for number in range(60)]
FORM = urlencode({"queries": orjson.dumps(dict(enumerate(QUERIES)), option=orjson.OPT_NON_STR_KEYS)}).encode()
CONDITIONS = [{"matchType": "name", "propertyValue": each["query"]} for each in QUERIES]
BATCH = orjson.dumps({"queries": [{"conditions": [each]} for each in CONDITIONS]})

ASKED = {
    "search": request("GET", "/api/v1/entities?q=%E8%A5%BF%E5%AE%81%E6%97%A0%E6%AD%A4%E7%A4%BA%E4%BE%8B%E9%93%B8"),
    "match": request("POST", "/api/v1/match", ROWS),
    "reconcile": request("POST", "/reconcile", FORM, "application/x-www-form-urlencoded"),
    "reconcile v1": request("POST", "/reconcile/v1/match", BATCH),
    "export": request("GET", "/api/v1/export/records.ndjson"),
    "a body that means nothing": request("GET", "/api/v1/entities?q=zzqqxy").replace(
        b"\r\n\r\n", b"\r\nContent-Length: 9\r\n\r\nhalf"
    ),
}


class Gate:
    """An engine whose steps wait until they may end."""

    def __init__(self, engine: Engine) -> None:
        self.opened = threading.Event()
        self.engine = Watched(engine, before=lambda: self.opened.wait(30))


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    made = Gate(engine)
    yield made
    made.opened.set()


@pytest.fixture
def unlimited(settings: Settings) -> Settings:
    return settings.model_copy(update={"limit_address": 0, "limit_at_once": 0, "at_once": 160, "request_seconds": 0})


def hear(address: str, app: FastAPI) -> None:
    """Come back once the server has heard that its callers have gone."""
    until(lambda: not app.state.connections)
    assert httpx2.get(f"{address}/healthz").status_code == 200


def idle(app: FastAPI) -> bool:
    return not app.state.limits.turns.running("127.0.0.1")


@pytest.mark.parametrize("sent", ASKED.values(), ids=ASKED)
def test_who_hangs_up_costs_no_further_step(gate: Gate, settings: Settings, sent: bytes) -> None:
    with served(gate.engine, settings) as (address, app):
        with connected(address) as caller:
            caller.sendall(sent)
            until(lambda: gate.engine.asked == 1)
        hear(address, app)
        gate.opened.set()
        until(lambda: idle(app))
        assert gate.engine.asked <= 2  # the second one ends as it begins
        gate.engine.asked = 0
        with connected(address) as caller:
            caller.sendall(sent.replace(b"half", b"and whole"))
            assert status_of(caller) == 200
            until(lambda: gate.engine.asked > 2)  # who waits gets all of them


def test_threads_of_callers_who_have_gone_are_free_for_others(gate: Gate, unlimited: Settings) -> None:
    with served(gate.engine, unlimited) as (address, app):
        with ExitStack() as callers:
            for _ in range(40):
                callers.enter_context(connected(address)).sendall(ASKED["match"])
            for _ in range(20):  # these wait for a thread
                callers.enter_context(connected(address)).sendall(ASKED["search"])
            until(lambda: gate.engine.asked == 40)
        hear(address, app)
        gate.opened.set()
        assert httpx2.get(f"{address}/api/v1/suggest", params={"q": "示例"}, timeout=30).status_code == 200
        assert gate.engine.asked < 40 + 40 + 10


def test_who_hangs_up_while_he_sends_is_no_failure(
    gate: Gate, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with served(gate.engine, settings) as (address, app), caplog.at_level("INFO"):
        for sent in (ASKED["match"], request("POST", "/api/v1/match/files?filename=a.csv", b"x" * 200_000)):
            with connected(address) as caller:
                caller.sendall(sent[:-1000])
                until(lambda: app.state.limits.bodies.borrowed_tokens + app.state.limits.uploads.borrowed_tokens > 0)
            hear(address, app)
            until(lambda: app.state.limits.bodies.borrowed_tokens + app.state.limits.uploads.borrowed_tokens == 0)
        assert not [each for each in caplog.records if each.levelname == "ERROR"]
        assert not list(app.state.jobs._folder().iterdir())


def test_a_reader_who_stands_still_loses_his_place(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "STALLED_SECONDS", 0.05)
    with served(endless(engine), settings) as (address, app), connected(address) as reader:
        reader.sendall(request("GET", "/api/v1/export/records.ndjson"))
        until(lambda: app.state.exports.borrowed_tokens == 1)
        until(lambda: app.state.exports.borrowed_tokens == 0)


def endless(engine: Engine) -> Watched:
    """An engine whose results have no end."""
    found = engine.search("records", Request(MatchAll(), sort=(Sort("tie"),), size=1000))

    class Endless(Watched):
        def search(self, index: IndexName, asked: Request) -> Result:
            if asked.facets:
                return engine.search(index, asked)
            return replace(found, total=10**9, hits=found.hits if asked.size else ())

    return Endless(engine)


SLOW = """
import os
import sys
from pathlib import Path
from api.app import create_app
from api.server import bind, serve
from tests.api.watched import Watched
from xincha import budget
from xincha.engine.open import open_engine
from xincha.settings import Settings
import time

def works():
    os.write(1, b"works\\n")  # in one piece, since two threads write
    while True:
        budget.check()
        time.sleep(0.01)

settings = Settings(data=Path(sys.argv[1]))
engine = Watched(open_engine(settings), before=works)
serve(create_app(settings, engine), bind("127.0.0.1", 0), settings, lambda address: print(address, flush=True))
"""


@pytest.mark.slow
def test_a_server_that_works_ends_when_it_is_told_to(settings: Settings) -> None:
    command = [sys.executable, "-c", SLOW, str(settings.data)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(  # noqa: S603
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout
            address = server.stdout.readline().strip()
            with connected(address) as one, connected(address) as other:
                one.sendall(ASKED["match"])
                other.sendall(ASKED["search"])
                assert [server.stdout.readline() for _ in range(2)] == ["works\n"] * 2
                server.send_signal(signal.SIGTERM)
                assert server.wait(timeout=30) == 0
        finally:
            server.kill()


@pytest.mark.parametrize("name", ["search", "match", "reconcile", "reconcile v1"])
def test_what_takes_longer_than_a_request_may_is_given_up(engine: Engine, settings: Settings, name: str) -> None:
    clock = Clock()
    watched = Watched(engine, before=lambda: setattr(clock, "now", clock.now + settings.request_seconds + 1))
    head, _, body = ASKED[name].partition(b"\r\n\r\n")
    method, path, _ = head.split(b"\r\n")[0].decode().split()
    form = b"x-www-form" in head
    kind = {"content-type": "application/x-www-form-urlencoded" if form else "application/json"}
    with TestClient(create_app(settings, watched, clock=clock)) as client:
        answer = client.request(method, path, content=body, headers=kind if body else {})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:xincha:problem:out-of-time"
    assert watched.asked == 1


def test_an_export_has_as_long_as_it_takes(engine: Engine, settings: Settings) -> None:
    clock = Clock()
    watched = Watched(engine)
    with TestClient(create_app(settings, watched, clock=clock)) as client:
        assert client.get("/api/v1/export/records.csv?q=没有").status_code == 200  # what is loaded is counted once
        watched.asked = 0
        watched.before = lambda: setattr(clock, "now", clock.now + settings.request_seconds / 3)
        answer = client.get("/api/v1/export/records.csv")
    assert answer.status_code == 200
    assert watched.asked > 3


def test_without_a_limit_a_request_takes_its_time(engine: Engine, unlimited: Settings) -> None:
    clock = Clock()
    watched = Watched(engine, before=lambda: setattr(clock, "now", clock.now + 10_000))
    with TestClient(create_app(unlimited, watched, clock=clock)) as client:
        headers = {"content-type": "application/json"}
        assert client.post("/api/v1/match", content=ROWS, headers=headers).status_code == 200


def test_the_embedded_engine_asks_between_its_own_steps(settings: Settings) -> None:
    clock = Clock()
    everything = Request(MatchAll(), size=10, sort=(Sort("established_on"), Sort("tie")),
                         facets={"status": facet("status"), "region": facet("region")})  # fmt: skip
    with closing(open_engine(settings)) as engine:
        engine.search("entities", everything)
        spent = Budget(1, clock)
        clock.now += 2
        with running(spent), pytest.raises(OutOfTime):
            engine.search_many("entities", [everything] * 10)
        left = Budget()
        left.abandon()
        with running(left), pytest.raises(Abandoned):
            engine.search("entities", everything)
        steps = Steps()
        with running(steps):
            engine.search_many("entities", [everything] * 3)
        assert steps.taken > 9


class Steps(Budget):
    """Counts how often it is asked."""

    taken = 0

    def check(self) -> None:
        self.taken += 1


def facet(field: str) -> Facet:
    return Facet(TermsAgg(field, 5))
