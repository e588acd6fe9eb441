"""Sums of money in files: the unit of head or cell, else what the content says; else null and an issue."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from indexer.lake import Lake
from indexer.load import load
from xincha.settings import Settings


@dataclass(frozen=True)
class Loaded:
    """Rows and codes of issues by the name of their file; every file has one row."""

    rows: dict[str, dict[str, Any]]
    issues: dict[str, list[tuple[str, str]]]


def loaded(paths: list[Path], folder: Path, table: str) -> Loaded:
    settings = Settings(data=folder, workers=1)
    load(paths, settings)
    snapshot = Lake(settings.lake).snapshot()
    rows = {row["source_file"]: row for row in snapshot.scan(table).collect().iter_rows(named=True)}
    issues: dict[str, list[tuple[str, str]]] = {}
    for file, column, code in snapshot.scan("issues").select("source_file", "column", "code").collect().iter_rows():
        issues.setdefault(file, []).append((column, code))
    return Loaded(rows, issues)


def written(folder: Path, texts: dict[str, str]) -> list[Path]:
    folder.mkdir()
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return [folder]


def cells(values: list[str]) -> str:
    return ",".join(f'"{value}"' for value in values)


NONE: list[str] = []
BAD = ["bad_amount"]

FINES: dict[str, tuple[dict[str, str], str | None, str | None, list[str]]] = {
    # the unit of the head
    "yuan": ({"罚款金额（元）": "5000"}, "5000", None, NONE),
    "hundreds": ({"罚款金额（百元）": "50"}, "5000", None, NONE),
    "thousands": ({"罚款金额（千元）": "5000"}, "5000000", None, NONE),
    "thousands in words around": ({"罚款金额（单位：人民币千元）": "5"}, "5000", None, NONE),
    "ten thousands": ({"罚款金额（万元）": "0.5"}, "5000", None, NONE),
    "ten thousands, currency in a bracket of its own": ({"罚款金额（人民币）（万元）": "0.5"}, "5000", None, NONE),
    "millions": ({"罚款金额（百万元）": "5"}, "5000000", None, NONE),
    "hundred millions": ({"罚款金额（亿元）": "0.5"}, "50000000", None, NONE),
    "without 元": ({"罚款（万）": "0.5"}, "5000", None, NONE),
    "behind a stroke": ({"罚款金额/元": "5000"}, "5000", None, NONE),
    "behind a stroke, thousands": ({"罚款金额/千元": "5"}, "5000", None, NONE),
    "behind a colon": ({"罚款金额:元": "5000"}, "5000", None, NONE),
    "behind a colon, with 单位": ({"罚款金额 单位：万元": "0.5"}, "5000", None, NONE),
    "behind a line": ({"罚款金额_元": "5000"}, "5000", None, NONE),
    "behind a dash": ({"处罚金额-万元": "0.5"}, "5000", None, NONE),
    "behind nothing": ({"罚款金额万元": "0.5"}, "5000", None, NONE),
    "in the middle": ({"罚款（千元）金额": "5"}, "5000", None, NONE),
    "in square brackets": ({"★罚款金额【元】【必填】": "5000"}, "5000", None, NONE),
    "with how to fill it in": ({"3、罚款金额（元，保留两位小数）": "5000.00"}, "5000", None, NONE),
    "currency and unit": ({"罚款金额（元/人民币）": "5000"}, "5000", None, NONE),
    "by definition of the field": ({"CF_NR_FK": "0.5"}, "5000", None, NONE),
    "by definition, but the head says otherwise": ({"penAm（元）": "5000"}, "5000", None, NONE),
    "a mark of yuan is no unit": ({"罚款金额（万元）": "¥0.5"}, "5000", None, NONE),
    # other currencies are not yuan
    "dollars": ({"罚款金额（美元）": "5000"}, None, None, BAD),
    "hong kong dollars": ({"罚款金额（港元）": "5000"}, None, None, BAD),
    "ten thousand dollars": ({"罚款金额（万美元）": "0.5"}, None, None, BAD),
    "letters of dollars": ({"罚款金额（USD）": "5000"}, None, None, BAD),
    "yuan of dollars": ({"罚款金额（港币）": "5000元"}, None, None, BAD),
    "dollars in the cell": ({"罚款金额（万元）": "0.5万美元"}, None, None, BAD),
    # heads that state no unit, or two
    "no unit": ({"罚款金额": "5000"}, None, None, BAD),
    "no unit, shorter": ({"罚款": "5000"}, None, None, BAD),
    "no unit, other": ({"处罚金额": "5000"}, None, None, BAD),
    "no unit, but a currency": ({"罚款金额（人民币）": "5000"}, None, None, BAD),
    "no unit, letters": ({"罚款金额(RMB)": "5000"}, None, None, BAD),
    "no unit, sign": ({"罚款金额(￥)": "5000"}, None, None, BAD),
    "two units": ({"罚款金额（元/万元）": "5000"}, None, None, BAD),
    "two units in two places": ({"罚款金额（元）/万元": "5000"}, None, None, BAD),
    "a rate": ({"罚款金额（元/人）": "5000"}, None, None, BAD),
    "nothing needs no unit": ({"罚款金额": "0", "处罚内容": "警告"}, "0", None, NONE),
    "no number": ({"罚款金额": "无", "处罚内容": "警告"}, None, None, NONE),
    # the unit of the cell
    "cell": ({"罚款金额": "0.5万元"}, "5000", None, NONE),
    "cell against head": ({"罚款金额（万元）": "5000元"}, "5000", None, NONE),
    "cell in thousands": ({"罚款金额": "5千元"}, "5000", None, NONE),
    "cell in numerals": ({"罚款金额（万元）": "人民币伍仟元整"}, "5000", None, NONE),
    "cell in prose": ({"罚款金额（万元）": "警告，并处罚款人民币5000元"}, "5000", None, NONE),
    "cell with its name": ({"没收金额": "没收违法所得7000元"}, None, "7000", NONE),
    "cell with a mark": ({"罚款金额": "¥5,000.00"}, "5000", None, NONE),
    # what the content says
    "content in yuan": ({"罚款金额": "5000", "处罚内容": "罚款5000元"}, "5000", None, NONE),
    "content in ten thousands": ({"罚款金额": "0.5", "处罚内容": "处罚款0.5万元"}, "5000", None, NONE),
    "content in numerals": ({"罚款金额": "5", "处罚内容": "罚款人民币伍仟元整"}, "5000", None, NONE),
    "content of another sum": ({"罚款金额": "5001", "处罚内容": "罚款5000元"}, "5000", None, BAD),
    "content alone": ({"处罚内容": "罚款5000元"}, "5000", None, NONE),
    "content of a fine in dollars": ({"处罚内容": "处港币5000元罚款"}, None, None, NONE),
    "filled in in yuan": ({"罚款金额（万元）": "5000", "处罚内容": "罚款5000元"}, "5000", None, ["unit_conflict"]),
    "in ten thousands": ({"罚款金额（元）": "0.5", "处罚内容": "罚款5000元"}, "5000", None, ["unit_conflict"]),
    "yuan for thousands": ({"罚款金额（千元）": "5000", "处罚内容": "罚款5000元"}, "5000", None, ["unit_conflict"]),
    # confiscation
    "taken, thousands": ({"没收违法所得、没收非法财物的金额（千元）": "7"}, None, "7000", NONE),
    "taken, no unit": ({"没收金额": "7000"}, None, None, BAD),
    "taken, by definition": ({"CF_NR_WFFF": "0.7"}, None, "7000", NONE),
    "taken, content": ({"没收金额": "7000", "处罚内容": "没收违法所得7000元"}, None, "7000", NONE),
    "taken, dollars": ({"没收金额（美元）": "7000"}, None, None, BAD),
    # the sum of both
    "both": ({"罚没金额（万元）": "1.2", "处罚内容": "罚款5000元，没收违法所得7000元"}, "5000", "7000", NONE),
    "both, no unit": ({"罚没款合计": "12000", "处罚内容": "没收违法所得7000元，罚款5000元"}, "5000", "7000", NONE),
    "both, in the column of fines": (
        {"罚款金额（元）": "12000", "处罚内容": "没收违法所得7000元，并处罚款5000元"}, "5000", "7000", ["sum_as_fine"],
    ),
    "both, in a column of penalties": (
        {"处罚金额": "1.2", "处罚内容": "没收违法所得7000元，并处罚款5000元"}, "5000", "7000", ["sum_as_fine"],
    ),
    "both, only a fine": ({"罚没金额（元）": "5000", "处罚内容": "罚款5000元"}, "5000", None, NONE),
    "both, only a fine by its type": ({"罚没金额（元）": "5000", "处罚类别": "罚款"}, "5000", None, NONE),
    "both, only a confiscation": ({"罚没金额（元）": "7000", "处罚类别": "没收违法所得"}, None, "7000", NONE),
    "both, the rest": ({"罚没金额（元）": "12000", "罚款金额（元）": "5000"}, "5000", "7000", NONE),
    "both, the rest of the content": (
        {"罚没金额（元）": "12000", "处罚内容": "没收违法所得，罚款5000元"}, "5000", "7000", NONE,
    ),
    "both, not divided": ({"罚没金额（元）": "12000"}, None, None, ["sum_not_divided"]),
    "both, not divided by the content": (
        {"罚没金额（元）": "12000", "处罚内容": "没收违法所得并处罚款共计12000元"}, None, None, ["sum_not_divided"],
    ),
    "both, more than both": (
        {"罚没金额（元）": "13000", "处罚内容": "罚款5000元，没收违法所得7000元"}, "5000", "7000", ["amounts_disagree"],
    ),
    "both, less than the fine": (
        {"罚没金额（元）": "4000", "罚款金额（元）": "5000"}, "5000", None, ["amounts_disagree"],
    ),
    "both, no unit and no content": ({"罚没金额": "12000"}, None, None, BAD),
    # several columns
    "two columns in two units": ({"罚款金额（元）": "", "罚款（万元）": "0.5"}, "5000", None, NONE),
    "two columns, one without unit": ({"罚款金额": "", "罚款（万元）": "0.5"}, "5000", None, NONE),
}  # fmt: skip


def penalty(number: int, columns: dict[str, str]) -> str:
    row = {
        "行政处罚决定书文号": f"示市监罚字〔2026〕{number}号",
        "行政相对人名称": "厦门示例岚桥贸易有限公司",
        "统一社会信用代码": "91350203YYY770016A",
        "处罚内容": "见决定书",
        "处罚决定日期": "2026-03-05",
        **columns,
    }
    return f"{cells([*row])}\n{cells([*row.values()])}\n"


@pytest.fixture(scope="module")
def fines(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("fines")
    texts = {f"{at}.csv": penalty(at, columns) for at, (columns, *_) in enumerate(FINES.values())}
    return loaded(written(folder / "files", texts), folder / "data", "penalties")


@pytest.mark.parametrize("name", FINES)
def test_a_fine_is_what_the_file_states(fines: Loaded, name: str) -> None:
    _, fine, confiscated, codes = FINES[name]
    file = f"{[*FINES].index(name)}.csv"
    row = fines.rows[file]
    assert row["fine_cny"] == (fine and Decimal(fine))
    assert row["confiscated_cny"] == (confiscated and Decimal(confiscated))
    assert [code for _, code in fines.issues.get(file, [])] == codes


CAPITALS: dict[str, tuple[dict[str, str], str | None, str | None, list[str]]] = {
    "ten thousands": ({"注册资本（万元）": "100"}, "1000000", "CNY", NONE),
    "thousands": ({"注册资本（千元）": "100"}, "100000", "CNY", NONE),
    "yuan": ({"注册资本/元": "100"}, "100", "CNY", NONE),
    "hundred millions": ({"注册资金:亿元": "1.5"}, "150000000", "CNY", NONE),
    "dollars": ({"注册资本（万美元）": "100"}, "1000000", "USD", NONE),
    "dollars in a bracket of their own": ({"注册资本（万元）（美元）": "100"}, "1000000", "USD", NONE),
    "dollars, and 万元 in the cell": ({"注册资本（万美元）": "100万元"}, "1000000", "USD", NONE),
    "by definition": ({"regCap": "100"}, "1000000", "CNY", NONE),
    "a currency of its own": ({"regCap": "100", "regCapCur": "美元"}, "1000000", "USD", NONE),
    "a currency of its own beside a unit": ({"注册资本": "100万元", "币种": "港币"}, "1000000", "HKD", NONE),
    "a currency of its own beside another": ({"注册资本": "100万港元", "币种": "美元"}, "1000000", "HKD", NONE),
    "head and column disagree": ({"注册资本（万美元）": "100", "币种": "人民币"}, None, None, BAD),
    "no unit": ({"注册资本": "100"}, None, None, BAD),
    "no unit, but a currency": ({"注册资本（人民币）": "100"}, None, None, BAD),
    "no unit, but a currency of its own": ({"注册资本": "100", "币种": "人民币"}, None, None, BAD),
    "two units": ({"注册资本（元/万元）": "100"}, None, None, BAD),
    "two columns": ({"注册资本（万元）": "", "注册资金（元）": "100"}, "100", "CNY", NONE),
}


@pytest.fixture(scope="module")
def capitals(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("capitals")
    texts = {}
    for at, (columns, *_) in enumerate(CAPITALS.values()):
        row = {"企业名称": f"厦门示例岚桥{chr(0x4E10 + at)}贸易有限公司", **columns, "登记状态": "存续"}
        texts[f"{at}.csv"] = f"{cells([*row])}\n{cells([*row.values()])}\n"
    return loaded(written(folder / "files", texts), folder / "data", "entities")


@pytest.mark.parametrize("name", CAPITALS)
def test_a_capital_is_what_the_file_states(capitals: Loaded, name: str) -> None:
    _, amount, currency, codes = CAPITALS[name]
    file = f"{[*CAPITALS].index(name)}.csv"
    row = capitals.rows[file]
    assert (row["capital_amount"], row["capital_currency"]) == (amount and Decimal(amount), currency)
    assert row["capital_cny"] == (row["capital_amount"] if currency == "CNY" else None)
    assert [code for _, code in capitals.issues.get(file, [])] == codes


def test_a_bare_capital_is_shown_with_the_unit_of_its_column(capitals: Loaded) -> None:
    shown = {name: capitals.rows[f"{at}.csv"]["capital_text"] for at, name in enumerate(CAPITALS)}
    assert shown["thousands"] == "100(千元)"
    assert shown["dollars"] == "100(万美元)"
    assert shown["by definition"] == "100(万元)"
    assert shown["a currency of its own beside a unit"] == "100万元"
    assert shown["no unit"] == "100"


EXPECTED = {
    "03a_fine_unit_in_header__L18h_07.csv": ("5000000", None, NONE),
    "03a_fine_unit_in_header__L18u_00.csv": ("5000", None, NONE),
    "03b_fine_without_unit__L18h_04.csv": (None, None, BAD),
    "03b_fine_without_unit__L18u_04.csv": (None, None, BAD),
    "03c_fine_and_confiscated_in_one__L18u_03.csv": ("5000", "7000", NONE),
}


def test_fines_of_the_public_reports(shared: Path, tmp_path: Path) -> None:
    found = loaded([shared / "cases/public" / name for name in EXPECTED], tmp_path, "penalties")
    told = {
        name: (row["fine_cny"], row["confiscated_cny"], [code for _, code in found.issues.get(name, [])])
        for name, row in found.rows.items()
    }
    assert told == {
        name: (fine and Decimal(fine), taken and Decimal(taken), codes)
        for name, (fine, taken, codes) in EXPECTED.items()
    }
