"""Numbers in the words of plans and tasks of spot checks: shares, numbers of parties, how often in a year.

    5%, 3.5 %, 百分之五, 千分之三, 1:100, 1/100, 全覆盖     shares, in percent
    不低于5%, 3%-5%, 10%以内                             shares between bounds
    2,899户, 不少于10家, >=1          numbers
    =1, >=1, 每年1次, 每季度一次       times in a year

What is no such number is None: 按比例确定, 实际以牵头单位抽查数为准. The text itself is kept beside what was read.
"""

from __future__ import annotations

import re

from xincha.text.fold import fold

_LONGEST = 200
_DIGITS = {digit: number for number, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_NUMERAL = "[〇零一二两三四五六七八九十百千万]{1,12}"
_NUMBER = r"(?<![\d.])\d{1,12}(?:\.\d{1,6})?"
_PERCENT = re.compile(rf"({_NUMBER})%")
_PER_MILLE = re.compile(rf"({_NUMBER})‰")
_OF_HUNDRED = re.compile(rf"(百|千)分之({_NUMBER}|{_NUMERAL})")
_PROPORTION = re.compile(rf"({_NUMBER})\s?[:/∶]\s?({_NUMBER})(?![\d.年月])")
_ALL = re.compile(r"全覆盖|全部|全数|全量|全体|逐[户一]|应(?:抽|检|查)尽(?:抽|检|查)")
_RANGE = re.compile(rf"({_NUMBER})%?(?:-|—|–|~|～|至|到)({_NUMBER})%")
_AT_LEAST = re.compile(r"不[低少小]于|≥|>=|至少|最低|以上|及以上|起|不得[低少]于")
_AT_MOST = re.compile(r"不[超高大多]于?过?|≤|<=|至多|最高|最多|以内|以下")
_BARE = re.compile(rf"(?:[<>=≥≤]{{0,2}})({_NUMBER})")
_LEAST = r"(?:[<>=≥≤约共]|不少于|不低于|不超过|至少|最少|抽取|抽查|计划|约){0,3}"
_COUNT = re.compile(rf"{_LEAST}(\d{{1,12}}|{_NUMERAL})(?:余|多)?(?:户|家|个|件|批次?|人|单位|企业|主体|次|$|\(|,|。)")
_TIMES = re.compile(
    rf"{_LEAST}(?:(每|一|1|全)?(年度?|半年|季度?|个?月))?{_LEAST}(\d{{1,3}}|{_NUMERAL})?(?:次|$)(?:/(年|半年|季度?|月))?"
)
_PER_YEAR = {"年": 1, "年度": 1, "半年": 2, "季": 4, "季度": 4, "月": 12, "个月": 12}


def percent(text: str) -> float | None:
    """A share in percent: 5% is 5.0. A bare number says no share: 0.05 and 5 may be the same."""
    folded = _folded(text)
    if found := _PERCENT.search(folded):
        return _share(float(found[1]))
    if found := _PER_MILLE.search(folded):
        return _share(float(found[1]) / 10)
    if found := _OF_HUNDRED.search(folded):
        number = _number(found[2])
        return None if number is None else _share(number if found[1] == "百" else number / 10)
    if found := _PROPORTION.search(folded):
        part, whole = float(found[1]), float(found[2])
        return _share(100 * part / whole) if whole else None
    return 100.0 if _ALL.search(folded) else None


def share_bounds(text: str) -> tuple[float | None, float | None] | None:
    """The least and the greatest share that a text allows, in percent, where it allows more than one: 不低于5%."""
    folded = _folded(text)
    if found := _RANGE.search(folded):
        least, most = sorted((float(found[1]), float(found[2])))
        return least, most
    share = percent(text)
    if share is None:
        return None
    if _AT_LEAST.search(folded):
        return share, None
    return (None, share) if _AT_MOST.search(folded) else None


def bare(text: str) -> float | None:
    """A number without any unit: 3, >=0.05."""
    found = _BARE.fullmatch(_folded(text))
    return float(found[1]) if found else None


def count(text: str) -> int | None:
    """A number of parties: 96,613; 1户(实际以牵头单位抽查数为准)."""
    found = _COUNT.match(re.sub(r"(?<=\d),(?=\d{3})", "", _folded(text)))
    number = _number(found[1]) if found else None
    return None if number is None else int(number)


def times_a_year(text: str) -> int | None:
    """How often in a year: =1, >=1, 每季度1次; of 两年一次 none."""
    found = _TIMES.fullmatch(_folded(text))
    if not found:
        return None
    each, period, number, behind = found.groups()
    if period and not each and not number:
        return None
    times = 1 if number is None else _number(number)
    if times is None or (number is None and not period):
        return None
    return int(times) * _PER_YEAR[period or behind or "年"]


def _folded(text: str) -> str:
    return fold(text[:_LONGEST]).replace("％", "%")


def _share(value: float) -> float | None:
    return round(value, 4) if 0 <= value <= 100 else None


def _number(text: str) -> float | None:
    """A number in digits or in numerals: 二十五, 一百."""
    if text[0].isdigit():
        return float(text)
    total = part = 0
    for each in text:
        if each in _DIGITS:
            part = _DIGITS[each]
        elif each == "万":
            total, part = (total + part) * 10_000, 0
        else:
            total, part = total + (part or 1) * _UNITS[each], 0
    return float(total + part)
