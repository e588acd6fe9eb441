"""Codes of results of spot checks 抽查结果, which mean other things in each system: vocabulary → code → result.

`10` is 吊销 in one, 无法联系 in another. A code is read in the vocabulary of its file; where that is not known, only a
code on which all vocabularies that have it agree is. A *heading* says that there are findings, which stand beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from xincha.text.codes import SPOT_CHECK_RESULTS, spot_check_result
from xincha.text.fold import fold

ZHEJIANG, NATIONAL, HEALTH, OTHER = "zhejiang_2017", "national_2014", "health", "other"

VOCABULARIES: Mapping[str, Mapping[str, str]] = {
    ZHEJIANG: {
        "1": "未发现问题", "a": "待后续处理", "2": "违反市场监管规定", "b": "未公示信息", "c": "信息虚假",
        "6": "无法联系", "d": "违反市场监管规定", "3": "违反食品药品规定", "4": "违反质量技术规定", "5": "违反其他规定",
        "g": "违反公安规定", "7": "停业清算", "8": "不予配合", "9": "注销", "10": "吊销", "11": "撤销", "12": "迁出",
        "e": "责令改正", "f": "未开展经营",
    },
    NATIONAL: {
        "1": "未发现问题", "2": "未报年报", "3": "未公示信息", "4": "信息虚假", "5": "无法联系", "6": "不予配合",
        "7": "注销", "8": "吊销",
    },
    HEALTH: {
        "01": "未发现问题", "02": "责令改正", "03": "未开展经营", "04": "不予配合", "05": "注销", "06": "停业清算",
        "07": "停业清算", "08": "停业清算", "09": "待后续处理", "10": "无法联系", "11": "撤销", "12": "迁出",
        "13": "未公示信息", "14": "信息虚假",
    },
    OTHER: {},
}  # fmt: skip
"""A provincial system of 2017, the national one of 2014 (of which 9 is two things), that of the health offices, and
those of which no list is known."""

_UNDER: Mapping[str, frozenset[str]] = {"a": frozenset("2bc6d345g"), "2": frozenset("bc6d")}
"""Headings of the system of 2017, and what may stand under each."""
_BARE = re.compile(r"[a-g]|\d{1,2}")
_LETTER, _PADDED = re.compile(r"[a-g]"), re.compile(r"0\d")
_DECLARED = (
    (ZHEJIANG, re.compile(r"浙江|zhejiang", re.IGNORECASE)),
    (HEALTH, re.compile(r"卫生|卫健|疾控|health", re.IGNORECASE)),
    (NATIONAL, re.compile(r"2014|工商总局|national", re.IGNORECASE)),
)


def is_bare(text: str) -> bool:
    """Whether a result is nothing but a code."""
    return bool(_BARE.fullmatch(fold(text)))


def declared(text: str) -> str | None:
    """The vocabulary that a name of one, of a file or of an office says."""
    if text in VOCABULARIES:
        return text
    return next((name for name, words in _DECLARED if words.search(text)), None)


def evident(results: Iterable[str]) -> str | None:
    """The vocabulary that the codes of a file show: letters are of one, a leading nought of another, a nought of none
    that is known."""
    bare = {fold(each) for each in results if is_bare(each)}
    if "0" in bare:
        return OTHER
    letters, padded = any(map(_LETTER.fullmatch, bare)), any(map(_PADDED.fullmatch, bare))
    return None if letters == padded else ZHEJIANG if letters else HEALTH


def result_of(text: str, vocabulary: str | None) -> str | None:
    """The result (of `codes.SPOT_CHECK_RESULTS`) that a text or a code of a vocabulary means."""
    if vocabulary and is_bare(text):
        return VOCABULARIES[vocabulary].get(fold(text))
    return spot_check_result(text)


def title_of(code: str | None) -> str:
    """The words of a result."""
    return SPOT_CHECK_RESULTS[code][0] if code else ""


def is_heading(text: str, others: Iterable[str], vocabulary: str | None) -> bool:
    """Whether a code says no more than that there are findings, which stand beside it."""
    under = _UNDER.get(fold(text)) if vocabulary == ZHEJIANG else None
    return bool(under) and any(fold(each) in (under or ()) for each in others if each != text)
