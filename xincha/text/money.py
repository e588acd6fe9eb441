"""Amounts of money as they are written → amount in units of its currency (yuan, not 万元) and ISO 4217 code.

Read: `100(万元人民币)`, `1,000.5(万美元)`, `9(万)`, `888万元人民币`, `2.16万港币`, `50(万元(美元))`,
`人民币伍拾万元整`, `1,000,000(人民币元)`, `¥2,000.00元`, `3万5千元`, full width too. `cn2an` reads Chinese numerals.

What is not stated is not guessed:

- a number without any unit (`100`, `5()`) is `None`, because registers mean yuan as often as 万元; where the header or
  the definition of a column states the unit, the caller passes it (`unit="万元"`, `unit="元"`) for bare numbers;
- a unit without a currency (`100万`, `5000元`) is CNY: capital is expressed in renminbi unless a law says otherwise
  (市场主体登记管理条例 article 13), and fines are;
- a currency of several countries (法郎, 先令, $) is `None`, and so is an amount with 余, 约, 以上 or a range.

`fine_in` and `confiscated_in` find sums in the text of a decision.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from math import prod
from typing import NamedTuple

from xincha.text.currencies import currency
from xincha.text.fold import clean, normalized


class Money(NamedTuple):
    """An amount in units of a currency, exact to the hundredth."""

    amount: Decimal
    currency: str


_SCALES = {"十": 10, "百": 100, "千": 1000, "仟": 1000, "万": 10_000, "亿": 10**8, "兆": 10**12}
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?(?:E\+?\d{1,2})?|\.\d+"
_HAN_DIGITS = "〇零○一二三四五六七八九两壹贰叁肆伍陆柒捌玖弌弍弎貳參陸"
_HAN_VARIANTS = str.maketrans("○弌弍弎貳參陸萬億", "〇一二三贰叁陆万亿")
_HAN_UNITS = "百千万亿佰仟萬億"
_HAN = rf"[{_HAN_UNITS}]{{0,20}}[{_HAN_DIGITS}十拾][{_HAN_DIGITS}十拾{_HAN_UNITS}]{{0,60}}"
_SCALE = r"[十百千仟]?[万亿]?|万亿"
_AMOUNT = re.compile(
    rf"(?P<before>[^\d{_HAN_DIGITS}十拾.]*?)(?:(?P<number>{_ARABIC})(?P<scale>{_SCALE})(?:(?P<less>\d+)(?P<less_scale>[百千]))?"
    rf"|(?P<han>{_HAN}))"
    rf"(?P<after>\D*?)(?:零?(?P<jiao>[{_HAN_DIGITS}\d])角)?(?:零?(?P<fen>[{_HAN_DIGITS}\d])分)?[整正]?"
)
_BRACKETS = re.compile(r"[\s()\[\]{}【】〔〕]+")
_IN_WORDS = re.compile(r"[,，]?大写[:：]?.*$")
_LABELS = re.compile(r"^(?:注册资[本金]|出资额|资金数额|认缴|实缴|罚款|金额|合计|共计|总计|计|为|[:：])+")
_NOTHING = re.compile(r"[#*\s()（）]*|(?:万|元|万元|人民币|万元人民币|人民币万元|万人民币)", re.IGNORECASE)
_MOST = Decimal(10) ** 18
_LONGEST = 100  # characters of an amount, in words and figures


def parse(text: str | None, *, unit: str | None = None) -> Money | None:
    """The amount that a text states; `None` where it states none, or not without guessing.

    `unit` is what the column says of bare numbers: 元, 万元, 万美元, …; a unit in the text itself wins over it.
    """
    shown = clean(text)
    if shown is None:
        return None
    plain = _LABELS.sub("", _BRACKETS.sub("", normalized("NFKC", shown)).upper())
    plain = _IN_WORDS.sub("", plain).replace("、", "")
    match = _AMOUNT.fullmatch(plain) if len(plain) <= _LONGEST else None
    if not match:
        return None
    number = _number(match)
    if number is None:
        return None
    stated = match["before"] + (match["scale"] or "") + match["after"]
    if not stated and not match["han"]:
        return parse(f"{number:f}{unit}") if unit else None
    code = _currency_of(match["before"], match["after"])
    if code is None or number >= _MOST or (match["han"] and not stated and match["han"][-1] not in "万亿萬億"):
        return None
    return Money(number.quantize(Decimal("0.01")), code)


def is_sentinel(text: str | None) -> bool:
    """Whether the text says on purpose that there is no amount: empty, `N/A`, `#()`, `万元` without a number."""
    shown = clean(text)
    return shown is None or bool(_NOTHING.fullmatch(normalized("NFKC", shown)))


def _number(match: re.Match[str]) -> Decimal | None:
    try:
        if match["han"]:
            number = _from_han(match["han"])
        else:
            number = Decimal(match["number"].replace(",", "")) * prod(map(_SCALES.__getitem__, match["scale"]))
            if match["less"]:
                number += Decimal(match["less"]) * _SCALES[match["less_scale"]]
        for name, part in (("jiao", Decimal("0.1")), ("fen", Decimal("0.01"))):
            if match[name]:
                number += _from_han(match[name]) * part
    except (ValueError, InvalidOperation):
        return None
    return number


def _from_han(text: str) -> Decimal:
    import cn2an

    if text.isdigit() and text.isascii():
        return Decimal(text)
    return Decimal(str(cn2an.cn2an(text.translate(_HAN_VARIANTS), "normal")))


def _currency_of(before: str, after: str) -> str | None:
    """CNY for 元 or nothing at all beside the number; `None` for words that are no currency, or two different ones."""
    codes = {code for part in (before, after) if part and (code := _word(part)) != ""}
    if not codes:
        return "CNY"
    return codes.pop() if len(codes) == 1 else None


def _word(text: str) -> str | None:
    """The currency of what stands beside a number; "" for a bare 元, `None` for what is no currency."""
    for word in (text, text.removeprefix("元"), text.removesuffix("元")):
        if word in ("", "元", "圆", "块", "块钱"):
            return ""
        if code := currency(word):
            return code
    return None


def _sum_pattern(name: str) -> str:
    """A sum in yuan within a text: group `name`. 元 must be there, or 万 or 亿 (罚款5万).

    Every repetition has an end, or gives nothing back (`*+`): prose may be long, and is searched from each character.
    """
    figures = r"(?<!\d)(?:\d{1,3}(?:[,，]\d{3}){1,6}|\d{1,20})(?:\.\d{1,20})?"
    number = rf"{figures}[十百千仟]?[万亿]?(?:\d{{1,4}}[百千](?=元))?|{_HAN}"
    cents = rf"(?:零?[{_HAN_DIGITS}\d]角)?(?:零?[{_HAN_DIGITS}\d]分)?"
    return rf"{_SIGN}(?P<{name}>(?:{number})(?:[元圆]|(?<=[万亿萬億]))(?!人次){cents})[整正]?"


_SIGN = r"(?:人民币|RMB|CNY|[¥￥])?"
_FILL = r"(?:金额|数额|总额|款额|人民币|合计|共计|总计|大写|小写|计|为|共|[:：()（）\s])*+"
_ENDS_OPEN = r"(?![余多]|以[上下内]|[至到~～\-—]\s*\d|倍|的?[百千]分之|/)"
_BRACKET = r"(?:[(（][^)）]{0,40}[)）])?"
_TOTAL = "合计|共计|总计|合并|共"
_FINE = re.compile(
    rf"(?P<total_a>{_TOTAL})?(?<!加处)罚款(?P<fill>{_FILL}){_sum_pattern('a')}{_ENDS_OPEN}"
    rf"|(?P<total_b>{_TOTAL})?(?:处以?|给予|并处|计){{0,4}}(?<!以上)(?<![至到~～\-—]){_sum_pattern('b')}{_BRACKET}[的之]?(?:行政)?罚款"
    rf"(?!{_FILL}{_SIGN}[\d{_HAN_DIGITS}])"
)
_CONFISCATED = re.compile(
    rf"没收(?:当事人|其)?(?:上述|全部)?(?:违法|非法)(?:所得|财物|收入)(?:及非法财物)?的?(?:款项?|货款)?{_FILL}{_sum_pattern('a')}"
    + _ENDS_OPEN
)


def fine_in(text: str | None) -> Decimal | None:
    """The fine 罚款 in yuan that the text of a decision imposes; `None` where it names none.

    Several fines add up, unless the text itself gives their total (合计罚款…). A sum that is repeated in brackets or in
    Chinese numerals counts once. Ranges of the law that is quoted (1万元以上5万元以下罚款), rates, and surcharges for
    late payment (加处罚款) are no fines imposed.
    """
    single, total = Decimal(0), Decimal(0)
    for match in _FINE.finditer(_readable(text)):
        money = parse(match["a"] or match["b"])
        amount = money.amount if money else Decimal(0)
        if match["total_a"] or match["total_b"] or re.search("合计|共计|总计", match["fill"] or ""):
            total += amount
        else:
            single += amount
    return (total or single) or None


def confiscated_in(text: str | None) -> Decimal | None:
    """The sum in yuan that a decision confiscates (没收违法所得, 没收非法财物); `None` where its text names none."""
    found = [parse(match["a"]) for match in _CONFISCATED.finditer(_readable(text))]
    return sum((money.amount for money in found if money), Decimal(0)) or None


def _readable(text: str | None) -> str:
    shown = normalized("NFKC", clean(text) or "")
    return re.sub(r"(?<=[\d,.])\s+(?=[\d万亿元])|(?<=[款币:¥])\s+(?=\d)", "", shown)
