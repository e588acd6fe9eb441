"""Which column of a list is taken; where more than one may be meant, a person is asked."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from indexer.lists import open_list
from xincha.errors import MissingColumn, UnclearColumn
from xincha.lists.company_list import CompanyList

THEM = ["厦门示例岚桥贸易有限公司", "厦门示例云礁食品有限公司", "厦门示例榕荫建材有限公司", "厦门示例潮音科技有限公司"]
MORE = ["泉州示例一贸易有限公司", "泉州示例二贸易有限公司", "泉州示例三贸易有限公司", "泉州示例四贸易有限公司"]
OURS = ["示例集团有限公司"] * 4
BANK = ["示例银行股份有限公司厦门分行", "示例银行股份有限公司泉州分行", "示例农商银行", "示例银行股份有限公司"]
DEALS = [f"示例集团有限公司{what}合同" for what in ("装修", "食堂", "绿化", "保安")]
CODES = ["91350203YYY770016A", "91350203YYY7700245", "91350203YYY770040T", "91350203YYY770059P"]
SHOPS = ["阿桂", "阿梨", "阿梅", "阿兰"]
Columns = dict[str, Sequence[str]]


def listed(tmp_path: Path, columns: Columns, column: str | None = None) -> CompanyList:
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*columns], *zip(*columns.values(), strict=True)])
    return open_list(path, tmp_path / "parsed", column)


@pytest.mark.parametrize(
    ("columns", "name"),
    [
        ({"合同名称": DEALS, "甲方": OURS, "乙方": THEM}, "乙方"),
        ({"项目名称": SHOPS, "甲方": OURS, "乙方": THEM}, "乙方"),
        ({"采购单位": OURS, "供应商全称": THEM, "联系人": SHOPS}, "供应商全称"),
        ({"开户银行": BANK, "供应商单位名称": THEM}, "供应商单位名称"),
        ({"供应商单位名称": THEM, "部门主管公司": MORE}, "供应商单位名称"),
        ({"供应商": CODES, "供应商名称": THEM, "供应商开户行": BANK}, "供应商名称"),
        ({"开户银行": BANK, "名称二": THEM}, "名称二"),
        ({"招标人": MORE, "中标供应商": THEM}, "中标供应商"),
        ({"甲方单位": THEM, "合同名称": DEALS}, "甲方单位"),
        ({"采购单位": THEM, "金额": CODES}, "采购单位"),
        ({"购买方名称": OURS, "销售方名称": THEM}, "销售方名称"),
        ({"企业名称": THEM, "上级单位": MORE}, "企业名称"),
        ({"公司名称": THEM, "公司全称": THEM}, "公司名称"),
        ({"客户": SHOPS, "开户行": BANK}, "客户"),
        ({"供应商": OURS, "客户": THEM}, "客户"),
        ({"2026年合格供应商名称": THEM, "推荐部门": MORE}, "2026年合格供应商名称"),
        ({"x": CODES, "甲": THEM, "y": SHOPS}, "甲"),
    ],
)  # fmt: skip
def test_the_column_of_those_whom_the_list_is_about(tmp_path: Path, columns: Columns, name: str) -> None:
    read = listed(tmp_path, columns)
    assert read.columns["name"] == [name]
    assert (read.rows, [*read.header]) == (4, [*columns])


@pytest.mark.parametrize(
    ("columns", "candidates"),
    [
        ({"供应商": THEM, "客户": MORE, "开户行": BANK}, ["供应商", "客户"]),
        ({"甲": THEM, "乙": MORE}, ["甲", "乙"]),
        ({"供应商": OURS, "采购单位": THEM}, ["供应商", "采购单位"]),
        ({"客户": SHOPS, "所在": THEM}, ["客户", "所在"]),
        ({"公司": MORE, "往来": THEM}, ["公司", "往来"]),
        ({"公司名称": MORE, "企业名称": THEM}, ["公司名称", "企业名称"]),
    ],
)
def test_where_two_columns_of_companies_remain_a_person_is_asked(
    tmp_path: Path, columns: Columns, candidates: list[str]
) -> None:
    with pytest.raises(UnclearColumn, match=r"list.csv: 不能确定名称在哪一栏。.*请用 --column 指明") as error:
        listed(tmp_path, columns)
    assert [choice.column for choice in error.value.choices] == candidates
    for choice in error.value.choices:
        assert [*choice.rows] == [*dict.fromkeys(columns[choice.column])][:3]
        assert all(row in str(error.value) for row in choice.rows)
        assert listed(tmp_path, columns, choice.column).columns["name"] == [choice.column]
        assert listed(tmp_path, columns, str(choice.place)).columns["name"] == [choice.column]


@pytest.mark.parametrize("columns", [{"开户银行": BANK, "金额": CODES}, {"合同名称": DEALS, "备注": BANK}])
def test_a_bank_or_a_contract_is_nobody(tmp_path: Path, columns: Columns) -> None:
    with pytest.raises(MissingColumn, match="找不到名称") as error:
        listed(tmp_path, columns)
    assert isinstance(error.value, UnclearColumn)
    assert [choice.column for choice in error.value.choices] == [*columns]


def test_the_other_columns_are_those_of_the_same_company(tmp_path: Path) -> None:
    columns: Columns = {
        "采购方": OURS,
        "采购方税号": ["9135"] * 4,
        "供应商": THEM,
        "供应商税号": CODES,
        "供应商地址": SHOPS,
    }
    assert listed(tmp_path, columns).columns == {"name": ["供应商"], "uscc": ["供应商税号"], "address": ["供应商地址"]}


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["供应商单位名称,部门主管公司", f"{THEM[0]},{MORE[0]}"], "供应商单位名称"),
        (["部门主管公司,名单", f"{MORE[0]},{THEM[0]}"], "名单"),
        ([f"{THEM[0]},1", f"{THEM[1]},2"], "第1列"),
        (["1,厦门示例物流有限公司", "2,厦门示例银行有限公司"], "第2列"),
        (["序号,单位", f"1,{THEM[0]}"], "单位"),
    ],
)
def test_a_first_line_is_a_header_unless_it_names_a_company(tmp_path: Path, lines: list[str], name: str) -> None:
    (tmp_path / "list.csv").write_text("\n".join(lines), "utf-8")
    read = open_list(tmp_path / "list.csv", tmp_path / "parsed")
    assert read.columns["name"] == [name]
    assert read.rows == len(lines) - (not name.startswith("第"))


def test_sheets_with_the_same_heads_are_one_list(tmp_path: Path) -> None:
    sheets: dict[str, list[list[str]]] = {
        "填表说明": [["请填写供应商的全称，须与营业执照一致，例如厦门某某有限公司。"], ["不得填写简称"]],
        "名单一": [["序号", "供应商"], ["1", THEM[0]], ["2", THEM[1]]],
        "名单二": [["序号", "供应商"], ["1", THEM[2]]],
        "开户行": [["行名", "行号"], [BANK[0], "1"]],
    }
    with xlsxwriter.Workbook(str(tmp_path / "list.xlsx")) as book:
        for sheet, rows in sheets.items():
            written = book.add_worksheet(sheet)
            for number, row in enumerate(rows):
                written.write_row(number, 0, row)
    read = open_list(tmp_path / "list.xlsx", tmp_path / "parsed")
    assert (read.columns, read.rows) == ({"name": ["供应商"]}, 3)
    assert [row.cells["供应商"] for batch in read.batches() for row in batch] == THEM[:3]
    assert sorted(read.unread_sheets) == ["填表说明", "开户行"]
