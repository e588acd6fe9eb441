"""What the public service has not: users, sessions, and anything to administer over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

WITH_BODIES = {
    *("/api/v1/match", "/api/v1/match/files", "/api/v1/receipts/match"),
    *("/reconcile", "/reconcile/v1/match", "/reconcile/v1/extend"),
}
"""What is asked with a body, because a query would be too long."""

WATCHED = {"/api/v1/watches"}
"""A list that somebody follows."""

OF_A_LIST = {f"/api/v1/match/files/{{file_id}}/{what}" for what in ("judgments", "result")}
"""What somebody decides about his own list, and its being written again."""


@pytest.mark.parametrize("address", ["/healthz", "/api/v1/entities?q=示例", "/api/v1/about", "/reconcile"])
def test_no_answer_sets_a_cookie_or_asks_who_one_is(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"cookie": "session=1"})
    assert answer.status_code == 200
    assert not {"set-cookie", "www-authenticate"} & set(answer.headers)


def test_nothing_is_changed_over_http_but_lists_that_were_uploaded(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    changing = {(path, method) for path, methods in paths.items() for method in methods if method != "get"}
    assert {path for path, method in changing if method == "post"} == WITH_BODIES | OF_A_LIST | WATCHED
    assert {(path, method) for path, method in changing if method != "post"} == {
        ("/api/v1/match/files/{file_id}", "delete"),
        ("/api/v1/watches/{watch_id}", "delete"),
    }
