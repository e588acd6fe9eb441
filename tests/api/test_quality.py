"""`GET /api/v1/quality`: how well penalties are published, of what is published."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from api.app import create_app
from indexer.lake import Lake
from indexer.load import load
from indexer.publish import publish
from indexer.quality import measure
from tests.quality_files import CITY, ELSEWHERE, ENVIRONMENT, NAMES, Row, days, penalties, register
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.search.quality import QualityPage
from xincha.settings import Settings

ROWS: list[Row] = [
    days("2026-03-02", "2026-03-10"),
    days("2026-03-02", "2026-05-10"),
    days("2026-04-01", "2026-04-03"),
    days("2026-04-01", ""),
    days("2026-04-01", "2026-04-03", 处罚机关=ENVIRONMENT),
    days("2026-04-01", "2026-04-03", 行政相对人名称=NAMES[ELSEWHERE], 统一社会信用代码=ELSEWHERE),
    days("", "2026-04-03"),
]


@contextmanager
def served(folder: Path, **more: Any) -> Iterator[tuple[TestClient, Engine, Settings]]:
    settings = Settings(data=folder / "data", page=folder / "none", workers=1, **more)
    load([register(folder), penalties(folder / "处罚.csv", *ROWS)], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        with TestClient(create_app(settings, engine)) as client:
            yield client, engine, settings


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with served(tmp_path_factory.mktemp("quality")) as (client, _, _):
        yield client


def get(client: TestClient, question: str = "") -> Any:
    answer = client.get(f"/api/v1/quality{question}")
    assert answer.status_code == 200, answer.text
    TypeAdapter(QualityPage).validate_python(answer.json())
    return answer.json()


def keys(page: Any) -> list[tuple[str | None, str, int]]:
    return [(row["month"], row["authority"], row["records"]) for row in page["rows"]]


def test_every_source_office_and_month_has_a_row_newest_first(client: TestClient) -> None:
    page = get(client)
    assert keys(page) == [
        ("2026-04", CITY, 3), ("2026-04", ENVIRONMENT, 1), ("2026-03", CITY, 2), (None, CITY, 1)
    ]  # fmt: skip
    assert {row["source"] for row in page["rows"]} == {"处罚.csv"}
    assert (page["total"], page["cursor"], page["since"]) == (4, None, None)
    april = page["rows"][0]
    assert (april["timely"], april["late"], april["unknown"], april["unlinked"]) == (2, 0, 1, 1)
    assert april["unknown_why"] == {"no_publication_day": 1}
    assert (april["timely_7"], page["rows"][1]["timely_7"]) == (None, 1)
    assert page["calendar_until"] >= 2026
    assert set(page["limits"]) == {"market", "other"}


@pytest.mark.parametrize(
    ("question", "months"),
    [
        ("?month_from=2026-04", ["2026-04", "2026-04"]),
        ("?month_to=2026-03", ["2026-03"]),
        (f"?authority={ENVIRONMENT}", ["2026-04"]),
        (f"?authority={ENVIRONMENT}&authority={CITY}&month_from=2026-03&month_to=2026-03", ["2026-03"]),
        ("?source=处罚.csv&month_to=2026-03", ["2026-03"]),
        ("?source=别的.csv", []),
    ],
)
def test_rows_are_chosen_by_source_office_and_month(client: TestClient, question: str, months: list[str]) -> None:
    page = get(client, question)
    assert [row["month"] for row in page["rows"]] == months
    assert page["total"] == len(months)


def test_a_cursor_leads_through_all_rows(client: TestClient) -> None:
    first = get(client, "?limit=3")
    rest = get(client, f"?limit=3&cursor={first['cursor']}")
    assert [*first["rows"], *rest["rows"]] == get(client)["rows"]
    assert (len(first["rows"]), rest["cursor"]) == (3, None)


@pytest.mark.parametrize(
    "question",
    ["?month_from=2026-13", "?month_from=2026", "?limit=0", "?limit=99999", "?cursor=abc", "?q=x", "?source=",
     "?month_from=2026-05&month_to=2026-04", "?limit=3&cursor=WyIxIiwicXVhbGl0eSIsWzFdXQ"],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(client: TestClient, question: str) -> None:
    answer = client.get(f"/api/v1/quality{question}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_before_anything_is_published_there_is_no_answer(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, page=tmp_path)
    with closing(open_engine(settings)) as engine, TestClient(create_app(settings, engine)) as client:
        assert client.get("/api/v1/quality").status_code == 503


def test_it_is_of_what_is_published_and_goes_back_with_it(tmp_path: Path) -> None:
    with served(tmp_path) as (client, engine, settings):
        before = get(client)
        more = penalties(
            tmp_path / "处罚三.csv", days("2026-05-06", "2026-05-07", 行政处罚决定书文号="示市监罚〔2026〕99号")
        )
        load([more], settings)
        assert get(client) == before
        publish(settings, engine)
        assert keys(get(client))[0] == ("2026-05", CITY, 1)
        assert get(client)["total"] == 5
        engine.rollback()
        assert get(client) == before


def test_the_state_of_the_engine_is_published_once(tmp_path: Path) -> None:
    """The rows in the note of one index do not make the other one another state."""
    with served(tmp_path) as (_, engine, settings):
        assert publish(settings, engine).mode == "unchanged"


def test_another_calendar_counts_anew_and_writes_no_document(tmp_path: Path) -> None:
    """As after an update of the calendar, which has learned a year: the published note names the one before."""
    with served(tmp_path) as (client, engine, settings):
        before, state = get(client), settings.index / "published.json"
        noted = json.loads(state.read_text("utf-8"))
        for index in noted["states"][0].values():
            index["note"]["measured_by"] = "by the calendar before"
        state.write_text(json.dumps(noted), "utf-8")
        report = publish(settings, engine)
        assert (report.mode, report.written) == ("changes", {"entities": 0, "records": 0})
        assert get(client) == before
        assert publish(settings, engine).mode == "unchanged"


def test_what_another_program_has_measured_is_not_told(tmp_path: Path) -> None:
    with served(tmp_path) as (client, _, settings):
        state = settings.index / "published.json"
        noted = json.loads(state.read_text("utf-8"))
        del noted["states"][0]["records"]["note"]["quality"]
        state.write_text(json.dumps(noted), "utf-8")
        answer = client.get("/api/v1/quality")
        assert answer.status_code == 503
        assert "xincha publish" in answer.text


def test_both_engines_say_the_same(tmp_path: Path, opensearch_url: str) -> None:
    cluster = {"opensearch_url": opensearch_url, "opensearch_replicas": 0, "opensearch_prefix": "quality"}
    with (
        served(tmp_path / "one") as (client, _, settings),
        served(tmp_path / "other", engine="opensearch", **cluster) as (remote, _, _),
    ):
        assert get(remote)["rows"] == get(client)["rows"]
        assert len(get(client)["rows"]) == len(measure(Lake(settings.lake).snapshot().scan))
