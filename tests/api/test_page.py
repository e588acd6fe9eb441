"""The built page over HTTP: its files and addresses, the headers around them, and what is said where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.html.views import PLACES, THINGS
from xincha.engine.open import open_engine
from xincha.settings import Settings

INDEX = (
    "<!doctype html><html lang=zh-CN><title>信查</title><script type=module src=/assets/index-3fa9.js></script></html>"
)
CODE = "export const answer = 42;\n" * 200


def untitled(html: str) -> str:
    """A page without its title, which says what its address shows."""
    return re.sub("<title>.*?</title>", "", html)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX, "utf-8")
    (folder / "assets" / "index-3fa9.js").write_text(CODE, "utf-8")
    (folder / "favicon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    (tmp_path / "secret.txt").write_text("not of the page", "utf-8")
    return folder


@pytest.fixture
def client(built: Path, tmp_path: Path) -> Iterator[TestClient]:
    settings = Settings(data=tmp_path / "data", page=built)
    with closing(open_engine(settings)) as engine, TestClient(create_app(settings, engine)) as client:
        yield client


@pytest.mark.parametrize("address", ["/match/", "/quality"])
def test_addresses_of_the_page_give_its_index(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, untitled(answer.text)) == (200, untitled(INDEX))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "address",
    [
        "/foo",
        "/entities/91350200MA0000000X",
        "/记录",
        "/a/b/c/",
        "/search/more",
        "/entity",
        "/entity/",
        "/Search",
    ],
)
def test_an_address_that_is_none_of_the_page_is_404_with_the_page_that_says_so(
    client: TestClient, address: str
) -> None:
    tag = client.get("/match").headers["etag"]
    for method in ("GET", "HEAD"):
        answer = client.request(method, f"http://testserver{address}", headers={"if-none-match": tag})
        assert (answer.status_code, untitled(answer.text)) == (404, untitled(INDEX) if method == "GET" else "")
        assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_the_addresses_of_the_page_are_those_of_its_router() -> None:
    router = (Path(__file__).parents[2] / "frontend" / "src" / "router.ts").read_text("utf-8")
    paths = set(re.findall(r"path: '/([^':]*)", router))
    of_the_server = {"guide", "guide/", "help"}
    assert paths | of_the_server == PLACES.keys() | {f"{name}/" for name in THINGS}


@pytest.mark.parametrize("address", ["/", "/search", "/entity/91350200MA0000000X", "/record/P0000000000000000"])
def test_before_anything_is_published_nobody_knows_what_is_there(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, untitled(answer.text)) == (503, untitled(INDEX))


NOWHERE = ("NOPE", "91350200MA0000000X", "R-350200100000001", "N-0123456789abcdef", "a/b", "长" * 300, "%00", "'--")


def test_what_is_not_there_is_404_in_every_form(fictional_folder: Path, built: Path) -> None:
    settings = Settings(data=fictional_folder / "data", page=built)
    with closing(open_engine(settings)) as engine, TestClient(create_app(settings, engine)) as client:
        entity = client.get("/api/v1/entities?page_size=1").json()["hits"][0]["entity_id"]
        record = client.get("/api/v1/records?page_size=1").json()["hits"][0]["record_id"]
        for there in (f"/entity/{entity}", f"/entity/{entity}/", f"/record/{record}"):
            assert client.get(there).status_code == 200
        for name in (*NOWHERE, record):
            assert client.get(f"/entity/{name}").status_code == 404, name
        for name in (*NOWHERE, entity):
            assert client.get(f"/record/{name}").status_code == 404, name


def test_assets_are_kept_for_good_and_travel_compressed(client: TestClient) -> None:
    answer = client.get("/assets/index-3fa9.js")
    assert (answer.status_code, answer.text) == (200, CODE)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("address", ["/match", "/assets/index-3fa9.js"])
def test_what_a_browser_has_already_is_not_sent_again(client: TestClient, address: str) -> None:
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "address",
    [
        "/assets/gone-0000.js",
        "/security.txt",
        "/metrics",
        "/api",
        "/api/v2/entities",
        "/api/v1/nothing",
        "/docs.html",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%00.js",
        f"/{'a' * 5000}.js",
    ],
)
def test_what_is_not_there_is_a_problem_and_never_the_index(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:xincha:problem:not-found"


@pytest.mark.parametrize(
    "address", ["/", "/favicon.svg", "/healthz", "/api/v1/nothing", "/api/v1/entities?page_size=x"]
)
def test_every_answer_carries_the_security_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_no_page_of_the_framework_loads_scripts_from_elsewhere(client: TestClient) -> None:
    for address in ("/docs", "/redoc"):
        assert untitled(client.get(address).text) == untitled(INDEX)
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Xincha"


def test_a_page_that_was_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(data=tmp_path / "data", page=tmp_path / "none"))) as client:
        answer = client.get("/")
        assert answer.status_code == 503
        assert "make run" in answer.text
        assert client.get("/healthz").json() == {"status": "ok"}


def test_other_methods_are_refused_with_a_problem(client: TestClient) -> None:
    for address in ("/", "/api/v1/entities", "/healthz"):
        answer = client.post(address)
        assert answer.status_code == 405
        assert answer.headers["content-type"] == "application/problem+json"
