"""Official lists, and the wordings that mean their members."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.text import codes, industries


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("存续（在营、开业、在册）", "存续"),
        ("存续", "存续"),
        ("在营（开业）企业", "存续"),
        ("在业", "存续"),
        ("正常", "存续"),
        ("注销中", "存续"),
        ("迁出中", "存续"),
        ("变更中", "存续"),
        ("吊销，未注销", "吊销未注销"),
        ("吊销,未注销", "吊销未注销"),
        ("吊销", "吊销未注销"),
        ("已吊销企业备案中", "吊销未注销"),
        ("吊销，已注销", "吊销已注销"),
        ("吊销后注销", "吊销已注销"),
        ("注销", "注销"),
        ("已注销", "注销"),
        ("注销企业", "注销"),
        ("撤消", "撤销"),
        ("撤销登记", "撤销"),
        ("迁出", "迁出"),
        ("歇业", "歇业"),
        ("名称剔除", "名称剔除"),
        ("停业", "其他"),
        ("其他", "其他"),
        ("XX", "注销"),
        ("K", "存续"),
        ("2", "吊销未注销"),
        ("示例", None),
        ("", None),
    ],
)
def test_status(text: str, status: str | None) -> None:
    assert codes.status(text) == status


def test_every_status_of_the_code_tables_is_on_the_list(shared: Path) -> None:
    folder = shared / "data/codes"
    for name in ("registration_status_national", "registration_status_provincial_zhejiang"):
        for row in _rows(folder / f"{name}.csv"):
            assert codes.status(row["code"]) == codes.status(row["name"]) in codes.STATUSES, row
    for row in _rows(folder / "operating_state.csv"):
        assert codes.status(row["编码"]) == codes.status(row["中文"]) in codes.STATUSES, row


@pytest.mark.parametrize(
    ("enterprise_type", "uscc", "name", "kind"),
    [
        ("有限责任公司(自然人独资)", None, None, "企业"),
        ("有限责任公司 港、澳、台", None, None, "企业"),
        ("个人独资企业", None, None, "企业"),
        ("普通合伙", None, None, "企业"),
        ("集体所有制", None, None, "企业"),
        ("农村资金互助社", "91350203155103485D", None, "企业"),
        ("个体工商户", None, None, "个体工商户"),
        ("个体（内地）", None, None, "个体工商户"),
        ("个人经营", None, None, "个体工商户"),
        ("农民专业合作社", None, None, "农民专业合作社"),
        ("农民专业合作社分支机构", None, None, "分支机构"),
        ("集体分支机构(非法人)", None, None, "分支机构"),
        ("有限责任公司分公司(自然人独资)", None, None, "分支机构"),
        ("有限责任公司(台港澳合资)办事机构", None, None, "分支机构"),
        ("外国(地区)企业常驻代表机构", None, None, "外国企业常驻代表机构"),
        ("1151", None, None, "企业"),
        ("9500", None, None, "个体工商户"),
        (None, "92350203MA00000000", "厦门市思明区示例小吃店", "个体工商户"),
        (None, "93350203MA00000000", "厦门示例农民专业合作社", "农民专业合作社"),
        (None, "91350203MA00000000", "厦门示例有限公司", "企业"),
        (None, "91350203MA00000000", "厦门示例有限公司思明分公司", "分支机构"),
        (None, "91350203MA00000000", "示例株式会社厦门代表处", "外国企业常驻代表机构"),
        (None, "91350203MA00000000", "示例（厦门）有限公司（第一分公司）", "企业"),
        (None, "91350203MA00000000", "厦门示例投资合伙企业（有限合伙）", "企业"),
        (None, "12350203MA00000000", "厦门市示例中心", "其他"),
        (None, None, "厦门示例有限公司", "企业"),
        (None, None, "厦门市思明区示例小吃店", "其他"),
        (None, None, None, "其他"),
    ],
)
def test_kind(enterprise_type: str | None, uscc: str | None, name: str | None, kind: str) -> None:
    assert codes.kind(enterprise_type, uscc, name) == kind


def test_kinds_of_a_registrys_types_agree_with_its_codes(shared: Path) -> None:
    """Types of the code table, by number and by wording; `企业大类` says what the registry takes them for."""
    by_group = {"16": "农民专业合作社", "17": "分支机构", "23": "外国企业常驻代表机构", "50": "个体工商户"}
    by_group |= dict.fromkeys(("12", "22", "25", "26", "28", "32", "34"), "分支机构")
    by_group |= dict.fromkeys(("11", "13", "15", "21", "27", "31", "33"), "企业")
    differ = []
    for row in _rows(shared / "data/codes/enterprise_type.csv"):
        expected = by_group.get(row["企业大类"])
        for text in (row["编码"], row["中文"]):
            if expected and codes.kind(text, None, None) != expected:
                differ.append((text, row["中文"], codes.kind(text, None, None), expected))
    assert {wording for _, wording, *_ in differ} == {"外国(地区)企业"}


def test_kinds_of_the_registry(registry: Path) -> None:
    kinds = Counter(
        codes.kind(None if row["企业类型"] == "N/A" else row["企业类型"], row["统一社会信用代码"], row["企业名称"])
        for row in _rows(registry / "xiamen.csv")
    )
    assert sum(kinds.values()) == 14_876
    assert kinds["其他"] < 20
    assert kinds["分支机构"] > 800


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5191", "5191"),
        ("F5191", "5191"),
        ("f-51", "51"),
        ("519", "519"),
        ("5100", "51"),
        ("51", "51"),
        ("C", "C"),
        ("制造业", "C"),
        ("C 制造业", "C"),
        ("制造业(C)", "C"),
        ("F51批发业", "51"),
        ("批发和零售业", "F"),
        ("批发业", "51"),
        ("租赁和商业服务业", "L"),
        ("O7940", "O"),  # of the 2011 edition
        ("99", None),
        ("5", None),
        ("0000", None),
        ("无行业", None),
        ("示例业", None),
        ("", None),
    ],
)
def test_industry(text: str, code: str | None) -> None:
    assert industries.industry(text) == code


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("5191", ["F", "51", "519", "5191"]),
        ("519", ["F", "51", "519"]),
        ("51", ["F", "51"]),
        ("F", ["F"]),
        ("F5191", ["F", "51", "519", "5191"]),
        ("9999", []),
        ("", []),
    ],
)
def test_industry_ancestors(code: str, chain: list[str]) -> None:
    assert industries.industry_ancestors(code) == chain


def test_industries_are_those_of_the_standard(shared: Path) -> None:
    names = {row["编码"]: row["中文"] for row in _rows(shared / "data/codes/industry_section.csv")}
    assert set(industries.SECTIONS) == set(names) - {"Z"}
    for row in _rows(shared / "data/codes/industry.csv"):
        code, section = row["编码"], row["行业门类编码"]
        if section == "Z":
            continue
        assert industries.industry_ancestors(code)[0] == section, row
        if code.endswith("00"):
            assert industries.industry_name(code) == row["中文"], row
            assert industries.industry(row["中文"]) in (code[:2], section), row


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("通过登记的住所或者经营场所无法联系的", "无法联系"),
        ("通过登记的住所或经营场所无法取得联系", "无法联系"),
        ("未依照《企业信息公示暂行条例》第八条规定的期限公示年度报告的", "未报年报"),
        ("未按规定公示2019年度报告", "未报年报"),
        ("个体工商户年度报告隐瞒真实情况、弄虚作假的", "信息虚假"),
        ("未在责令的期限内公示有关企业信息的", "未公示信息"),
        ("示例", None),
        ("", None),
    ],
)
def test_abnormal_reason(text: str, reason: str | None) -> None:
    assert codes.abnormal_reason(text) == reason


def test_every_official_reason_is_on_the_list(shared: Path) -> None:
    rows = [row for row in _rows(shared / "data/codes/abnormal_reasons.csv") if row["direction"] == "列入"]
    expected = {"企业": "未报年报 未公示信息 信息虚假 无法联系", "农民专业合作社": "未报年报 信息虚假 无法联系"}
    for subject, reasons in expected.items():
        assert [codes.abnormal_reason(row["text"]) for row in rows if row["subject"] == subject] == reasons.split()
    marks = [codes.abnormal_reason(row["text"]) for row in rows if row["subject"].startswith("个体")]
    assert marks == ["未报年报", "信息虚假", "无法联系"]


def test_every_official_result_is_on_the_list(shared: Path) -> None:
    found = {}
    for row in _rows(shared / "data/codes/spot_check_results.csv"):
        for text in row["text"].split(" / "):
            code = codes.spot_check_result(text)
            assert code is not None, row
            found[text] = codes.SPOT_CHECK_RESULTS[code][1]
    assert [text for text, adverse in found.items() if adverse is False] == [
        "正常（符合信息公示相关规定）", "未发现问题", "未发现开展本次抽查涉及的经营活动",
    ]  # fmt: skip
    states = {
        "已办理营业执照注销",
        "被吊销营业执照",
        "被撤销登记",
        "迁出",
        "已关闭停业或正在组织清算",
        "注销",
        "被吊销",
        "被撤销",
    }
    assert {text for text, adverse in found.items() if adverse is None} == states


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("未发现问题", "未发现问题"),
        ("正常", "未发现问题"),
        ("1", "未发现问题"),
        ("通过登记的住所（经营场所）无法联系", "无法联系"),
        ("未按规定公示年报", "未报年报"),
        ("未按规定公示即时信息", "未公示信息"),
        ("发现问题已责令改正", "责令改正"),
        ("6", None),  # of two lists, with two meanings
        ("示例结果", None),
        ("", None),
    ],
)
def test_spot_check_result(text: str, code: str | None) -> None:
    assert codes.spot_check_result(text) == code


def test_types_of_penalty_are_those_of_the_law(shared: Path) -> None:
    law = (shared / "data/regulations/行政处罚法(2021-01-22).md").read_text(encoding="utf-8")
    article = law[law.index("第九条 行政处罚的种类") : law.index("第十条 法律可以设定")]
    assert [kind for kind in codes.PENALTY_TYPES if kind not in article] == []
    assert [codes.penalty_types(kind) for kind in codes.PENALTY_TYPES] == [[kind] for kind in codes.PENALTY_TYPES]


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("警告", ["警告"]),
        ("警告；罚款", ["警告", "罚款"]),
        ("罚款,警告", ["警告", "罚款"]),
        ("警告、责令改正", ["警告"]),
        ("没收违法所得、没收非法财物", ["没收违法所得", "没收非法财物"]),
        ("没收违法所得、非法财物", ["没收违法所得", "没收非法财物"]),
        ("没收违法所得500元，罚款1000元", ["罚款", "没收违法所得"]),
        ("暂扣或者吊销许可证、暂扣或者吊销执照", ["暂扣许可证件", "吊销许可证件"]),
        ("吊销营业执照", ["吊销许可证件"]),
        ("责令停产停业", ["责令停产停业"]),
        ("其他-责令限期改正", ["其他行政处罚"]),
        ("责令改正", []),
        ("不予行政处罚", []),
        ("免予罚款", []),
        ("", []),
    ],
)
def test_penalty_types(text: str, types: list[str]) -> None:
    assert codes.penalty_types(text) == types


@pytest.mark.parametrize(
    ("text", "procedure"),
    [
        ("01", "简易程序"),
        ("2", "普通程序"),
        ("简易", "简易程序"),
        ("当场处罚程序", "简易程序"),
        ("一般程序", "普通程序"),
        ("普通程序（快速办理）", "普通程序"),
        ("简易程序转普通程序", "普通程序"),
        ("非简易程序", "普通程序"),
        ("听证程序", "普通程序"),
        ("03", None),
        ("民事", None),
    ],
)
def test_procedures_of_penalties(text: str, procedure: str | None) -> None:
    assert codes.procedure(text) == procedure


@given(st.text())
def test_any_text_is_a_member_or_none(text: str) -> None:
    assert codes.status(text) in (*codes.STATUSES, None)
    assert codes.kind(text, None, text) in codes.KINDS
    assert codes.abnormal_reason(text) in (*codes.ABNORMAL_REASONS, None)
    assert codes.spot_check_result(text) in (*codes.SPOT_CHECK_RESULTS, None)
    assert codes.procedure(text) in (codes.ON_THE_SPOT, codes.ORDINARY, None)
    assert set(codes.penalty_types(text)) <= set(codes.PENALTY_TYPES)
    code = industries.industry(text)
    assert code is None or industries.industry_ancestors(code)[-1] == code == industries.industry(code)
