"""What documents of offices say is read from its place, and from nowhere else."""

from __future__ import annotations

from datetime import date

import pytest

from xincha.text import decision
from xincha.text.dates import parse
from xincha.text.decision import Decision
from xincha.text.uscc import check_character

STEM = "91350203YYY880001"
CODE = STEM + check_character(STEM)

WHOLE = f"""厦门市示例区市场监督管理局
行 政 处 罚 决 定 书
厦示市监罚〔2026〕15号

当事人：厦门示例全文食品有限公司
主体资格证照名称：营业执照
统一社会信用代码：{CODE}
住所：厦门市示例区示例路1号
法定代表人（负责人、经营者）：示全文

2026年5月6日，本局执法人员对当事人的经营场所进行检查，发现货架上有超过保质期的饼干。
经查，当事人于2026年4月1日购进上述饼干10盒，货值金额580元。
上述事实，主要有以下证据证明：
证据一、现场笔录1份。
2026年5月20日，本局向当事人送达《行政处罚告知书》，当事人未提出陈述、申辩意见。
本局认为，当事人的行为违反了《中华人民共和国食品安全法》第三十四条第（十）项的规定。
当事人积极配合调查，符合从轻处罚的情形。
依据《中华人民共和国食品安全法》第一百二十四条第一款第（五）项的规定，决定对当事人作出如下处罚：
1.没收超过保质期的饼干3盒；
2.罚款人民币25000元。
当事人应当自收到本行政处罚决定书之日起十五日内缴纳罚款。
如不服本决定，可以在六十日内申请行政复议，或者在六个月内提起行政诉讼。
本局将依法向社会公示本行政处罚决定信息。

厦门市示例区市场监督管理局（印章）
2026年6月1日
"""

SHOP = """厦门市示例市场监督管理局
行政处罚决定书
（厦示）市监罚字（2026）第007号
当事人基本情况：
姓名：示小明，性别：男，民族：汉族，出生日期：1980年1月1日
字号名称：厦门市示例区示小明饮食店
经营者：示小明
案由：涉嫌未按规定明码标价
经查明，当事人没有标价。
现依据《中华人民共和国价格法》第四十二条的规定，决定处罚如下：罚款人民币壹仟元整。
二〇二六年三月五日
"""

PERSON = """行政处罚决定书
厦示市监罚〔2026〕16号
当事人：示大明，性别：男，身份证号：［身份证号已隐去］
经查，当事人无照经营。
本局决定对当事人给予如下行政处罚：罚款5000元。
厦门市示例市场监督管理局
2026年3月6日
"""

LISTED = f"""厦门市示例区市场监督管理局
列入经营异常名录决定书
厦示市监异列〔2026〕8号
厦门示例全文食品有限公司（统一社会信用代码：{CODE}）：
经查，你单位未在规定的期限公示年度报告，本局决定将你单位列入经营异常名录。
厦门市示例区市场监督管理局
2026年7月8日
"""


def test_a_decision_is_read_whole() -> None:
    assert decision.read(WHOLE) == Decision(
        "决定书",
        "行政处罚决定书",
        "厦示市监罚〔2026〕15号",
        "厦门市示例区市场监督管理局",
        "厦门示例全文食品有限公司",
        CODE,
        None,
        "示全文",
        None,
        "《中华人民共和国食品安全法》第一百二十四条第一款第（五）项",
        "1.没收超过保质期的饼干3盒；\n2.罚款人民币25000元。",
        "2026-06-01",
    )


def test_the_party_of_a_shop_is_the_shop_and_of_a_person_the_person() -> None:
    shop, person = decision.read(SHOP), decision.read(PERSON)
    assert shop is not None
    assert person is not None
    assert (shop.party_name, shop.party_kind) == ("厦门市示例区示小明饮食店", "个体工商户")
    assert (shop.doc_no, shop.decided_on) == ("（厦示）市监罚字（2026）第007号", "2026-03-05")
    assert (shop.violation, shop.content) == ("未按规定明码标价", "罚款人民币壹仟元整。")
    assert (person.party_name, person.party_kind) == ("示大明", "自然人")
    assert (person.authority, person.content) == ("厦门市示例市场监督管理局", "罚款5000元。")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("行政处罚决定书", "决定书"),
        ("厦门市示例区市场监督管理局行政处罚决定书", "决定书"),
        ("不予行政处罚决定书", "决定书"),
        ("当场行政处罚决定书", "决定书"),
        ("行政处罚决定书摘要", "摘要"),
        ("行政处罚信息摘要", "摘要"),
        ("关于对厦门示例丁有限公司作出行政处罚的决定", "决定书"),
        ("列入经营异常名录决定书", "列入决定"),
        ("列入严重违法失信名单决定书", "列入决定"),
        ("移出经营异常名录决定书", "移出决定"),
        ("责令改正通知书", "责令改正通知"),
        ("关于拟强制注销示例有限公司的公告", "公告"),
        ("食品安全监督抽检情况", None),
        ("处罚决定书文号,当事人,罚款金额", None),
        ("行政处罚决定书文号", None),
    ],
)
def test_a_title_says_what_a_document_is(title: str, kind: str | None) -> None:
    assert decision.kind_of(title) == kind
    assert decision.is_one(f"{title}\n正文") == (kind is not None)


