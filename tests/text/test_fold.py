"""The two forms of a text: shown and compared."""

from __future__ import annotations

import sys
import unicodedata
from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.text import fold as module
from xincha.text.fold import clean, fold, normalized
from xincha.text.private_use import CHARACTERS
from xincha.text.text_marks import MARKED, unmarked

PIECES = [
    "&", "amp;", "&nbsp;", "&nbsp", "&#12288;", "&8226;", "＆", "ａｍｐ；", "　", "\u200b", "é", "\u0301", "門", "ß",
    "AMP;", "&am", "&#112;", "&#8203;", "&semi;", ";", "e", "&#769;", "\u037e", "#38;", "#65286;", "&foo;", "ǰ", "ẖ",
    "\ue863",
]  # fmt: skip
TEXTS = st.text() | st.lists(st.sampled_from(PIECES)).map("".join)


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("厦门市纸制品厂", "厦门市纸制品厂"),
        ("苏州新区枫桥向街鼓皮加工厂\u3000", "苏州新区枫桥向街鼓皮加工厂"),
        ("\ufeff\u200b厦门\xa0\xa0示例\t\n店 ", "厦门 示例 店"),
        ("唐河县新合作超市１５２店", "唐河县新合作超市152店"),
        ("（ＮＥＣ）公司", "（NEC）公司"),
        ("A&amp;amp;B&nbsp;公司", "A&B 公司"),
        ("示例&8226;商行", "示例•商行"),
        ("AT&LT公司", "AT&LT公司"),
        ("&am\u200bp;", "&"),
        ("cafe\u0301", "café"),
        ("a\ud800b", "ab"),
        ("厦门示例\ue863辉公司", "厦门示例䶮辉公司"),
        ("示例\ue816\ue864\ue7e7店", "示例𠂇龻\u303e店"),
    ],
)
def test_clean_removes_the_accidents_and_keeps_the_text(published: str, shown: str) -> None:
    assert clean(published) == shown


@pytest.mark.parametrize(
    "text",
    [
        None, "", " ", "\u3000", "N/A", "n/a", "-", "--", "——", "/", "\\N", "NULL", "(null)", "None", "nan", "暂无",
        "无", "无数据", "空", "（空）", "#N/A", "...", "***", "企业选择不公示", "&nbsp;", "Ｎ/Ａ", "？", "()", "#()",
    ],
)  # fmt: skip
def test_clean_is_none_for_placeholders(text: str | None) -> None:
    assert clean(text) is None


@pytest.mark.parametrize(
    "text", ["无锡示例厂", "空调", "NaN示例店", "无人机", "暂无名饭店", "5()", "0", "没有烦恼茶馆"]
)
def test_clean_keeps_what_only_begins_like_a_placeholder(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("厦門銀鷺集團有限公司", "厦门银鹭集团有限公司"),
        ("ＡＢＣ（厦门）Ｃo．，Ｌtd", "abc(厦门)co.,ltd"),
        ("示例〔2018〕12号", "示例【２０１８】12 号"),
        ("“示例”商店", "《示例》商店"),
        ("示例•茶业", "示例·茶业"),
        ("示例－示例", "示例-示例"),
        ("⻔窗", "门窗"),
        ("㈱示例", "(株)示例"),
        ("厦门 示例　店", "厦门示例店"),
        ("A&amp;B", "a&b"),
        ("昇輝", "升辉"),
        ("後浦", "后浦"),
    ],
)
def test_spellings_of_one_text_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


