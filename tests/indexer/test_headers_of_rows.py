"""Headers of several rows, merged cells, and sheets that are no data."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from indexer.lake import Lake
from indexer.load import load
from indexer.read import Limits
from indexer.read.files import open_tables
from indexer.read.header import find_header
from xincha.errors import UnknownKind, UnreadableFile
from xincha.settings import Settings

PARTY, CODE = "厦门示例岚桥贸易有限公司", "91350203YYY770016A"
Merged = list[tuple[str, str]]
Sheets = dict[str, list[list[object]]]


def names(*rows: str) -> tuple[list[str], int, int]:
    """The names that rows of cells joined by | make, and the first and last row of them."""
    header = find_header([row.split("|") for row in rows])
    assert header is not None
    return [name or "" for name in header.names], header.first, header.last


@pytest.mark.parametrize(
    ("rows", "expected", "first", "last"),
    [
        (
            ("示例市行政处罚公示表|||||",
             "文号|行政相对人信息||处罚信息||处罚机关", "|名称|代码|违法事实|罚款金额（万元）|"),
            ["文号", "行政相对人名称", "行政相对人代码", "违法事实", "罚款金额（万元）", "处罚机关"], 1, 2,
        ),
        (
            ("企业名称|处罚机关||罚款（万元）|", "|名称|统一社会信用代码|金额|备注"),
            ["企业名称", "处罚机关", "处罚机关统一社会信用代码", "罚款（万元）金额", "备注"], 0, 1,
        ),
        (
            ("企业名称|法定代表人||列入||移出|", "|姓名|证件号码|日期|决定机关|日期|决定机关"),
            ["企业名称", "法定代表人姓名", "法定代表人证件号码", "列入日期", "列入决定机关", "移出日期",
             "移出决定机关"],
            0, 1,
        ),
        (
            ("抽查计划名称|检查机关信息||被检查单位信息||检查结果", "|名称|代码|名称|统一社会信用代码|"),
            ["抽查计划名称", "检查机关名称", "检查机关信息代码", "被检查单位名称", "统一社会信用代码", "检查结果"],
            0, 1,
        ),
        (
            ("企业名称|罚款金额|没收金额|处罚决定日期", "|（万元）|（元）|"),
            ["企业名称", "罚款金额（万元）", "没收金额（元）", "处罚决定日期"], 0, 1,
        ),
        (
            ("采购方||供应商||金额", "名称|统一社会信用代码|名称|统一社会信用代码|"),
            ["采购方名称", "采购方统一社会信用代码", "供应商名称", "供应商统一社会信用代码", "金额"], 0, 1,
        ),
        (("供应商信息|||联系人", "名称|税号|地址|"), ["供应商名称", "供应商税号", "供应商地址", "联系人"], 0, 1),
        (("填报单位：示例局||2024年", "企业名称|代码|登记状态"), ["企业名称", "代码", "登记状态"], 1, 1),
        (("企业名称|代码|状态", f"{PARTY}|{CODE}|存续"), ["企业名称", "代码", "状态"], 0, 0),
        (("企业名称|代码|状态", "公司|名称|注册号"), ["企业名称", "代码", "状态"], 0, 0),
        (("企业名称|处理方式|处罚决定日期", f"{PARTY}|罚款|2026-03-05"),
         ["企业名称", "处理方式", "处罚决定日期"], 0, 0),
        (("合格供应商名录||", "序号|供应商|备考"), ["序号", "供应商", "备考"], 1, 1),
        (("供应商单位名称|部门主管公司", f"{PARTY}|示例集团公司"), ["供应商单位名称", "部门主管公司"], 0, 0),
    ],
)  # fmt: skip
def test_rows_of_a_header_say_one_thing_together(
    rows: tuple[str, ...], expected: list[str], first: int, last: int
) -> None:
    assert names(*rows) == (expected, first, last)


def book(path: Path, sheets: Sheets, merged: Merged = [], hidden: str = "") -> Path:  # noqa: B006
    """A workbook; cells of the first sheet are merged by their places, with the text that stands there."""
    with xlsxwriter.Workbook(str(path)) as written:
        for place, (name, rows) in enumerate(sheets.items()):
            sheet = written.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            for cells, text in merged if not place else []:
                sheet.merge_range(cells, text)
            if name == hidden:
                sheet.hide()
    return path


def rows_of(path: Path, limits: Limits | None = None) -> list[dict[str, object]]:
    [table] = open_tables(path, limits)
    return [
        {k: v for k, v in row.items() if v is not None and k != "source_row"}
        for batch in table.batches
        for row in batch.frame.rows(named=True)
    ]


def test_groups_of_a_workbook_are_merged_cells(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        [],
        [],
        ["", "名称", "代码", "内容", "金额（万元）", ""],
        ["示1号", PARTY, CODE, "罚款", 0.5, "局"],
    ]
    merged = [
        ("A1:F1", "示例市行政处罚公示表"), ("A2:A3", "文号"), ("B2:C2", "行政相对人"), ("D2:E2", "处罚"),
        ("F2:F3", "处罚机关")
    ]  # fmt: skip
    [row] = rows_of(book(tmp_path / "a.xlsx", {"Sheet1": rows}, merged))
    assert row == {
        "文号": "示1号", "行政相对人名称": PARTY, "行政相对人代码": CODE, "处罚内容": "罚款", "处罚金额（万元）": "0.5",
        "处罚机关": "局",
    }  # fmt: skip


def test_merged_cells_hold_for_each_of_their_rows(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["检查对象", "统一社会信用代码", "抽查事项", "抽查结果"],
        ["", "", "登记事项", "未发现问题"],
        ["", "", "广告", "发现问题已责令改正"],
        ["厦门示例云礁食品有限公司", "", "登记事项", "未发现问题"],
    ]
    read = rows_of(book(tmp_path / "a.xlsx", {"Sheet1": rows}, [("A2:A3", PARTY), ("B2:B3", CODE)]))
    assert [(row["检查对象"], row.get("统一社会信用代码"), row["抽查事项"]) for row in read] == [
        (PARTY, CODE, "登记事项"),
        (PARTY, CODE, "广告"),
        ("厦门示例云礁食品有限公司", None, "登记事项"),
    ]


def test_a_text_across_a_row_is_a_note_and_an_amount_of_several_is_nobodys(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["行政相对人名称", "行政处罚决定书文号", "罚款金额（万元）", "处罚决定日期"],
        [],
        [PARTY, "示1号", "", "2026-03-05"],
        ["厦门示例云礁食品有限公司", "示2号", "", "2026-03-05"],
        ["厦门示例榕荫建材有限公司", "示3号", "", "2026-03-05"],
    ]
    path = book(tmp_path / "a.xlsx", {"Sheet1": rows}, [("A2:D2", "思明片区（示例）"), ("C3:C4", "1"), ("C5:C6", "2")])
    settings = Settings(data=tmp_path / "data", workers=1)
    report = load([path], settings)
    assert (report.files[0].rows_read, report.files[0].kept, report.files[0].rejected) == (4, 3, 1)
    assert [finding.code for finding in Lake(settings.lake).issues(limit=9)] == ["shared_amount"] * 2
    fines = Lake(settings.lake).snapshot().scan("penalties").select("party_name", "fine_cny").collect()
    assert {name: fine and int(fine) for name, fine in fines.iter_rows()} == {
        PARTY: None, "厦门示例云礁食品有限公司": None, "厦门示例榕荫建材有限公司": 20_000
    }  # fmt: skip


def test_merged_cells_are_bounded(tmp_path: Path) -> None:
    rows: list[list[object]] = [["企业名称", "登记状态"]]
    rows += [["", "存续"] for _ in range(6)]
    path = book(tmp_path / "a.xlsx", {"Sheet1": rows}, [("A2:A3", PARTY), ("A4:A7", "示例" * 100)])
    assert len(rows_of(path)) == 6
    with pytest.raises(UnreadableFile, match="合并的单元格超过 1 处"):
        rows_of(path, Limits(max_merged=1))
    with pytest.raises(UnreadableFile, match="展开后的文字超过"):
        rows_of(path, Limits(max_text=2000))


PENALTIES: list[list[object]] = [
    ["行政相对人名称", "行政处罚决定书文号", "处罚决定日期", "处罚内容"],
    ["必填", "必填", "必填，YYYY/MM/DD", "必填"],
    ["示例公司", "例：示市监罚字〔2020〕0号", "2020/1/1", "罚款"],
    [PARTY, "示市监罚字〔2026〕501号", "2026/3/5", "罚款5000元"],
]
INSTRUCTIONS: list[list[object]] = [["一、本表由各单位填写"], ["字段", "说明"], ["行政相对人名称", "必填"]]
DICTIONARY: list[list[object]] = [["代码", "名称", "状态"], ["1", "警告", "有效"], ["2", "罚款", "有效"]]


@pytest.mark.parametrize("hidden", ["", "选项"])
@pytest.mark.parametrize("kind", [None, "penalty"])
def test_sheets_that_are_no_data_are_passed_over_and_named(tmp_path: Path, hidden: str, kind: str | None) -> None:
    sheets: Sheets = {"填报说明": INSTRUCTIONS, "行政处罚": PENALTIES, "选项": DICTIONARY, "Sheet4": [["一"], ["二"]]}
    settings = Settings(data=tmp_path / "data", workers=1)
    report = load([book(tmp_path / "a.xlsx", sheets, hidden=hidden)], settings, kind=kind)
    assert [(file.file, file.kept, file.rejected) for file in report.files] == [("a.xlsx#行政处罚", 1, 2)]
    assert sorted(each["file"] for each in report.skipped) == ["a.xlsx#Sheet4", "a.xlsx#填报说明", "a.xlsx#选项"]
    assert all(each["reason"] for each in report.skipped)
    again = load([tmp_path / "a.xlsx"], settings, kind=kind)
    assert (again.changed, [file.loaded_before for file in again.files]) == (False, [True])


def test_data_on_a_sheet_called_like_instructions_is_read_where_no_other_is(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"处罚情况说明": PENALTIES, "Sheet2": [["一"], ["二"]]})
    report = load([path], Settings(data=tmp_path / "data", workers=1))
    assert [file.file for file in report.files] == ["a.xlsx#处罚情况说明"]


def test_a_workbook_without_any_data_is_an_error(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"填报说明": INSTRUCTIONS, "Sheet2": [["一"], ["二"]]})
    with pytest.raises(UnknownKind, match=r"a.xlsx#Sheet2: 无法识别"):
        load([path], Settings(data=tmp_path / "data", workers=1))
