"""Lists of who was drawn for a check: recognised by columns or name, linked both ways, and nothing that stands against
anybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from indexer.recognise import recognise
from tests.kinds import double_random as of
from tests.kinds.double_random import Data, by_kind, data_in

Get = Callable[..., Any]
OTHER = "厦门示例第二食品有限公司"
DRAWN = (
    "厦门市示例市场监督管理局抽查对象名单,,,,,\n"
    "序号,被抽查企业名称,统一社会信用代码,抽查任务编号,抽查任务名称,随机抽取日期\n"
    f"1,{of.NAME},{of.CODE},{of.TASK_NO},示例食品经营单位抽查,2026-03-01\n"
    f"2,{OTHER},,{of.TASK_NO},示例食品经营单位抽查,2026-03-01\n"
    f"2,{OTHER},,{of.TASK_NO},示例食品经营单位抽查,2026-03-01\n"
    ",,,,,\n"
    "合计：2户,,,,,\n"
)
CLEAR = f"企业名称,统一社会信用代码,抽查任务编号,抽查检查结果,抽查日期\n{OTHER},,{of.TASK_NO},未发现问题,2026-04-02\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    data = data_in(tmp_path_factory.mktemp("draws"))
    register = of.REGISTER + f"{OTHER},,存续,2010-01-05,厦门市思明区示例路2号\n"
    report = data.load(register=register, plan=of.PLAN, tasks=of.TASKS, drawn=DRAWN, checks=CLEAR)
    (drawn,) = [file for file in report.files if file.kind == "check_draw"]
    assert (drawn.rows_read, drawn.kept, drawn.merged, drawn.rejected) == (4, 2, 1, 1)
    data.publish()
    return data


@pytest.fixture(scope="module")
def get(data: Data) -> Iterator[Get]:
    with data.asked() as get:
        yield get


@pytest.mark.parametrize(
    ("header", "called", "kind"),
    [
        ("企业名称|统一社会信用代码|抽查任务编号|抽查任务名称", "a.csv", "check_draw"),
        ("entName|uniscid|raninsPlanId|raninsTaskId|insAuth|RandomDate", "a.csv", "check_draw"),
        ("序号|企业名称|统一社会信用代码|住所", "附件1：2026年示例食品经营单位抽查对象名单.xlsx", "check_draw"),
        ("序号|商事主体名称", "2026年第一批双随机被抽查企业名单.xls", "check_draw"),
        ("序号|企业名称|统一社会信用代码|检查结果|检查日期", "2026年抽查对象名单及结果.xlsx", "spot_check"),
        ("企业名称|统一社会信用代码|抽查任务编号|抽查任务名称|检查结果", "抽查对象名单.csv", "spot_check"),
        ("序号|姓名|单位名称|执法证号|执法领域", "执法检查人员抽取名单.xlsx", "officer"),
        ("企业名称|统一社会信用代码|列入原因|列入日期", "双随机抽查列入经营异常名录企业名单.xlsx", "abnormal"),
        ("企业名称|统一社会信用代码|处罚决定书文号|处罚内容", "抽查不合格企业名单.xlsx", "penalty"),
        ("序号|企业名称|统一社会信用代码|住所|法定代表人|成立日期", "a.xlsx", "registration"),
    ],
)
def test_a_list_is_told_by_its_columns_or_by_what_it_is_called(header: str, called: str, kind: str) -> None:
    assert recognise(header.split("|"), source_file=called).kind == kind


def test_a_task_leads_to_who_was_drawn_and_they_lead_back(get: Get) -> None:
    (task,) = get("records", kind="check_task")["hits"]
    drawn = by_kind(get(f"records/{task['record_id']}"))["check_draw"]
    assert (drawn["total"], {each["name"] for each in drawn["records"]}) == (2, {of.NAME, OTHER})
    (hit,) = get(f"entities/{of.CODE}/records", kind="check_draw")["hits"]
    back = by_kind(get(f"records/{hit['record_id']}"))
    assert back["check_task"]["records"][0]["record_id"] == task["record_id"]
    assert (hit["headline"], hit["entity_id"]) == ("被随机抽取：示例食品经营单位抽查", of.CODE)
    assert get("records", kind="check_draw", belongs=drawn["belongs"])["total"] == 2


def test_to_be_drawn_stands_against_nobody(get: Get) -> None:
    entity = get(f"entities/{of.CODE}")
    assert (entity["counts"]["check_draw"], entity["counts"]["spot_check"]) == (1, 0)
    assert "抽" not in entity["summary"]
    (kind,) = [kind for kind in get("about")["kinds"] if kind["name"] == "check_draw"]
    assert (kind["tone"], kind["states"], kind["risks"]) == ("plain", [], [])
    assert get("entities", has="check_draw")["total"] == 2
    (row,) = get("stats", of="check_draw", by="year")["rows"]
    assert (row["year"], row["count"]) == (2026, 2)


def test_a_list_without_numbers_is_hidden_with_the_task_of_its_name(tmp_path: Any) -> None:
    data = data_in(tmp_path / "data")
    drawn = f"企业名称,统一社会信用代码,抽查任务名称\n{of.NAME},{of.CODE},{{}}\n"
    task = "示例食品经营单位抽查"
    hidden = of.TASKS.replace(",公示,", ",不公示,")
    data.load(register=of.REGISTER, tasks=hidden, drawn=drawn.format(task), other=drawn.format("示例另一抽查"))
    data.publish()
    with data.asked() as get:
        assert [hit["task_name"] for hit in get("records", kind="check_draw")["hits"]] == ["示例另一抽查"]


def test_the_title_of_a_list_says_of_which_task_it_is(tmp_path: Any) -> None:
    data = data_in(tmp_path / "data")
    name = "附件1：2026年示例食品经营单位双随机抽查对象名单"
    report = data.load(**{name: f"序号,企业名称,统一社会信用代码\n1,{of.NAME},{of.CODE}\n"})
    assert [(file.kind, file.kept) for file in report.files] == [("check_draw", 1)]
    assert [row["task_name"] for row in data.rows("check_draws")] == ["2026年示例食品经营单位双随机抽查"]