def test_a_character_of_a_private_place_is_known_or_a_lost_one() -> None:
    assert fold("示例\ue863辉公司") == fold("示例䶮辉公司")
    assert fold("示例\ue000辉公司") == "示例□辉公司"
    assert fold("示例\U000f0000辉公司") == "示例□辉公司"
    assert len({*CHARACTERS.values()}) == len(CHARACTERS) == 105


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="91350203YYY770016A"', "91350203YYY770016A"),
        (' ="\t350203990077224" ', "350203990077224"),
        ('="示例""甲""公司"', '示例"甲"公司'),
        ("=350203990077216", "350203990077216"),
        ("'91350203YYY770016A", "91350203YYY770016A"),
        ("`91350203YYY770016A", "91350203YYY770016A"),
        ("\t’91350203YYY770016A", "91350203YYY770016A"),
        ("‘示例’商行", "‘示例’商行"),
        ("='示例'!A1", "='示例'!A1"),
        ("=SUM(A1)", "=SUM(A1)"),
        ("示例'甲", "示例'甲"),
        ("", ""),
    ],
)
def test_what_a_spreadsheet_writes_around_text_is_taken_off(cell: str, text: str) -> None:
    assert unmarked(cell) == unmarked(unmarked(cell)) == text
    assert cell == text or pl.Series([cell]).str.contains(MARKED).all()


def test_characters_that_simplified_script_keeps_stay_apart() -> None:
    assert fold("乾元") != fold("干元")


def test_a_placeholder_can_be_searched_for() -> None:
    assert fold("无") == "无"
    assert fold(None) == fold(" \u200b") == ""


def test_brackets_are_all_one_kind() -> None:
    assert fold("（[〔【［｛{") == "(" * 7
    assert fold("）]〕】］｝}") == ")" * 7


@given(TEXTS)
def test_clean_twice_is_clean_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@given(TEXTS)
def test_fold_twice_is_fold_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(char.isspace() for char in once)


@given(TEXTS)
def test_fold_does_not_see_what_clean_changes(text: str) -> None:
    assert fold(clean(text)) in (fold(text), "")


@given(st.text("厦門市乾隆發ABｃ１（）・、 　"), st.integers(0, 20))
def test_the_folded_form_of_a_part_is_a_part_of_the_whole(text: str, cut: int) -> None:
    assert fold(text[:cut]) + fold(text[cut:]) == fold(text)


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        ("&" + "amp;" * 1000, "&"),
        ("A&" + "#38;" * 1000 + "lt;", "A<"),
        ("&" + "am&#112;;" * 300, "&"),
        ("A&amp;amp;#38;nbsp;B", "A B"),
        ("&am&#8203;p;", "&"),
        ("&foo;&amp;foo;", "&foo;&foo;"),
        ("&nbspe\u0301", "é"),
        ("A&nbspx", "A&nbspx"),
    ],
)
def test_entities_are_resolved_however_deep(escaped: str, text: str) -> None:
    assert clean(escaped) == text


def test_every_character_has_one_folded_form() -> None:
    """Each alone: folding went on for ever with some of those that case folding takes apart (ǰ, ẖ, ΐ)."""
    for char in map(chr, range(sys.maxunicode + 1)):
        if char.casefold() != char or unicodedata.normalize("NFKC", char) != char:
            folded = fold(char)
            assert fold(folded) == folded, hex(ord(char))


def test_what_folding_remembers_is_bounded() -> None:
    for plane in range(2, 17):
        fold("".join(map(chr, range(plane << 16, (plane << 16) + 2000))))
    assert len(module._FOLDED) <= 1 << 16


def test_no_mark_is_unknown_to_the_order_of_marks() -> None:
    for code in range(sys.maxunicode + 1):
        if not 0x300 <= code < 0x1F000:
            assert not all(map(unicodedata.combining, unicodedata.normalize("NFD", chr(code)))), hex(code)
            assert not all(map(unicodedata.combining, unicodedata.normalize("NFKD", chr(code)))), hex(code)


MARKS = st.lists(st.sampled_from("\u0301\u0323\uff9e\u0f73\u0345\u0344\u3099ae각ᄀ\u1161ậ\u20dd"), max_size=8)
FORMS: list[Literal["NFC", "NFKC"]] = ["NFC", "NFKC"]


@given(st.sampled_from(FORMS), MARKS.map("".join), MARKS.map("".join), st.integers(1, 200))
def test_long_texts_are_normalized_as_unicode_says(
    form: Literal["NFC", "NFKC"], one: str, other: str, often: int
) -> None:
    text = "字" * 1000 + one * often + other * often
    assert normalized(form, text) == unicodedata.normalize(form, text)
