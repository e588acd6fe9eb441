"""Folded text → prepared tokens, joined by single spaces: what `text` fields are indexed and searched with.

Engines split such a string at its spaces and do nothing else, so that the same text gives the same tokens everywhere.

    letters("(abc)科-技")  "abc科技"      nothing but letters, digits and Chinese characters
    chars("科技公司")       "科 技 公 司"    one token a character, for phrases
    bigrams("科技公司")     "科技 技公 公司"  one token a pair of neighbours; a lone character is its own token
    words("软件开发。")     "软件 开发"      words of jieba's dictionary, search mode (long words and their parts)

`letters`, `chars` and `bigrams` take text from `xincha.text.fold.fold`; `words` folds by itself.
An empty text gives "".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from operator import add
from typing import NamedTuple

from xincha.text.fold import fold
from xincha.text.remember import remembered

_LONGEST_WORD = 100
_NO_LETTERS = re.compile(r"[\W_]+")


def letters(folded: str) -> str:
    """Without brackets, punctuation and spaces."""
    return folded if folded.isalnum() else _NO_LETTERS.sub("", folded)


def chars(folded: str) -> str:
    """Every character as a token."""
    return " ".join(letters(folded))


def bigrams(folded: str) -> str:
    """Every two neighbours as a token."""
    text = letters(folded)
    return " ".join(map(add, text, text[1:])) if len(text) > 1 else text


def words(text: str) -> str:
    """Words of a text, in search mode: `房地产开发` gives 房地, 地产, 房地产, 开发."""
    return " ".join(map(_clause, _plain(fold(text)).split()))


@remembered(1 << 18)
def _clause(text: str) -> str:
    """Words of what stands between two punctuation marks: scopes are made of phrases that thousands share."""
    return " ".join(split_search(text))


def split_search(folded: str) -> list[str]:
    """Words of a folded text in search mode, without punctuation; of a run of letters without end, its beginning."""
    return [word[:_LONGEST_WORD] for word in _cutters().search(_plain(folded)) if word.isalnum()]


def split_words(folded: str) -> list[str]:
    """Words of a folded text that follow one another, without punctuation."""
    return [word for word in _cutters().plain(_plain(folded)) if word.isalnum()]


def _plain(folded: str) -> str:
    """Punctuation as spaces: rjieba and jieba differ on Latin words with `.` and `-` only."""
    return folded if folded.isalnum() else _NO_LETTERS.sub(" ", folded)


class _Cutters(NamedTuple):
    plain: Callable[[str], list[str]]
    search: Callable[[str], list[str]]


@cache
def _cutters() -> _Cutters:
    """The dictionary, loaded at first use: rjieba's, or jieba's where no wheel of rjieba fits the platform."""
    try:
        import rjieba
    except ImportError:
        import jieba

        jieba.setLogLevel("WARNING")
        return _Cutters(jieba.lcut, jieba.lcut_for_search)
    return _Cutters(rjieba.cut, rjieba.cut_for_search)
