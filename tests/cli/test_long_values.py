"""A value that is longer than any is costs itself, or its row, and nobody else: the rest is loaded and published."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Environment, result

pytestmark = pytest.mark.slow

REGISTRATION = {
    "企业名称": "厦门示例{}有限公司", "注册号": "", "成立日期": "2018-01-01", "企业类型": "有限责任公司",
    "法定代表人": "张示例", "注册资本": "100万元", "经营范围": "零售", "登记机关": "厦门市示例局",
    "住所": "厦门市示例路1号", "行业": "批发业",
    "曾用名": "", "登记状态": "存续", "行政区划": "350203",
}  # fmt: skip
PENALTY = {
    "行政相对人名称": "厦门示例甲有限公司", "行政处罚决定书文号": "示罚〔2026〕{}号", "违法行为类型": "虚假宣传",
    "违法事实": "发布虚假广告", "处罚依据": "示例法", "处罚类别": "罚款", "处罚内容": "罚款5元",
    "罚款金额（万元）": "5", "处罚决定日期": "2026-05-01", "处罚机关": "厦门市示例局", "备注": "示例",
}  # fmt: skip


def write(path: Path, row: dict[str, str], long: str) -> None:
    """A row as it should be, and for each column one in which its value is long."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, row)
        lines.writeheader()
        for at, column in enumerate(["", *row]):
            whole = {name: text.format(chr(0x4E00 + at)) for name, text in row.items()}
            lines.writerow({**whole, **({column: long} if column else {})})


@pytest.mark.parametrize(
    "long",
    ["示例" * 60_000, "a" * 120_000, "&" + "amp;" * 15_000 + "示" * 60_000],
    ids=["characters", "letters", "entities"],
)
def test_a_long_value_keeps_no_other_from_being_found(environment: Environment, tmp_path: Path, long: str) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    write(folder / "registration.csv", REGISTRATION, long)
    write(folder / "penalties.csv", PENALTY, long)
    files = {file["file"]: file for file in result(environment, "load", folder)["files"]}
    rejected = {"registration.csv": 1, "penalties.csv": 1}  # those without a name
    assert {name: file["rejected"] for name, file in files.items()} == rejected
    assert all(file["rows_read"] == file["kept"] + file["merged"] + file["rejected"] for file in files.values())
    rejects = result(environment, "rejects")
    assert "value_too_long" in json.dumps(rejects)
    assert len(json.dumps(rejects, ensure_ascii=False)) < 10_000
    entities = result(environment, "status")["engine"]["indices"]["entities"]["documents"]
    assert entities == files["registration.csv"]["kept"]
