"""What is wrong with a request is said, with what would be right; and nothing that anybody sends breaks anything."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

ENTITIES = "/api/v1/entities"
RECORDS = "/api/v1/records"


def refused(client: TestClient, address: str) -> dict[str, Any]:
    answer = client.get(address)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == 400
    return problem


@pytest.mark.parametrize(
    ("address", "name", "allowed"),
    [
        (f"{ENTITIES}?page_size=0", "page_size", "1 or more"),
        (f"{ENTITIES}?page_size=101", "page_size", "1 to 100"),
        (f"{ENTITIES}?page_size={'9' * 400}", "page_size", "1000 or less"),
        (f"{ENTITIES}?page_size={'9' * 5000}", "page_size", "at most 2000 characters"),
        (f"{ENTITIES}?page_size=many", "page_size", "a whole number"),
        (f"{ENTITIES}?page_size=", "page_size", "a whole number"),
        (f"{ENTITIES}?page_size=5&page_size=6", "page_size", "give it once"),
        (f"{ENTITIES}?q={'示' * 201}", "q", "at most 200 characters"),
        (f"{ENTITIES}?status=存续,注销", "status", "'存续'"),
        (f"{ENTITIES}?{'&'.join(['region=350200'] * 51)}", "region", "at most 50 values"),
        (f"{ENTITIES}?region=xiamen", "region", "[0-9]{6}"),
        (f"{ENTITIES}?sort=name", "sort", "'-established_on'"),
        (f"{ENTITIES}?established_from=2018-02-30", "established_from", "YYYY-MM-DD"),
        (f"{ENTITIES}?established_from=20180305", "established_from", "YYYY-MM-DD"),
        (f"{ENTITIES}?established_to=1577836800", "established_to", "YYYY-MM-DD"),
        (f"{ENTITIES}?established_to=0000-00-00", "established_to", "YYYY-MM-DD"),
        (f"{ENTITIES}?established_to=２０１８-０３-０５", "established_to", "YYYY-MM-DD"),
        (f"{ENTITIES}?established_from=2020-01-01&established_to=2019-01-01", "established_from", "established_to"),
        (f"{ENTITIES}?capital_from=nan", "capital_from", "a number"),
        (f"{ENTITIES}?capital_from=1e400", "capital_from", "a number"),
        (f"{ENTITIES}?capital_from=-1", "capital_from", "0 or more"),
        (f"{ENTITIES}?capital_from=2&capital_to=1", "capital_from", "capital_to"),
        (f"{ENTITIES}?cursor=%00", "cursor", "[0-9A-Za-z_=-]"),
        (f"{ENTITIES}?cursor=bm90LWEtY3Vyc29y", "cursor", "cursor"),
        (f"{ENTITIES}?has=everything", "has", "'penalty'"),
        (f"{ENTITIES}?query=示例", "query", "q, status, flag, kind"),
        (f"{ENTITIES}?{'%00' * 300}=1", "\0" * 100, "page_size"),
        (f"{RECORDS}?fine_from=9&fine_to=1", "fine_from", "fine_to"),
        (f"{RECORDS}?happened_from=2020-01-01&happened_to=2019-01-01", "happened_from", "happened_to"),
        (f"{RECORDS}?kind=处罚", "kind", "'spot_check'"),
        ("/api/v1/suggest", "q", "required"),
        ("/api/v1/suggest?q=a&limit=21", "limit", "20 or less"),
        ("/api/v1/about?q=1", "q", "takes no parameters"),
        ("/healthz?verbose=1", "verbose", "takes no parameters"),
        (f"{ENTITIES}/{'9' * 65}", "entity_id", "{1,64}"),
        (f"{ENTITIES}/%E7%A4%BA", "entity_id", "[0-9A-Za-z-]"),
        (f"{ENTITIES}?authority={'示' * 101}", "authority", "at most 100 characters"),
        (f"{ENTITIES}?capital_from={'1' * 2001}", "capital_from", "at most 2000 characters"),
        (f"{ENTITIES}?cursor={'a' * 2001}", "cursor", "at most 2000 characters"),
        (f"/reconcile/preview?id={'x' * 201}", "id", "at most 200 characters"),
        (f"/reconcile/suggest/type?prefix={'x' * 201}", "prefix", "at most 200 characters"),
        (f"/reconcile/extend/propose?type={'x' * 201}", "type", "at most 200 characters"),
        (f"{RECORDS}/..%00", "record_id", "[0-9A-Za-z-]"),
    ],
)
def test_a_bad_parameter_is_named_with_what_would_be_right(
    client: TestClient, address: str, name: str, allowed: str
) -> None:
    problem = refused(client, address)
    named = {each["name"]: each["allowed"] for each in problem["parameters"]}
    assert allowed in named[name]
    assert problem["type"] in {"urn:xincha:problem:bad-parameter", "urn:xincha:problem:bad-cursor"}


def test_all_bad_parameters_are_told_at_once(client: TestClient) -> None:
    problem = refused(client, f"{ENTITIES}?page_size=0&sort=name&colour=red")
    assert {each["name"] for each in problem["parameters"]} == {"page_size", "sort", "colour"}


def test_a_cursor_of_another_search_is_refused(client: TestClient) -> None:
    cursor = client.get(ENTITIES, params={"q": "示例", "page_size": 1}).json()["cursor"]
    assert cursor
    problem = refused(client, f"{ENTITIES}?q=样本&page_size=1&cursor={cursor}")
    assert problem["type"] == "urn:xincha:problem:bad-cursor"


@pytest.mark.parametrize("address", [f"{ENTITIES}/91350200MA0000000X", f"{ENTITIES}/x/records", f"{RECORDS}/P-none"])
def test_what_does_not_exist_is_not_found(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:xincha:problem:not-found"
    assert answer.headers["content-type"] == "application/problem+json"


STRANGE = [
    "%00",
    "a%00b",
    "%ED%A0%80",  # a lone surrogate
    "%FF%FE",
    "%F0%9F%92%A9",
    "%E2%80%AE示例",  # right-to-left override
    "\\",
    '"',
    '"示例',
    "-",
    "--示例",
    "()（）",
    "AND OR NOT",
    "*:*",
    "%25",
    "示" * 200,
    "a" * 200,
    "1" * 200,
    "%20" * 200,
    "%E3%80%80",
    "i̇" * 60,
    "%EF%BF%BF",
]


@pytest.mark.parametrize("q", STRANGE)
@pytest.mark.parametrize("path", [ENTITIES, RECORDS, "/api/v1/suggest"])
def test_no_text_breaks_a_search(client: TestClient, path: str, q: str) -> None:
    answer = client.get(f"{path}?q={q}")
    assert answer.status_code == 200, answer.text


@given(q=st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_at_all_is_answered(client: TestClient, q: str) -> None:
    for path in (ENTITIES, RECORDS, "/api/v1/suggest"):
        assert client.get(path, params={"q": q}).status_code == 200
