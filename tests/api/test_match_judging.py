"""An uploaded list on its way and afterwards: what it looks like, its first answers, and what a person says of them."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
import polars as pl
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.match.judging import MAX_AT_ONCE
from xincha.days import today
from xincha.engine.contract import Engine
from xincha.settings import Settings

pytestmark = pytest.mark.slow

FILES = "/api/v1/match/files"
NOWHERE = "西宁无此示例铸造厂"
JSON = {"content-type": "application/json"}
Answer = Mapping[str, Any]


@pytest.fixture(scope="module")
def service(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    """An application of its own: its lists go with it. Who waits for a list asks often, and is not held back for it."""
    with TestClient(create_app(settings.model_copy(update={"limit_address": 0}), engine)) as service:
        yield service


@pytest.fixture(scope="module")
def known(get: Callable[..., Any]) -> list[Answer]:
    """Some entities whose names nobody else bears."""
    hits = get("entities", q="有限公司", page_size=50)["hits"]
    names = [hit["name"] for hit in hits]
    return [hit for hit in hits if names.count(hit["name"]) == 1 and hit["uscc"]][:3]


def send(service: TestClient, *lines: str, **more: str) -> str:
    """The address of a list that was sent."""
    sent = service.post(FILES, params={"filename": "名单.csv", **more}, content="\n".join(lines).encode())
    assert sent.status_code == 202, sent.text
    return str(sent.headers["location"])


def ended(service: TestClient, address: str) -> Answer:
    deadline = time.monotonic() + 120
    while (told := service.get(address).json())["state"] not in ("done", "failed"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return dict(told)


def judge(service: TestClient, address: str, *judgments: object) -> Any:
    return service.post(f"{address}/judgments", content=orjson.dumps({"judgments": judgments}), headers=JSON)


def one(row: int, judgment: str, entity_id: str | None = None) -> Answer:
    return {"row": row, "judgment": judgment, **({"entity_id": entity_id} if entity_id else {})}


@pytest.fixture(scope="module")
def address(service: TestClient, known: list[Answer]) -> str:
    """A list that is answered: a name that is known, a near one, one that nobody bears."""
    place = send(service, "名称,备注", f"{known[0]['name']},", f"{wrong(known[1]['name'])},甲", f"{NOWHERE},")
    told = ended(service, place)
    assert told["counts"] == {"matched": 1, "ambiguous": 1, "none": 1, "error": 0}
    assert told["doubts"] == {"near": 1, "several": 0, "differs": 0}
    return place


def wrong(name: str) -> str:
    """The name with another character before its legal form: a person has to look."""
    return name.replace("有限公司", "")[:-1] + "某有限公司"


def test_a_list_shows_its_header_its_first_rows_and_what_is_taken_for_what(
    service: TestClient, known: list[Answer]
) -> None:
    rows = [f"{at},{hit['name']},{hit['uscc']},某路 {at} 号" for at, hit in enumerate(known * 3)]
    place = send(service, "序号,供应商,税号,住所", *rows)
    assert ended(service, place)["state"] == "done"
    told = service.get(f"{place}/columns").json()
    assert told["header"] == ["序号", "供应商", "税号", "住所"]
    assert told["rows"] == [row.split(",") for row in rows[:5]]
    assert {each["field"]: each["columns"] for each in told["columns"]} == {
        "name": ["供应商"],
        "uscc": ["税号"],
        "address": ["住所"],
    }


@pytest.mark.parametrize(
    ("named", "used"),
    [
        ({"uscc": ""}, {"name": ["供应商"], "address": ["住所"]}),
        ({"uscc": "3", "address": ""}, {"name": ["供应商"], "uscc": ["税号"]}),
        ({"column": ""}, {"uscc": ["税号"], "address": ["住所"]}),
        ({"column": "供应商", "address": "备注"}, {"name": ["供应商"], "uscc": ["税号"], "address": ["备注"]}),
    ],
)
def test_each_column_can_be_named_or_left_out(
    service: TestClient, known: list[Answer], named: dict[str, str], used: Answer
) -> None:
    row = f"1,{known[0]['name']},{known[0]['uscc']},某路,某街"
    told = ended(service, send(service, "序号,供应商,税号,住所,备注", row, **named))
    assert {each["field"]: each["columns"] for each in told["columns"]} == used
    assert told["counts"]["matched"] == 1


def test_a_column_that_is_not_there_is_told_with_the_rows_to_choose_from(service: TestClient) -> None:
    place = send(service, "供应商,税号", f"{NOWHERE},1", uscc="电话")
    told = ended(service, place)
    assert (told["state"], "没有“电话”栏" in told["error"]) == ("failed", True)
    shown = service.get(f"{place}/columns").json()
    assert shown == {"header": ["供应商", "税号"], "rows": [[NOWHERE, "1"]], "columns": []}


def test_a_list_at_work_gives_the_rows_that_are_answered(service: TestClient) -> None:
    place = send(service, "名称", *(f"西宁无此示例{number}号铸造厂" for number in range(3_000)))
    rows: list[int] = []
    cursor, at_work = None, None
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        answer = service.get(f"{place}/rows", params={"page_size": 100, **({"cursor": cursor} if cursor else {})})
        if answer.status_code == 409:
            continue
        assert answer.status_code == 200, answer.text
        told = answer.json()
        rows += [hit["row"] for hit in told["hits"]]
        if at_work is None:
            at_work = service.get(place).json()["state"] != "done"
        cursor = told["cursor"]
        if cursor is None:
            break
    assert rows == list(range(1, 3_001))
    assert at_work, "its rows were there only when all were"
    assert ended(service, place)["counts"]["none"] == 3_000


def test_a_person_says_which_entity_a_row_means_and_the_answer_has_it_in_columns_of_its_own(
    service: TestClient, known: list[Answer], address: str
) -> None:
    meant = known[1]
    told = judge(service, address, one(2, "confirmed", meant["entity_id"]), one(3, "refused")).json()
    assert told["judged"] == {"confirmed": 1, "refused": 1, "open": 0}
    assert told["written"] is False
    stale = service.get(f"{address}/result")
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:xincha:problem:not-done")
    rows = service.get(f"{address}/rows").json()["hits"]
    assert [row["judgment"] for row in rows] == [
        None,
        {"entity_id": meant["entity_id"], "name": meant["name"]},
        {"entity_id": None, "name": None},
    ]
    begun = service.post(f"{address}/result")
    assert (begun.status_code, begun.headers["location"]) == (202, address)
    assert ended(service, address)["written"] is True
    written = service.get(f"{address}/result").content.decode("utf-8-sig")
    head = written.splitlines()[0]
    assert "数据范围：登记信息" in head
    assert f"{today()} 核对" in head
    taken = list(csv.DictReader(io.StringIO(written)))
    assert [
        [row[head] for head in ("state", "备注", "人工确认", "确认的主体编号", "确认的主体名称")] for row in taken
    ] == [
        ["matched", "", "", "", ""],
        ["ambiguous", "甲", "已确认", meant["entity_id"], meant["name"]],
        ["none", "", "都不是", "", ""],
    ]


def test_what_was_said_is_taken_back_and_rows_are_asked_for_by_it(
    service: TestClient, known: list[Answer], address: str
) -> None:
    def rows(**asked: str) -> list[int]:
        return [hit["row"] for hit in service.get(f"{address}/rows", params=asked).json()["hits"]]

    judge(service, address, one(2, "open"), one(3, "open"))
    assert rows(judged="yes") == []
    assert rows(judged="no") == [2]
    assert rows(doubt="near") == [2]
    assert rows(doubt="several") == []
    assert rows(state="ambiguous") == [2]
    told = judge(service, address, one(1, "refused"), one(2, "confirmed", known[0]["entity_id"])).json()
    assert told["judged"] == {"confirmed": 1, "refused": 1, "open": 0}
    assert rows(judged="yes") == [1, 2]
    assert rows(judged="no") == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ([one(4, "refused")], "judgments.row"),
        ([one(0, "refused")], "judgments.0.row"),
        ([one(2, "confirmed")], "judgments.0.entity_id"),
        ([one(2, "refused", "X1")], "judgments.0.entity_id"),
        ([one(2, "confirmed", "无此")], "judgments.0.entity_id"),
        ([one(2, "confirmed", "NOPE")], "judgments.entity_id"),
        ([one(2, "perhaps")], "judgments.0"),
        ([], "judgments"),
        ([one(2, "refused", "X1"), one(2, "confirmed")], "judgments.0.entity_id"),
        ([one(2, "refused")] * (MAX_AT_ONCE + 1), "judgments"),
        ([{"row": 2, "judgment": "refused", "why": "x"}], "judgments.0.why"),
        ("x", "judgments"),
    ],
)
def test_what_cannot_be_said_is_refused(service: TestClient, address: str, body: Any, named: str) -> None:
    before = service.get(address).json()["judged"]
    answer = service.post(f"{address}/judgments", content=orjson.dumps({"judgments": body}), headers=JSON)
    assert answer.status_code == 400, answer.text
    assert answer.json()["parameters"][0]["name"] == named
    assert service.get(address).json()["judged"] == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"judgments": null}'])
def test_a_body_that_is_none_is_refused(service: TestClient, address: str, body: bytes) -> None:
    assert service.post(f"{address}/judgments", content=body, headers=JSON).status_code == 400


def test_nothing_is_said_of_a_list_that_is_not_answered(service: TestClient, known: list[Answer]) -> None:
    place = send(service, "名称", known[0]["name"])
    for part, body in (("judgments", {"judgments": [one(1, "refused")]}), ("result", None)):
        answer = service.post(f"{place}/{part}", content=orjson.dumps(body) if body else b"", headers=JSON)
        assert answer.status_code == 409
    assert ended(service, place)["judged"] == {"confirmed": 0, "refused": 0, "open": 0}


@pytest.mark.parametrize("kind", ["xlsx", "parquet"])
def test_every_kind_of_answer_says_what_a_person_said(service: TestClient, known: list[Answer], kind: str) -> None:
    place = send(service, "名称,金额", f"{known[0]['name']},12.5", f"{NOWHERE},3", to=kind)
    assert ended(service, place)["written"] is True
    judge(service, place, one(2, "confirmed", known[1]["entity_id"]))
    service.post(f"{place}/result")
    assert ended(service, place)["written"] is True
    body = service.get(f"{place}/result").content
    frame = pl.read_excel(body) if kind == "xlsx" else pl.read_parquet(body)
    assert frame["state"].to_list() == ["matched", "none"]
    assert frame["确认的主体名称"].to_list() == [None, known[1]["name"]]
    if kind == "parquet":
        assert b"coverage" in pq.read_schema(io.BytesIO(body)).metadata
    else:
        assert any(f"{today()} 核对" in head for head in frame.columns)