def test_a_decision_on_a_list_has_number_office_and_day_but_no_party_that_has_no_place_of_its_own() -> None:
    read = decision.read(LISTED)
    assert read is not None
    assert (read.kind, read.doc_no, read.decided_on) == ("列入决定", "厦示市监异列〔2026〕8号", "2026-07-08")
    assert read.party_uscc == CODE


def test_what_does_not_stand_in_its_place_is_not_read() -> None:
    text = "行政处罚决定书\n经查，示例有限公司的供货人当事人：张三曾被罚款9000元。\n"
    read = decision.read(text)
    assert read is not None
    assert (read.party_name, read.doc_no, read.authority, read.decided_on) == (None, None, None, None)
    assert decision.read("采购合同\n甲方：示例有限公司\n") is None


def test_sections_stand_in_order_and_lose_no_line() -> None:
    parts = decision.sections(WHOLE)
    assert [part.anchor for part in parts] == [
        "heading", "party", "case", "facts", "evidence", "hearing", "reasons", "discretion", "decision", "performance",
        "remedies", "publicity", "signature",
    ]  # fmt: skip
    assert "\n".join(part.text for part in parts) == WHOLE
    assert decision.sections("一行") == [("heading", "标题", "一行")]


def test_lines_that_a_margin_broke_are_one_paragraph_again() -> None:
    paragraph = "当事人于二〇二六年四月一日购进上述饼干十盒并放在货架上销售至检查之日止尚有三盒没有售出"
    broken = "\n".join(paragraph[at : at + 20] for at in range(0, len(paragraph), 20))
    text = f"{broken}。\n本局认为当事人的行为违反了上述法律的规定应\n当予以处罚。"
    assert decision.unwrapped(text).split("\n") == [
        f"{paragraph}。",
        "本局认为当事人的行为违反了上述法律的规定应当予以处罚。",
    ]
    assert decision.unwrapped("1.没收饼干3盒；\n2.罚款25000元。") == "1.没收饼干3盒；\n2.罚款25000元。"


def test_a_number_that_a_line_end_broke_is_whole_again() -> None:
    assert decision.unwrapped("联系电话 1390592\n1234 。") == "联系电话 13905921234 。"
    assert decision.unwrapped("身份证 3502031980\n01011234，男") == "身份证 350203198001011234，男"
    assert decision.unwrapped("共计3\n2、罚款") == "共计3\n2、罚款"


def test_the_day_is_that_of_the_signature() -> None:
    read = decision.read(WHOLE)
    assert read is not None
    assert parse(read.decided_on) == date(2026, 6, 1)


ONE_LINE = f"""厦门市示例市场监督管理局行政处罚决定书
厦示市监罚〔2026〕21号
当事人：厦门示例全文食品有限公司，统一社会信用代码：{CODE}，住所：厦门市示例区示例路1号，法定代表人：示全文。
经查，当事人标价不实。
依据《价格法》第四十条第一款之规定，现决定对当事人处罚如下：
一、没收违法所得人民币580元；
二、罚款人民币叁万元整。
上述罚没款请于收到决定书之日起15日内缴纳。
        厦门市示例市场监督管理局 2026年6月1日
"""
TABLE = f"""行政处罚决定书
文书编号\t厦示市监罚〔2026〕22号
当事人\t厦门示例全文食品有限公司
统一社会信用代码\t{CODE}
法定代表人\t示全文
处罚机关\t厦门市示例市场监督管理局
处罚依据\t《价格法》第四十条第一款
处罚内容\t罚款20000元
处罚决定日期\t2026年6月1日
"""
SUMMARY = f"""行政处罚信息摘要
行政处罚决定书文号：厦示市监罚〔2026〕23号
名称：厦门示例全文食品有限公司
统一社会信用代码：{CODE}
法定代表人：示全文
行政处罚内容：罚款人民币20万元
作出行政处罚决定机关名称：厦门市示例市场监督管理局
作出行政处罚决定日期：2026年6月1日
"""
LETTER = f"""关于对厦门示例全文食品有限公司作出行政处罚的决定
厦示市监罚〔2026〕24号
当事人名称：厦门示例全文食品有限公司
统一社会信用代码：{CODE}
法定代表人：示全文
经查，当事人标价不实。
本局决定：责令停业整顿，罚款100000元。
厦门市示例市场监督管理局
二O二六年六月一日
"""


@pytest.mark.parametrize(
    ("text", "number", "content"),
    [
        (ONE_LINE, 21, "一、没收违法所得人民币580元；\n二、罚款人民币叁万元整。"),
        (TABLE, 22, "罚款20000元"),
        (SUMMARY, 23, "罚款人民币20万元"),
        (LETTER, 24, "决定：责令停业整顿，罚款100000元。"),
    ],
    ids=["one line", "table", "summary", "letter"],
)
def test_other_ways_to_set_a_decision_say_the_same(text: str, number: int, content: str) -> None:
    read = decision.read(text)
    assert read is not None
    assert read.doc_no == f"厦示市监罚〔2026〕{number}号"
    assert (read.party_name, read.party_uscc, read.legal_rep) == ("厦门示例全文食品有限公司", CODE, "示全文")
    assert (read.authority, read.decided_on) == ("厦门市示例市场监督管理局", "2026-06-01")
    assert read.content is not None
    assert content in read.content
