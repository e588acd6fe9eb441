"""Watch lists over HTTP: kept at an address that nobody can guess, read as JSON, CSV and Atom, deleted by a request."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.limits.seldom import MOST_WATCHES
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.holds import Holds
from xincha.limits import MAX_WATCHED
from xincha.search.service import Searcher
from xincha.settings import Settings
from xincha.watches import digest

from .test_feeds import pages

pytestmark = pytest.mark.slow


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"watches": tmp_path / "watches.sqlite", "holds": tmp_path / "holds.json"})


@pytest.fixture
def watcher(own: Settings, engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(own, engine)) as client:
        yield client


def made(client: TestClient, *entities: str) -> dict[str, Any]:
    answer = client.post("/api/v1/watches", json={"entity_ids": entities})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/v1/watches/{told['id']}"
    return told


@pytest.fixture
def ending(get: Any) -> dict[str, Any]:
    """A record of a company that ends first of all."""
    records = [hit for page in pages(get, "records") for hit in page["hits"] if hit.get("entity_id")]
    first: dict[str, Any] = min(
        (hit for hit in records if hit["public_until"] < "9999"), key=lambda hit: hit["public_until"]
    )
    return first


def test_what_ends_is_told_in_every_form_without_its_content(
    watcher: TestClient, own: Settings, engine: Engine, ending: dict[str, Any]
) -> None:
    of = ending["entity_id"]
    name = watcher.get(f"/api/v1/entities/{of}").json()["name"]
    watch = made(watcher, of)
    assert watch["companies"] == 1
    assert (date.fromisoformat(watch["ends_at"][:10]) - date.fromisoformat(watch["made_at"][:10])).days == 365
    assert watcher.get(watch["changes"]).json()["changes"] == []
    assert feedparser.parse(watcher.get(watch["feed"]).content).entries == []
    day = date.fromisoformat(ending["public_until"]) + timedelta(days=1)
    holds = Holds(own.holds_file)
    watcher.app.state.searcher = Searcher(engine, today=lambda: day, held=holds.on, holds=holds.listed)  # type: ignore[attr-defined]
    told = watcher.get(watch["changes"]).json()
    ended = [each for each in told["changes"] if each["change"] == "ended"]
    assert ending["record_id"] in {each["record_id"] for each in ended}
    assert all((each["record"], each["name"], each["entity_id"]) == (None, name, of) for each in ended)
    assert watcher.get(watch["changes"], params={"since": told["cursor"]}).json()["changes"] == []
    table = watcher.get(watch["table"])
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
    assert {row["记录编号"] for row in rows if row["变化"] == "记录不再公示"} == {each["record_id"] for each in ended}
    assert table.links["next"]["url"].endswith(told["cursor"])
    feed = feedparser.parse(watcher.get(watch["feed"]).content, sanitize_html=False)
    assert not feed.bozo
    assert [entry.id for entry in feed.entries if ":ended/" in entry.id and ending["record_id"] in entry.id]
    assert not [entry for entry in feed.entries if ending["headline"] in entry.title + entry.content[0].value]
    head = watcher.head(watch["feed"])
    assert (head.status_code, head.headers["etag"]) == (200, watcher.get(watch["feed"]).headers["etag"])


def test_what_is_held_back_is_told_at_once(watcher: TestClient, own: Settings, ending: dict[str, Any]) -> None:
    watch = made(watcher, ending["entity_id"])
    Holds(own.holds_file).hold(ending["record_id"], "示例", None, today())
    told = watcher.get(watch["changes"]).json()["changes"]
    assert [(each["change"], each["record_id"]) for each in told if each["record_id"] == ending["record_id"]] == [
        ("ended", ending["record_id"])
    ]


def test_a_list_is_deleted_by_one_request_and_then_nothing_leads_to_it(watcher: TestClient, get: Any) -> None:
    watch = made(watcher, get("entities")["hits"][0]["entity_id"])
    page = f"/watch/{watch['id']}"
    own = f"/api/v1/watches/{watch['id']}"
    for address in (own, watch["changes"], watch["table"], watch["feed"]):
        assert watcher.get(address).status_code == 200
    assert watcher.delete(own).status_code == 204
    for address in (own, watch["changes"], watch["table"], watch["feed"]):
        assert watcher.get(address).status_code == 404
    assert watcher.delete(own).status_code == 404
    assert watcher.get(page).status_code in (404, 503)  # 503: the page is not built here


def test_the_address_is_in_no_log_and_its_hash_opens_nothing(
    watcher: TestClient, get: Any, caplog: pytest.LogCaptureFixture, own: Settings
) -> None:
    with caplog.at_level(logging.DEBUG):
        watch = made(watcher, get("entities")["hits"][0]["entity_id"])
        own_address = f"/api/v1/watches/{watch['id']}"
        for address in (own_address, watch["changes"], watch["table"], watch["feed"], f"/watch/{watch['id']}"):
            watcher.get(address)
        watcher.get(watch["changes"], params={"since": "none"})
        watcher.delete(own_address)
    assert watch["sha256"] == digest(watch["id"])
    said = [record.getMessage() for record in caplog.records if record.name.startswith("xincha")]
    assert len(said) >= 8
    assert not [line for line in said if watch["id"] in line]
    assert watch["id"].encode() not in own.watches_file.read_bytes()
    assert watcher.get(f"/api/v1/watches/{watch['sha256']}").status_code in (400, 404)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{}", b'{"entity_ids": []}', b'{"entity_ids": ["\\u0000"]}', b'{"entity_ids": [1]}',
        b'{"entity_ids": ["A"], "match_file": "x"}', b'{"entity_ids": ["N-nobody"]}', b'{"other": 1}', b"\xff",
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(watcher: TestClient, body: bytes) -> None:
    answer = watcher.post("/api/v1/watches", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.json()["parameters"]


def test_bounds_are_told(watcher: TestClient, get: Any) -> None:
    entity = get("entities")["hits"][0]["entity_id"]
    answer = watcher.post("/api/v1/watches", json={"entity_ids": [f"N-{n}" for n in range(MAX_WATCHED + 1)]})
    assert answer.status_code == 413
    assert f"{MAX_WATCHED:,}" in answer.text
    assert watcher.post("/api/v1/watches", content=b'{"entity_ids": ["A"]}').status_code == 415
    assert watcher.post("/api/v1/watches", json={"match_file": "x" * 32}).status_code == 404
    limits = watcher.app.state.limits  # type: ignore[attr-defined]
    for _ in range(MOST_WATCHES):
        limits.keep_watch("testclient")
    assert watcher.post("/api/v1/watches", json={"entity_ids": [entity]}).status_code in (201, 429)


def test_where_lists_are_not_kept_it_is_said(settings: Settings, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for update in ({"watches": tmp_path / "w.sqlite", "watches_mb": 0}, {"watches": tmp_path / "file" / "w.sqlite"}):
        with TestClient(create_app(settings.model_copy(update=update), engine)) as client:
            about = client.get("/api/v1/about").json()
            entity = client.get("/api/v1/entities").json()["hits"][0]["entity_id"]
            assert about["watched"] is False
            answer = client.post("/api/v1/watches", json={"entity_ids": [entity]})
            assert (answer.status_code, str(tmp_path) in answer.text) == (503, False)


def test_all_companies_of_a_matched_list_are_followed_as_a_person_judged_them(watcher: TestClient, get: Any) -> None:
    hits = get("entities", kind="企业", page_size=3)["hits"]
    body = "\n".join(["企业名称", *(f"{hit['name']}" for hit in hits)]).encode()
    address = "/api/v1/match/files"
    sent = watcher.post(address, params={"filename": "a.csv"}, content=body).json()
    while (told := watcher.get(f"{address}/{sent['id']}").json())["state"] not in ("done", "failed"):
        pass
    assert told["state"] == "done", told
    matched = [row for row in watcher.get(f"{address}/{sent['id']}/rows").json()["hits"] if row["entity_id"]]
    assert matched
    answer = watcher.post("/api/v1/watches", json={"match_file": sent["id"]})
    assert (answer.status_code, answer.json()["companies"]) == (201, len({row["entity_id"] for row in matched}))
    watcher.delete(f"{address}/{sent['id']}")
