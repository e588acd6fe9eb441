"""How header cells are compared with declared spellings.

What stands around a name does not count (★, 2、, 【必填】, （18位）); the unit of money beside it is kept (（万元）,
/元, 单位：千元).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from xincha.text.fold import normalized
from xincha.text.remember import remembered
from xincha.text.units import Unit, unit_of

Spelling = tuple[str, Unit | None]
"""A folded spelling, and the unit that its head states, if it states one."""

_NOISE = re.compile(
    r"[\s_=\\\-‐—–−~～*＊#.·•:;,、，。；：!！?？\"'“”‘’`^|«»《》「」『』\ufeff\u00ad\u200b-\u200f\u2060★☆✦✱✻※●○◆◇■□▲△▼▽◎►▶➤√✓✔]+"
)
_LONGEST = 200  # characters of a head that is known
_TAG = re.compile(r"<(?:br|/?[a-z]{1,4})\s{0,3}/?>", re.IGNORECASE)
_OPENING, _CLOSING = "[{【〔〖<", "]}】〕〗>"
_BRACKETS = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_BRACKET = re.compile(r"\(([^()]*)\)$")
_FIRST_BRACKET = re.compile(r"^\(([^()]*)\)(?=.)")
_INNER = re.compile(r"\(([^()]*)\)")
_PARTY_CODE = re.compile(r"行政相对人代码\d*\(([^()]+)\)")
_NUMBER = re.compile(
    r"^\s*(?:第?\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[、.:)\]】列项栏．，,\-]|\d{1,3}\s+|\d{1,3}(?=[\u4e00-\u9fff])|[A-Za-z]{1,2}[、.:)]\s*(?=[\u4e00-\u9fff]))"
    r"[\s、.:\-_]*"
)
_REQUIRED = r"(?:必填|选填|必录|非必填|可填|可选|必选|不必填|必输)(?:项|字段|内容|栏)?"
_ASKED = re.compile(rf"^\(?{_REQUIRED}\)?(?=.)|(?<=.)\(?{_REQUIRED}\)?$")
_OF_ANOTHER = re.compile(r"英文|外文|拼音|简称|缩写|原|旧|原名|曾用|变更前")
"""In a bracket: the column holds another thing than its head without it."""
_UNIT_ENDS = re.compile(r"[元圆万亿千百块币镑]$")
_LONGEST_UNIT = 10

_PERSONAL = re.compile(
    r"身份证|(?<!执法)证件(?:号|类型|类别|名称)|护照号|手机|电话|联系方式|通讯地址|银行(?:账|帐|卡)|开户|(?:账|帐)号|家庭住址|出生|"
    r"^cf(?:fr|xdr)zj(?:lx|hm)$|^性别$|^民族$|^年龄$|^住址$"
)
_AMBIGUOUS_PERSONAL = frozenset({"行政相对人代码5", "行政相对人代码05"})


@remembered(4096)
def fold_header(cell: str) -> str:
    """A spelling without what does not count in a header: width, case, spaces, signs; every bracket is a round one."""
    return _NOISE.sub("", _TAG.sub("", normalized("NFKC", cell))).casefold().translate(_BRACKETS)


@remembered(4096)
def undecorated(cell: str) -> str:
    """`fold_header` without the number before a head and what asks to fill it in: 2、★企业名称【必填】 → 企业名称."""
    cell = re.sub(r"#\d+$", "", cell)  # the number by which the reader made it unique
    if len(cell) > _LONGEST:
        return fold_header(cell)
    key = fold_header(_NUMBER.sub("", _TAG.sub("", normalized("NFKC", cell)).lstrip(" *★☆※●◆■")))
    return _ASKED.sub("", _ASKED.sub("", key)) or fold_header(cell)


@remembered(4096)
def is_personal(cell: str) -> bool:
    """Whether a column holds what must not be published of a person: it is never read.

    `行政相对人代码_5` without a bracket is one: an identity number in editions before 2018, another code since.
    """
    return any(key in _AMBIGUOUS_PERSONAL or _PERSONAL.search(key) for key in (fold_header(cell), undecorated(cell)))


@remembered(4096)
def spellings(cell: str) -> tuple[Spelling, ...]:
    """The folded spellings that a header cell may stand for, the exact one first, each with the unit that the head
    states."""
    key = fold_header(re.sub(r"#\d+$", "", cell))
    if len(key) > _LONGEST:
        return ((key, None),)
    unit = _unit_in_brackets(cell)
    found: dict[str, Unit | None] = {}
    for each in (key, undecorated(cell)):
        for name in _without_brackets(each):
            found.setdefault(name, unit)
    for name in [*found]:
        for shorter, behind in _without_unit(name):
            found.setdefault(shorter, _both(unit, behind))
    return tuple(found.items())


def _without_brackets(key: str) -> Iterator[str]:
    """The key, and what it is without the brackets at its end, at its beginning, and all of them."""
    yield key
    party = _PARTY_CODE.match(key)
    if party and not re.fullmatch(_REQUIRED, party[1]):
        yield party[1]  # the numbering differs between editions of the standard
        return
    if not _INNER.sub("", key) and (first := _INNER.match(key)):
        yield first[1]  # 【企业名称】
        return
    while (bracket := _BRACKET.search(key)) and not _OF_ANOTHER.fullmatch(bracket[1]):
        key = key[: bracket.start()]
        yield key
    while (bracket := _FIRST_BRACKET.search(key)) and not _OF_ANOTHER.fullmatch(bracket[1]):
        key = key[bracket.end() :]
        yield key
    while (inner := _INNER.findall(key)) and not any(map(_OF_ANOTHER.fullmatch, inner)):
        key = _INNER.sub("", key)
        yield key


def _without_unit(key: str) -> Iterator[tuple[str, Unit]]:
    """What a key is without a unit at its end: 罚款金额/元, 罚款金额千元."""
    if not _UNIT_ENDS.search(key):
        return
    for length in range(1, min(_LONGEST_UNIT, len(key) - 1)):
        unit = unit_of(key[-length:])
        rest = key[:-length].removesuffix("/").removesuffix("单位")
        if unit and unit.scale is not None and rest and "/" not in key[-length:]:
            yield rest, unit


def _unit_in_brackets(cell: str) -> Unit | None:
    """The unit that the brackets of a head state together: （万元）, （单位：千元）, （万元）（美元）."""
    text = normalized("NFKC", cell).translate(_BRACKETS)
    inner = " ".join(_INNER.findall(text))
    # a bracket in a bracket: (万元(美元))
    outer = " ".join(_INNER.findall(_INNER.sub(" ", text)))
    return unit_of(f"{inner} {outer}") if inner else None


def _both(one: Unit | None, other: Unit) -> Unit | None:
    """The unit of a head that has one in its bracket and one behind: they agree, or none is stated."""
    return other if one is None else unit_of(f"{one.shown} {other.shown}")
