"""Codes of results of spot checks: what each means in which vocabulary, and what is left unread."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.kinds.test_listings import one, read
from xincha.text import check_codes, codes
from xincha.text.check_codes import NATIONAL, ZHEJIANG


def test_every_code_means_a_result() -> None:
    meant = {result for known in check_codes.VOCABULARIES.values() for result in known.values()}
    assert meant <= set(codes.SPOT_CHECK_RESULTS)


def test_codes_of_the_collected_lists_are_known(shared: Path) -> None:
    names = {"new_2017+": ZHEJIANG, "national_2014": NATIONAL}
    with (shared / "data/codes/spot_check_results.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            known = check_codes.result_of(row["code"], names[row["vocabulary"]])
            texts = {codes.spot_check_result(text) for text in row["text"].split(" / ")}
            assert known in texts or (known is None and len(texts) > 1), row


CHECK = {"企业名称": "厦门示例甲商贸有限公司", "抽查日期": "2024-01-02"}


@pytest.mark.parametrize(
    ("results", "file", "read_as"),
    [
        ("10", "a.csv", [None]),
        ("10", "浙江省双随机.csv", ["吊销"]),
        ("10", "卫健委抽查.csv", ["无法联系"]),
        ("2", "a.csv", [None]),
        ("9", "a.csv", [None]),
        ("1", "a.csv", ["未发现问题"]),
        ("01", "a.csv", ["未发现问题"]),
        ("11", "a.csv", ["撤销"]),
        ("A,B,6", "a.csv", [None, "未公示信息", "无法联系"]),
        ("A", "a.csv", ["待后续处理"]),
        ("2,D", "a.csv", [None, "违反市场监管规定"]),
        ("未发现问题，注销", "a.csv", ["未发现问题", "注销"]),
        ("公示信息隐瞒真实情况、弄虚作假", "a.csv", ["信息虚假"]),
    ],
)
def test_a_code_is_read_in_the_vocabulary_of_its_file(results: str, file: str, read_as: list[str | None]) -> None:
    made = read({**CHECK, "检查结果": results}, file=file)
    assert made.rows["result_codes"].to_list() == [read_as]
    unread = None in read_as and len(read_as) == 1
    assert made.issues["code"].to_list() == (["unknown_result"] if unread else [])
    assert (made.rows["results"].to_list() == [[results]]) or not unread


@pytest.mark.parametrize(
    ("others", "read_as"),
    [("B", "吊销"), ("02", "无法联系"), ("0", None), ("3", None), ("未发现问题", None)],
)
def test_the_other_codes_of_a_table_show_its_vocabulary(others: str, read_as: str | None) -> None:
    made = read({**CHECK, "检查结果": "10"}, {**CHECK, "企业名称": "厦门示例乙商贸有限公司", "检查结果": others})
    assert made.rows["result_codes"].to_list()[0] == [read_as]


@pytest.mark.parametrize(
    ("column", "value", "read_as"),
    [
        ("结果代码表", "浙江2017", "吊销"),
        ("结果代码表", "health", "无法联系"),
        ("检查单位", "厦门市示例卫生健康委员会", "无法联系"),
        ("检查单位", "厦门市示例市场监督管理局", None),
    ],
)
def test_a_column_or_the_office_declares_the_vocabulary(column: str, value: str, read_as: str | None) -> None:
    assert one({**CHECK, "检查结果": "10", column: value})["result_codes"] == [read_as]


def test_double_random_results_of_the_national_system_are_read() -> None:
    details = (
        '[{"seqno":1,"raninsItemName":"登记事项检查","raninsCheckResName":"未发现问题"},'
        '{"seqno":2,"raninsItemName":"公示信息检查","raninsCheckResName":"通过登记的住所无法联系"}]'
    )
    names = {
        "entName": "厦门示例甲商贸有限公司", "raninsPlanId": "35020020170001", "RANINSPLANNAME": "示例计划",
        "raninsTaskId": "350200201709040001", "raninsTaskName": "示例任务", "raninsTypeName": "不定向",
        "insauth": "厦门市示例局", "insDate": "1514736000000",
    }  # fmt: skip
    row = one({**names, "details": details})
    assert (row["items"], row["result_codes"]) == (["登记事项检查", "公示信息检查"], ["未发现问题", "无法联系"])
    assert (row["plan_no"], row["plan_name"], row["task_no"]) == ("35020020170001", "示例计划", "350200201709040001")
    assert (str(row["checked_on"]), row["authority"], row["check_type"]) == ("2018-01-01", "厦门市示例局", "不定向")
    nested = details[1:-1].replace("},{", "}；{")  # as a reader of JSON lines joins a list of objects
    assert one({**names, "details": nested})["items"] == ["登记事项检查", "公示信息检查"]
    assert one({**names, "details": "没有明细"})["results"] is None


def test_what_is_not_reviewed_is_not_taken() -> None:
    row = {**CHECK, "CheckResult": "10", "DisposeMss": "列入经营异常名录"}
    states = ("1", "2", "3", "4", "5")
    made = read(*({**row, "企业名称": f"厦门示例{state}商贸有限公司", "AuditState": state} for state in states))
    assert made.rejects["code"].to_list() == ["not_published"] * 4
    assert made.rows["result_codes"].to_list() == [["吊销"]]
    assert made.rows["follow_up"].to_list() == ["列入经营异常名录"]
