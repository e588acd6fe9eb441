"""Licences 行政许可 over HTTP: found, filtered by state, counted, exported, and named on the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

Get = Callable[..., Any]


def test_licences_are_a_kind_of_their_own(get: Get) -> None:
    page = get("records", kind="licence", page_size=100)
    assert page["total"] > 100
    assert {hit["state"] for hit in page["hits"]} <= {"valid", "expired", None}
    assert {bucket["value"] for bucket in page["facets"]["state"]} >= {"valid", "expired"}
    expired = get("records", kind="licence", state="expired", page_size=100)
    assert {hit["state"] for hit in expired["hits"]} == {"expired"}
    counted = {bucket["value"]: bucket["count"] for bucket in page["facets"]["state"]}
    assert expired["total"] == counted["expired"]


def test_a_company_shows_its_licences_on_its_page_and_timeline(get: Get) -> None:
    entity = get("entities", has="licence", page_size=1)["hits"][0]
    assert entity["counts"]["licence_valid"] >= 1
    whole = get(f"entities/{entity['entity_id']}")
    assert "有效行政许可" in whole["summary"]
    timeline = get(f"entities/{entity['entity_id']}/records", kind="licence")
    assert timeline["total"] == whole["counts"]["licence"]


def test_the_page_is_told_its_words(get: Get) -> None:
    words = {kind["name"]: kind for kind in get("about")["kinds"]}["licence"]
    assert words["title"] == "行政许可"
    assert [state["title"] for state in words["states"]] == ["有效", "已过期"]
    assert "许可内容" in [fact["title"] for fact in words["facts"] if fact["listed"]]


def test_licences_are_exported_with_their_columns(client: TestClient) -> None:
    answer = client.get("/api/v1/export/records.csv?kind=licence&state=valid")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == int(answer.headers["x-total-count"]) > 50
    assert {row["现状"] for row in rows} == {"有效"}
    assert all(row["许可机关"] and row["来源文件"].startswith("licences/") for row in rows)
    assert "处罚内容" not in rows[0]
