"""What an operator sees of the application, whatever its engine does; and that it is nothing that anybody typed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import cast

import pytest
from anyio import to_thread
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api import metrics
from api.app import create_app
from api.routes import service
from xincha.engine.contract import Engine, EngineStatus
from xincha.errors import EngineUnavailable
from xincha.settings import Settings

Labels = frozenset[tuple[str, str]]
PATIENCE = 30


def told_by(client: TestClient) -> TestClient:
    """The application of the address for operators, in the same event loop."""
    operators = TestClient(service.operators(cast("FastAPI", client.app)))
    operators.portal = client.portal
    return operators


def read(client: TestClient) -> dict[tuple[str, Labels], float]:
    """Every sample: (name, labels) → value."""
    answer = told_by(client).get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = text_string_to_metric_families(answer.text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def value(seen: Mapping[tuple[str, Labels], float], name: str, **labels: str) -> float:
    return seen.get((name, frozenset(labels.items())), 0)


@pytest.fixture
def fresh(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    """An application that has not been asked anything."""
    with TestClient(create_app(settings, engine)) as client:
        yield client


class Away:
    """Stands for a search server that does not answer: searches fail, and its state is not told before `back`."""

    name = "away"

    def __init__(self) -> None:
        self.asked, self.back = Event(), Event()

    def search(self, *_: object) -> None:
        self.asked.set()
        self.back.wait(PATIENCE)
        raise EngineUnavailable("the search engine does not answer")

    search_many = search

    def status(self) -> EngineStatus:
        self.back.wait(PATIENCE)
        return EngineStatus("away", ready=False, reason="the search engine does not answer")


@contextmanager
def application_over(away: Away, folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data=folder), cast("Engine", away))) as client:
        try:
            yield client
        finally:
            away.back.set()


def test_requests_are_counted_by_pattern_and_class_of_status(fresh: TestClient) -> None:
    for address in ("entities?q=示例", "entities?q=样本", "entities?page_size=0", "entities/x", "entities/y"):
        fresh.get(f"/api/v1/{address}")
    seen = read(fresh)
    entities, entity = "/api/v1/entities", "/api/v1/entities/{entity_id}"
    assert value(seen, "xincha_http_requests_total", route=entities, status="2xx") == 2
    assert value(seen, "xincha_http_requests_total", route=entities, status="4xx") == 1
    assert value(seen, "xincha_http_requests_total", route=entity, status="4xx") == 2
    assert value(seen, "xincha_http_request_seconds_count", route=entities) == 3
    assert value(seen, "xincha_http_request_seconds_bucket", route=entities, le="+Inf") == 3


def test_nothing_that_a_caller_sends_is_in_a_metric(fresh: TestClient) -> None:
    fresh.get("/api/v1/entities", params={"q": "示例秘密公司", "秘密": "1"})
    fresh.get("/api/v1/entities/SECRET0")
    fresh.get("/SECRET/SECRET.html")
    fresh.request("SECRET", "/api/v1/entities")
    fresh.get("/api/v1/suggest", params={"q": "示例秘密"}, headers={"user-agent": "SECRET", "host": "SECRET"})
    text = told_by(fresh).get("/metrics").text
    for part in ("秘密", "%E7", "SECRET", "testclient"):
        assert part not in text


def test_time_in_the_engine_is_counted_for_each_index(fresh: TestClient) -> None:
    fresh.get("/api/v1/records?q=示例")
    before = read(fresh)
    assert value(before, "xincha_engine_seconds_count", index="records") > 0
    assert value(before, "xincha_engine_seconds_count", index="entities") == 0
    fresh.get("/api/v1/suggest?q=示例")
    assert value(read(fresh), "xincha_engine_seconds_count", index="entities") > 0


def test_what_is_published_is_told_with_its_age(fresh: TestClient) -> None:
    seen = read(fresh)
    ready = fresh.get("/readyz").json()
    assert value(seen, "xincha_ready") == 1
    for index in ("entities", "records"):
        assert value(seen, "xincha_index_documents", index=index) == ready[index]
    since_load = value(seen, "xincha_data_age_seconds", since="load")
    since_publish = value(seen, "xincha_data_age_seconds", since="publish")
    assert since_load >= since_publish > 0
    assert value(read(fresh), "xincha_data_age_seconds", since="load") > since_load


def test_what_caches_know_and_do_not_know_is_counted(fresh: TestClient) -> None:
    for _ in range(3):
        fresh.get("/api/v1/about")
    seen = read(fresh)
    assert value(seen, "xincha_cache_lookups_total", cache="about", result="miss") == 1
    assert value(seen, "xincha_cache_lookups_total", cache="about", result="hit") == 2
    before = metrics.cached_functions()["search.intent.read"]
    fresh.get("/api/v1/suggest?q=示例")
    fresh.get("/api/v1/entities?q=示例一次")
    assert sum(metrics.cached_functions()["search.intent.read"]) > sum(before)


def test_each_application_counts_for_itself(settings: Settings, engine: Engine, fresh: TestClient) -> None:
    fresh.get("/healthz")
    with TestClient(create_app(settings, engine)) as other:
        assert value(read(other), "xincha_http_requests_total", route="/healthz", status="2xx") == 0
    assert value(read(fresh), "xincha_http_requests_total", route="/healthz", status="2xx") == 1


def test_before_anything_is_published_metrics_are_there(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path))) as client:
        client.get("/api/v1/entities?q=示例")
        seen = read(client)
    assert seen["xincha_ready", frozenset()] == 0
    assert value(seen, "xincha_engine_errors_total", index="entities", error="EngineNotReady") >= 1
    assert not [name for name, _ in seen if name in {"xincha_index_documents", "xincha_data_age_seconds"}]


def test_an_engine_that_does_not_answer_keeps_no_metric_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "STATUS_SECONDS", 0.05)
    with application_over(Away(), tmp_path) as client:
        assert value(read(client), "process_resident_memory_bytes") > 0
        assert read(client)["xincha_ready", frozenset()] == 0


def test_an_engine_whose_state_cannot_be_had_keeps_no_metric_back(tmp_path: Path) -> None:
    away = Away()
    away.status = None  # type: ignore[method-assign, assignment]
    with application_over(away, tmp_path) as client:
        assert read(client)["xincha_ready", frozenset()] == 0


def test_while_every_thread_is_busy_the_queue_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "STATUS_SECONDS", 0.05)
    away = Away()

    def one_thread() -> None:
        to_thread.current_default_thread_limiter().total_tokens = 1

    with application_over(away, tmp_path) as client, ThreadPoolExecutor(2) as people:
        assert client.portal
        client.portal.call(one_thread)
        asked = [people.submit(client.get, "/api/v1/suggest?q=示例") for _ in range(2)]
        assert away.asked.wait(PATIENCE)
        end = time.monotonic() + PATIENCE
        while value(seen := read(client), "xincha_requests_waiting") < 1:
            assert time.monotonic() < end
        assert value(seen, "xincha_threads_busy") == value(seen, "xincha_threads") == 1
        assert client.get("/healthz").status_code == 200
        away.back.set()
        assert [answer.result().status_code for answer in asked] == [503, 503]
        seen = read(client)
        assert value(seen, "xincha_requests_waiting") == value(seen, "xincha_threads_busy") == 0
        assert value(seen, "xincha_engine_errors_total", index="entities", error="EngineUnavailable") >= 2
        assert value(seen, "xincha_http_requests_total", route="/api/v1/suggest", status="5xx") == 2


def test_the_public_sees_no_metrics(fresh: TestClient) -> None:
    answer = fresh.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_operators_see_nothing_else(fresh: TestClient) -> None:
    for address in ("/", "/api/v1/entities", "/healthz", "/docs", "/openapi.json"):
        answer = told_by(fresh).get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert told_by(fresh).post("/metrics").status_code == 405


def test_metrics_take_no_parameters(fresh: TestClient) -> None:
    assert told_by(fresh).get("/metrics?name[]=xincha_ready").status_code == 400
