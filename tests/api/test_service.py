"""Before, while and after something is published: the server starts at once, says why it cannot answer, and goes on."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

import fixtures
from api.app import create_app
from fixtures.manifest import Fixtures
from indexer.load import load
from indexer.publish import publish
from xincha.engine.open import open_engine
from xincha.settings import Settings

pytestmark = pytest.mark.slow

SEARCHES = ["entities?q=x", "entities/x", "entities/x/records", "records", "records/x", "suggest?q=示例", "about"]


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", page=tmp_path / "none", workers=1)


def test_with_nothing_published_the_server_lives_and_says_what_to_do(empty: Settings) -> None:
    with TestClient(create_app(empty)) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        for address in ("/readyz", *(f"/api/v1/{search}" for search in SEARCHES)):
            answer = client.get(address)
            assert answer.status_code == 503, address
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["retry-after"]
            assert answer.json()["type"] == "urn:xincha:problem:not-ready"
            assert answer.json()["detail"]
        assert client.get("/api/v1/entities?page_size=0").status_code == 400


@pytest.mark.slow
def test_what_another_process_publishes_is_answered_without_a_restart(
    empty: Settings, fictional: Fixtures, tmp_path: Path
) -> None:
    base, later = fixtures.make(tmp_path / "files", fictional.today)
    with TestClient(create_app(empty)) as client:
        assert client.get("/readyz").status_code == 503
        for delivery, status in ((base, "存续"), (later, "注销")):
            load([delivery], empty)
            with closing(open_engine(empty)) as other:
                publish(empty, other)
            ready = client.get("/readyz")
            assert ready.status_code == 200, ready.text
            assert ready.json()["entities"] == client.get("/api/v1/about").json()["entities"]
            assert client.get("/api/v1/entities/91350211YYY000281P").json()["status"] == status


def test_an_engine_that_was_passed_in_is_not_closed(settings: Settings) -> None:
    with closing(open_engine(settings)) as engine:
        for _ in range(2):
            with TestClient(create_app(settings, engine)) as client:
                assert client.get("/readyz").status_code == 200
        assert engine.status().ready


def test_what_was_searched_for_is_in_no_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get("/api/v1/entities", params={"q": "示例秘密公司"})
        client.get("/api/v1/entities/91350200MA0SECRET0")
        client.get("/api/v1/entities", params={"q": "示例秘密公司", "page_size": "秘密"})
        client.get("/%E7%A7%98%E5%AF%86.html")
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "httpx2")
    assert "GET /api/v1/entities 200" in logged
    assert "GET /api/v1/entities/{entity_id} 404" in logged
    for part in ("秘密", "%E7", "SECRET", "testclient"):
        assert part not in logged


def test_a_failure_that_nobody_foresaw_is_told_and_logged_without_its_message(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(open_engine(settings)) as engine:
        app = create_app(settings, engine)
        app.state.searcher = None  # nothing that answers: every search fails in the endpoint
        with TestClient(app) as client:
            answer = client.get("/api/v1/suggest", params={"q": "示例秘密"})
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:xincha:problem:internal"
    assert answer.headers["x-content-type-options"] == "nosniff"
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "AttributeError at " in record.message
    assert "suggest" in record.message
    assert "秘密" not in record.message
