"""Prepared tokens: the same at index and at query time."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xincha.text import tokens
from xincha.text.fold import fold

TEXTS = st.text(alphabet="厦门鹭岛信查示例科技公司abC12３ （）()-·.，。　 \n", max_size=30)


@pytest.mark.parametrize(
    ("text", "letters", "chars", "bigrams"),
    [
        ("科技公司", "科技公司", "科 技 公 司", "科技 技公 公司"),
        ("(厦门)科-技", "厦门科技", "厦 门 科 技", "厦门 门科 科技"),
        ("a.b 1_2", "ab12", "a b 1 2", "ab b1 12"),
        ("厦", "厦", "厦", "厦"),
        ("()", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_tokens_are_made_of_letters_only(text: str, letters: str, chars: str, bigrams: str) -> None:
    assert (tokens.letters(text), tokens.chars(text), tokens.bigrams(text)) == (letters, chars, bigrams)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("房地产开发。", "房地 地产 房地产 开发"),
        ("Node.js与A-B", "node js 与 a b"),
        ("軟體開發", "软体 开发"),
        ("（）", ""),
    ],
)
def test_words_are_those_of_the_dictionary_without_punctuation(text: str, words: str) -> None:
    assert tokens.words(text) == words


@given(TEXTS)
def test_no_token_holds_a_space_and_none_is_empty(text: str) -> None:
    folded = fold(text)
    for made in (tokens.chars(folded), tokens.bigrams(folded), tokens.words(text)):
        assert made == " ".join(made.split())


@given(TEXTS)
def test_bigrams_overlap_to_the_text(text: str) -> None:
    made = tokens.bigrams(fold(text)).split()
    if len(made) > 1:
        assert "".join(token[0] for token in made) + made[-1][1:] == tokens.letters(fold(text))


@given(TEXTS)
def test_jieba_stands_in_for_rjieba(text: str) -> None:
    ours = tokens.split_search(fold(text)), tokens.split_words(fold(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "rjieba", None)
        tokens._cutters.cache_clear()
        try:
            theirs = tokens.split_search(fold(text)), tokens.split_words(fold(text))
        finally:
            tokens._cutters.cache_clear()
    assert ours == theirs
