"""Tables of double random as offices make them: titles, merged cells, footers, blank lines, several sheets, shares in
every spelling. Each row is accounted for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from indexer.recognise import recognise
from tests.kinds import double_random as of
from tests.kinds.double_random import Data, data_in
from xincha.text import quantities

HEAD = ("序号", "检查主体", "年度计划名称", "检查内容", "计划开展时间", "股室", "抽查比例", "抽查频次", "抽查数量")
PLAN = "2026年度示例双随机抽查计划"
Rows = Sequence[Sequence[Any]]


def book(path: Path, merged: Sequence[tuple[int, int, int, int, str]] = (), **sheets: Rows) -> Path:
    """A workbook of these sheets; `merged` of each of them: first row, first column, last row, last column, text."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
            for area in merged:
                sheet.merge_range(*area)
    return path


def loaded(data: Data, path: Path) -> list[tuple[str, int, int, int, int]]:
    """What became of the rows of a file: kind, read, kept, merged, rejected of each table."""
    from indexer.load import load

    files = load([path], data.settings).files
    assert all(file.rows_read == file.kept + file.merged + file.rejected for file in files)
    return [(file.kind, file.rows_read, file.kept, file.merged, file.rejected) for file in files]


def test_a_plan_with_merged_cells_blank_lines_and_a_footer(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    rows: Rows = [
        [], [], HEAD,
        [1, "", "", "食品经营监督检查", "1月—12月", "食品科", "3%", "=1", "100户"],
        [2, "", "", "广告行为检查", "3月—6月", "广告科", 0.03, ">=1", 20],
        [],
        [3, "", "", "价格行为检查", "全年", "价监科", "不低于5%", "每年1次", "不少于10家"],
        [4, "", "", "特种设备检查", "全年", "设备科", "1:100", "1次/年", "全覆盖"],
        ["合计", "", "", "", "", "", "", "", "130户"],
        ["备注：抽查比例以实际为准。"],
    ]  # fmt: skip
    merged = [(0, 0, 0, 8, f"{of.OFFICE}年度计划表"), (3, 1, 7, 1, of.OFFICE), (3, 2, 7, 2, PLAN)]
    assert loaded(data, book(tmp_path / "plan.xlsx", merged, 计划=rows)) == [("check_plan", 7, 1, 4, 2)]
    (plan,) = data.rows("check_plans")
    assert (plan["plan_name"], plan["authority"], plan["year"]) == (PLAN, of.OFFICE, "2026")
    lines = [(line["content"], line["ratio_percent"], line["frequency"], line["count"]) for line in plan["lines"]]
    assert lines == [
        ("食品经营监督检查", 3.0, 1, 100),
        ("广告行为检查", 3.0, 1, 20),
        ("价格行为检查", 5.0, 1, 10),
        ("特种设备检查", 1.0, 1, None),
    ]


def test_cells_that_were_merged_in_a_spreadsheet_go_on_in_a_text_file(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    report = data.load(
        plan=f"检查主体,年度计划名称,检查内容,抽查比例\n{of.OFFICE},2026年甲计划,甲一,3%\n,,甲二,4%\n,2026年乙计划,乙一,5%\n"
        ",,乙二,6%\n,,,\n合计,,,\n"
    )
    assert [(file.rows_read, file.kept, file.merged, file.rejected) for file in report.files] == [(5, 2, 2, 1)]
    plans = {plan["plan_name"]: plan for plan in data.rows("check_plans")}
    assert {name: [line["content"] for line in plan["lines"]] for name, plan in plans.items()} == {
        "2026年甲计划": ["甲一", "甲二"],
        "2026年乙计划": ["乙一", "乙二"],
    }
    assert {plan["authority"] for plan in plans.values()} == {of.OFFICE}


def test_a_first_row_that_states_no_plan_goes_on_with_none(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    report = data.load(plan="检查主体,年度计划名称,检查内容,抽查比例\n,,甲一,3%\n示例局,2026年乙计划,乙一,5%\n")
    assert [(file.kept, file.rejected) for file in report.files] == [(1, 1)]


def test_a_plan_is_named_by_its_title_where_no_column_does(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    report = data.load(
        table=f"附件1,,,,\n{of.OFFICE}2026年度双随机抽查工作计划表,,,,\n序号,抽查事项,抽查对象,抽查比例,责任科室\n"
        "1,甲事项,企业,3%,一科\n2,乙事项,企业,全覆盖,二科\n备注：示例,,,,\n"
    )
    assert [(file.kind, file.kept, file.merged, file.rejected) for file in report.files] == [("check_plan", 1, 1, 1)]
    (plan,) = data.rows("check_plans")
    assert (plan["plan_name"], plan["authority"]) == ("2026年度双随机抽查工作计划", of.OFFICE)


def test_each_sheet_of_a_workbook_is_a_table(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    path = book(
        tmp_path / "plans.xlsx",
        填报说明=[["一、本表由各科室填写"], ["二、比例填百分数"]],
        第一批=[["附件1"], HEAD, [1, of.OFFICE, f"{PLAN}甲", "甲检查", "1月", "一科", "5%", "=1", "10"]],
        第二批=[
            HEAD,
            *([at, of.OFFICE, f"{PLAN}乙", f"乙{at}", "2月", "二科", "5％", "2次", "二十户"] for at in (1, 2)),
        ],
    )
    assert loaded(data, path) == [("check_plan", 1, 1, 0, 0), ("check_plan", 2, 1, 1, 0)]
    assert sorted(len(plan["lines"]) for plan in data.rows("check_plans")) == [1, 2]


def test_items_below_a_head_of_two_rows(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    rows: Rows = [
        [], ["序号", "抽查项目", "", "检查对象", "事项类别", "检查方式", "检查主体"], ["", "抽查类别", "抽查事项"],
        [1, "登记事项检查", "营业执照规范使用情况的检查", "企业", "一般检查事项", "现场检查、书面检查", of.OFFICE],
        [2, "", "名称规范使用情况的检查", "企业", "一般检查事项", "现场检查", of.OFFICE],
    ]  # fmt: skip
    merged = [(0, 0, 0, 6, "随机抽查事项清单（第三版）"), (1, 1, 1, 2, "抽查项目"), (3, 1, 4, 1, "登记事项检查")]
    assert loaded(data, book(tmp_path / "items.xlsx", merged, 清单=rows)) == [("check_item", 2, 2, 0, 0)]
    assert {item["check_category"] for item in data.rows("check_items")} == {"登记事项检查"}


TASKS = "任务编号,任务名称,组织部门,抽取库总数,抽取户数,抽取比例,任务期限\n"


@pytest.mark.parametrize(
    ("drawn", "ratio", "percent", "named"),
    [
        (30, "3%", 3.0, False),
        (30, "0.03", 3.0, False),
        (30, "3", 3.0, False),
        (3, "千分之三", 0.3, False),
        (10, "1:100", 1.0, False),
        (10, "1/100", 1.0, False),
        (60, "不低于5%", 5.0, False),
        (40, "不低于5%", 5.0, True),
        (40, "5%以内", 5.0, False),
        (60, "不超过5%", 5.0, True),
        (40, "3%-5%", 3.0, False),
        (60, "3%至5%", 3.0, True),
        (1000, "全覆盖", 100.0, False),
        (500, "100%", 100.0, True),
        (30, "按比例确定", None, False),
    ],
)
def test_a_share_in_every_spelling_is_held_against_what_was_drawn(
    tmp_path: Path, drawn: int, ratio: str, percent: float | None, named: bool
) -> None:
    data = data_in(tmp_path / "data")
    report = data.load(tasks=f"{TASKS}RW2026001,甲任务,{of.OFFICE},1000,{drawn},{ratio},\n")
    (task,) = data.rows("check_tasks")
    assert (task["ratio_percent"], task["ratio_text"]) == (percent, ratio)
    assert [file.issues for file in report.files] == [int(named)]


@pytest.mark.parametrize(
    ("said", "begin", "end", "issues"),
    [
        ("2026.3.2-2026.6.30", date(2026, 3, 2), date(2026, 6, 30), 0),
        ("2026-03-02至2026-06-30", date(2026, 3, 2), date(2026, 6, 30), 0),
        ("2026年3月2日-6月30日", date(2026, 3, 2), date(2026, 6, 30), 0),
        ("2026/3/2～2026/6/30", date(2026, 3, 2), date(2026, 6, 30), 0),
        ("2026年3月—6月", date(2026, 3, 1), date(2026, 6, 30), 0),
        ("2025年11月至2026年2月", date(2025, 11, 1), date(2026, 2, 28), 0),
        ("2026年3月", date(2026, 3, 1), date(2026, 3, 31), 0),
        ("全年", None, None, 0),
        ("3月2日—6月30日", None, None, 1),
    ],
)
def test_the_days_of_a_task(tmp_path: Path, said: str, begin: date | None, end: date | None, issues: int) -> None:
    data = data_in(tmp_path / "data")
    report = data.load(tasks=f"{TASKS}RW2026001,甲任务,{of.OFFICE},,,,{said}\n")
    (task,) = data.rows("check_tasks")
    assert (task["from_on"], task["to_on"], report.files[0].issues) == (begin, end, issues)


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("5‰", 0.5),
        ("百分之五", 5.0),
        ("1：50", 2.0),
        ("应抽尽抽", 100.0),
        ("2026年3月", None),
        ("0:0", None),
        ("", None),
    ],
)
def test_shares(text: str, percent: float | None) -> None:
    assert quantities.percent(text) == percent


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        # the vendor's results and its small sibling
        (
            "EntName|TaskCode|AuditState|CheckType|CheckDeptName|CheckDeptPerson|CheckDate|CheckResult|DisposeMss|DisposeState"
            "|DisposeFinishDate|TeamLeader|ExpertNames",
            "spot_check",
        ),
        ("enterpriseName|inspectionMatter|lawEnforcementOfficials|result|inspectedAt", "spot_check"),
        ("entName|uniscid|insAuth_CN|insType|insDate|insRes_CN", "spot_check"),
        ("企业名称|统一社会信用代码|抽查计划编号|抽查任务编号|抽查类型|抽查机关|抽查完成日期", "spot_check"),
        # lists of powers of counties
        (
            "序号|事项名称|子项|权力类型|实施依据|行使主体|承办机构|实施层级及权限|部门职责|责任事项内容|责任事项依据"
            "|追责对象范围|追责情形|备注",
            "power",
        ),
        ("编号|权力事项名称|子项名称|权责类型|法律依据|责任主体|责任科室|实施层级|追责依据|问责情形|状态", "power"),
        ("编号|职权名称|事项子项|职权类型|权力依据|实施主体|办理机构|行使层级|是否公开", "power"),
        ("权责事项名称|实施事项|权力类别|设定依据|部门名称|内设机构|备注", "power"),
        # of notices without a number
        ("标题|发布日期|发布机关|正文", "notice"),
        ("决定书文号|标题|正文|作出机关", "document"),
    ],
)
def test_real_headers_are_recognised_and_wholly_read(header: str, kind: str) -> None:
    layout = recognise(header.split("|"), source_file="a.csv")
    assert (layout.kind, layout.unknown) == (kind, ())


@pytest.mark.parametrize(
    "header",
    [
        "inv|invType_CN|blicType_CN|bLicNo|conDate",
        "entName|uniscid|brName|regNo|regOrg_CN",
        "name|position_CN",
        "entName|uniscid|morRegCNo|regiDate|publicDate|regOrg_CN|priClaSecAm|regCapCur_Cn",
        "entName|uniscid|equityNo|pledgor|impAm|pledAmUnit|impOrg|equPleDate|type|publicDate",
        "entName|uniscid|inv|froAm|froAuth|executeNo|frozState",
        "liqMem|ligpriSign",
        "inv|transAmPrBf|transAmPrAf|altDate|publicDate",
    ],
)
def test_sections_of_gsxt_that_are_of_no_kind_are_refused_and_not_taken_for_another(header: str) -> None:
    from xincha.errors import UnknownKind

    with pytest.raises(UnknownKind, match="无法识别是哪一类文件"):
        recognise(header.split("|"), source_file="a.csv")


def test_who_checked_is_read_nowhere(tmp_path: Path) -> None:
    data = data_in(tmp_path / "data")
    data.load(
        checks="企业名称,抽查任务编号,检查结果,检查日期,检查人员\n"
        f"{of.NAME},{of.TASK_NO},未发现问题,2026-04-01,示检安\n,{of.TASK_NO},未发现问题,2026-04-01,示检宁\n"
    )
    told = str([data.rows(table) for table in ("spot_checks", "rejects", "issues")])
    assert "示检" not in told
    assert len(data.rows("rejects")) == 1
