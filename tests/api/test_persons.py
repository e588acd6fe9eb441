"""No natural person of whom a record is is named by any answer: every address of the OpenAPI document is asked."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from xincha.engine.contract import Engine
from xincha.engine.query import MatchAll, Request, Sort, Term
from xincha.text.names import name_key

pytestmark = pytest.mark.slow

Get = Callable[..., Any]


def pages(get: Get, address: str) -> Iterator[dict[str, Any]]:
    cursor = ""
    while cursor is not None:
        page = get(address, page_size=100, **({"cursor": cursor} if cursor else {}))
        yield page
        cursor = page["cursor"]


OWN_PAGES = ("/api/v1/entities/{", "/api/v1/receipts/entities/{")
WATCHED = (
    "/api/v1/watches/{watch_id}",
    "/api/v1/watches/{watch_id}/changes",
    "/api/v1/watches/{watch_id}/changes.csv",
    "/feeds/watches/{watch_id}.atom",
)


@pytest.fixture(scope="module")
def addresses(client: TestClient, get: Get) -> dict[str, list[str]]:
    """Every address to be asked, by its path in the OpenAPI document; one that this test does not know is asked as it
    stands."""
    records = [hit for page in pages(get, "records") for hit in page["hits"]]
    assert {hit["kind"] for hit in records[::5]} > {"penalty", "licence"}
    records = [hit for hit in records if hit.get("party_kind") == "自然人"] + records[::5]
    linked = sorted({hit["entity_id"] for hit in records if hit.get("entity_id")})
    kinds = ("csv", "xlsx", "ndjson")
    texts = ("q=示例", "q=", "q=示")
    known = {
        "/api/v1/entities/{entity_id}": [f"/api/v1/entities/{one}" for one in linked],
        "/api/v1/entities/{entity_id}/records": [f"/api/v1/entities/{one}/records?page_size=100" for one in linked],
        "/api/v1/entities/{entity_id}/relatives": [f"/api/v1/entities/{one}/relatives" for one in linked],
        "/api/v1/records/{record_id}": [f"/api/v1/records/{hit['record_id']}" for hit in records],
        "/api/v1/export/entities.{kind}": [f"/api/v1/export/entities.{kind}" for kind in kinds],
        "/api/v1/export/records.{kind}": [f"/api/v1/export/records.{kind}" for kind in kinds],
        "/feeds/entities/{entity_id}.atom": [f"/feeds/entities/{one}.atom" for one in linked],
        "/api/v1/suggest": [f"/api/v1/suggest?{text}" for text in texts],
        "/reconcile/preview": [f"/reconcile/preview?id={one}" for one in linked[:20]],
        "/reconcile/v1/preview": [f"/reconcile/v1/preview?id={one}" for one in linked[:20]],
        "/reconcile/flyout/{what}": [f"/reconcile/flyout/entity?id={one}" for one in linked[:20]],
        "/reconcile/suggest/{what}": ["/reconcile/suggest/entity?prefix=示例"],
        "/reconcile/v1/suggest/{what}": ["/reconcile/v1/suggest/entity?prefix=示例"],
        "/api/v1/match/files/{file_id}": [],  # of who has sent a list
        "/api/v1/match/files/{file_id}/columns": [],
        "/api/v1/match/files/{file_id}/result": [],
        "/api/v1/match/files/{file_id}/rows": [],
        **{path: [] for path in WATCHED},  # of who follows a list
        "/api/v1/checkpoint": [],  # nothing is signed here
        "/api/v1/receipts/entities/{entity_id}": [f"/api/v1/receipts/entities/{one}" for one in linked[:20]],
        "/api/v1/receipts/records/{record_id}": [f"/api/v1/receipts/records/{hit['record_id']}" for hit in records],
    }
    groups = ("authority", "category", "region", "article", "address")
    figures = ["of=entity", "of=licence", *(f"of=penalty&by={group}&top=1000" for group in groups)]
    for ending in ("", ".csv"):
        known[f"/api/v1/stats{ending}"] = [f"/api/v1/stats{ending}?{asked}" for asked in figures]
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert known.keys() <= paths.keys()
    return {path: known.get(path, [path]) for path, offered in paths.items() if "get" in offered}


def text_of(content: bytes, address: str) -> str:
    """All that a person or a program reads in an answer."""
    if ".xlsx" in address:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return content.decode("utf-8")


def test_no_address_names_a_person_of_whom_a_record_is(
    client: TestClient, addresses: dict[str, list[str]], persons: set[str], restricted: set[str]
) -> None:
    asked = 0
    for path, concrete in addresses.items():
        for address in concrete:
            answer = client.get(address)
            assert answer.status_code == 200, (address, answer.text[:200])
            said = text_of(answer.content, address)
            own_page = path.startswith(OWN_PAGES) or path.endswith("/records/{record_id}")
            for name in persons if own_page else persons | restricted:
                assert name not in said, (address, name)
            asked += 1
    assert asked > 100


def test_all_pages_of_searches_name_nobody_either(get: Get, persons: set[str], restricted: set[str]) -> None:
    for address in ("entities", "records"):
        for page in pages(get, address):
            said = json.dumps(page, ensure_ascii=False)
            assert not [name for name in persons | restricted if name in said]


def test_asked_for_by_name_nobody_is_found_matched_or_suggested(
    client: TestClient, get: Get, persons: set[str], restricted: set[str]
) -> None:
    for name in sorted(persons | restricted):
        for address in ("entities", "records"):
            found = get(address, q=name)
            assert not [hit for hit in found["hits"] if name in json.dumps(hit, ensure_ascii=False)], (address, name)
        assert name not in json.dumps(get("suggest", q=name), ensure_ascii=False)
    rows = [{"name": name} for name in sorted(persons | restricted)]
    answer = client.post("/api/v1/match", json={"rows": rows})
    assert not [name for name in persons | restricted if name in answer.text]
    assert {result["state"] for result in answer.json()["results"]} == {"none"}


def test_no_such_name_is_stored_or_a_term_of_the_index(engine: Engine, persons: set[str]) -> None:
    for index in ("entities", "records"):
        request = Request(MatchAll(), sort=(Sort("tie"),), size=500)
        while hits := engine.search(index, request).hits:
            stored = b"\n".join(hit.source for hit in hits).decode()
            assert not [name for name in persons if name in stored]
            request = Request(MatchAll(), sort=(Sort("tie"),), size=500, search_after=hits[-1].sort)
        for name in persons:
            assert engine.search(index, Request(Term("name_key", name_key(name)))).total == 0
