"""Licences 行政许可: what is read of their columns, and what never is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from indexer.findings import FINDING, LINE, SOURCE_ROW
from indexer.kinds.licence import LICENCE, categories
from indexer.normalize import Normalized, Normalizer
from indexer.read import RawBatch
from indexer.recognise import recognise
from xincha.kinds import KINDS
from xincha.text import uscc

CODE = "91350203MA0000000" + uscc.check_character("91350203MA0000000")
ROW = {
    "XK_XDR_MC": "厦门示例甲食品有限公司",
    "XK_XDR_LB": "法人及非法人组织",
    "XK_XDR_SHXYM": CODE,
    "XK_FRDB": "示安",
    "XK_FR_ZJLX": "身份证",
    "XK_FR_SFZH": "不应读取",
    "XK_XDR_ZJHM": "不应读取",
    "XK_XKWS": "准予食品经营许可决定书",
    "XK_WSH": "厦示市监许准〔2024〕1号",
    "XK_XKLB": "普通",
    "XK_XKZS": "食品经营许可证",
    "XK_XKBH": "JY示0001",
    "XK_NR": "热食类食品制售",
    "XK_JDRQ": "2024-01-02",
    "XK_YXQZ": "2024/1/5",
    "XK_YXQZI": "2029年1月4日",
    "XK_XKJG": "厦门市思明区示例市场监督管理局",
    "XK_XKJGDM": CODE,
    "XK_ZT": "1",
    "XK_LYDW": "厦门市示例局",
    "BZ": "示例备注",
}


def read(*rows: Mapping[str, str | None]) -> Normalized:
    header = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame([{name: row.get(name) for name in header} for row in rows], dict.fromkeys(header, pl.String))
    numbers = range(1, len(rows) + 1)
    frame = frame.with_columns(pl.Series(SOURCE_ROW, numbers, pl.Int64), pl.Series(LINE, numbers, pl.Int64))
    none = pl.DataFrame(schema=FINDING)
    layout = recognise(header, source_file="a.csv")
    assert layout.kind == "licence"
    return Normalizer(layout, "a.csv")(RawBatch(frame, none, none))


def one(**change: str | None) -> dict[str, Any]:
    return read({**ROW, **change}).rows.row(0, named=True)


def test_the_fields_of_double_publicity_are_read_and_identity_columns_are_not() -> None:
    row = one()
    assert "不应读取" not in str(row)
    assert (row["party_name"], row["party_uscc"], row["party_kind"]) == (ROW["XK_XDR_MC"], CODE, ROW["XK_XDR_LB"])
    assert (row["licence_name"], row["licence_no"], row["doc_no"]) == ("食品经营许可证", "JY示0001", ROW["XK_WSH"])
    dates = ("decided_on", "valid_from_on", "valid_until_on")
    assert [row[name] for name in dates] == [date(2024, 1, 2), date(2024, 1, 5), date(2029, 1, 4)]
    assert (row["licence_category"], row["authority_uscc"], row["remark"]) == (["普通"], CODE, "示例备注")
    assert (row["current_state"], row["revoked"]) == ("1", None)


def test_the_shape_of_the_national_publicity_system_is_the_same_licence() -> None:
    names = {
        "entName": ROW["XK_XDR_MC"], "uniscid": CODE, "licNo": "JY示0001", "licName_CN": "食品经营许可证",
        "valFrom": "2024年1月5日", "valTo": "长期", "licAnth": ROW["XK_XKJG"], "licItem": "热食类食品制售",
    }  # fmt: skip
    national = read(names).rows.row(0, named=True)
    assert national["record_id"] == one()["record_id"]
    assert national["valid_until_on"] == date(9999, 12, 31)


@pytest.mark.parametrize(
    ("state", "revoked"),
    [("撤销", True), ("已注销", True), ("吊销", True), ("失效", True), ("有效", None), ("正常", None), ("2", None),
     ("未撤销", None), (None, None)],
)  # fmt: skip
def test_a_state_in_words_says_whether_it_is_a_licence_still(state: str | None, revoked: bool | None) -> None:
    assert one(XK_ZT=state)["revoked"] is revoked


@pytest.mark.parametrize(
    ("text", "members"), [("普通许可", ["普通"]), ("认可、核准", ["认可", "核准"]), ("示例", ["示例"])]
)
def test_categories_are_those_of_the_law(text: str, members: list[str]) -> None:
    assert categories(text) == members


def test_a_row_without_party_or_without_anything_granted_is_rejected() -> None:
    granted = ("XK_XKWS", "XK_WSH", "XK_XKZS", "XK_XKBH", "XK_NR", "XK_JDRQ", "XK_YXQZ")
    found = read(ROW, {**ROW, "XK_XDR_MC": None, "XK_XDR_SHXYM": None}, {**ROW, **dict.fromkeys(granted)})
    assert found.rejects["code"].to_list() == ["no_party", "no_key_fact"]


def test_no_spelling_of_a_licence_is_personal() -> None:
    spellings = [alias for aliases in LICENCE.columns.values() for alias in aliases]
    assert not any(map(LICENCE.is_personal, spellings))
    assert all(map(LICENCE.is_personal, ("XK_FR_SFZH", "xk_xdr_zjhm", "法定代表人身份证号", "证件号码")))


def test_headline() -> None:
    assert KINDS["licence"].headline(one()) == "食品经营许可证（JY示0001）：热食类食品制售"
