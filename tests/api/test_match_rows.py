"""The answers to an uploaded list, a page at a time: every row once, in order, of the state that is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from xincha.engine.contract import Engine
from xincha.search import cursor as cursors
from xincha.settings import Settings

NOWHERE = "西宁无此示例铸造厂"


@pytest.fixture(scope="module")
def service(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    """An application of its own: its lists go with it."""
    with TestClient(create_app(settings, engine)) as service:
        yield service


@pytest.fixture(scope="module")
def known(get: Callable[..., Any]) -> str:
    """A name that one entity bears."""
    names = [hit["name"] for hit in get("entities", q="有限公司", page_size=50)["hits"]]
    return str(next(name for name in names if names.count(name) == 1))


@pytest.fixture(scope="module")
def address(service: TestClient, known: str) -> str:
    """A list that is answered: 3 matched, 2 none, 2 of no use, one of these an open quote."""
    lines = [
        "名称,备注",
        f"{known},甲",
        f"{NOWHERE},",
        ",没有名称",
        f"{known},",
        f"{NOWHERE},=1+1",
        f"{known},",
        '"没有结束,的引号',
    ]
    sent = service.post("/api/v1/match/files", params={"filename": "a.csv"}, content="\n".join(lines).encode())
    place = str(sent.headers["location"])
    deadline = time.monotonic() + 120
    while service.get(place).json()["state"] != "done":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return f"{place}/rows"


def test_every_row_with_its_input_and_its_answer(service: TestClient, address: str, known: str) -> None:
    told = service.get(address).json()
    assert told["cursor"] is None
    rows = told["hits"]
    assert [row["row"] for row in rows] == list(range(1, 8))
    assert [row["state"] for row in rows] == ["matched", "none", "error", "matched", "none", "matched", "error"]
    assert rows[0]["input"] == {"名称": known, "备注": "甲"}
    assert rows[0]["candidates"][0]["entity_id"] == rows[0]["entity_id"]
    assert rows[0]["candidates"][0]["counts"].keys() >= {"penalty", "abnormal_now"}
    assert rows[0]["reasons"]
    assert rows[4]["input"]["备注"] == "=1+1"
    assert "没有名称" in rows[2]["error"]
    assert rows[6]["error"].startswith("该行无法读取")
    assert "没有结束" in rows[6]["input"]["名称"]


@pytest.mark.parametrize("state", [None, "matched", "none", "error", "ambiguous"])
@pytest.mark.parametrize("size", [1, 2])
def test_pages_together_are_the_whole(service: TestClient, address: str, state: str | None, size: int) -> None:
    asked: dict[str, Any] = {"state": state} if state else {}
    whole = service.get(address, params=asked).json()["hits"]
    assert all(row["state"] == state for row in whole if state)
    got: list[object] = []
    cursor = None
    while True:
        page = {**asked, "page_size": size, **({"cursor": cursor} if cursor else {})}
        told = service.get(address, params=page).json()
        got += told["hits"]
        assert len(told["hits"]) == size or not told["cursor"]
        if not (cursor := told["cursor"]):
            break
    assert got == whole


@pytest.mark.parametrize("place", [0, 1, 17, -1, 10**9, None, "x", 2.5])
def test_a_cursor_that_somebody_made_up_is_refused(service: TestClient, address: str, place: Any) -> None:
    made = cursors.write(cursors.binding(address.split("/")[-2], None, None, None), "kept", [place])
    answer = service.get(address, params={"cursor": made})
    assert (answer.status_code, answer.json()["parameters"][0]["name"]) == (400, "cursor")


def test_a_cursor_belongs_to_its_state(service: TestClient, address: str) -> None:
    cursor = service.get(address, params={"page_size": 1}).json()["cursor"]
    assert service.get(address, params={"cursor": cursor, "state": "none"}).status_code == 400


@pytest.mark.parametrize("wrong", [{"state": "all"}, {"page_size": "0"}, {"more": "1"}])
def test_what_cannot_be_asked_is_refused(service: TestClient, address: str, wrong: dict[str, str]) -> None:
    answer = service.get(address, params=wrong)
    assert (answer.status_code, answer.json()["parameters"][0]["name"]) == (400, next(iter(wrong)))


def test_rows_go_with_their_list(service: TestClient, known: str) -> None:
    sent = service.post("/api/v1/match/files", params={"filename": "a.csv"}, content=f"名称\n{known}".encode())
    place = sent.headers["location"]
    service.delete(place)
    assert service.get(f"{place}/rows").status_code == 404
