"""Plans and tasks of spot checks: read in the shapes of real tables, checked, joined by their numbers, and asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from indexer.recognise import recognise
from tests.kinds import double_random as of
from tests.kinds.double_random import Data, by_kind, data_in

pytestmark = pytest.mark.slow

Get = Callable[..., Any]
COUNTY = "序号|检查主体|年度计划名称|检查内容|计划开展时间|股室|抽查比例|抽查频次|抽查数量"
VENDOR = (
    "TaskCode|TaskName|TaskState|TaskLeadDeptName|TaskInspectDeptName|TaskResource|ResourcePlanName|TaskStartTime|TaskEndTime|TaskType|TaskObject"
    "|TaskCondition|SeqYear|TaskContent|RandomType|RandomDate|EntTotal|RandomTotal|RandomPercent|DutyDeptName|CrossDepartFlag|ItemNum|PublicFlag"
)
RESULTS = (
    "entName|uniscid|raninsPlanId|raninsPlaneName|raninsTaskId|raninsTaskName|raninsTypeName|insAuth|insDate|details"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Data:
    data = data_in(tmp_path_factory.mktemp("plans"))
    data.load(register=of.REGISTER, plan=of.PLAN, tasks=of.TASKS, checks=of.CHECKS)
    data.publish()
    return data


@pytest.fixture(scope="module")
def get(data: Data) -> Iterator[Get]:
    with data.asked() as get:
        yield get


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (COUNTY, "check_plan"),
        (VENDOR, "check_task"),
        (
            "任务编号|任务名称|组织部门|实施部门|任务期限|库总户数(去重)|抽取户数(去重)|抽取比例|是否跨部门|名单是否公示",
            "check_task",
        ),
        ("计划名称|抽查内容|抽查对象|抽查比例|责任科室|时间安排", "check_plan"),
        ("计划编号|计划名称|年度|制定部门|发布日期", "check_plan"),
        (RESULTS, "spot_check"),
        ("检查对象|抽查任务编号|抽查任务名称|检查结果|检查日期|检查机关", "spot_check"),
        ("企业名称|抽查计划编号|抽查计划名称|抽查任务编号|抽查任务名称|抽查机关|抽查比例|实施部门", "check_draw"),
        ("被抽查单位|统一社会信用代码|抽查任务名称|抽取日期|检查机关", "check_draw"),
    ],
)
def test_real_headers_are_recognised_and_what_is_about_parties_is_no_plan(header: str, kind: str) -> None:
    layout = recognise(header.split("|"), source_file="a.csv")
    assert layout.kind == kind
    if header in {COUNTY, VENDOR}:
        assert layout.unknown == ()


def test_rows_of_one_plan_are_its_lines_with_their_text(data: Data) -> None:
    [plan] = data.rows("check_plans")
    assert (plan["plan_no"], plan["year"], plan["authority"]) == (of.PLAN_NO, "2026", of.OFFICE)
    first, second = plan["lines"]
    assert (first["content"], first["department"], first["period"]) == ("食品经营监督检查", "示例科", "1月—12月")
    assert (first["ratio_percent"], first["ratio_text"]) == (5.0, "5%")
    assert (first["frequency"], first["frequency_text"], first["count"]) == (1, ">=1", 100)
    assert (second["ratio_percent"], second["frequency_text"]) == (None, "=1")
    assert (second["count"], second["count_text"]) == (1, "1户(实际以联合双随机牵头单位抽查数为准。)")


def test_a_newer_file_changes_the_line_that_it_has_and_no_other(tmp_path: Any) -> None:
    data = data_in(tmp_path / "data")
    data.load(plan=of.PLAN)
    report = data.load(plan2=of.PLAN.replace(",5%,", ",8%,").split("\n2", 1)[0])
    assert [(file.kept, file.merged, file.rejected) for file in report.files] == [(0, 2, 0)]
    [plan] = data.rows("check_plans")
    assert [(line["content"], line["ratio_text"]) for line in plan["lines"]] == [
        ("食品经营监督检查", "8%"),
        ("广告行为检查", None),
    ]


def test_a_task_says_who_was_drawn_from_what_and_who_takes_part(data: Data) -> None:
    [task] = data.rows("check_tasks")
    assert (task["pool"], task["drawn"], task["ratio_percent"], task["ratio_text"]) == (96_613, 2899, 3.0, "3%")
    assert (task["lead"], task["members"]) == (of.OFFICE, ["厦门市示例生态环境局", "厦门市示例应急管理局"])
    assert (task["cross_department"], task["list_public"], task["plan_no"]) == (True, True, of.PLAN_NO)
    assert (task["from_on"], task["to_on"]) == (date(2026, 3, 2), date(2026, 6, 30))


def test_who_was_drawn_is_added_up_by_year_and_place_of_the_office(get: Get) -> None:
    told = get("stats", of="check_task", by="year,region", level="city", measure="count,drawn_sum,task_done")
    (row,) = told["rows"]
    assert (row["year"], row["region_name"], row["drawn_sum"], row["task_done"]) == (2026, "厦门市", 2899, 1)
    assert told["totals"]["drawn_sum"] == 2899


@pytest.mark.parametrize(
    ("pool", "drawn", "ratio", "percent", "named"),
    [
        ("96613", "2899", "3%", 3.0, False),
        ("96613", "2898", "3%", 3.0, False),
        ("96613", "2896", "3%", 3.0, True),
        ("96613", "2899", "3", 3.0, False),
        ("96613", "2899", "0.03", 3.0, False),
        ("1000", "5", "0.5", 0.5, False),
        ("100", "101", "", None, True),
        ("1000", "", "0.03", 3.0, False),
        ("", "", "百分之五", 5.0, False),
        ("全库", "12户", "3%", 3.0, True),
    ],
)
def test_what_was_drawn_is_held_against_the_share(  # noqa: PLR0917 - the numbers of a row
    tmp_path: Any, pool: str, drawn: str, ratio: str, percent: float | None, named: bool
) -> None:
    data = data_in(tmp_path / "data")
    header = "TaskCode,TaskName,TaskLeadDeptName,EntTotal,RandomTotal,RandomPercent\n"
    report = data.load(tasks=f"{header}T350200202601,示例任务,{of.OFFICE},{pool},{drawn},{ratio}\n")
    [task] = data.rows("check_tasks")
    assert (task["ratio_percent"], task["ratio_text"]) == (percent, ratio or None)
    assert [file.issues for file in report.files] == [int(named)]


def test_codes_of_the_vendor_are_words(tmp_path: Any) -> None:
    data = data_in(tmp_path / "data")
    data.load(
        tasks=f"{VENDOR.replace('|', ',')}\nT3502002026,示例任务甲,10,{of.OFFICE},甲局,2,示例计划,2026-01-05,"
        '2026-03-01,2,"1,3",范围,2026,,,2026-01-04,100,5,5,,2,1,2\n'
    )
    [task] = data.rows("check_tasks")
    assert (task["selection"], task["object_types"], task["progress"]) == ("不定向", ["企业", "个体工商户"], "10")
    assert (task["cross_department"], task["list_public"], task["plan_name"]) == (True, False, "示例计划")


def test_rows_without_number_and_name_are_rejected_and_every_row_is_accounted_for(tmp_path: Any) -> None:
    data = data_in(tmp_path / "data")
    report = data.load(
        plan=f"{COUNTY.replace('|', ',')}\n1,示例局,,甲,1月,科,5%,=1,1户\n2,示例局,示例计划,乙,2月,科,5%,=1,1户\n"
    )
    [file] = report.files
    assert (file.rows_read, file.kept, file.merged, file.rejected) == (2, 1, 0, 1)
    assert data.snapshot().scan("rejects").collect()["code"].to_list() == ["no_key_fact"]


def test_plans_of_two_offices_and_of_two_years_are_several(tmp_path: Any) -> None:
    data = data_in(tmp_path / "data")
    rows = [("示例甲局", "2025年度示例计划"), ("示例乙局", "2025年度示例计划"), ("示例甲局", "2026年度示例计划")]
    lines = "".join(f"1,{office},{name},甲,1月,科,5%,=1,1户\n" for office, name in rows)
    data.load(plan=f"{COUNTY.replace('|', ',')}\n{lines}")
    assert sorted(plan["year"] for plan in data.rows("check_plans")) == ["2025", "2025", "2026"]


def test_what_is_about_nobody_is_found_filtered_counted_and_exported(get: Get) -> None:
    page = get("records", kind="check_task")
    assert page["total"] == 1
    [task] = page["hits"]
    assert "entity_id" not in task
    assert task["state"] == "task_done"
    assert task["headline"] == "示例食品经营单位抽查：从 96,613 户中抽取 2,899 户"
    assert {bucket["value"] for bucket in page["facets"]["region"]} >= {"350200"}
    assert [bucket["value"] for bucket in page["facets"]["authority"]] == [of.OFFICE]
    assert get("records", q="广告行为检查")["hits"][0]["kind"] == "check_plan"
    assert get("records", q=of.TASK_NO, kind="check_task")["total"] == 1
    assert "96613" in get("export/records.csv", kind="check_task")
    [plan] = get("records", kind="check_plan")["hits"]
    assert all(set(line) == set(plan["lines"][0]) for line in plan["lines"])
    assert "食品经营监督检查" in get("export/records.csv", kind="check_plan")
    assert '"ratio_percent":null' in get("export/records.ndjson", kind="check_plan")


def test_no_entity_has_any_of_it_or_counts_it(get: Get) -> None:
    entity = get(f"entities/{of.CODE}")
    assert not {name for name in entity["counts"] if name.startswith(("check_plan", "check_task"))}
    assert {kind["kind"] for kind in entity["coverage"] if kind["loaded"]} >= {"check_plan", "check_task", "spot_check"}
    timeline = get(f"entities/{of.CODE}/records")
    assert {record["kind"] for record in timeline["hits"]} == {"spot_check"}
    assert not {bucket["value"] for bucket in get("entities")["facets"]["has"]} & {"check_plan", "check_task"}


def test_plan_task_and_results_lead_to_each_other(get: Get) -> None:
    [task] = get("records", kind="check_task")["hits"]
    assert task["related"] == []
    whole = get(f"records/{task['record_id']}")
    related = by_kind(whole)
    assert (related["check_plan"]["total"], related["spot_check"]["total"]) == (1, 2)
    assert related["spot_check"]["records"][0]["name"] == of.NAME
    everyone = get("records", kind="spot_check", belongs=related["spot_check"]["belongs"])
    assert everyone["total"] == 2
    plan = get(f"records/{related['check_plan']['records'][0]['record_id']}")
    assert by_kind(plan)["check_task"]["records"][0]["record_id"] == task["record_id"]
    check = get(f"records/{related['spot_check']['records'][0]['record_id']}")
    assert by_kind(check)["check_task"]["records"][0]["record_id"] == task["record_id"]
    assert by_kind(check)["check_plan"]["records"][0]["record_id"] == plan["record_id"]


def test_without_numbers_office_and_name_join_and_never_two_that_have_numbers(tmp_path: Any) -> None:
    data = data_in(tmp_path / "data")
    plans = "计划编号,计划名称,制定部门,抽查内容,抽查比例\n" + "".join(
        f"{number},示例抽查计划,{office},甲,5%\n"
        for number, office in (
            ("", "厦门市示例市监局"),
            ("35020020251000", "漳州市示例市监局"),
            ("", "泉州市示例市监局"),
        )
    )
    tasks = "任务编号,任务名称,计划编号,计划名称,组织部门,抽取户数\n" + "".join(
        f"{number},任务{number},{plan},示例抽查计划,{office},5\n"
        for number, plan, office in (
            ("350200202501", "", "厦门市示例市场监督管理局"),
            ("350600202501", "35020020261000", "漳州市示例市场监督管理局"),
        )
    )
    data.load(plan=plans, tasks=tasks)
    data.publish()
    with data.asked() as get:
        found = {
            task["task_no"]: [plan["headline"] for each in whole["related"] for plan in each["records"]]
            for task in get("records", kind="check_task")["hits"]
            for whole in [get(f"records/{task['record_id']}")]
        }
    assert found == {"350200202501": ["示例抽查计划"], "350600202501": []}


def test_what_is_linked_to_nobody_stays_when_little_is_published(tmp_path: Any) -> None:
    """A small publish looks at the records of its plan, also at those that have no link."""
    data = data_in(tmp_path / "data")
    register = of.REGISTER + "".join(
        f"厦门示例第{n}食品有限公司,,存续,2010-01-05,厦门市思明区示例路{n}号\n" for n in range(60)
    )
    tasks = of.TASKS + "".join(
        f"35020020260302{n},示例任务{n},{of.PLAN_NO},{of.OFFICE},,,,,,,,\n" for n in range(2000, 2050)
    )
    data.load(register=register, tasks=tasks, checks=of.CHECKS)
    assert data.publish().mode == "full"
    data.load(more=of.TASKS.replace("示例食品经营单位抽查", "示例食品经营单位抽查第二次"))
    assert data.publish().mode == "changes"
    with data.asked() as get:
        assert get("records", kind="check_task")["total"] == 51
        assert get("records", q="第二次")["total"] == 1


@pytest.mark.parametrize(
    ("said", "listed"), [("不公示", False), ("公示", True), ("否", False), ("2", False), ("", None)]
)
def test_whether_the_list_is_published_is_said_in_words_that_elsewhere_say_nothing(
    tmp_path: Any, said: str, listed: bool | None
) -> None:
    data = data_in(tmp_path / "data")
    report = data.load(tasks=of.TASKS.replace(",公示,", f",{said},"))
    assert [task["list_public"] for task in data.rows("check_tasks")] == [listed]
    assert [file.issues for file in report.files] == [0]


def test_who_was_drawn_is_shown_only_where_the_list_is_published(tmp_path: Any) -> None:
    data = data_in(tmp_path / "data")
    drawn = (
        f"企业名称,统一社会信用代码,抽查任务编号,抽查任务名称\n{of.NAME},{of.CODE},{of.TASK_NO},示例食品经营单位抽查\n"
    )
    more = "".join(f"厦门示例第{n}食品有限公司,,{of.TASK_NO}9{n},示例任务\n" for n in range(10, 50))
    data.load(register=of.REGISTER, tasks=of.TASKS.replace(",公示,", ",不公示,"), drawn=drawn + more, checks=of.CHECKS)
    data.publish()
    with data.asked() as get:
        counts = get(f"entities/{of.CODE}")["counts"]
        assert (counts["spot_check"], counts["check_draw"]) == (2, 0)
        assert get("records", kind="check_task")["hits"][0]["list_public"] is False
    data.load(tasks2=of.TASKS)
    assert data.publish().mode in {"changes", "full"}
    with data.asked() as get:
        counts = get(f"entities/{of.CODE}")["counts"]
        assert (counts["spot_check"], counts["check_draw"]) == (2, 1)
        assert get("records", kind="check_task")["hits"][0]["list_public"] is True
