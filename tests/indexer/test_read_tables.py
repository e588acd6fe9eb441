"""Workbooks, Parquet and JSONL: the same rows as text would give."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from indexer.read import Limits
from indexer.read.files import open_tables
from xincha.errors import UnreadableFile

Rows = list[dict[str, object]]


def read(path: Path, limits: Limits | None = None) -> dict[str, Rows]:
    """Table → rows."""
    return {
        table.source_file: [row for batch in table.batches for row in batch.frame.rows(named=True)]
        for table in open_tables(path, limits)
    }


def book(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    with xlsxwriter.Workbook(path) as written:
        day = written.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = written.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, place, cell, day)
                    elif isinstance(cell, str) and not cell.startswith("="):
                        sheet.write_string(number, place, cell)
                    elif isinstance(cell, str):
                        sheet.write_formula(number, place, cell, None, "示例公式公司")
                    else:
                        sheet.write(number, place, cell)
    return path


def test_cells_come_as_text(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        {
            "数据": [
                ["企业名称", "成立日期", "注册资本", "注册号", "核准日期", "序列日期"],
                [
                    "示例甲公司",
                    date(2018, 3, 5),
                    888,
                    350203100012345,
                    datetime.combine(date(2018, 3, 5), time(12, 30)),
                    43164,
                ],
                ["=A2", None, 0.5, None, None, None],
            ]
        },
    )
    assert [[*row.values()] for row in read(path)["a.xlsx"]] == [
        ["示例甲公司", "2018-03-05", "888", "350203100012345", "2018-03-05 12:30:00", "43164", 1, None],
        ["示例公式公司", None, "0.5", None, None, None, 2, None],
    ]


def test_title_rows_and_blank_rows_of_a_sheet(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as written:
        sheet = written.add_worksheet()
        sheet.merge_range("A1:C1", "厦门市示例局行政处罚信息公示表")
        sheet.write_row(1, 0, ["填报单位:示例局", "", "2024年"])
        sheet.write_row(2, 0, ["行政相对人\n名称", "行政处罚决定书文号", "罚款金额\n(万元)"])
        sheet.write_row(3, 0, ["示例甲公司", "示例罚〔2024〕1号", 2])
        sheet.write_row(5, 0, ["示例乙公司", "示例罚〔2024〕2号", 3])
    [rows] = read(tmp_path / "a.xlsx").values()
    assert [(row["行政相对人 名称"], row["罚款金额 (万元)"], row["source_row"]) for row in rows] == [
        ("示例甲公司", "2", 1),
        ("示例乙公司", "3", 3),
    ]


def test_each_sheet_with_content_is_a_table(tmp_path: Path) -> None:
    content: list[list[object]] = [["企业名称", "成立日期"], ["示例甲公司", "2018-03-05"]]
    path = book(tmp_path / "a.xlsx", {"登记": content, "空": [], "变更": content})
    assert [*read(path)] == ["a.xlsx#登记", "a.xlsx#变更"]
    assert [*read(book(tmp_path / "b.xlsx", {"登记": content, "空": []}))] == ["b.xlsx"]


def test_a_workbook_without_content_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"a.xlsx: 工作簿中没有内容"):
        read(book(tmp_path / "a.xlsx", {"空": []}))


def test_sheets_come_in_batches(tmp_path: Path) -> None:
    rows: list[list[object]] = [[f"示例{n}公司", "2018-03-05"] for n in range(10)]
    path = book(tmp_path / "a.xlsx", {"登记": [["企业名称", "成立日期"], *rows]})
    [table] = open_tables(path, Limits(batch_rows=4))
    batches = list(table.batches)
    assert [batch.frame.height for batch in batches] == [4, 4, 2]
    assert batches[2].frame["source_row"].to_list() == [9, 10]


def test_every_type_of_parquet_is_text(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "名称": ["示例甲公司", None],
            "日期": [date(2018, 3, 5), None],
            "时间": [datetime.combine(date(2018, 3, 5), time()), datetime.combine(date(2018, 3, 5), time(12, 30))],
            "整数": [350203100012345, None],
            "小数": [0.5, 2000000.0],
            "金额": [Decimal("1.500000"), Decimal("20.000000")],
            "结果": [["未发现问题", "注销"], []],
            "真假": [True, None],
            "结构": [{"a": 1}, None],
            "分类": pl.Series(["一", "二"], dtype=pl.Categorical),
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    [rows] = read(tmp_path / "a.parquet").values()
    assert [*rows[0].values()] == [
        "示例甲公司", "2018-03-05", "2018-03-05", "350203100012345", "0.5", "1.5", "未发现问题；注销",
        "true", '{"a":1}', "一", 1, None,
    ]  # fmt: skip
    assert [rows[1][name] for name in ("时间", "小数", "金额", "结果")] == [
        "2018-03-05 12:30:00",
        "2000000",
        "20",
        None,
    ]


def test_row_groups_of_parquet_are_numbered_through(tmp_path: Path) -> None:
    pl.DataFrame({"企业名称": [f"示例{n}公司" for n in range(10)], "成立日期": "2018-03-05"}).write_parquet(
        tmp_path / "a.parquet", row_group_size=3
    )
    [rows] = read(tmp_path / "a.parquet", Limits(batch_rows=4)).values()
    assert [(row["企业名称"], row["source_row"]) for row in rows] == [(f"示例{n}公司", n + 1) for n in range(10)]


def test_lines_of_json_with_lists_numbers_and_late_keys(tmp_path: Path) -> None:
    lines: list[object] = [
        {"entName": "示例甲公司", "insRes_CN": ["未发现问题", "注销"], "penAm": 2.0},
        {"entName": "示例乙公司", "penAm": 0.5, "uniscid": None, "other": {"a": 1, "b": 2}, "late": True},
    ]
    text = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (tmp_path / "a.jsonl").write_text(text, "utf-8")
    [rows] = read(tmp_path / "a.jsonl").values()
    assert rows == [
        {"entName": "示例甲公司", "insRes_CN": "未发现问题；注销", "penAm": "2", "uniscid": None,
         "other": None, "late": None, "source_row": 1, "line": 1},
        {"entName": "示例乙公司", "insRes_CN": None, "penAm": "0.5", "uniscid": None,
         "other": '{"a":1,"b":2}', "late": "true", "source_row": 3, "line": 3},
    ]  # fmt: skip


def test_a_line_that_is_no_object_costs_that_line(tmp_path: Path) -> None:
    lines = ['{"entName": "示例甲公司"}', '{"entName": ', '["示例乙公司"]', "null", '{"entName": "示例丁公司"}']
    (tmp_path / "a.jsonl").write_bytes("\n".join(lines).encode() + b'\n{"entName": "\xff"}')
    [table] = open_tables(tmp_path / "a.jsonl")
    [batch] = table.batches
    assert batch.frame["entName"].to_list() == ["示例甲公司", "示例丁公司"]
    assert batch.rejects.select("source_row", "line", "code").rows() == [
        (2, 2, "bad_json"),
        (3, 3, "not_an_object"),
        (4, 4, "not_an_object"),
        (6, 6, "undecodable"),
    ]


def test_results_may_be_a_list_of_objects(tmp_path: Path) -> None:
    line = '{"entName": "示例甲公司", "insRes_CN": [{"text": "未发现问题"}, {"text": "注销"}]}'
    (tmp_path / "a.jsonl").write_text(line, "utf-8")
    [rows] = read(tmp_path / "a.jsonl").values()
    assert rows[0]["insRes_CN"] == "未发现问题；注销"


def test_a_workbook_under_its_older_name_is_read(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"登记": [["企业名称", "成立日期"], ["示例甲公司", "2018-03-05"]]})
    path.rename(tmp_path / "a.xls")
    assert [row["企业名称"] for row in read(tmp_path / "a.xls")["a.xls"]] == ["示例甲公司"]


def test_jsonl_without_any_object_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("[1]\n", "utf-8")
    with pytest.raises(UnreadableFile, match=r"a.jsonl: 没有一行是 JSON 对象"):
        read(tmp_path / "a.jsonl")
