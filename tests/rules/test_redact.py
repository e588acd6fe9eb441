"""Personal data is masked wherever it stands; what is not personal is left alone.

All persons, numbers and addresses are invented.
"""

from __future__ import annotations

import re
import string
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xincha.rules.redact import BANK_MASK, HOME_MASK, ID_MASK, PAPER_MASK, PATTERN, PHONE_MASK, redact
from xincha.text import reg_no, uscc


def identity(digits17: str) -> str:
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits17))
    return digits17 + "10X98765432"[total % 11]


def card(digits: str) -> str:
    return next(digits + end for end in string.digits if _luhn(digits + end))


def _luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


ID = identity("35020319800101123")
ID_X = next(number for n in range(100, 999) if (number := identity(f"35020319800101{n}")).endswith("X"))
WRONG = ID[:17] + ("0" if ID[17] != "0" else "1")
USCC = "91350203155103485D"
REG_NO = "35020310001234" + reg_no.check_digit("35020310001234")
CARD = card("622202130800123456")
NO_CARD = CARD[:-1] + str((int(CARD[-1]) + 1) % 10)
LIKE_OLD_ID = "35020380010112" + reg_no.check_digit("35020380010112")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"身份证号：{ID}", f"身份证号：{ID_MASK}"),
        (f"当事人张某（身份证号码{ID}）经营", f"当事人张某（身份证号码{ID_MASK}）经营"),
        (f"居民身份证号码为 {ID_X.lower()}，", f"居民身份证号码为 {ID_MASK}，"),
        (f"身份证件号码:{WRONG}", f"身份证件号码:{ID_MASK}"),
        (f"公民身份号码{ID[:6]} {ID[6:14]} {ID[14:]}", f"公民身份号码{ID_MASK}"),
        (f"证件号码：{ID[:6]}-{ID[6:14]}-{ID[14:]}。", f"证件号码：{ID_MASK}。"),
        ("身份证号：350203800101123", f"身份证号：{ID_MASK}"),
        (f"张某,身份证,{ID},13800001234", f"张某,身份证,{ID_MASK},{PHONE_MASK}"),
        (f"经营者张某{ID}", f"经营者张某{ID_MASK}"),
        (f"{ID}", ID_MASK),
        (ID.translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")), ID_MASK),
        ("经营者张某，350203800101123", f"经营者张某，{ID_MASK}"),
        ("身份证号350203********1234", f"身份证号{ID_MASK}"),
        ("张某350203********123X", f"张某{ID_MASK}"),
        ("护照号码：E12345678", f"护照号码：{PAPER_MASK}"),
        ("港澳居民来往内地通行证H1234567801", f"港澳居民来往内地通行证{PAPER_MASK}"),
    ],
)
def test_identity_numbers(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("联系电话：13800001234", f"联系电话：{PHONE_MASK}"),
        ("手机138 0000 1234微信同号", f"手机{PHONE_MASK}微信同号"),
        ("138-0000-1234", PHONE_MASK),
        ("+86 13800001234", PHONE_MASK),
        ("Tel13800001234", f"Tel{PHONE_MASK}"),
        ("张某13800001234/13900001234", f"张某{PHONE_MASK}/{PHONE_MASK}"),
        ("１３８００００１２３４", PHONE_MASK),
        ("电话：0592-2000123", f"电话：{PHONE_MASK}"),
        ("联系方式 (0592)2000123-801", f"联系方式 {PHONE_MASK}"),
        ("电话2000123、2000124", f"电话{PHONE_MASK}"),
        ("传真：05922000123", f"传真：{PHONE_MASK}"),
    ],
)
def test_telephone_numbers(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"卡号：{CARD}", f"卡号：{BANK_MASK}"),
        (f"转入{CARD}账上", f"转入{BANK_MASK}账上"),
        (f"转入{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", f"转入{BANK_MASK}"),
        ("银行账号：35050123456789012345", f"银行账号：{BANK_MASK}"),
        ("帐号3505 0123 4567 8901", f"帐号{BANK_MASK}"),
        ("支付宝账号13800001234", f"支付宝账号{BANK_MASK}"),
    ],
)
def test_bank_accounts(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("住址：福建省厦门市示例区示例路1号501室，", f"住址：{HOME_MASK}，"),
        ("家庭住址为厦门市示例区示例里2号。", f"家庭住址为{HOME_MASK}。"),
        ("张某，男，汉族，住福建省厦门市示例区示例路1号501室。", f"张某，男，汉族，住{HOME_MASK}。"),
        (
            "张某，女，户籍地福建省示例县示例镇示例村3号，现住厦门市示例路4号",
            f"张某，女，户籍地{HOME_MASK}，现住{HOME_MASK}",
        ),
        ("家住示例小区3栋301室；", f"家住{HOME_MASK}；"),
        ("户籍所在地：示例市示例县", f"户籍所在地：{HOME_MASK}"),
        ("身份证地址：示例市示例街道1号", f"身份证地址：{HOME_MASK}"),
        ("住址：厦门市示例区（示例街道）示例路1号", f"住址：{HOME_MASK}"),
        ("住址厦门市示例路1号联系电话13800001234", f"住址{HOME_MASK}{PHONE_MASK}"),
        ("当事人：张某；住所（住址）：厦门市示例路1号；", f"当事人：张某；住所（住址）：{HOME_MASK}；"),
        ("经常居住地址在厦门市示例路1号", f"经常居住地址在{HOME_MASK}"),
    ],
)
def test_homes_of_persons(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        USCC, f"统一社会信用代码：{USCC}", f"统一社会信用代码：{USCC.lower()}", "911200004013590816",
        "证照号码：911522010783762860",
        NO_CARD, f"经营者张某，{LIKE_OLD_ID}",
        REG_NO, f"注册号{REG_NO}", f"营业执照注册号：{REG_NO}", f"证照号码：{REG_NO}", "组织机构代码：15510348-5",
        "厦市监罚〔2018〕12号", "(德阳)应急罚〔2019〕15号", "案号：350203201905120001", "受理编号350203201905120001",
        "生产批号13812345678", "条码6901234567892", "货号 13912345678",
        "产品编号：6222021308001234567",
        "罚款人民币13800000000元", "13800000000.00元", "注册资本100000000元", "1,380,000,123元",
        "2018-03-05 2018-03-06", "20180305103000", "2018年3月5日至2019年3月5日", "1520179200000",
        "许可证编号：JY13502030012345", "国药准字Z20123456", "闽G妆网备字2019000123", "SC10635020300012",
        "举报电话：0592-2000123", "服务热线400-800-1234", "拨打12315", "投诉电话12345678",
        "住所：厦门市示例区示例路1号", "住所地厦门市示例区示例路1号", "经营场所：厦门市示例区示例路1号",
        f"当事人：厦门示例有限公司；统一社会信用代码：{USCC}；住所（住址）：厦门市示例路1号；",
        "餐饮、住宿服务", "许可项目：住宿", "房屋租赁，住房租赁经营", "居住地产开发",
        "户籍证明材料", "常住人口登记", "住址变更登记", "住址不详",
        "通过登记的住所或者经营场所无法联系的", "通过登记的经营场所或者经营者住所无法与个体工商户取得联系",
        "3502031980010112", "IMEI 490154203237518", "123456789012345678", "手机、电话机销售", "电话卡销售", "",
    ],
)  # fmt: skip
def test_what_is_not_personal_stays(text: str) -> None:
    assert redact(text) == text


