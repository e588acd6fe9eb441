"""What a request says of itself: its host is in no answer, its type is believed; one that breaks off is no failure."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import orjson
import pytest

from api.app import create_app
from tests.api.live import Live, live, until
from xincha.engine.contract import Engine
from xincha.settings import Settings

HEAD = " HTTP/1.1\r\nHost: evil.example:81\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: evil\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
JSON = "Content-Type: application/json\r\n"


@pytest.fixture(scope="module")
def running(settings: Settings, engine: Engine) -> Iterator[Live]:
    with live(create_app(settings, engine)) as running:
        yield running


HALF = {
    "rows": f"POST /api/v1/match{HEAD}{JSON}Content-Length: 1000\r\n\r\n" + '{"rows": [',
    "chunked rows": f"POST /api/v1/match{HEAD}{JSON}Transfer-Encoding: chunked\r\n\r\n3\r\nab",
    "a list": f"POST /api/v1/match/files?filename=a.csv{HEAD}Content-Length: 1000\r\n\r\na,b\r\n",
    "queries": f"POST /reconcile{HEAD}{FORM}Content-Length: 99\r\n\r\nqueries=",
    "queries as JSON": f"POST /reconcile/v1/match{HEAD}{JSON}Content-Length: 99\r\n\r\n[",
    "a body that nobody reads": f"POST /healthz{HEAD}Content-Length: 99\r\n\r\n[",
}
WHOLE = ["/", "/api/v1/entities", "/api/v1/export/entities.csv", "/api/v1/export/entities.xlsx", "/api/v1/openapi.json"]


@pytest.mark.parametrize("data", [*HALF.values(), *(f"GET {path}{HEAD}\r\n" for path in WHOLE)], ids=[*HALF, *WHOLE])
def test_a_client_that_hangs_up_is_no_failure(running: Live, data: str, caplog: pytest.LogCaptureFixture) -> None:
    asked = running.server.server_state.total_requests
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            with running.connect() as client:
                client.send(data.encode())
                until(lambda: running.server.server_state.tasks or running.server.server_state.total_requests > asked)
        until(lambda: not running.places and not running.server.server_state.tasks)
    told = [each.getMessage() for each in caplog.records]
    assert [each for each in caplog.records if each.levelno > logging.INFO] == []
    assert [line for line in told if " 500 " in line] == []


@pytest.mark.parametrize("data", list(HALF.values())[:5], ids=list(HALF)[:5])
def test_half_a_request_counts_as_gone(running: Live, data: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "xincha.access"):
        with running.connect() as client:
            client.send(data.encode())
            until(lambda: running.server.server_state.tasks)
        until(lambda: [each for each in caplog.records if " gone " in each.getMessage()])


ADDRESSES = [
    "/", "/nothing.html", "//evil.example/..", "/healthz/", "/readyz", "/docs", "/api/v1/openapi.json", "/api/v1/about",
    "/api/v1/entities", "/api/v1/entities/", "/api/v1/entities?page_size=0", "/api/v1/nothing", "/reconcile",
    "/reconcile/", "/reconcile/v1", "/reconcile/v1/suggest/entity?prefix=shili",
    "/reconcile/preview?id=91350211YYY000281P", "/reconcile/flyout/entity?id=91350211YYY000281P",
    "/reconcile/extend/propose",
]  # fmt: skip


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "DELETE"])
def test_no_host_that_a_client_names_is_in_an_answer(running: Live, method: str) -> None:
    for path in (*ADDRESSES, f"http://evil.example{ADDRESSES[-1]}"):
        with running.connect() as client:
            client.send(f"{method} {path}{HEAD}Origin: https://page.example\r\nConnection: close\r\n\r\n".encode())
            told = client.file.read()
            assert b"evil" not in told, path
            assert b"HTTP/1.1 5" not in told.replace(b"HTTP/1.1 503", b""), path


def test_links_of_a_manifest_begin_with_the_address_at_which_it_was_asked(
    running: Live, settings: Settings, engine: Engine
) -> None:
    def manifest(running: Live) -> dict[str, dict[str, str]]:
        told: dict[str, dict[str, str]] = orjson.loads(running.ask(f"GET /reconcile{HEAD}\r\n".encode()).body)
        return told

    host, port = running.address
    assert manifest(running)["view"]["url"] == f"http://{host}:{port}/entity/{{{{id}}}}"
    public = settings.model_copy(update={"base_url": "https://xincha.example/"})
    with live(create_app(public, engine)) as other:
        assert manifest(other)["view"]["url"] == "https://xincha.example/entity/{{id}}"


def test_a_preview_links_to_its_own_service(running: Live) -> None:
    entity = "91350211YYY000281P"
    answer = running.ask(f"GET /reconcile/preview?id={entity}{HEAD}\r\n".encode())
    assert f'href="/entity/{entity}"' in answer.body.decode()


ROWS = '{"rows": [{"name": "厦门示例澜汀建材有限公司"}]}'


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "text/json", "", None],
)
@pytest.mark.parametrize("path", ["/api/v1/match", "/reconcile/v1/match", "/reconcile/v1/extend"])
def test_only_what_is_said_to_be_json_is_read_as_json(running: Live, path: str, kind: str | None) -> None:
    """What a form of another site may send without being asked is not."""
    said = "" if kind is None else f"Content-Type: {kind}\r\n"
    body = ROWS.encode()
    answer = running.ask(f"POST {path}{HEAD}{said}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    assert (answer.status, answer.problem) == (415, "unsupported-media-type")
    assert b"application/json" in answer.body


def test_json_may_say_its_charset(running: Live) -> None:
    body = ROWS.encode()
    said = f"Content-Type: Application/JSON; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
    answer = running.ask(f"POST /api/v1/match{HEAD}{said}".encode() + body)
    assert answer.status == 200
