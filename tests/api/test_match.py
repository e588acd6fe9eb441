"""Lists of companies over HTTP: rows in, answers out in the same order; and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient

ADDRESS = "/api/v1/match"
Ask = Callable[[Sequence[object]], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def ask(client: TestClient) -> Ask:
    """The results of rows that must be answered."""

    def call(rows: Sequence[object]) -> list[dict[str, Any]]:
        answer = client.post(ADDRESS, json={"rows": rows})
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json()["results"]
        assert len(results) == len(rows)
        return results

    return call


@pytest.fixture(scope="module")
def named(get: Callable[..., Any]) -> list[dict[str, Any]]:
    """Some entities with names of their own."""
    hits = get("entities", q="有限公司", page_size=50)["hits"]
    names = [hit["name"] for hit in hits]
    return [hit for hit in hits if names.count(hit["name"]) == 1][:10]


def test_rows_are_answered_in_their_order(ask: Ask, named: list[dict[str, Any]]) -> None:
    rows = [{"name": hit["name"], "uscc": hit["uscc"], "id": str(at)} for at, hit in enumerate(named)]
    results = ask(rows)
    assert [result["id"] for result in results] == [row["id"] for row in rows]
    assert [result["state"] for result in results] == ["matched"] * len(rows)
    assert [result["entity_id"] for result in results] == [hit["entity_id"] for hit in named]


def test_an_answer_says_who_is_meant_in_what_state_with_which_records_and_why(
    ask: Ask, get: Callable[..., Any], named: list[dict[str, Any]]
) -> None:
    [result] = ask([{"name": named[0]["name"], "uscc": named[0]["uscc"]}])
    entity = get(f"entities/{result['entity_id']}")
    candidate = result["candidates"][0]
    for key in ("entity_id", "name", "uscc", "status", "region", "counts"):
        assert candidate[key] == entity[key]
    assert {reason["feature"] for reason in result["reasons"]} >= {"exact_name", "code"}
    assert all(reason["text"] for reason in result["reasons"])
    assert result["error"] is None


def test_a_bad_row_does_not_spoil_the_batch(ask: Ask, named: list[dict[str, Any]]) -> None:
    results = ask([{"name": named[0]["name"]}, 5, {"name": []}, {}, {"uscc": named[1]["uscc"]}])
    assert [result["error"] is None for result in results] == [True, False, False, False, True]
    assert [result["state"] for result in results] == ["matched", "none", "none", "none", "matched"]


def test_a_stranger_is_none(ask: Ask) -> None:
    [result] = ask([{"name": "西宁无此示例铸造厂"}])
    assert (result["state"], result["entity_id"], result["score"]) == ("none", None, 0.0)


def test_no_rows_are_no_results(ask: Ask) -> None:
    assert ask([]) == []


def test_a_thousand_rows_are_answered_and_one_more_is_too_many(client: TestClient, ask: Ask) -> None:
    assert len(ask([{"name": "示例"}] * 1000)) == 1000
    answer = client.post(ADDRESS, json={"rows": [{"name": "示例"}] * 1001})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert "1,000" in answer.json()["parameters"][0]["allowed"]


def test_a_body_that_is_too_large_is_refused_while_it_arrives(client: TestClient) -> None:
    taken, said = 0, []

    async def receive() -> dict[str, Any]:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b" " * (1 << 20), "more_body": taken < 100}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    scope = {"type": "http", "http_version": "1.1", "method": "POST", "path": ADDRESS, "raw_path": ADDRESS.encode(),
             "scheme": "http", "query_string": b"", "headers": [], "server": ("127.0.0.1", 80)}  # fmt: skip
    with ThreadPoolExecutor(1) as apart:  # a browser of other tests may hold this thread's event loop
        apart.submit(anyio.run, client.app, scope, receive, send).result()  # type: ignore[arg-type]
    assert said[0]["status"] == 413
    assert taken < 10


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"rows",
        b"[]",
        b"{}",
        b'{"rows": {}}',
        b'{"rows": null}',
        b'{"rows": [], "more": 1}',
        b'{"rows": [{"name": "\xff"}]}',
        b'{"rows": [' + b"[" * 100_000,
        json.dumps({"rows": "示例"}).encode(),
    ],
)
def test_a_body_that_holds_no_rows_is_refused_with_what_would_be_right(client: TestClient, body: bytes) -> None:
    answer = client.post(ADDRESS, content=body)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameters"][0]["name"] in ("rows", "more")


def test_parameters_in_the_address_are_refused(client: TestClient) -> None:
    assert client.post(f"{ADDRESS}?q=1", json={"rows": []}).status_code == 400
    assert client.get(ADDRESS).status_code == 405


def test_names_are_in_no_log(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        client.post(ADDRESS, json={"rows": [{"name": "厦门不可记录示例有限公司"}, {"name": {}}]})
    assert "不可记录" not in caplog.text


@pytest.mark.parametrize(
    ("column", "most"),
    [("name", 200), ("uscc", 100), ("region", 100), ("legal_rep", 100), ("address", 300), ("id", 200)],
)
def test_a_text_that_is_too_long_is_the_error_of_its_row(ask: Ask, column: str, most: int) -> None:
    row = {"name": "示例", column: "x" * most}
    fitting, longer, other = ask([row, {**row, column: "x" * (most + 1)}, {"name": "示例"}])
    assert fitting["error"] is other["error"] is None
    assert str(most) in longer["error"]


def test_a_row_of_too_many_columns_is_an_error_of_that_row(ask: Ask) -> None:
    row = {"name": "示例", **{str(at): 0 for at in range(49)}}
    fitting, wider = ask([row, {**row, "more": 0}])
    assert fitting["error"] is None
    assert "50" in wider["error"]
    assert wider["reasons"] == []
