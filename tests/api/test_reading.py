"""HTTP as clients expect it: pages of other sites, tags, HEAD, methods, and the address of the next page."""

from __future__ import annotations

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from tests.api.live import live
from xincha.engine.contract import Engine
from xincha.settings import Settings

SITE = {"origin": "https://journal.example"}
READ = ("/api/v1/entities?q=示例", "/api/v1/about", "/api/v1/changes?since=now", "/feeds/records.atom")


@pytest.mark.parametrize("address", READ)
def test_a_page_of_any_site_may_read(client: TestClient, address: str) -> None:
    answer = client.get(address, headers=SITE)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert {"Link", "ETag"} <= set(answer.headers["access-control-expose-headers"].split(", "))
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    asked = {**SITE, "access-control-request-method": "GET", "access-control-request-headers": "if-none-match"}
    assert client.options(address, headers=asked).status_code == 200


def test_a_page_of_another_site_may_send_no_list(client: TestClient) -> None:
    answer = client.post("/api/v1/match", json={"rows": [{"name": "示例"}]}, headers=SITE)
    assert "access-control-allow-origin" not in answer.headers
    asked = client.options("/api/v1/match", headers={**SITE, "access-control-request-method": "POST"})
    assert asked.status_code == 400
    for address in ("/", "/healthz"):
        assert "access-control-allow-origin" not in client.get(address, headers=SITE).headers


@pytest.mark.parametrize("address", READ[:2] + READ[3:])
def test_who_has_an_answer_is_told_so(client: TestClient, address: str) -> None:
    first = client.get(address)
    tag = first.headers["etag"]
    for said in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = client.get(address, headers={"if-none-match": said})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert client.get(address, headers={"if-none-match": '"other"'}).content == first.content


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/entities?q=示例",
        "/api/v1/export/records.csv",
        "/healthz",
        "/robots.txt",
        "/feeds/records.atom",
        "/reconcile",
    ],
)
def test_what_takes_get_takes_head(client: TestClient, address: str) -> None:
    got, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (got.status_code, b"")
    told = {"content-type", "etag", "x-total-count", "cache-control"}
    assert {key: value for key, value in head.headers.items() if key in told} == {
        key: value for key, value in got.headers.items() if key in told
    }


def test_what_takes_no_get_says_what_it_takes(client: TestClient) -> None:
    for address, method, takes in (
        ("/api/v1/match", "get", "POST"),
        ("/api/v1/match", "head", "POST"),
        ("/api/v1/entities", "delete", "GET, HEAD"),
        ("/reconcile", "put", "GET, HEAD, POST"),
        ("/feeds/records.atom", "post", "GET, HEAD"),
    ):
        answer = client.request(method, address)
        assert (answer.status_code, answer.headers["allow"]) == (405, takes)


def test_links_lead_from_page_to_page(client: TestClient) -> None:
    for address in ("records?kind=penalty&page_size=100", "entities?q=示例&kind=企业&page_size=100"):
        total, found = client.get(f"/api/v1/{address}").json()["total"], list[str]()
        following: str | None = f"/api/v1/{address}"
        while following:
            answer = client.get(following)
            found += [str(hit.get("record_id") or hit["entity_id"]) for hit in answer.json()["hits"]]
            following = answer.links.get("next", {}).get("url")
        assert len(set(found)) == len(found) == total
    assert (
        client.get("/api/v1/changes?page_size=5").links["next"]["url"].startswith("/api/v1/changes?page_size=5&since=")
    )
    assert "next" not in client.get("/api/v1/changes?since=now").links


def at(address: tuple[str, int]) -> str:
    return f"http://{address[0]}:{address[1]}"


def test_a_real_connection_is_kept_over_head_and_not_modified(settings: Settings, engine: Engine) -> None:
    """No byte of a body is sent where none may be: the next answer on the connection is read rightly."""
    with (
        live(create_app(settings, engine)) as served,
        httpx2.Client(base_url="http://{}:{}".format(*served.address)) as http,
    ):
        first = http.get("/api/v1/entities", params={"q": "示例"})
        head = http.head("/api/v1/entities", params={"q": "示例"})
        assert (head.status_code, head.content) == (200, b"")
        exported = http.head("/api/v1/export/records.ndjson")
        assert int(exported.headers["x-total-count"]) > 0
        again = http.get("/api/v1/entities", params={"q": "示例"}, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        assert http.get("/healthz").json() == {"status": "ok"}
