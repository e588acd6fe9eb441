"""The five kinds of check 抽查种类: read of titles, columns and names; filtered, counted, exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.kinds import double_random as of
from tests.kinds.double_random import Data, data_in
from xincha.days import today
from xincha.text.check_kinds import CERTIFICATION, FOOD, KINDS, OTHER, PRODUCT, RANDOM

Get = Callable[..., Any]
DAY = today() - timedelta(days=20)
PLAIN = f"企业名称,统一社会信用代码,检查结果,检查日期,检查机关\n{of.NAME},{of.CODE},未发现问题,{{day}},{of.OFFICE}\n"
SAMPLED = (
    "2026年第3期食品安全监督抽检信息,,,,,,\n"
    "序号,被抽样单位名称,统一社会信用代码,食品名称,生产批号,检验结论,抽样日期,承检机构\n"
    f"1,{of.NAME},{of.CODE},示例饼干,A1,合格,{DAY},示例检验所\n"
    f"2,{of.NAME},{of.CODE},示例饼干,A2,不合格,{DAY},示例检验所\n"
    f"3,{of.NAME},{of.CODE},示例饼干,A2,不合格,{DAY},示例检验所\n"
)
RANINS = (
    "entName,uniscid,raninsPlanId,raninsTaskId,raninsTypeName,insAuth,insDate,details\n"
    f'{of.NAME},{of.CODE},{of.PLAN_NO},{of.TASK_NO},,{of.OFFICE},{DAY},"[{{""raninsItemName"":""登记事项"",""raninsCheckResName"":""正常""}}]"\n'
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    data = data_in(tmp_path_factory.mktemp("kinds"))
    files = {
        "register": of.REGISTER,
        "tasks": of.TASKS,
        "sampled": SAMPLED,
        "ranins": RANINS,
        "2026年产品质量监督抽查结果": PLAIN.format(day=DAY - timedelta(days=1)),
        "认证监管抽查检查结果": PLAIN.format(day=DAY - timedelta(days=2)),
        "其他抽查检查结果": PLAIN.format(day=DAY - timedelta(days=3)),
        "unsaid": PLAIN.format(day=DAY - timedelta(days=4)),
        "stated": PLAIN.format(day=DAY - timedelta(days=5))
        .replace("检查机关", "检查机关,抽查种类")
        .replace(f"{of.OFFICE}\n", f"{of.OFFICE},食品抽查\n"),
    }
    report = data.load(**files)
    assert [file.file for file in report.files if file.rejected or file.issues] == []
    (sampled,) = [file for file in report.files if file.file == "sampled.csv"]
    assert (sampled.kind, sampled.rows_read, sampled.kept, sampled.merged) == ("spot_check", 3, 2, 1)
    data.publish()
    return data


@pytest.fixture(scope="module")
def get(data: Data) -> Iterator[Get]:
    with data.asked() as get:
        yield get


def test_each_kind_is_told_by_words_and_what_says_none_has_none(data: Data) -> None:
    found = [(row["source_file"].removesuffix(".csv"), row["check_kind"]) for row in data.rows("spot_checks")]
    assert sorted(found, key=str) == sorted(
        [
            ("sampled", FOOD), ("sampled", FOOD), ("ranins", RANDOM), ("2026年产品质量监督抽查结果", PRODUCT),
            ("认证监管抽查检查结果", CERTIFICATION), ("其他抽查检查结果", OTHER), ("unsaid", None), ("stated", FOOD),
        ],
        key=str,
    )  # fmt: skip
    assert [row["check_kind"] for row in data.rows("check_tasks")] == [RANDOM]


def test_how_somebody_was_drawn_goes_before_what_was_checked(tmp_path: Any) -> None:
    data = data_in(tmp_path / "data")
    data.load(
        tasks=f"TaskCode,TaskName,TaskLeadDeptName,TaskType,EntTotal\nT3502002026,示例食品监督抽查,{of.OFFICE},2,9\n",
        checks=f"企业名称,抽查任务名称,抽查计划名称,检查结果\n{of.NAME},示例食品监督抽查,2026年双随机抽查计划,正常\n",
    )
    assert [row["check_kind"] for table in ("check_tasks", "spot_checks") for row in data.rows(table)] == [RANDOM] * 2


def test_kinds_are_a_filter_a_facet_and_a_column(get: Get) -> None:
    facet = get("records", kind="spot_check")["facets"]["check_kind"]
    assert {each["value"]: each["count"] for each in facet} == dict.fromkeys(KINDS, 1) | {FOOD: 3}
    assert get("records", check_kind=FOOD)["total"] == 3
    assert {hit["kind"] for hit in get("records", check_kind=RANDOM)["hits"]} == {"spot_check", "check_task"}
    assert "抽查种类" in get("export/records.csv", kind="spot_check", check_kind=PRODUCT)
    (row,) = get("stats", of="spot_check", check_kind=FOOD)["rows"]
    assert row["count"] == 3
    counted = {row["check_kind"]: row["count"] for row in get("stats", of="spot_check", by="check_kind")["rows"]}
    assert counted == dict.fromkeys(KINDS, 1) | {FOOD: 3, None: 1}


def test_of_what_was_sampled_each_batch_is_a_check(get: Get) -> None:
    hits = get("records", check_kind=FOOD, q="示例饼干")["hits"]
    assert {(hit["batch"], hit["state"], tuple(hit["results"]), hit["agency"]) for hit in hits} == {
        ("A1", "clear", ("合格",), "示例检验所"),
        ("A2", "found", ("不合格",), "示例检验所"),
    }
