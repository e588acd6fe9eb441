"""Units of money as the heads of columns and the cells below them state them → scale and currency.

Read: `万元`, `千元`, `亿元`, `单位：元`, `人民币万元`, `万元，人民币`, `以万元为单位`, `万美元`, `百万港元`, `USD 万`.
A name of a currency alone (`人民币`, `RMB`, `¥`, `港币`) says in what is paid and not by how much: it has no scale.
What names two scales or two currencies (`元/万元`) states nothing, and a rate (`元/人`) is no sum.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from xincha.text.currencies import currency
from xincha.text.fold import normalized
from xincha.text.remember import remembered

SCALES = {"十": 10, "百": 100, "千": 1000, "仟": 1000, "万": 10_000, "亿": 10**8, "兆": 10**12}
YUAN = ("元", "圆", "块", "块钱")

_LONGEST = 120  # characters of a unit, with the words around it
_SCALE = re.compile(r"[十百千]?[万亿]|[十百千]")
_APART = re.compile(r"[,，、;；:：|\s()（）\[\]【】]+")
_AROUND = re.compile(r"(?:计量|货币|计价|金额)?单位[为是]?|^[以按均为]+|为单位$|[整计]$|币种[为是]?")
_SPACED = re.compile(r"(?<=[十百千万亿])\s+(?=[万亿元圆])")
_VARIANTS = str.maketrans("萬億佰拾仟", "万亿百十千")
_NO_UNIT = re.compile(r"[^元圆]*(?:[A-Z$¥€£]|币|金$)[^元圆]*")


class Unit(NamedTuple):
    """What a head or a cell says of numbers.

    `scale`: "" for units of the currency, 千, 百万, 万, …; `None` where it is not stated. `currency`: ISO 4217, where
    one is named. `shown`: the unit as people write it behind a number (万美元).
    """

    scale: str | None
    currency: str | None
    shown: str = ""


def factor(scale: str) -> int:
    """百万 → 1,000,000; "" → 1."""
    product = 1
    for each in scale:
        product *= SCALES[each]
    return product


@remembered(1024)
def unit_of(words: str) -> Unit | None:
    """The unit that the words of a bracket, or those behind a head, state; `None` where they are no unit, or two."""
    text = _SPACED.sub("", normalized("NFKC", words).upper().translate(_VARIANTS))
    if len(text) > _LONGEST:
        return None
    before, *behind = map(_units, text.split("/"))
    if not all(behind):  # 元/人
        return None
    units = sum(behind, before)
    scaled = [unit for unit in units if unit.scale]
    named = {unit.currency for unit in units if unit.currency}
    # 万元 beside 美元 is one unit; 万元 beside 元 is two
    plain = [unit for unit in units if unit.scale == "" and not (scaled and unit.currency)]
    scales = {unit.scale for unit in (*scaled, *plain)}
    if not units or len(scales) > 1 or len(named) > 1:
        return None
    scale = scales.pop() if scales else None
    word = next((unit.shown for unit in units if unit.currency not in {None, "CNY"}), "元")
    return Unit(scale, named.pop() if named else None, f"{scale or ''}{word}")


def _units(text: str) -> list[Unit]:
    """The units in words, each by itself."""
    pieces = (_AROUND.sub("", piece) for piece in _APART.split(text))
    return [unit for piece in pieces if piece and (unit := _unit(piece))]


def _unit(text: str) -> Unit | None:
    """The unit that one piece is; `shown` is the word of its currency."""
    scale = _SCALE.search(text)
    before, after = (text[: scale.start()], text[scale.end() :]) if scale else (text, "")
    code = currency_beside(before, after)
    if code is None:
        return None
    word = next((part for part in (after, before) if part and currency_word(part)), "")
    if scale:
        return Unit(scale[0], code or None, word)
    return Unit(None if _NO_UNIT.fullmatch(text) else "", code or None, word)


def currency_beside(before: str, after: str) -> str | None:
    """The currency that words before and behind a number name; "" for 元 or nothing at all, `None` for words that are
    no currency, or two different ones."""
    codes = {code for part in (before, after) if part and (code := currency_word(part)) != ""}
    if not codes:
        return ""
    return codes.pop() if len(codes) == 1 else None


def currency_word(text: str) -> str | None:
    """The currency of what stands beside a number; "" for a bare 元, `None` for what is no currency."""
    for word in (text, text.removeprefix("元"), text.removesuffix("元")):
        if not word or word in YUAN:
            return ""
        if code := currency(word):
            return code
    return None
