"""Rows that are no records are rejected and named; rows that are some stay, whatever their words."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from indexer.load import load
from xincha.settings import Settings

HEADER = ["序号", "行政相对人名称", "统一社会信用代码", "行政处罚决定书文号", "处罚决定日期", "罚款金额(万元)"]
GOOD = ["1", "厦门示例岚桥贸易有限公司", "91350203YYY770016A", "示市监罚字〔2026〕1号", "2026-03-05", "1"]


def rejected(tmp_path: Path, *rows: list[str], header: list[str] = HEADER, good: list[str] = GOOD) -> list[str | None]:
    """Why each of these rows is rejected, loaded behind a good one; `None`: it is kept."""
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, good, *rows])
    settings = Settings(data=tmp_path / "data", workers=1)
    report = load([tmp_path / "a.csv"], settings)
    from indexer.lake import Lake

    found = {finding.source_row: finding.code for finding in Lake(settings.lake).rejects(limit=1000)}
    assert 1 not in found
    assert report.files[0].rejected == len(found)
    return [found.get(number) for number in range(2, len(rows) + 2)]


NO_RECORDS = [
    ["合计", "", "", "", "", "300"],
    ["", "合  计", "", "", "", "300"],
    ["", "1户", "", "合计", "", "5"],
    ["总计：", "2户", "", "", "", "5"],
    ["", "小计（万元）", "", "", "", "5"],
    ["2", "本页合计", "", "", "", "5"],
    ["注：本表数据截至2026年3月5日", "", "", "", "", ""],
    ["", "注：本表数据截至2026年3月5日", "", "", "", ""],
    ["", "注1、示例", "", "", "", ""],
    ["", "备注：罚款单位为万元", "", "", "", ""],
    ["制表人：示安", "", "审核：示宁", "", "", ""],
    ["", "制表人：示安", "", "审核：示宁", "", "2026-03-05"],
    ["", "填报单位(盖章)：示例局", "", "", "", ""],
    ["", "数据来源：示例局", "", "", "", ""],
    ["", "联系电话：示例", "", "", "", ""],
    ["第1页 共1页", "", "", "", "", ""],
    ["", "第 2 页", "", "", "", ""],
    ["", "共3条", "", "", "", ""],
    ["", "共 3 条记录", "", "", "", ""],
    ["", "——以下空白——", "", "", "", ""],
    ["", "一、个体工商户", "", "", "", ""],
    ["", "思明区", "", "", "", ""],
    ["", "示例市2026年行政处罚信息公示表", "", "", "", ""],
]
TEMPLATES = [
    ["", "必填", "必填", "必填", "必填，YYYY/MM/DD", "选填"],
    ["", "必填，填写企业全称", "", "", "", ""],
    ["", "文本", "文本", "字符型(50)", "日期", "数值型"],
    ["例：", "示例公司", "", "示市监罚字〔2020〕0号", "2020/1/1", "1"],
    ["", "示例公司", "", "例：示市监罚字〔2020〕0号", "2020/1/1", "1"],
    ["", "例如：厦门某某公司", "", "示〔2020〕0号", "2020/1/1", "1"],
    ["示例", "厦门某某有限公司", "", "示〔2020〕0号", "2020/1/1", "1"],
    ["", "【示例】厦门某某有限公司", "", "示〔2020〕0号", "2020/1/1", "1"],
]
RECORDS = [
    ["2", "示例甲公司", "", "示〔2026〕2号", "2026-03-05", "1"],
    ["3", "合计划物流（厦门）有限公司", "", "示〔2026〕3号", "2026-03-05", "1"],
    ["4", "厦门共3家餐饮有限公司", "", "示〔2026〕4号", "2026-03-05", "1"],
    ["5", "第一页文化有限公司", "", "示〔2026〕5号", "2026-03-05", "1"],
    ["6", "示例小计面馆", "", "示〔2026〕6号", "2026-03-05", "1"],
    ["7", "思明区", "", "示〔2026〕7号", "2026-03-05", "1"],  # what it says is beside it
    ["8", "必填满快餐店", "", "示〔2026〕8号", "2026-03-05", ""],
    ["第1批", "示例乙公司", "", "示〔2026〕9号", "2026-03-05", ""],
    ["备注：已更正", "示例丙公司", "", "示〔2026〕10号", "2026-03-05", ""],
    ["10", "一、二茶馆有限公司", "", "示〔2026〕11号", "2026-03-05", ""],
]


def test_totals_notes_pages_and_headings_are_no_records(tmp_path: Path) -> None:
    why = dict(zip(map(tuple, NO_RECORDS), rejected(tmp_path, *NO_RECORDS), strict=True))
    assert {row: code for row, code in why.items() if code != "no_record"} == {}


def test_requirements_and_examples_of_a_form_are_no_records(tmp_path: Path) -> None:
    why = dict(zip(map(tuple, TEMPLATES), rejected(tmp_path, *TEMPLATES), strict=True))
    assert {row: code for row, code in why.items() if code != "template_row"} == {}


def test_records_whose_words_are_like_a_note_stay(tmp_path: Path) -> None:
    why = dict(zip(map(tuple, RECORDS), rejected(tmp_path, *RECORDS), strict=True))
    assert {row: code for row, code in why.items() if code} == {}


@pytest.mark.parametrize("name", ["阿桂面馆", "厦门示例岚桥贸易有限公司", "思明茶行", "一品茶馆"])
def test_a_name_alone_in_its_row_stays(tmp_path: Path, name: str) -> None:
    header = ["企业名称", "统一社会信用代码", "登记状态"]
    assert rejected(tmp_path, [name, "", ""], header=header, good=["示例甲公司", "91350203YYY770016A", "存续"]) == [
        None
    ]


def test_no_name_of_the_registry_is_like_a_note(registry: Path) -> None:
    from indexer.canonical import no_records as module

    names = set()
    for path in registry.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            names |= {"".join((row["企业名称"] or "").split()) for row in csv.DictReader(file)}
    assert len(names) > 70_000
    assert [n for n in names if module._is_template([n], [n], [n])] == []
    assert [n for n in names if n and module._is_none([n], [n], [n], is_alone=True)] == []
