"""Amounts of money as they are written → amount in units of its currency (yuan, not 万元) and ISO 4217 code.

Read: `100(万元人民币)`, `1,000.5(万美元)`, `9(万)`, `888万元人民币`, `2.16万港币`, `50(万元(美元))`,
`人民币伍拾万元整`, `1,000,000(人民币元)`, `¥2,000.00元`, `3万5千元`, full width too. `cn2an` reads Chinese numerals.

What is not stated is not guessed:

- a number without any unit (`100`, `5()`) is `None`, because registers mean yuan as often as 万元; where the header or
  the definition of a column states the unit (`xincha.text.units`), the caller passes it for bare numbers;
- a unit without a currency (`100万`, `5000元`) is CNY, unless the column names another: capital is expressed in
  renminbi unless a law says otherwise (市场主体登记管理条例 article 13), and fines are;
- a currency of several countries (法郎, 先令, $) is `None`, and so is an amount with 余, 约, 以上 or a range.

`fine_in` and `confiscated_in` find sums in the text of a decision.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from xincha.text.fold import clean, normalized
from xincha.text.units import SCALES, Unit, currency_beside, factor


class Money(NamedTuple):
    """An amount in units of a currency, exact to the hundredth."""

    amount: Decimal
    currency: str


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
_LABELS = re.compile(
    r"^(?:注册资[本金]|出资额|资金数额|认缴|实缴|罚没款?|罚款|没收(?:违法所得|非法财物)?|金额|合计|共计|总计|计|为|[:：])+"
)
_NOTHING = re.compile(r"[#*\s()（）]*|(?:万|元|万元|人民币|万元人民币|人民币万元|万人民币)", re.IGNORECASE)
_MOST = Decimal(10) ** 18
_LONGEST = 100  # characters of an amount, in words and figures


def parse(text: str | None, *, unit: Unit | None = None) -> Money | None:
    """The amount that a text states; `None` where it states none, or not without guessing.

    `unit` is what the column says of bare numbers: a unit in the text itself wins over it. A mark of a currency before
    a number (`¥5`) is no unit, and a unit without a currency (`5万元`) is of the column's currency.
    """
    amount = read(text, unit)
    return amount and Money(amount.amount, amount.currency)


class Amount(NamedTuple):
    """An amount, and what its text said of it: `currency_named` where the text itself names the currency."""

    amount: Decimal
    currency: str
    currency_named: bool


def read(text: str | None, unit: Unit | None = None) -> Amount | None:
    """`parse`, and whether the currency is the text's own."""
    match = _match(text)
    number = _number(match) if match else None
    code = currency_beside(match["before"], match["after"]) if match else None
    if match is None or number is None or code is None:
        return None
    if not _states_unit(match):
        if unit is not None and unit.scale is not None and not match["han"]:
            number *= factor(unit.scale)
            if code and unit.currency not in {None, code}:
                return None
        elif not match["before"]:
            return None
    if number >= _MOST:
        return None
    return Amount(number.quantize(Decimal("0.01")), code or (unit and unit.currency) or "CNY", bool(code))


def bare(text: str | None) -> Decimal | None:
    """The number of a text that is nothing but a number, or one behind the mark of a currency: it has no unit."""
    match = _match(text)
    if match is None or match["han"] or match["scale"] or match["after"]:
        return None
    return _number(match) if currency_beside(match["before"], "") is not None else None


def _match(text: str | None) -> re.Match[str] | None:
    shown = clean(text)
    if shown is None:
        return None
    plain = _LABELS.sub("", _BRACKETS.sub("", normalized("NFKC", shown)).upper())
    plain = _IN_WORDS.sub("", plain).replace("、", "")
    return _AMOUNT.fullmatch(plain) if len(plain) <= _LONGEST else None


def _states_unit(match: re.Match[str]) -> bool:
    """Whether a text states more than a number: 伍仟 may be 5,000 of anything."""
    if match["han"]:
        return bool(match["before"] or match["after"]) or match["han"][-1] in "万亿萬億"
    return bool(match["scale"] or match["after"])


def is_sentinel(text: str | None) -> bool:
    """Whether the text says on purpose that there is no amount: empty, `N/A`, `#()`, `万元` without a number."""
    shown = clean(text)
    return shown is None or bool(_NOTHING.fullmatch(normalized("NFKC", shown)))


def _number(match: re.Match[str]) -> Decimal | None:
    try:
        if match["han"]:
            number = _from_han(match["han"])
        else:
            number = Decimal(match["number"].replace(",", "")) * factor(match["scale"])
            if match["less"]:
                number += Decimal(match["less"]) * SCALES[match["less_scale"]]
        for name, part in (("jiao", Decimal("0.1")), ("fen", Decimal("0.01"))):
            if match[name]:
                number += _from_han(match[name]) * part
    except (ValueError, KeyError, InvalidOperation):  # KeyError: how cn2an ends for 亿亿壹
        return None
    return number


