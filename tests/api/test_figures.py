"""`GET /api/v1/stats` and `/stats.csv`: figures of what a list finds today."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from api.app import create_app
from api.limits.costs import cost_of
from indexer.load import load
from indexer.publish import publish
from tests import figures_files as files
from tests.api.conftest import Get
from xincha.engine.open import open_engine
from xincha.search.figures.answer import Figures
from xincha.search.figures.decided import is_of_decisions
from xincha.search.figures.measures import MEASURES
from xincha.search.figures.question import dimensions_of
from xincha.settings import Settings


def test_figures_equal_the_lists_that_they_name(get: Get, client: TestClient) -> None:
    for question in ("of=entity&by=region,kind&level=district", "of=penalty&by=year,authority", "of=abnormal&by=state"):
        page = client.get(f"/api/v1/stats?{question}").json()
        TypeAdapter(Figures).validate_python(page)
        rows = [row for row in page["rows"] if row["query"]]
        assert rows
        for row in rows[:12]:
            assert client.get(f"{row['query']}&page_size=1").json()["total"] == row["count"]
        assert client.get(page["query"]).json()["total"] == page["total"] == page["totals"]["count"]


@pytest.mark.parametrize("of", MEASURES)
def test_every_kind_is_counted_by_all_that_it_has(get: Get, client: TestClient, of: str) -> None:
    for dimension in dimensions_of(of):
        of_list = [name for name, each in MEASURES[of].items() if not is_of_decisions(each)]
        page = get("stats", of=of, by=dimension, measure=",".join(of_list))
        if not page["coverage"] or page["total"] is None:
            assert all(row["suppressed"] for row in page["rows"]) or page["suppressed"]
            continue
        assert page["suppressed"] or sum(row["count"] for row in page["rows"]) >= page["total"]
        for row in [row for row in page["rows"] if row["query"]][:2]:
            assert client.get(f"{row['query']}&page_size=1").json()["total"] == row["count"], (dimension, row)


@pytest.mark.parametrize("of", ["entity", "spot_check", "abnormal", "notice", "check_task"])
def test_each_number_is_that_of_its_list_with_what_narrows_it(client: TestClient, of: str) -> None:
    told = next(each for each in client.get("/api/v1/stats/choices").json()["of"] if each["of"] == of)
    counts = [each for each in told["measure"] if each["unit"] == "count" and each["adds"] and each["listed"]]
    names = [each["value"] for each in counts if not each["value"].endswith("_sum")]
    page = client.get(f"/api/v1/stats?of={of}&by=year&measure={','.join(names)}").json()
    for row in [row for row in page["rows"] if row["query"]][-3:]:
        for each in (each for each in counts if each["value"] in names):
            narrowed = "".join(f"&{name}={value}" for name, value in each["narrowed"].items())
            assert client.get(f"{row['query']}{narrowed}&page_size=1").json()["total"] == row[each["value"]]


def test_sums_are_those_of_the_list(get: Get) -> None:
    told = get("stats", of="penalty", measure="count,fine_sum,confiscated_sum")
    listed = get("records", kind="penalty", page_size=1)
    assert told["totals"] == {
        "count": listed["total"],
        "fine_sum": listed["sums"]["fine_cny"],
        "confiscated_sum": listed["sums"]["confiscated_cny"],
    }
    assert told["rows"][0]["fine_sum"] == listed["sums"]["fine_cny"]


def test_a_table_says_the_same_in_chinese(client: TestClient) -> None:
    question = "of=entity&by=region,status&level=city&measure=count,in_business"
    page = client.get(f"/api/v1/stats?{question}").json()
    answer = client.get(f"/api/v1/stats.csv?{question}")
    assert answer.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["content-disposition"].startswith('attachment; filename="xincha-stats-entity-')
    head, *lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert head[:5] == ["行政区划代码", "地区", "登记状态", "家数（登记过的全部）", "存续（在营、开业、在册）家数"]
    assert head[5:7] == ["期间不完整", "名单地址"]
    assert head[7].startswith("数据范围：登记信息 ")
    assert [(line[1], line[2], int(line[3])) for line in lines] == [
        (row.get("region_name", "不详"), row["status"] or "不详", row["count"]) for row in page["rows"]
    ]


@pytest.mark.parametrize(
    ("question", "parameter"),
    [("", "of"), ("of=penalty&by=kind", "by"), ("of=entity&measure=fine_sum", "measure"), ("of=entity&x=1", "x")],
)
@pytest.mark.parametrize("address", ["stats", "stats.csv"])
def test_a_wrong_question_is_a_problem_that_names_the_parameter(
    client: TestClient, address: str, question: str, parameter: str
) -> None:
    answer = client.get(f"/api/v1/{address}?{question}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert [each["name"] for each in answer.json()["parameters"]] == [parameter]


def test_what_may_be_asked_is_told_with_its_words_and_all_of_it_is_answered(client: TestClient) -> None:
    countables = client.get("/api/v1/stats/choices").json()["of"]
    assert [each["of"] for each in countables] == list(MEASURES)
    penalty = next(each for each in countables if each["of"] == "penalty")
    titles = {each["value"]: (each["title"], each["unit"]) for each in penalty["measure"]}
    assert titles["fine_sum"] == ("罚款金额合计（元）", "yuan")
    assert titles["timely_rate"][1] == "share"
    assert {each["value"] for each in penalty["measure"] if not each["listed"]} == {
        *("fine_count", "confiscated_count", "decided", "timely", "late", "timely_rate"),
    }
    assert "违法行为类型" in [each["title"] for each in penalty["by"] if each["value"] == "violation"]
    for day in penalty["on"]:
        assert client.get(f"/api/v1/stats?of=penalty&by=year&on={day['value']}").status_code == 200
    assert client.get("/api/v1/stats/choices?of=penalty").status_code == 400


HOSTILE = (
    "of=penalty&by=address,violation",
    "of=penalty&by=violation,article&measure=fine_median,fine_p90",
    "of=change&by=month,address",
    "of=entity&by=month,authority&established_from=0001-01-01&established_to=9999-12-31",
    "of=penalty&by=year&top=1000",
    "of=penalty&by=year&fine_from=1e15",
    "of=penalty&by=year&fine_from=1e400",
    "of=penalty&by=year&lasted_from=-1",
    "of=penalty&happened_from=0000-00-00",
    "of=penalty&by=year&happened_from=9999-12-31",
    "of=entity&level=city&by=year&top=0",
    "of=penalty&violation=%00%FF",
    "of=%E6%B2%A1%E6%9C%89",
    "of=penalty&by=year,year,year",
    "of=penalty&by=,,,",
    "of=penalty&measure=",
    "of=penalty&of=entity",
    "of=penalty&by=violation&top=99999999999999999999",
    "of=penalty&article=x|1|2|3",
    "of=penalty&measure=decided&by=region",
    "of=penalty&measure=timely_rate&happened_from=2020-01-15",
    "of=officer&by=authority",
    "of=penalty&on=ended&by=quarter,state",
    "of=spot_check&by=region,category&level=province&top=1&state=nothing",
    "of=penalty&violation=" + "虚" * 600,
    "of=penalty&" + "&".join(f"violation=v{n}" for n in range(60)),
    "of=penalty&by=" + "year," * 900,
)


@pytest.mark.parametrize("question", HOSTILE)
@pytest.mark.parametrize("address", ["stats", "stats.csv"])
def test_odd_questions_are_answered_or_refused_with_what_is_right(
    client: TestClient, address: str, question: str
) -> None:
    answer = client.get(f"/api/v1/{address}?{question}")
    assert answer.status_code in {200, 400}, answer.text[:300]
    if answer.status_code == 400:
        problem = answer.json()
        assert problem["type"].startswith("urn:xincha:problem:")
        assert all(each["name"] and each["allowed"] for each in problem["parameters"])


def test_figures_cost_more_than_a_page() -> None:
    assert cost_of("/api/v1/stats.csv") == cost_of("/api/v1/stats") > cost_of("/api/v1/records")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A register without records."""
    folder = tmp_path_factory.mktemp("alone")
    settings = Settings(data=folder / "data", page=folder / "none", workers=1)
    load([files.register(folder)], settings)
    with closing(open_engine(settings)) as engine:
        publish(settings, engine)
        with TestClient(create_app(settings, engine)) as client:
            yield client


def test_what_is_not_loaded_is_not_zero(alone: TestClient) -> None:
    page: Any = alone.get("/api/v1/stats?of=penalty&by=year&measure=count,fine_sum").json()
    assert (page["rows"], page["total"], page["totals"]) == ([], None, {})
    assert {kind["kind"]: kind["loaded"] for kind in page["coverage"]}["penalty"] is False
    head, *lines = alone.get("/api/v1/stats.csv?of=penalty&by=year").text.removeprefix("\ufeff").splitlines()
    assert "未装载：行政处罚" in head
    assert lines == []
