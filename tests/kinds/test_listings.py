"""Lists and their relatives as files: which words they use, what is read of them, and what never is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from indexer.findings import FINDING, LINE, SOURCE_ROW
from indexer.kinds import SOURCES
from indexer.kinds.post_restriction import release_code, without_masks
from indexer.normalize import Normalized, Normalizer
from indexer.read import RawBatch
from indexer.recognise import recognise
from xincha.kinds import KINDS
from xincha.text import uscc

CODE = "91350203MA0000000" + uscc.check_character("91350203MA0000000")
SHOP = "92350203MA0000000" + uscc.check_character("92350203MA0000000")
PERSON_NUMBER = "350299197105060005"


def read(*rows: Mapping[str, str | None], file: str = "a.csv", title: str = "") -> Normalized:
    header = list(dict.fromkeys(name for row in rows for name in row))
    frame = pl.DataFrame([{name: row.get(name) for name in header} for row in rows], dict.fromkeys(header, pl.String))
    numbers = range(1, len(rows) + 1)
    frame = frame.with_columns(pl.Series(SOURCE_ROW, numbers, pl.Int64), pl.Series(LINE, numbers, pl.Int64))
    none = pl.DataFrame(schema=FINDING)
    return Normalizer(recognise(header, source_file=file, title=title), file)(RawBatch(frame, none, none))


def one(row: Mapping[str, str | None], *, file: str = "a.csv", title: str = "") -> dict[str, Any]:
    return read(row, file=file, title=title).rows.row(0, named=True)


COMPANY = {"企业名称": "厦门示例甲商贸有限公司", "统一社会信用代码": CODE}
STALL = {"企业名称": "厦门市思明区示例面馆", "统一社会信用代码": SHOP}
LATE = "未按照规定报送年度报告"


@pytest.mark.parametrize(
    ("row", "file", "title", "regime"),
    [
        ({**COMPANY, "列入日期": "2024-01-02", "列入原因": LATE}, "a.csv", "", "listed"),
        ({**STALL, "列入日期": "2024-01-02", "列入原因": LATE}, "a.csv", "", "marked"),
        ({**STALL, "载入日期": "2017-07-10", "载入原因": LATE}, "a.csv", "", "recorded"),
        ({**COMPANY, "载入日期": "2017-07-10", "载入原因": LATE}, "a.csv", "", "recorded"),
        ({**STALL, "列入日期": "2017-07-10", "列入原因": LATE}, "a.csv", "商事主体载入经营异常名录", "recorded"),
        ({**STALL, "abntime": "2017-07-10", "speCause_CN": LATE}, "载入名录.csv", "", "recorded"),
        ({**STALL, "abntime": "2017-07-10", "speCause_CN": LATE}, "a.csv", "", "marked"),
        ({**COMPANY, "列入日期": "2017-07-10", "列入原因": f"{LATE}，载入经营异常名录"}, "a.csv", "", "recorded"),
        ({**COMPANY, "载入日期": "2017-07-10", "载入原因": f"{LATE}，被列入经营异常名录"}, "a.csv", "", "listed"),
        ({**STALL, "载入日期": "2017-07-10", "恢复记载日期": "2018-01-02", "载入原因": LATE}, "a.csv", "", "recorded"),
        ({**STALL, "列入日期": "2017-07-10", "移出原因": "恢复记载于商事登记簿"}, "a.csv", "", "recorded"),
        ({**STALL, "列入日期": "2017-07-10", "移出原因": "申请恢复正常记载状态"}, "a.csv", "", "marked"),
        ({**COMPANY, "标记日期": "2017-07-10", "标记原因": LATE}, "a.csv", "", "marked"),
    ],
)
def test_how_somebody_came_on_the_list_the_file_says(
    row: dict[str, str | None], file: str, title: str, regime: str
) -> None:
    made = one(row, file=file, title=title)
    assert (made["regime"], made["mark"]) == (regime, regime == "marked")
    headline = KINDS["abnormal"].headline(made)
    assert headline.startswith({"listed": "列入", "recorded": "载入", "marked": "标记"}[regime])


@pytest.mark.parametrize(
    "row",
    [
        {"撤销列入日期": "2024-03-04"},
        {"撤销载入日期": "2024-03-04"},
        {"移出原因": "因列入有误，撤销列入决定", "移出日期": "2024-03-04"},
        {"移出原因": "列入经营异常名录的决定已被撤销"},
        {"移出原因": "错误列入"},
    ],
)
def test_a_listing_that_was_an_error_is_withheld(row: dict[str, str | None]) -> None:
    made = one({**COMPANY, "列入日期": "2024-01-02", "列入原因": LATE, **row})
    assert KINDS["abnormal"].window({**made, "loaded_at": None}, policy()).withheld == "withdrawn"


@pytest.mark.parametrize("reason", ["补报年度报告并公示", "依法办理住所变更登记", "企业注销，自动移出"])
def test_a_duty_that_was_done_is_no_error(reason: str) -> None:
    made = one({**COMPANY, "列入日期": "2024-01-02", "移出原因": reason, "移出日期": "2024-03-04"})
    assert (made["annulled"], made["annulled_on"]) == (None, None)


def policy() -> Any:
    from xincha.rules.window import CAREFUL

    return CAREFUL


def test_ground_and_year_and_basis_of_a_listing_are_read() -> None:
    reason = "未按照《企业名称登记管理规定》第二十三条的要求变更名称"
    made = one({**COMPANY, "列入日期": "2024-01-02", "列入原因": reason, "未报年度": "2023", "列入依据": "示例依据"})
    assert (made["reason_code"], made["report_year"], made["list_basis"]) == ("名称未改", "2023", "示例依据")


def test_a_serious_listing_has_its_regime_by_its_day_and_the_number_of_its_penalty() -> None:
    row = {**COMPANY, "列入严重违法失信名单原因": "示例", "处罚决定书文号": "厦示市监罚〔2024〕1号"}
    days = ("2021-08-31", "2021-09-01", None)
    made = read(*({**row, "列入日期": day} for day in days)).rows
    assert made["regime"].to_list() == ["order83", "order44", None]
    assert made["penalty_doc_no"].unique().to_list() == ["厦示市监罚〔2024〕1号"]
    assert made["record_id"].n_unique() == 3


def test_entry_and_removal_of_the_serious_list_in_two_rows_are_one() -> None:
    row = {"entName": "厦门示例甲商贸有限公司", "uniscid": CODE, "serILLRea_CN": "示例", "abntime": "2024-01-02"}
    made = read(row, {**row, "remDate": "2025-01-02", "remExcpRes_CN": "准予移出"}).rows
    assert made["record_id"].n_unique() == 1
    assert made["removed_on"].to_list() == [None, date(2025, 1, 2)]


@pytest.mark.parametrize(
    ("row", "title", "regime"),
    [
        ({"名称剔除日期": "2018-09-10"}, "", "名称剔除"),
        ({"剔除名称日期": "2018-09-10"}, "", "名称剔除"),
        ({"除名日期": "2018-09-10"}, "", "除名"),
        ({"决定日期": "2018-09-10", "决定书文号": "1号"}, "商事主体除名名单", "除名"),
        ({"决定日期": "2018-09-10", "决定书文号": "1号"}, "剔除名称的商事主体", "名称剔除"),
        ({"除名日期": "2018-09-10", "剔除原因": "依法除名"}, "", "除名"),
        ({"除名日期": "2018-09-10", "剔除原因": "示例", "作出决定机关": "深圳市示例局"}, "", "除名"),
        ({"除名日期": "2018-09-10", "剔除原因": "示例", "作出决定机关": "厦门市示例局"}, "", "名称剔除"),
        ({"除名日期": "2018-09-10", "剔除原因": "示例"}, "", None),
        ({"剔除日期": "2018-09-10", "处理方式": "除名"}, "", "除名"),
    ],
)
def test_removal_of_a_name_and_striking_off_are_never_one(
    row: dict[str, str | None], title: str, regime: str | None
) -> None:
    made = read({"商事主体名称": "厦门示例甲商贸有限公司", **row}, title=title)
    assert made.rows["regime"].to_list() == [regime]
    assert made.issues["code"].to_list() == ([] if regime else ["unreadable_value"])


def test_two_regimes_of_one_day_are_two_records() -> None:
    row = {**COMPANY, "除名日期": "2018-09-10", "剔除原因": "示例"}
    made = read({**row, "处理方式": "除名"}, {**row, "处理方式": "名称剔除"})
    assert made.rows["record_id"].n_unique() == 2


RESTRICTED = {
    "被剔除名称商事主体": "厦门示例甲商贸有限公司",
    "统一社会信用代码": CODE,
    "姓名": f"示限安（身份证号：{PERSON_NUMBER}）",
    "身份证号": PERSON_NUMBER,
    "证件号码": PERSON_NUMBER,
    "住址": "不应读取",
    "联系电话": "13800000000",
    "职务": "法定代表人",
    "受限日期": "2018-09-10",
    "限制结束日期": "2021-09-10",
    "作出任职限制决定机关": "厦门市示例局",
    "解除原因": "（2）有证据表明不负有个人责任",
}


def test_of_a_restriction_the_person_is_read_and_what_is_personal_is_not() -> None:
    made = read(RESTRICTED)
    row = made.rows.row(0, named=True)
    assert (row["person"], row["role"], row["release_code"]) == ("示限安", "法定代表人", "2")
    assert (row["from_on"], row["until_on"]) == (date(2018, 9, 10), date(2021, 9, 10))
    everything = f"{made.rows.rows()}{made.rejects.rows()}{made.issues.rows()}"
    assert not any(text in everything for text in (PERSON_NUMBER, "不应读取", "13800000000"))


def test_two_persons_of_one_entity_are_two_restrictions() -> None:
    made = read(RESTRICTED, {**RESTRICTED, "姓名": "示限山"}, {**RESTRICTED, "解除日期": "2019-03-05"})
    assert made.rows["record_id"].n_unique() == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [("1", "1"), ("主体已注销", "1"), ("不负个人责任", "2"), ("上级政策另有规定", "3"), ("示例", None)],
)
def test_cases_of_release(text: str, code: str | None) -> None:
    assert release_code(text) == code


def test_a_mask_beside_a_name_is_no_part_of_it() -> None:
    assert without_masks("示限安（［身份证号已隐去］）") == "示限安"
    assert without_masks("［身份证号已隐去］") is None


@pytest.mark.parametrize("kind", ["serious", "name_removal", "post_restriction", "abnormal"])
def test_no_spelling_is_personal(kind: str) -> None:
    source = SOURCES[kind]
    assert not any(source.is_personal(alias) for aliases in source.columns.values() for alias in aliases)


@pytest.mark.parametrize("kind", ["serious", "name_removal", "post_restriction"])
def test_a_row_without_party_or_fact_is_rejected(kind: str) -> None:
    head = {"serious": "列入黑名单日期", "name_removal": "剔除日期", "post_restriction": "限制起始日期"}[kind]
    more = {"post_restriction": {"受限人员": None}}.get(kind, {})
    made = read({**COMPANY, head: None, **more}, {"企业名称": None, "统一社会信用代码": None, head: "2024-01-02"})
    assert made.rejects["code"].to_list() == ["no_key_fact", "no_party"]