def _from_han(text: str) -> Decimal:
    import cn2an

    if text.isdigit() and text.isascii():
        return Decimal(text)
    return Decimal(str(cn2an.cn2an(text.translate(_HAN_VARIANTS), "normal")))


def _sum_pattern(name: str) -> str:
    """A sum in yuan within a text: group `name`. 元 must be there, or 万 or 亿 (罚款5万).

    Every repetition has an end, or gives nothing back (`*+`): prose may be long, and is searched from each character.
    """
    figures = r"(?<!\d)(?:\d{1,3}(?:[,，]\d{3}){1,6}|\d{1,20})(?:\.\d{1,20})?"
    number = rf"{figures}[十百千仟]?[万亿]?(?:\d{{1,4}}[百千](?=元))?|(?<![{_HAN_DIGITS}{_HAN_UNITS}]){_HAN}"
    cents = rf"(?:零?[{_HAN_DIGITS}\d]角)?(?:零?[{_HAN_DIGITS}\d]分)?"
    yuan = rf"(?:[元圆]|(?<=[万亿萬億])(?![元圆]))(?!人次|{_FOREIGN})"
    return rf"{_OURS}{_SIGN}(?P<{name}>(?:{number}){yuan}{cents})[整正]?"


_SIGN = r"(?:人民币|RMB|CNY|[¥￥])?"
_FOREIGN = r"[(（]?(?:[美港欧日澳加韩]元|[港日欧台坡]币|新台币|新加坡元|澳门[元币]|美金|英镑|卢布|USD|HKD|EUR|JPY|GBP)"
_OURS = (
    r"(?<![美港欧日澳加韩门坡]元)(?<![港日欧台坡门]币)(?<!美金)(?<!英镑)(?<!卢布)(?<!USD)(?<!HKD)(?<!EUR)(?<![SK]\$)"
)
"""Not behind the name of another currency: a sum in 港币 is none in yuan."""
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
    rf"没收(?:当事人|其)?(?:上述|全部)?(?:违法|非法)(?:所得|财物|收入)(?:及非法财物)?的?(?:款项?|货款)?(?P<fill>{_FILL}){_sum_pattern('a')}"
    + _ENDS_OPEN
)


_BOTH = {
    "fine": re.compile(r"没收(?:当事人|其)?(?:违法所得|非法财物|非法所得)?(?:[和及与、]|并处?|以及)+$"),
    "confiscated": re.compile(r"罚款(?:[和及与、并]|以及)+$"),
}
"""What stands before 罚款共计… or 没收违法所得合计… where that is the sum of both."""
_SUM = re.compile("合计|共计|总计|共")


def _is_of_both(text: str, match: re.Match[str], what: str, fill: str | None) -> bool:
    """Whether a sum is that of fine and confiscation together (没收违法所得、罚款共计1.2万元)."""
    return bool(_SUM.search(fill or "") and _BOTH[what].search(text, max(match.start() - _BEFORE, 0), match.start()))


_BEFORE = 20  # characters


def fine_in(text: str | None) -> Decimal | None:
    """The fine 罚款 in yuan that the text of a decision imposes; `None` where it names none.

    Several fines add up, unless the text itself gives their total (合计罚款…). A sum that is repeated in brackets or in
    Chinese numerals counts once. Ranges of the law that is quoted (1万元以上5万元以下罚款), rates, and surcharges for
    late payment (加处罚款) are no fines imposed, nor is what is the sum of fine and confiscation.
    """
    single, total = Decimal(0), Decimal(0)
    shown = _readable(text)
    for match in _FINE.finditer(shown):
        if _is_of_both(shown, match, "fine", match["fill"]):
            continue
        money = parse(match["a"] or match["b"])
        amount = money.amount if money else Decimal(0)
        if match["total_a"] or match["total_b"] or re.search("合计|共计|总计", match["fill"] or ""):
            total += amount
        else:
            single += amount
    return (total or single) or None


def confiscated_in(text: str | None) -> Decimal | None:
    """The sum in yuan that a decision confiscates (没收违法所得, 没收非法财物); `None` where its text names none."""
    shown = _readable(text)
    matches = (
        each for each in _CONFISCATED.finditer(shown) if not _is_of_both(shown, each, "confiscated", each["fill"])
    )
    found = [parse(match["a"]) for match in matches]
    return sum((money.amount for money in found if money), Decimal(0)) or None


def _readable(text: str | None) -> str:
    shown = normalized("NFKC", clean(text) or "")
    return re.sub(r"(?<=[\d,.])\s+(?=[\d万亿元])|(?<=[款币:¥])\s+(?=\d)", "", shown)