def test_nothing_of_the_registry_is_masked(registry: Path) -> None:
    """No row holds personal data beyond names: every change would be a false one."""
    for file in ("xiamen", "dirty"):  # the columns of the others: test_masks.py
        lines = pl.Series((registry / f"{file}.csv").read_text("utf-8").split("\n"))
        suspect = lines.filter(lines.str.contains(PATTERN)).to_list()
        assert [line for line in suspect if redact(line) != line] == []


def test_no_regulation_is_masked(shared: Path) -> None:
    for path in (shared / "data/regulations").glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert redact(text) == text, path.name


BIRTHDAYS = st.dates(date(1930, 1, 1), date(2010, 12, 31))
IDS = st.builds(
    lambda region, born, serial: identity(f"{region}{born:%Y%m%d}{serial:03}"),
    st.sampled_from(["350203", "350205", "110108", "440305", "310115", "512301", "652122"]),
    BIRTHDAYS,
    st.integers(1, 999),
)
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
CARDS = st.from_regex(r"62[0-9]{16}", fullmatch=True).map(card)
BEFORE = st.sampled_from(["", "张某", "，", "：", "(", "、", "与", "\n", "，身份证", "姓名张某 ", "经查"])
AFTER = st.sampled_from(["", "，", "。", ")", "\n", "的", " 于2018年", "；", "经营"])


