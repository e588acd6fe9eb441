"""Every way to a company says the same numbers of it: page, searches, exports, lists that are matched, OpenRefine."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from xincha.kinds import KINDS, counts

pytestmark = pytest.mark.slow

Get = Callable[..., Any]
_EACH = 4


@pytest.fixture(scope="module")
def companies(get: Get) -> dict[str, dict[str, Any]]:
    """For each kind of record some entities that have one, and some without any, as their pages say."""
    asked: list[dict[str, Any]] = [{"has": kind.name} for kind in KINDS.values() if kind.party]
    hits = [hit for each in asked for hit in get("entities", page_size=_EACH, **each)["hits"]]
    hits += get("entities", q="示例", page_size=_EACH)["hits"]
    found = {hit["entity_id"]: get(f"entities/{hit['entity_id']}") for hit in hits}
    for hit in hits:
        assert hit["counts"] == found[hit["entity_id"]]["counts"], hit["name"]
    return found


def row_of(company: dict[str, Any]) -> dict[str, str]:
    return {"name": company["name"], **({"uscc": company["uscc"]} if company["uscc"] else {})}


def test_there_is_somebody_for_each_kind(companies: dict[str, dict[str, Any]], get: Get) -> None:
    loaded = {kind["kind"] for kind in get("about")["coverage"] if kind["records"]}
    for kind in KINDS.values():
        if kind.counts and kind.party and kind.name in loaded:
            numbers = [company["counts"][count.name] for company in companies.values() for count in kind.counts]
            assert any(numbers), kind.name


def test_the_filter_of_a_kind_finds_those_who_have_a_count_of_it(get: Get) -> None:
    everybody, cursor = [], ""
    while cursor is not None:
        page = get("entities", page_size=100, **({"cursor": cursor} if cursor else {}))
        everybody += page["hits"]
        cursor = page["cursor"]
    facet = {bucket["value"]: bucket["count"] for bucket in page["facets"]["has"]}
    for kind in KINDS.values():
        of_state = [
            count.name for count in kind.counts if not count.sums and not count.latest and count.state == kind.has_state
        ]
        if not of_state or not kind.party:
            continue
        having = sum(bool(hit["counts"][of_state[0]]) for hit in everybody)
        assert having == facet.get(kind.name, 0) == get("entities", has=kind.name, page_size=1)["total"], kind.name


def test_rows_that_are_matched_say_what_the_pages_say(client: TestClient, companies: dict[str, dict[str, Any]]) -> None:
    rows = [{"id": identifier, **row_of(company)} for identifier, company in companies.items()]
    results = client.post("/api/v1/match", json={"rows": rows}).json()["results"]
    for result in results:
        for candidate in result["candidates"]:
            if candidate["entity_id"] in companies:
                assert candidate["counts"] == companies[candidate["entity_id"]]["counts"]
    assert sum(result["state"] == "matched" for result in results) > len(rows) / 2


@pytest.mark.slow
def test_a_list_in_a_file_says_what_the_pages_say(client: TestClient, companies: dict[str, dict[str, Any]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(
        [["企业名称", "统一社会信用代码"], *(row_of(each).values() for each in companies.values() if each["uscc"])]
    )
    sent = client.post("/api/v1/match/files", params={"filename": "名单.csv"}, content=text.getvalue().encode()).json()
    deadline = time.monotonic() + 120
    while (told := client.get(f"/api/v1/match/files/{sent['id']}").json())["state"] not in ("done", "failed"):
        assert time.monotonic() < deadline, told
        time.sleep(0.05)
    answered = csv.DictReader(io.StringIO(client.get(told["result"]).content.decode("utf-8-sig")))
    seen = 0
    for row in answered:
        company = companies.get(row["主体编号"])
        for count in counts():
            if company and count.listed:
                held = company["counts"][count.name]
                said = "" if held is None else held if count.latest else f"{held:g}"
                assert row[count.listed] == said, (company["name"], count.name)
                seen += 1
    assert seen


@pytest.mark.parametrize("version", ["/reconcile", "/reconcile/v1"])
def test_openrefine_fetches_what_the_pages_say(
    client: TestClient, companies: dict[str, dict[str, Any]], version: str
) -> None:
    properties = [{"id": f"counts.{count.name}"} for count in counts()]
    query = {"ids": list(companies), "properties": properties}
    if version == "/reconcile":
        rows = client.post(version, data={"extend": json.dumps(query)}).json()["rows"]
        told = {identifier: dict(row) for identifier, row in rows.items()}
    else:
        rows = client.post(f"{version}/extend", json=query).json()["rows"]
        told = {row["id"]: {each["id"]: each["values"] for each in row["properties"]} for row in rows}
    for identifier, company in companies.items():
        for count in counts():
            held = company["counts"][count.name]
            values = [next(iter(cell.values())) for cell in told[identifier][f"counts.{count.name}"]]
            said = f"{held}T00:00:00Z" if count.latest else held
            assert values == ([] if held is None else [said]), (company["name"], count.name)


def test_an_export_says_what_the_pages_say(client: TestClient, companies: dict[str, dict[str, Any]]) -> None:
    lines = client.get("/api/v1/export/entities.ndjson").text.splitlines()
    rows = {row["entity_id"]: row for row in map(json.loads, lines) if "entity_id" in row}
    for identifier, company in companies.items():
        assert rows[identifier]["counts"] == company["counts"], company["name"]
