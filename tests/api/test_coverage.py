"""What is loaded is said, by kind and authority, wherever something is said to be there or not."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from fastapi.testclient import TestClient

from api import models
from api.app import create_app
from api.html.document import ROOT
from indexer.load import load
from indexer.publish import publish
from tests import coverage_files as files
from tests.coverage_files import CITY, COMPANY, DISTRICT, NAMES, OTHER
from xincha.days import CHINA, today
from xincha.engine.contract import Engine
from xincha.engine.open import open_engine
from xincha.kinds import KINDS
from xincha.kinds.topics import TOPICS, Topic
from xincha.search import answers
from xincha.search.service import Searcher
from xincha.settings import Settings

pytestmark = pytest.mark.slow

Kinds = Mapping[str, Mapping[str, Any]]
Maker = Callable[[Path, date], Path]
UNLOADED = [name for name in KINDS if name not in ("penalty", "abnormal")]


@contextmanager
def served(folder: Path, *made: Maker, engine: dict[str, Any] | None = None) -> Iterator[tuple[TestClient, Engine]]:
    """The application over these files, loaded one after the other."""
    (folder / "page").mkdir(parents=True, exist_ok=True)
    (folder / "page" / "index.html").write_text(f"<html><head></head><body>{ROOT}</body></html>", "utf-8")
    settings = Settings(data=folder / "data", page=folder / "page", workers=1, **(engine or {}))
    for make in made:
        load([make(folder / "files", today())], settings)
    with closing(open_engine(settings)) as opened:
        publish(settings, opened)
        with TestClient(create_app(settings, opened)) as client:
            yield client, opened


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A register, penalties and listings; none of the other kinds."""
    with served(tmp_path_factory.mktemp("covered"), files.register, files.penalties, files.listings) as (client, _):
        yield client


def get(client: TestClient, address: str) -> Any:
    answer = client.get(f"/api/v1/{address}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def by_kind(coverage: list[dict[str, Any]]) -> Kinds:
    assert [each["kind"] for each in coverage] == ["registration", *KINDS]
    return {each["kind"]: each for each in coverage}


def ago(days: int) -> str:
    return (today() - timedelta(days)).isoformat()


def test_each_kind_says_whether_it_is_loaded_how_much_of_it_and_of_which_days(client: TestClient) -> None:
    about = get(client, "about")
    models.About.model_validate(about)
    told = by_kind(about["coverage"])
    keys = {"kind", "loaded", "records", "authorities", "content_from", "content_until", "loaded_at"}
    assert all(set(each) == keys for each in told.values())
    assert {name: each["loaded"] for name, each in told.items()} == {
        "registration": True, "penalty": True, "abnormal": True, **dict.fromkeys(UNLOADED, False)
    }  # fmt: skip
    assert {name: (each["records"], each["content_from"], each["content_until"]) for name, each in told.items()} == {
        "registration": (2, "2001-02-03", ago(90)),
        "penalty": (3, ago(500), ago(40)),
        "abnormal": (1, ago(800), ago(800)),
        **dict.fromkeys(UNLOADED, (0, None, None)),
    }


def test_records_that_may_not_be_shown_are_in_no_number_and_no_day(client: TestClient) -> None:
    """An office of which nothing may be shown is not named."""
    told = by_kind(get(client, "about")["coverage"])["penalty"]["authorities"]
    assert [(each["name"], each["records"], each["content_from"], each["content_until"]) for each in told] == [
        (CITY, 2, ago(300), ago(40)),
        (DISTRICT, 1, ago(500), ago(500)),
    ]
    assert get(client, "records?kind=penalty")["total"] == 3


def test_the_data_is_of_the_day_that_it_tells_of_not_of_the_day_of_loading(client: TestClient) -> None:
    about = get(client, "about")
    assert about["as_of"] == ago(40)
    assert about["age_days"] == 0
    for each in about["coverage"]:
        assert (each["loaded_at"] is not None) == each["loaded"]
        assert each["loaded_at"] is None or each["loaded_at"][:10] in (ago(0), ago(1))
        assert all(office["loaded_at"][:10] in (ago(0), ago(1)) for office in each["authorities"])


def test_every_entity_says_what_is_loaded_and_counts_nothing_that_is_not(client: TestClient) -> None:
    for code in (COMPANY, OTHER):
        entity = get(client, f"entities/{code}")
        answers.Entity.model_validate(entity)  # type: ignore[attr-defined]
        assert entity["coverage"] == get(client, "about")["coverage"]
        for kind in KINDS.values():
            for count in kind.counts:
                if not count.latest:  # of a day, None says that there is no such record, too
                    assert (entity["counts"][count.name] is None) == (kind.name in UNLOADED), count.name
    assert get(client, f"entities/{COMPANY}")["counts"]["penalty"] == 3
    assert get(client, f"entities/{OTHER}")["counts"]["penalty"] == 0


def test_searches_say_of_what_nothing_is_loaded(client: TestClient) -> None:
    titles = [KINDS[name].title for name in UNLOADED]
    assert get(client, f"entities/{OTHER}/records")["notes"] == [f"未装载：{'、'.join(titles)}。查不到，不说明没有。"]
    assert get(client, "records")["notes"] == get(client, f"entities/{OTHER}/records")["notes"]
    assert get(client, "records?kind=penalty&kind=abnormal")["notes"] == []
    assert get(client, "records?kind=spot_check")["notes"] == ["未装载：抽查检查。查不到，不说明没有。"]
    assert get(client, "entities?has=licence")["notes"] == ["未装载：行政许可。查不到，不说明没有。"]
    assert get(client, "entities?has=penalty")["notes"] == []
    assert get(client, "entities")["notes"] == []
    assert get(client, "entities")["hits"][0]["counts"]["licence"] is None


@pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.name)
def test_a_list_of_kinds_of_which_nothing_is_loaded_does_not_say_that_there_are_none(
    client: TestClient, topic: Topic
) -> None:
    missing = "、".join(kind.title for kind in topic.kinds)
    assert get(client, f"records?topic={topic.name}")["notes"] == [f"未装载：{missing}。查不到，不说明没有。"]
    page = client.get(f"/{topic.name}").text
    assert page.count("未装载，查不到不说明没有") == len(topic.kinds)
    assert "没有装载，不能说明有没有。" in page
    assert "没有依法仍在公示的记录" not in page


