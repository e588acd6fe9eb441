"""Penalties, listings and checks: what is read of their columns, and what makes a record one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from indexer.findings import FINDING
from indexer.kinds import SOURCES
from indexer.normalize import Normalized, Normalizer
from indexer.read import LINE, SOURCE_ROW, RawBatch
from indexer.recognise import recognise
from xincha.text import uscc

CODE = "91350203MA0000000" + uscc.check_character("91350203MA0000000")
SOLE_TRADER = "92350203MA0000000" + uscc.check_character("92350203MA0000000")

PENALTY = {
    "行政相对人名称": "示例甲公司",
    "行政相对人代码_1(统一社会信用代码)": CODE,
    "行政处罚决定书文号": "厦示市监罚〔2024〕1号",
    "处罚决定日期": "2024-01-02",
}
LISTING = {"企业名称": "示例甲公司", "统一社会信用代码": CODE, "列入日期": "2024-01-02"}
CHECK = {"企业名称": "示例甲公司", "统一社会信用代码": CODE, "检查日期": "2024-01-02", "检查机关": "厦门市示例局"}


def normalized(*rows: dict[str, str | None]) -> Normalized:
    """Rows by published column names, as one table."""
    header = [*dict.fromkeys(name for row in rows for name in row)]
    frame = pl.DataFrame([{name: row.get(name) for name in header} for row in rows], dict.fromkeys(header, pl.String))
    frame = frame.with_columns(
        pl.Series(SOURCE_ROW, range(1, len(rows) + 1), pl.Int64), pl.Series(LINE, range(2, len(rows) + 2), pl.Int64)
    )
    none = pl.DataFrame(schema=FINDING)
    layout = recognise(header, source_file="a.csv")
    made = Normalizer(layout, "a.csv")(RawBatch(frame, none, none))
    assert made.rows.height + made.rejects.height == len(rows)
    assert made.rows.schema == pl.Schema({**SOURCES[layout.kind].table.columns, SOURCE_ROW: pl.Int64})
    return made


def one(base: dict[str, str], **columns: str | None) -> tuple[dict[str, Any], list[tuple[str, str, str]]]:
    """The only row, and its issues as column, code, raw."""
    made = normalized({**base, **columns})
    return made.rows.row(0, named=True), made.issues.select("column", "code", "raw").rows()


def ids(base: dict[str, str], *changes: dict[str, str | None]) -> list[str]:
    return normalized(*({**base, **change} for change in changes)).rows["record_id"].to_list()


class TestPenalty:
    def test_all_thirty_fields(self) -> None:
        row, issues = one(
            PENALTY,
            **{
                "行政相对人类别": "法人及非法人组织", "行政相对人代码_2(工商注册号)": "3502002012345",
                "行政相对人代码_4(税务登记号)": "350203000000012", "行政相对人代码_5(事业单位证书号)": "135020000001",
                "行政相对人代码_6(社会组织登记证号)": "示社证字第1号", "法定代表人": "示例某",
                "法定代表人证件类型": "身份证",
                "法定代表人证件号码": "不应读取", "违法行为类型": "示例违法行为", "违法事实": "示例事实",
                "处罚依据": "《示例法》第一条",
                "处罚类别": "警告；罚款", "处罚内容": "警告，罚款人民币贰仟元整", "罚款金额(万元)": "0.200000",
                "没收违法所得、没收非法财物的金额(万元)": "1.5", "暂扣或吊销证照名称及编号": "示例许可证 示001",
                "处罚有效期": "2099-12-31", "公示截止期": "2027-01-02", "处罚机关": "厦门市思明区示例局",
                "处罚机关统一社会信用代码": CODE, "数据来源单位": "厦门市示例局",
                "数据来源单位统一社会信用代码": CODE, "备注": "示例备注",
            },
        )  # fmt: skip
        assert issues == []
        assert "不应读取" not in str(row)
        assert {name: row[name] for name in row if name not in ("record_id", "penalty_types", "party_name_key")} == {
            "party_name": "示例甲公司", "party_uscc": CODE, "party_more_usccs": None, "party_reg_no": "3502002012345",
            "party_region_code": "350200",
            "party_kind": "法人及非法人组织", "party_org_code": CODE[8:17], "party_tax_no": "350203000000012",
            "party_institution_no": "135020000001", "party_society_no": "示社证字第1号", "legal_rep": "示例某",
            "doc_no": "厦示市监罚〔2024〕1号", "violation": "示例违法行为", "facts": "示例事实",
            "basis": "《示例法》第一条",
            "content": "警告，罚款人民币贰仟元整", "fine_cny": Decimal("2000.00"),
            "confiscated_cny": Decimal("15000.00"),
            "licence": "示例许可证 示001", "decided_on": date(2024, 1, 2), "effective_until_on": date(2099, 12, 31),
            "published_on": None, "public_until_on": date(2027, 1, 2), "authority": "厦门市思明区示例局",
            "authority_uscc": CODE, "data_source": "厦门市示例局", "data_source_uscc": CODE, "remark": "示例备注",
            "withdrawn": None, "repaired_on": None, "repaired": None, "source_row": 1,
            **dict.fromkeys((
                "procedure", "received_on", "published_by", "public_state", "corrected_on", "correction_reason",
                "withdrawal_reason",
            )),
        }  # fmt: skip
        assert row["penalty_types"] == ["警告", "罚款"]

    @pytest.mark.parametrize(
        ("columns", "fine", "codes"),
        [
            ({"罚款金额(万元)": "0.2"}, "2000", []),
            ({"罚款金额": "0.2"}, None, ["bad_amount"]),
            ({"罚款金额(元)": "2000"}, "2000", []),
            ({"罚款金额(元)": "0.2万元"}, "2000", []),
            ({"罚款金额": "2000元"}, "2000", []),
            ({"penAm": "0.2"}, "2000", []),
            ({"处罚内容": "罚款人民币贰仟元整"}, "2000", []),
            ({"处罚内容": "警告"}, None, []),
            ({"罚款金额": "0.2", "处罚内容": "罚款2000元"}, "2000", []),
            ({"罚款金额": "2000", "处罚内容": "罚款2000元"}, "2000", []),
            ({"罚款金额(万元)": "2000", "处罚内容": "罚款2000元"}, "2000", ["unit_conflict"]),
            ({"罚款金额": "0", "处罚内容": "警告"}, "0", []),
            ({"罚款金额": "若干"}, None, ["bad_amount"]),
            ({"罚款金额": "无"}, None, []),
            ({"罚款金额": "1万美元"}, None, ["bad_amount"]),
        ],
    )
    def test_fines_are_in_yuan(self, columns: dict[str, str], fine: str | None, codes: list[str]) -> None:
        row, issues = one(PENALTY, **columns)
        assert row["fine_cny"] == (fine and Decimal(fine))
        assert [code for _, code, _ in issues] == codes

    @pytest.mark.parametrize(
        ("columns", "types", "codes"),
        [
            ({"处罚类别": "罚款、没收违法所得"}, ["罚款", "没收违法所得"], []),
            ({"处罚类别1": "警告", "处罚类别2": "罚款"}, ["警告", "罚款"], []),
            ({"处罚内容": "给予警告"}, ["警告"], []),
            ({"处罚类别": "口头提醒"}, None, ["unknown_penalty_type"]),
            ({}, None, []),
        ],
    )
    def test_penalty_types_are_split(self, columns: dict[str, str], types: list[str] | None, codes: list[str]) -> None:
        row, issues = one(PENALTY, **columns)
        assert (row["penalty_types"], [code for _, code, _ in issues]) == (types, codes)

    @pytest.mark.parametrize("sentinel", ["1900-1-1", "无处罚期限", "暂无", "N/A", "-", "1900/1/1"])
    def test_sentinels_of_the_standard_are_no_dates(self, sentinel: str) -> None:
        row, issues = one(PENALTY, 处罚有效期=sentinel, 公示截止期=sentinel)
        assert (row["effective_until_on"], row["public_until_on"], issues) == (None, None, [])

    @pytest.mark.parametrize(
        ("columns", "withdrawn", "repaired"),
        [
            ({"当前状态": "0"}, False, False),
            ({"当前状态": "1"}, True, None),
            ({"当前状态": "撤销"}, True, None),
            ({"当前状态": "2"}, None, None),
            ({"公示状态": "已撤销"}, True, None),
            ({"公示状态": "1"}, None, None),
            ({"公示状态": "公示中"}, None, None),
            ({"公示状态": "已修复", "当前状态": "正常"}, False, True),
            ({"撤销处罚的原因说明": "未告知听证权利"}, True, None),
            ({"撤回理由": "不符合法定程序"}, True, None),
            ({"撤销原因": "无"}, None, None),
            ({"撤销原因": "未撤销"}, None, None),
            ({"撤销原因": "认定事实有误", "是否撤销": "否"}, False, None),
            ({"备注": "该处罚决定已撤销"}, True, None),
            ({"备注": "依法撤回"}, True, None),
            ({"备注": "未撤销"}, None, None),
            ({"备注": "撤销公司登记"}, None, None),
            ({"备注": "已完成信用修复"}, None, True),
            ({"备注": "已修复"}, None, True),
            ({"备注": "尚未修复，可申请信用修复"}, None, None),
            ({"信用修复状态": "已修复"}, None, True),
            ({"是否修复": "否"}, None, False),
            ({"是否撤销": "是"}, True, None),
            ({"修复日期": "2024-05-06"}, None, True),
            ({"修复日期": "暂无"}, None, None),
            ({}, None, None),
        ],
    )
    def test_withdrawn_and_repaired_are_told_by_columns_and_remarks(
        self, columns: dict[str, str], withdrawn: bool | None, repaired: bool | None
    ) -> None:
        row, issues = one(PENALTY, **columns)
        assert (row["withdrawn"], row["repaired"], issues) == (withdrawn, repaired, [])

    @pytest.mark.parametrize(
        ("columns", "procedure", "codes"),
        [
            ({"案件程序类别": "01"}, "简易程序", []),
            ({"处罚程序": "一般程序"}, "普通程序", []),
            ({"适用程序": "普通"}, "普通程序", []),
            ({"程序类型": "当场处罚"}, "简易程序", []),
            ({"案件程序类别": "09"}, None, ["unknown_procedure"]),
            ({"案件程序类别": "无"}, None, []),
            ({"行政处罚决定书文号": "厦示市监当罚〔2024〕1号"}, "简易程序", []),
            ({"行政处罚决定书文号": "厦示市监简罚字〔2024〕1号"}, "简易程序", []),
            ({"行政处罚决定书文号": "厦示市监当场罚〔2024〕1号", "处罚程序": "一般程序"}, "普通程序", []),
            ({"行政处罚决定书文号": "简阳示市监罚〔2024〕1号"}, None, []),
            ({"行政处罚决定书文号": "武当罚字〔2024〕1号"}, None, []),
            ({}, None, []),
        ],
    )
    def test_the_procedure_is_that_of_its_column_or_of_the_number(
        self, columns: dict[str, str], procedure: str | None, codes: list[str]
    ) -> None:
        row, issues = one(PENALTY, **columns)
        assert row["procedure"] == procedure
        assert [code for _, code, _ in issues] == codes

    def test_who_published_it_when_it_came_and_what_was_corrected(self) -> None:
        row, issues = one(
            PENALTY, 推送日期="2024年1月8日", 公示单位="厦门市湖里区示例局", 公示状态="公示中",
            更正日期="2024-02-01", 更正原因="联系电话：13912345678，名称有误",
        )  # fmt: skip
        assert issues == []
        assert (row["received_on"], row["corrected_on"]) == (date(2024, 1, 8), date(2024, 2, 1))
        assert (row["published_by"], row["public_state"]) == ("厦门市湖里区示例局", "公示中")
        assert "13912345678" not in row["correction_reason"]

    def test_party_and_document_number_make_a_record_one(self) -> None:
        same = ids(
            PENALTY,
            {},
            {"行政处罚决定书文号": "厦示市监罚[2024]1号", "处罚决定日期": None, "行政相对人名称": "示例甲公司（新名）"},
            {"行政处罚决定书文号": " 厦示市监罚（2024） 1 号"},
        )
        assert len(set(same)) == 1
        others = ids(
            PENALTY,
            {},
            {"行政处罚决定书文号": "厦示市监罚〔2024〕2号"},
            {"行政相对人代码_1(统一社会信用代码)": SOLE_TRADER},
        )
        assert len({*same, *others}) == 3
        assert all(one.startswith("P-") for one in others)

    def test_without_a_number_date_and_content_make_it_one(self) -> None:
        none: dict[str, str | None] = {"行政处罚决定书文号": "无", "处罚内容": "罚款 2000元"}
        first, again, other = ids(
            PENALTY, none, {**none, "处罚内容": "罚款2000元"}, {**none, "处罚决定日期": "2024-01-03"}
        )
        assert first == again != other

    @pytest.mark.parametrize(
        ("columns", "kind"),
        [
            ({"行政相对人类别": "个体工商户"}, "个体工商户"),
            ({"行政相对人类别": "自然人"}, "自然人"),
            ({"行政相对人类别": "个人"}, "自然人"),
            ({"行政相对人类别": "企业"}, "法人及非法人组织"),
            ({"当事人类型": "自然人", "行政相对人代码_1(统一社会信用代码)": None}, "自然人"),
            ({"企业类型": "有限责任公司", "行政相对人代码_1(统一社会信用代码)": None}, "法人及非法人组织"),
            ({"类型": "一般程序", "行政相对人代码_1(统一社会信用代码)": None}, None),
            ({}, "法人及非法人组织"),
            ({"行政相对人代码_1(统一社会信用代码)": SOLE_TRADER}, "个体工商户"),
            ({"行政相对人代码_1(统一社会信用代码)": None}, None),
        ],
    )
    def test_kinds_of_party(self, columns: dict[str, str | None], kind: str | None) -> None:
        assert one(PENALTY, **columns)[0]["party_kind"] == kind

    def test_a_tax_number_made_of_an_identity_number_is_not_read(self) -> None:
        digits = "35020319900307999"  # a person that does not exist: the check character of GB 11643 is made to hold
        number = digits + "10X98765432"[sum(int(d) * pow(2, 17 - place, 11) for place, d in enumerate(digits)) % 11]
        for text in (number, f"{number}00", f"{number}01"):
            made = normalized({**PENALTY, "税务登记号": text})
            assert made.rows["party_tax_no"].to_list() == [None]

    def test_a_natural_persons_number_in_the_place_of_a_code_reaches_no_table(self) -> None:
        digits = "35020319900307999"
        number = digits + "10X98765432"[sum(int(d) * pow(2, 17 - place, 11) for place, d in enumerate(digits)) % 11]
        made = normalized(
            {**PENALTY, "行政相对人类别": "自然人", "行政相对人代码_1(统一社会信用代码)": number, "证件号码": number}
        )
        assert made.issues["code"].to_list() == ["identity_as_code"]
        assert not any(number in str(frame.rows()) for frame in (made.rows, made.issues, made.rejects))

    def test_rows_without_party_or_decision_are_rejected(self) -> None:
        made = normalized(
            {**PENALTY, "行政相对人名称": None, "行政相对人代码_1(统一社会信用代码)": "没有"},
            {**PENALTY, "行政处罚决定书文号": "-", "处罚决定日期": "N/A"},
        )
        assert made.rejects.select("source_row", "column", "code").rows() == [
            (1, "行政相对人名称", "no_party"),
            (2, "行政处罚决定书文号", "no_key_fact"),
        ]

    def test_a_public_end_before_the_decision_is_named_and_kept(self) -> None:
        row, issues = one(PENALTY, 公示截止期="2023-01-02")
        assert row["public_until_on"] == date(2023, 1, 2)
        assert issues == [("公示截止期", "dates_disagree", "2023-01-02")]

    @pytest.mark.parametrize(
        ("columns", "issues"),
        [
            ({"公示日期": "2024-01-01"}, [("公示日期", "published_before_decision", "2024-01-01")]),
            ({"公示日期": "2024-01-02"}, []),
            ({"公示日期": "2024-01-10", "收到日期": "2024-01-11"}, [("收到日期", "dates_disagree", "2024-01-11")]),
            ({"收到日期": "2024-01-01"}, [("收到日期", "dates_disagree", "2024-01-01")]),
            ({"公示日期": "2024-01-10", "收到日期": "2024-01-05"}, []),
            ({"收到日期": "2024-01-05", "处罚决定日期": None}, []),
        ],
    )
    def test_a_publication_before_the_decision_is_named_and_kept(
        self, columns: dict[str, str], issues: list[tuple[str, str, str]]
    ) -> None:
        row, found = one(PENALTY, **columns)
        assert found == issues
        assert str(row["published_on"]) == columns.get("公示日期", "None")

    def test_the_office_does_not_say_where_a_party_without_code_and_address_is(self) -> None:
        office = {"行政相对人代码_1(统一社会信用代码)": None, "处罚机关": "厦门市集美区示例市场监督管理局"}
        assert one(PENALTY, **office)[0]["party_region_code"] is None
        assert one(PENALTY, **office, 住所="湖里区示例路1号")[0]["party_region_code"] == "350206"
        both = {"行政区划": "厦门市", "区县": "思明区"}
        assert one(PENALTY, **office, **both)[0]["party_region_code"] == "350203"


class TestListing:
    def test_listing_and_removal_in_one_row(self) -> None:
        row, issues = one(
            LISTING,
            **{
                "列入经营异常名录原因": "通过登记的住所或者经营场所无法联系的",
                "作出决定机关(列入)": "厦门市思明区示例局",
                "移出日期": "2024年3月4日", "移出经营异常名录原因": "示例移出原因",
                "作出决定机关(移出)": "厦门市示例局",
            },
        )  # fmt: skip
        assert issues == []
        assert (row["listed_on"], row["removed_on"]) == (date(2024, 1, 2), date(2024, 3, 4))
        assert (row["listed_by"], row["removed_by"]) == ("厦门市思明区示例局", "厦门市示例局")
        assert (row["reason"], row["mark"]) == ("通过登记的住所或者经营场所无法联系的", False)
        assert row["reason_code"] == "无法联系"

    def test_removal_in_a_row_of_its_own_has_the_key_of_its_listing(self) -> None:
        both = {**LISTING, "列入原因": "未按照规定公示年度报告的", "移出日期": None}
        assert len(set(ids(LISTING, both, {**both, "移出日期": "2024-03-04"}))) == 1

    def test_removal_that_does_not_say_what_it_ends_has_an_own_key(self) -> None:
        alone = {"列入日期": None, "移出日期": "2024-03-04", "移出原因": "示例"}
        first, again, listed = ids(LISTING, alone, alone, {"移出日期": "2024-03-04", "移出原因": "示例"})
        assert first == again != listed

    def test_two_reasons_of_one_day_are_two_listings(self) -> None:
        reasons = ("通过登记的住所或者经营场所无法联系的", "未按照规定公示年度报告的", "无法联系")
        rows: list[dict[str, str | None]] = [{"列入原因": reason} for reason in reasons]
        first, second, third = ids(LISTING, *rows)
        assert first == third != second

    @pytest.mark.parametrize(
        ("columns", "mark"),
        [
            ({}, False),
            ({"统一社会信用代码": SOLE_TRADER}, True),
            ({"企业类型": "个体工商户"}, True),
            ({"列入原因": "个体工商户未按照规定报送年度报告的"}, True),
            ({"移出原因": "依照规定申请恢复正常记载状态"}, True),
        ],
    )
    def test_individual_businesses_are_marked_not_listed(self, columns: dict[str, str], mark: bool) -> None:
        assert one(LISTING, **columns)[0]["mark"] is mark

    def test_a_header_that_says_mark_marks_all(self) -> None:
        row, _ = one({"个体工商户名称": "示例面馆", "标记日期": "2024-01-02", "标记原因": "无法联系"})
        assert (row["mark"], row["listed_on"]) == (True, date(2024, 1, 2))

    def test_an_unknown_reason_and_dates_in_the_wrong_order_are_named(self) -> None:
        row, issues = one(LISTING, 列入原因="其他示例事由", 移出日期="2023-01-02")
        assert (row["reason"], row["reason_code"]) == ("其他示例事由", None)
        assert sorted(code for _, code, _ in issues) == ["dates_disagree", "unknown_reason"]

    def test_rows_without_party_or_any_fact_are_rejected(self) -> None:
        made = normalized(
            {**LISTING, "企业名称": "/", "统一社会信用代码": None, "移出日期": None},
            {**LISTING, "列入日期": "不详", "移出日期": None},
        )
        assert made.rejects["code"].to_list() == ["no_party", "no_key_fact"]


class TestSpotCheck:
    @pytest.mark.parametrize(
        ("published", "results", "codes"),
        [
            ("未发现问题", ["未发现问题"], ["未发现问题"]),
            (
                "未按规定公示应当公示的信息；通过登记的住所（经营场所）无法联系",
                ["未按规定公示应当公示的信息", "通过登记的住所（经营场所）无法联系"],
                ["未公示信息", "无法联系"],
            ),
            ("1.未发现问题;2.注销", ["未发现问题", "注销"], ["未发现问题", "注销"]),
            ("未发现问题、注销", ["未发现问题", "注销"], ["未发现问题", "注销"]),
            ("公示信息隐瞒真实情况、弄虚作假", ["公示信息隐瞒真实情况、弄虚作假"], ["信息虚假"]),
            ("未发现问题；未发现问题", ["未发现问题"], ["未发现问题"]),
        ],
    )
    def test_several_results_of_one_check(self, published: str, results: list[str], codes: list[str]) -> None:
        row, issues = one(CHECK, 检查结果=published)
        assert (row["results"], row["result_codes"], issues) == (results, codes, [])

    def test_a_result_of_no_list_is_kept_and_named(self) -> None:
        row, issues = one(CHECK, 检查结果="示例结果；未发现问题")
        assert (row["results"], row["result_codes"]) == (["示例结果", "未发现问题"], [None, "未发现问题"])
        assert issues == [("检查结果", "unknown_result", "示例结果；未发现问题")]

    def test_rows_of_one_check_have_one_key(self) -> None:
        plan: dict[str, str | None] = {"抽查计划编号": "示2024-1", "检查结果": "未发现问题"}
        same = ids(CHECK, plan, {**plan, "检查结果": "注销"})
        assert len(set(same)) == 1
        others = ids(CHECK, plan, {**plan, "抽查计划编号": "示2024-2"}, {**plan, "检查机关": "厦门市另一示例局"})
        assert len({*same, *others}) == 3

    @pytest.mark.parametrize(
        ("published", "kind"),
        [("1", "抽查"), ("2", "检查"), ("双随机抽查", "抽查"), ("日常检查", "检查"), ("巡查", "巡查")],
    )
    def test_types_of_check(self, published: str, kind: str) -> None:
        assert one(CHECK, 检查类型=published)[0]["check_type"] == kind

    def test_items_are_split(self) -> None:
        row, _ = one(CHECK, 检查事项="登记事项检查；年度报告公示信息检查|许可证检查")
        assert row["items"] == ["登记事项检查", "年度报告公示信息检查", "许可证检查"]

    def test_rows_without_party_or_any_fact_are_rejected(self) -> None:
        made = normalized(
            {**CHECK, "企业名称": None, "统一社会信用代码": None, "检查结果": "未发现问题"},
            {**CHECK, "检查日期": None, "检查结果": None},
        )
        assert made.rejects["code"].to_list() == ["no_party", "no_key_fact"]