@given(BEFORE, IDS, AFTER)
def test_every_valid_identity_number_is_masked(before: str, number: str, after: str) -> None:
    assert redact(before + number + after) == before + ID_MASK + after


@given(BEFORE, MOBILES, AFTER)
def test_every_mobile_number_is_masked(before: str, number: str, after: str) -> None:
    assert redact(before + number + after) == before + PHONE_MASK + after


@given(CARDS, AFTER)
def test_every_card_number_is_masked(number: str, after: str) -> None:
    assert redact("汇至" + number + after) == "汇至" + BANK_MASK + after


@given(
    st.sampled_from(["11", "52", "91", "92", "93", "A1", "N2", "Y1"]),
    st.text(uscc.ALPHABET, min_size=9, max_size=9),
    BEFORE,
    AFTER,
)
def test_no_uscc_is_masked(pair: str, rest: str, before: str, after: str) -> None:
    code = pair + "350203" + rest
    code += uscc.check_character(code)
    assume("身份证" not in before or not code.isdigit())
    assert redact(before + code + after) == before + code + after


@given(
    st.from_regex(r"350203[0-9]{8}", fullmatch=True), st.sampled_from(["", "注册号", "注册号：", "当事人示例公司，"])
)
def test_no_registration_number_is_masked(digits: str, before: str) -> None:
    number = digits + reg_no.check_digit(digits)
    assert redact(before + number) == before + number


WORDS = "身份证号： 电话 账号 住址： ，住 家住 福建省示例路1号 （ ） ， 。 ［ 户籍 住所（住址）： 公司 护照 １２ *"
MORE_WORDS = "微信： QQ 现居 送达地址： 编号： ● - . 闽D12345 a@b.cn 〔2018〕 第 男，"
NUMBERS = [ID, WRONG, ID_X, "13800001234", "0592-2000123", CARD, USCC, REG_NO, "E12345678", "2018-03-05", " "]
PIECES = st.lists(st.sampled_from([*WORDS.split(), *MORE_WORDS.split(), *NUMBERS]), max_size=12).map("".join)


@given(PIECES | st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(PIECES | st.text())
def test_the_prefilter_finds_whatever_is_masked(text: str) -> None:
    if redact(text) != text:
        assert re.search(PATTERN, text)


@given(PIECES)
def test_no_valid_identity_number_survives(text: str) -> None:
    # a digit before or behind it, of any width, makes it another number
    assert not re.search(rf"(?<![0-9A-Za-z０-９]){ID}(?![0-9A-Za-z０-９])", redact(text))


def test_the_prefilter_is_one_that_polars_reads() -> None:
    found = pl.Series([f"身份证号：{ID}", "餐饮服务", "住址：示例路1号", "１３８００００１２３４"]).str.contains(
        PATTERN
    )
    assert found.to_list() == [True, False, True, True]