def test_a_row_of_a_list_counts_nothing_that_is_not_loaded(client: TestClient) -> None:
    answer = client.post("/api/v1/match", json={"rows": [{"name": NAMES[OTHER]}, {"name": "无此示例厂"}]}).json()
    found, none = answer["results"]
    assert (found["candidates"][0]["counts"]["penalty"], found["candidates"][0]["counts"]["licence"]) == (0, None)
    assert "装载的登记信息里" in none["reasons"][0]["text"]


def test_a_kind_of_which_nothing_may_be_shown_is_loaded_all_the_same(tmp_path: Path) -> None:
    with served(tmp_path, files.register, files.old_penalties) as (client, _):
        told = by_kind(get(client, "about")["coverage"])["penalty"]
        assert (told["loaded"], told["records"], told["authorities"]) == (True, 0, [])
        assert (told["content_from"], told["content_until"]) == (None, None)
        assert get(client, f"entities/{COMPANY}")["counts"]["penalty"] == 0


def test_without_a_register_nobody_is_said_not_to_be_registered(tmp_path: Path) -> None:
    with served(tmp_path, files.penalties) as (client, _):
        assert by_kind(get(client, "about")["coverage"])["registration"]["loaded"] is False
        assert "未装载：登记信息。查不到，不说明没有。" in get(client, "entities?q=岚桥")["notes"]
        answer = client.post("/api/v1/match", json={"rows": [{"name": NAMES[COMPANY]}]}).json()
        reasons = answer["results"][0]["reasons"]
        assert [each["text"] for each in reasons] == ["未装载：登记信息。查不到，不说明没有。"]


def test_what_is_loaded_later_is_told_from_then_on(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", page=tmp_path / "none", workers=1)
    with served(tmp_path, files.register) as (client, engine):
        assert get(client, f"entities/{OTHER}")["counts"]["abnormal"] is None
        load([files.listings(tmp_path / "files", today())], settings)
        publish(settings, engine)
        entity = get(client, f"entities/{OTHER}")
        assert (entity["counts"]["abnormal"], by_kind(entity["coverage"])["abnormal"]["loaded"]) == (1, True)
        assert get(client, "records?kind=abnormal")["notes"] == []
        engine.rollback()
        entity = get(client, f"entities/{OTHER}")
        assert (entity["counts"]["abnormal"], by_kind(entity["coverage"])["abnormal"]["loaded"]) == (None, False)


@pytest.mark.parametrize("index", ["entities", "records"])
def test_an_export_says_what_is_loaded(client: TestClient, index: str) -> None:
    told = get(client, "about")["coverage"]
    for kind in ("csv", "xlsx", "ndjson"):
        answer = client.get(f"/api/v1/export/{index}.{kind}")
        header = json.loads(answer.headers["x-coverage"])
        assert header == [{key: value for key, value in each.items() if key != "authorities"} for each in told]
        if kind == "csv":
            head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
            assert head[-1].startswith("数据范围：登记信息 2 家，截至 ")
            assert head[-1].endswith(f"未装载：{'、'.join(KINDS[name].title for name in UNLOADED)}")
            assert len(rows) == int(answer.headers["x-total-count"])
            assert {len(row) for row in rows} == {len(head)}
            assert {row[-1] for row in rows} == {""}
        if kind == "xlsx":
            sheet = pl.read_excel(io.BytesIO(answer.content), drop_empty_cols=False)
            assert sheet.columns[-1] == head[-1]
            assert sheet.height == len(rows)


def test_a_cell_of_what_is_not_loaded_is_empty_and_not_nought(client: TestClient) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/api/v1/export/entities.csv").content.decode("utf-8-sig")))
    cells = {row["统一社会信用代码"]: row for row in rows}
    assert (cells[OTHER]["行政处罚（次）"], cells[OTHER]["行政许可（项）"]) == ("0", "")
    lines = client.get("/api/v1/export/entities.ndjson").text.splitlines()
    assert {json.loads(line)["counts"]["licence"] for line in lines} == {None}


def test_both_engines_say_the_same(tmp_path: Path, opensearch_url: str) -> None:
    """Also where an office's records lie in several parts of an index."""
    cluster = {
        "engine": "opensearch",
        "opensearch_url": opensearch_url,
        "opensearch_replicas": 0,
        "opensearch_prefix": "covered",
    }
    made = (files.register, files.penalties, files.listings)
    with served(tmp_path, *made) as (client, embedded), served(tmp_path, engine=cluster) as (other, remote):
        assert get(other, "about")["coverage"] == get(client, "about")["coverage"]
        for searcher in (Searcher(engine, today=today) for engine in (embedded, remote)):
            kinds = {each.kind: each for each in searcher.coverage.now().kinds}
            assert kinds["penalty"].records == 3
            loaded = kinds["penalty"].loaded_at
            assert loaded is not None
            assert loaded.astimezone(CHINA).date() >= today() - timedelta(1)
