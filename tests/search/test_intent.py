"""What is typed, and what it is read as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.search.register import code
from xincha.search.intent import Identifier, read
from xincha.text import reg_no

USCC = code(1)


@pytest.mark.parametrize(
    "typed",
    [
        USCC,
        USCC.lower(),
        f" {USCC[:6]} {USCC[6:14]}-{USCC[14:]} ",
        "".join(chr(ord(char) + 0xFEE0) for char in USCC),
        f"统一社会信用代码：{USCC}",
        f"示例公司（{USCC}）",
        f"示例公司{USCC}",
        f"代码{USCC}",
        f"{USCC}.",
        f"“{USCC}”",
        f"「{USCC}」。",
        f"[{USCC}]",
        f"'{USCC}",
        f'="{USCC}"',
        f"USCC:{USCC}",
        f"uscc{USCC}",
        f"税号 {USCC} 厦门",
        f"{USCC[:6]}.{USCC[6:14]}.{USCC[14:]}",
    ],
)
def test_a_code_is_read_in_any_spelling(typed: str) -> None:
    assert read(typed).identifier == Identifier("uscc", USCC)


def test_a_misread_code_is_repaired() -> None:
    assert read(USCC.replace("0", "O")).identifier == Identifier("uscc", USCC, repaired=True)


def test_other_codes_are_read() -> None:
    number = "35020310000123"
    number += reg_no.check_digit(number)
    assert read(f"{number[:6]} {number[6:]}").identifier == Identifier("reg_no", number)
    assert read(f"{USCC[8:16]}-{USCC[16]}").identifier == Identifier("org_code", USCC[8:17])


@pytest.mark.parametrize(
    ("typed", "text", "words", "phrases", "excluded"),
    [
        ("鹭岛 科技", "鹭岛科技", ["鹭岛", "科技"], [], []),
        ("鹭岛　示例 -分公司", "鹭岛示例", ["鹭岛", "示例"], [], ["分公司"]),
        ("“鹭岛 科技” 思明", "鹭岛科技思明", ["思明"], ["鹭岛科技"], []),
        ("「鷺島」", "鹭岛", [], ["鹭岛"], []),
        ("A-B（厦门）", "ab厦门", ["ab厦门"], [], []),
        ("-", "", [], [], []),
        ("——", "", [], [], []),
        ("", "", [], [], []),
        ("（）", "", [], [], []),
    ],
)
def test_words_phrases_and_exclusions(
    typed: str, text: str, words: list[str], phrases: list[str], excluded: list[str]
) -> None:
    intent = read(typed)
    assert intent.text == text
    assert [word.text for word in intent.words] == words
    assert list(intent.phrases) == phrases
    assert list(intent.excluded) == excluded


@pytest.mark.parametrize(
    ("typed", "regions"),
    [
        ("鹭岛 厦门", ("350200",)),
        ("鹭岛 思明", ("350203",)),
        ("鹭岛 福建省泉州市", ("350500",)),
        ("鹭岛 开元", ()),
        ("鹭岛 科技", ()),
    ],
)
def test_a_word_may_name_a_place(typed: str, regions: tuple[str, ...]) -> None:
    codes = read(typed).words[1].regions
    assert codes == regions if regions else "350200" not in codes


def test_a_place_alone_is_a_word_like_others() -> None:
    assert read("厦门").words[0].regions == ()


@pytest.mark.parametrize(
    ("typed", "letters"), [("LuDao", "ludao"), ("lu dao", "ludao"), ("xi'an", "xian"), ("鹭dao", "")]
)
def test_letters_may_be_pinyin(typed: str, letters: str) -> None:
    assert read(typed).letters == letters


@pytest.mark.parametrize(
    ("typed", "sounds"), [("鹭岛keji", "lu dao ke ji"), ("鹭岛k", ""), ("鹭岛xyz", ""), ("鹭岛", ""), ("keji", "")]
)
def test_characters_and_pinyin_may_be_mixed(typed: str, sounds: str) -> None:
    assert " ".join(read(typed).sounds) == sounds


@pytest.mark.parametrize(
    ("typed", "address"),
    [("思明区湖滨南路12号", True), ("湖滨南路 12-3号", True), ("湖滨南路", False), ("第一分公司", False)],
)
def test_an_address_has_a_number(typed: str, address: bool) -> None:
    assert read(typed).address is address


def test_a_code_that_cannot_be_right_leads_to_those_one_slip_away() -> None:
    wrong = USCC[:16] + ("A" if USCC[16] != "A" else "B") + USCC[17]
    near = read(f"代码：{wrong}").near
    assert near is not None
    assert (near.field, near.typed) == ("uscc", wrong)
    assert USCC in near.values
    assert read(USCC).near is None
    assert read("示例咖啡 2018").near is None


@pytest.mark.parametrize(
    ("typed", "spellings"),
    [
        ("lüyou", ["lvyou"]),
        ("lǚyóu", ["lvyou"]),
        ("lù sè", ["luse", "lvse"]),
        ("lǜ sè", ["lvse"]),
        ("luse", ["luse", "lvse"]),
        ("lu:se", ["luse", "lvse"]),
        ("LÜSE", ["lvse"]),
        ("lue", ["lve"]),
        ("nüezhi", ["nvezhi"]),
        ("xià mén", ["xiamen"]),
        ("xia4men2", ["xiamen"]),
        ("luo", ["luo"]),
        ("a1", []),
        ("b2b", []),
    ],
)
def test_pinyin_is_read_as_people_write_it(typed: str, spellings: list[str]) -> None:
    assert list(read(typed).spellings) == spellings


@pytest.mark.parametrize(
    ("typed", "start", "rest", "within"),
    [
        ("xmlvyou", "xm", "lvyou", "350200"),
        ("xmlüyou", "xm", "lvyou", "350200"),
        ("xmszhongshan", "xms", "zhongshan", "350200"),
        ("fjxmzhongshan", "fjxm", "zhongshan", "350200"),
        ("bjlvyou", "bj", "lvyou", "110000"),
    ],
)
def test_first_letters_of_a_place_may_stand_before_pinyin(typed: str, start: str, rest: str, within: str) -> None:
    placed = next(each for each in read(typed).placed if each.start == start)
    assert placed.rest == rest
    assert within in placed.codes


@pytest.mark.parametrize("typed", ["xiamen", "zhongshan", "xmkj", "lvyou", "xm", "厦门lvyou"])
def test_pinyin_and_first_letters_by_themselves_name_no_place(typed: str) -> None:
    assert read(typed).placed == ()


def test_the_beginning_of_a_code() -> None:
    assert read("91350203ma").code_start == "91350203MA"
    assert read("ABCDEFGH").code_start == ""
    assert read("12345").code_start == ""


@given(st.text(max_size=40))
def test_anything_can_be_read(typed: str) -> None:
    intent = read(typed)
    assert intent.text == "".join(intent.text.split())
    assert all(word.text for word in intent.words)
