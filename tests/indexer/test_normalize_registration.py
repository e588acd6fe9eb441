"""Registrations: what is read of each column, what is named, which rows are rejected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from indexer.findings import FINDING
from indexer.normalize import Normalized, Normalizer
from indexer.read import LINE, SOURCE_ROW, RawBatch
from indexer.recognise import recognise
from indexer.tables import ENTITIES
from xincha.kinds.entity import FLAG_FACTS
from xincha.text import reg_no, uscc

CODE = "91350203MA00000001"[:17] + uscc.check_character("91350203MA0000000")
NUMBER = "35020310001234" + reg_no.check_digit("35020310001234")


def normalized(*rows: dict[str, str | None]) -> Normalized:
    """Rows by published column names, as one table."""
    header = [*dict.fromkeys(name for row in rows for name in row)]
    frame = pl.DataFrame([{name: row.get(name) for name in header} for row in rows], dict.fromkeys(header, pl.String))
    frame = frame.with_columns(
        pl.Series(SOURCE_ROW, range(1, len(rows) + 1), pl.Int64), pl.Series(LINE, range(2, len(rows) + 2), pl.Int64)
    )
    none = pl.DataFrame(schema=FINDING)
    made = Normalizer(recognise(header, source_file="a.csv"), "a.csv")(RawBatch(frame, none, none))
    assert made.rows.height + made.rejects.height == len(rows)
    assert made.issues.schema == made.rejects.schema == pl.Schema(FINDING)
    return made


def one(**columns: str | None) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """The only row, and its issues as column, code, raw."""
    made = normalized({"企业名称": "示例甲公司", "成立日期": "2018-03-05", **columns})
    return made.rows.row(0, named=True), made.issues.select("column", "code", "raw").rows()


def test_a_whole_row() -> None:
    row, issues = one(
        统一社会信用代码=CODE, 注册号=NUMBER, 曾用名="示例旧公司；示例更旧公司",
        企业类型="有限责任公司(自然人独资)", 登记状态="存续（在营、开业、在册）", 法定代表人="示例某",
        注册资本="100(万元人民币)", 核准日期="2020年1月2日", 营业期限自="2018/3/5", 营业期限至="长期",
        住所="福建省厦门市思明区示例路1号", 行业代码="5147", 经营范围="零售；批发", 登记机关="厦门市示例局",
    )  # fmt: skip
    assert issues == []
    flags = [fact.name for facts in FLAG_FACTS.values() for fact in facts]
    assert {row[name] for name in flags} == {None}
    apart = ("industry_code", "former_names", "status", "kind", *flags)
    assert {name: value for name, value in row.items() if name not in apart} == {
        "entity_id": CODE,
        "uscc": CODE,
        "reg_no": NUMBER,
        "org_code": CODE[8:17],
        "name": "示例甲公司",
        "name_key": "示例甲公司",
        "enterprise_type": "有限责任公司(自然人独资)",
        "status_text": "存续（在营、开业、在册）",
        "status_on": None,
        "legal_rep": "示例某",
        "capital_cny": Decimal("1000000.00"),
        "capital_amount": Decimal("1000000.00"),
        "capital_currency": "CNY",
        "capital_text": "100(万元人民币)",
        "established_on": date(2018, 3, 5),
        "approved_on": date(2020, 1, 2),
        "term_from_on": date(2018, 3, 5),
        "term_to_on": date(9999, 12, 31),
        "region_code": "350203",
        "address": "福建省厦门市思明区示例路1号",
        "industry_text": None,
        "scope": "零售；批发",
        "authority": "厦门市示例局",
        "source_row": 1,
    }
    assert row["former_names"] == ["示例旧公司", "示例更旧公司"]
    assert (row["status"], row["kind"]) == ("存续", "企业")
    assert row["industry_code"].endswith("5147")


def test_the_schema_is_that_of_the_table() -> None:
    made = normalized({"企业名称": "示例甲公司", "成立日期": "2018-03-05"})
    assert made.rows.schema == pl.Schema({**ENTITIES.columns, SOURCE_ROW: pl.Int64})


@pytest.mark.parametrize(
    ("columns", "field", "value"),
    [
        ({"统一社会信用代码": CODE.lower()}, "uscc", CODE),
        ({"统一社会信用代码": f" {CODE[:6]} {CODE[6:]}"}, "uscc", CODE),
        ({"统一社会信用代码/注册号": CODE}, "uscc", CODE),
        ({"统一社会信用代码/注册号": NUMBER}, "reg_no", NUMBER),
        ({"注册号": CODE}, "uscc", CODE),
        ({"注册资本(万元)": "100"}, "capital_cny", Decimal("1000000.00")),
        ({"注册资本(元)": "100"}, "capital_cny", Decimal("100.00")),
        ({"注册资本": "2.16万港币"}, "capital_currency", "HKD"),
        ({"注册资本": "50(万美元)"}, "capital_cny", None),
        ({"regCap": "100"}, "capital_text", "100(万元)"),
        ({"regCap": "100", "regCapCur": "美元"}, "capital_currency", "USD"),
        ({"营业期限": "2018-03-05至2038-03-04"}, "term_to_on", date(2038, 3, 4)),
        ({"营业期限": "自2018-03-05至长期"}, "term_from_on", date(2018, 3, 5)),
        ({"经营范围": "零售&amp;批发　"}, "scope", "零售&批发"),
        ({"省份": "福建", "地区": "厦门"}, "region_code", "350200"),
        ({"domDistrict": "350204"}, "region_code", "350203"),
        ({"登记状态": "注销", "注销日期": "2020-01-01", "吊销日期": "2019-01-01"}, "status_on", date(2020, 1, 1)),
        ({"登记状态": "吊销，未注销", "吊销日期": "2019-01-01"}, "status_on", date(2019, 1, 1)),
        ({"企业类型": "N/A"}, "enterprise_type", None),
        ({"核准日期": "1900-1-1"}, "approved_on", None),
        ({"注册资本": "#()"}, "capital_cny", None),
    ],
)
def test_values_that_are_read_without_an_issue(columns: dict[str, str], field: str, value: object) -> None:
    row, issues = one(**columns)
    assert (row[field], issues) == (value, [])


@pytest.mark.parametrize(
    ("columns", "field", "code"),
    [
        ({"统一社会信用代码": CODE[:17] + ("0" if CODE[17] != "0" else "1")}, "uscc", "bad_code"),
        ({"统一社会信用代码": "91350203MAxxxxxx1x"}, "uscc", "bad_code"),
        ({"统一社会信用代码": "9.1350E+17"}, "uscc", "precision_lost"),
        ({"统一社会信用代码": "913502031551027000"}, "uscc", "precision_lost"),
        ({"统一社会信用代码": "913502031551027072"}, "uscc", "precision_lost"),
        ({"注册号": "350203100012345"}, "reg_no", "bad_reg_no"),
        ({"统一社会信用代码/注册号": "不知道"}, "uscc", "bad_code"),
        ({"组织机构代码": "12345678-0"}, "org_code", "bad_org_code"),
        ({"核准日期": "2018年13月40日"}, "approved_on", "bad_date"),
        ({"核准日期": "2018-02-30"}, "approved_on", "bad_date"),
        ({"营业期限": "不知道"}, "term_to_on", "bad_date"),
        ({"注册资本": "若干万"}, "capital_amount", "bad_amount"),
        ({"注册资本": "100"}, "capital_amount", "bad_amount"),
        ({"登记状态": "待核实"}, "status", "unknown_status"),
        ({"行业代码": "ZZ99"}, "industry_code", "unknown_industry"),
        ({"行政区划": "乌有县"}, "region_code", "unknown_region"),
        ({"省份": "乌有省"}, "region_code", "unknown_region"),
    ],
)
def test_values_that_cannot_be_read_are_null_and_named(columns: dict[str, str], field: str, code: str) -> None:
    row, issues = one(**columns)
    [(column, raw)] = columns.items()
    assert row[field] is None
    assert issues == [(column, code, raw)]
    assert row["name"] == "示例甲公司"


def test_a_registration_number_in_the_place_of_a_code_is_read_and_named() -> None:
    row, issues = one(统一社会信用代码=NUMBER)
    assert (row["uscc"], row["reg_no"], row["entity_id"]) == (None, NUMBER, f"R-{NUMBER}")
    assert issues == [("统一社会信用代码", "code_read_as_reg_no", NUMBER)]


def test_an_entity_without_codes_is_known_by_its_name_and_city() -> None:
    rows = normalized(
        {"企业名称": "示例甲公司", "成立日期": "2018-03-05", "住所": "厦门市思明区示例路"},
        {"企业名称": "示例（甲）公司", "成立日期": None, "住所": "厦门市湖里区示例路"},
        {"企业名称": "示例甲公司", "成立日期": None, "住所": "福州市鼓楼区示例路"},
    ).rows
    same_city, same_name, other_city = rows["entity_id"].to_list()
    assert same_city == same_name
    assert same_city != other_city
    assert same_city.startswith("N-")


def test_a_row_needs_a_name_or_a_code() -> None:
    made = normalized(
        {"企业名称": None, "统一社会信用代码": CODE, "经营范围": "零售"},
        {"企业名称": "暂无", "统一社会信用代码": "91350203", "经营范围": "批发"},
        {"企业名称": CODE, "统一社会信用代码": None, "经营范围": "代理"},
        {"企业名称": "2018-03-05", "统一社会信用代码": CODE, "经营范围": "代理"},
    )
    assert made.rows.select("entity_id", "name", "source_row").rows() == [(CODE, None, 1), (CODE, None, 4)]
    assert made.rejects.select("source_row", "line", "column", "code", "raw").rows() == [
        (2, 3, "企业名称", "no_name", "暂无,91350203,批发"),
        (3, 4, "企业名称", "no_name", f"{CODE},,代理"),
    ]
    assert made.issues.select("source_row", "code").rows() == [(4, "unreadable_value")]


def test_a_row_whose_only_name_is_mojibake_is_rejected_as_that() -> None:
    made = normalized({"企业名称": "锟斤拷锟斤拷", "成立日期": "2018-03-05"})
    assert made.rejects.select("code", "column").rows() == [("mojibake", "企业名称")]
    assert made.issues.is_empty()


def test_a_header_in_the_midst_of_rows_is_named() -> None:
    made = normalized(
        {"企业名称": "示例甲公司", "成立日期": "2018-03-05", "经营范围": None},
        {"企业名称": "企业名称", "成立日期": "成立日期", "经营范围": "经营范围"},
        {"企业名称": "名称", "成立日期": "2018-03-05", "经营范围": None},
    )
    assert made.rejects.select("source_row", "code").rows() == [(2, "repeated_header")]
    assert made.rows["name"].to_list() == ["示例甲公司", "名称"]


@pytest.mark.parametrize(
    ("kind", "rep", "capital", "province", "city"),
    [
        ("50万人民币", "示例某", "", "普通合伙", "厦门"),
        ("680(万美元)", "EXAMPLE", "JOHN SAMPLE", "N/A", "厦门"),
        ("N/A", "EXAMPLE", "JOHN SAMPLE", "N/A", "厦门"),
        ("2", "741.6000(万美元)", "EXAMPLE", "示例经营范围示例经营范围示例", "N/A"),
        ("EXAMPLE", "JOHN", "SAMPLE", "1", "200(万美元)"),
    ],
)
def test_a_shifted_row_keeps_what_proves_itself(kind: str, rep: str, capital: str, province: str, city: str) -> None:
    row, issues = one(
        统一社会信用代码=CODE,
        企业类型=kind,
        法定代表人=rep,
        注册资金=capital,
        经营范围="零售",
        省份=province,
        地区=city,
        住所="厦门市思明区示例路",
    )
    assert (row["name"], row["uscc"], row["established_on"]) == ("示例甲公司", CODE, date(2018, 3, 5))
    assert (row["region_code"], row["address"]) == ("350203", "厦门市思明区示例路")
    assert [row[name] for name in ("enterprise_type", "legal_rep", "capital_text", "capital_amount", "scope")] == [
        None
    ] * 5
    assert {code for _, code, _ in issues} == {"shifted_columns"}
    assert {"法定代表人", "经营范围"} <= {column for column, _, _ in issues}


def test_one_odd_value_in_a_row_that_fits_is_no_shift() -> None:
    row, issues = one(
        企业类型="有限责任公司", 法定代表人="示例某", 注册资金="详见章程", 省份="福建", 地区="厦门", 经营范围="零售"
    )
    assert (row["enterprise_type"], row["legal_rep"], row["scope"]) == ("有限责任公司", "示例某", "零售")
    assert issues == [("注册资金", "bad_amount", "详见章程")]


def test_findings_hold_no_personal_data() -> None:
    digits = "11010119900307999"  # a person that does not exist: the check character of GB 11643 is made to hold
    number = digits + "10X98765432"[sum(int(d) * pow(2, 17 - place, 11) for place, d in enumerate(digits)) % 11]
    made = normalized(
        {"企业名称": "示例甲公司", "成立日期": "2018-03-05", "统一社会信用代码": number, "身份证号码": number},
        {"企业名称": None, "成立日期": "2018-03-05", "统一社会信用代码": number, "身份证号码": number},
    )
    assert made.issues["code"].to_list() == ["identity_as_code"]
    assert made.rejects["code"].to_list() == ["no_name"]
    for frame in (made.rows, made.issues, made.rejects):
        assert number not in str(frame.rows())
