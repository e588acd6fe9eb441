"""Readings of Chinese text, and typed pinyin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from xincha.text import pinyin


@pytest.mark.parametrize(
    ("text", "read", "initials"),
    [
        ("重庆重工", "chong qing zhong gong", "cqzg"),
        ("厦门银行", "xia men yin hang", "xmyh"),
        ("abc科技123", "abc ke ji 123", "abckj123"),
        ("女装绿", "nv zhuang lv", "nzl"),
        ("", "", ""),
        ("()", "", ""),
    ],
)
def test_a_text_is_read_by_its_words(text: str, read: str, initials: str) -> None:
    assert pinyin.syllables(text) == read.split()
    assert pinyin.initials(text) == initials


@given(st.text(alphabet="行长重乐厦门大夫银科技会计朝阳曾单解", min_size=1, max_size=4))
def test_a_word_is_read_as_pypinyin_reads_it(word: str) -> None:
    assert list(pinyin.read_word(word)) == lazy_pinyin(word)


def test_the_scheme_covers_the_common_characters() -> None:
    common = [chr(code) for code in range(0x4E00, 0x9FA6)]
    unknown = {syllable for char in common for syllable in pinyin.read_word(char) if syllable.isascii()}
    assert unknown - pinyin.SYLLABLES <= {"m", "n", "hm", "fiao"}


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("xianfeng", ["xian feng", "xi an feng"]),
        ("xi'an", ["xian", "xi an"]),
        ("Fu Er Si", ["fu er si"]),
        ("lüse", ["lv se"]),
        ("xmkj", []),
        ("", []),
    ],
)
def test_typed_pinyin_is_split(typed: str, ways: list[str]) -> None:
    assert [" ".join(way) for way in pinyin.split(typed)] == ways


@given(st.lists(st.sampled_from(sorted(pinyin.SYLLABLES)), min_size=1, max_size=6))
def test_joined_syllables_can_be_split_again(read: list[str]) -> None:
    typed = "".join(read)
    ways = pinyin.split(typed)
    assert ways
    assert len(ways) <= 8
    assert all("".join(way) == pinyin.key(typed) for way in ways)


def test_many_ways_to_split_stay_few() -> None:
    assert len(pinyin.split("xian" * 50)) == 8


@pytest.mark.parametrize(
    ("one", "other"), [("圳", "正"), ("农", "龙"), ("恒", "丰"), ("煌", "环"), ("杏", "新"), ("卓", "佐")]
)
def test_sounds_that_are_confused_are_similar(one: str, other: str) -> None:
    assert pinyin.similar(pinyin.syllables(one)) == pinyin.similar(pinyin.syllables(other))


def test_other_sounds_stay_apart() -> None:
    assert pinyin.similar(["ma", "mo", "mi"]) == ["ma", "mo", "mi"]
    assert pinyin.similar(["abc"]) == ["abc"]


def test_tokens_of_syllables_keep_their_border() -> None:
    assert pinyin.bigrams(["xi", "an", "feng"]) == "xi'an an'feng"
    assert pinyin.bigrams(["xian", "feng"]) == "xian'feng"
    assert (pinyin.bigrams(["xi"]), pinyin.bigrams([])) == ("xi", "")


@pytest.mark.parametrize(
    ("text", "typed"), [("xiamen", True), ("xi'an", True), ("xia men", True), ("厦men", False), ("a1", False)]
)
def test_letters_may_be_pinyin(text: str, typed: bool) -> None:
    assert pinyin.is_typed(text) is typed
