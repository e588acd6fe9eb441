"""How header cells are compared with declared spellings."""

from __future__ import annotations

import re

from xincha.text.fold import normalized
from xincha.text.remember import remembered

_NOISE = re.compile(r"[\s_\-‐—*#.:;,、，。；：\"'“”\ufeff\u200b]+")
_LONGEST = 200  # characters of a head that is known
_BRACKET = re.compile(r"\(([^()]*)\)$")
_PARTY_CODE = re.compile(r"行政相对人代码\d*\((.+)\)$")
_TEN_THOUSANDS = re.compile(r"(?:人民币|单位|金额)*万元?(?:人民币)?")
_YUAN = re.compile(r"(?:人民币|单位|金额)*元(?:人民币)?")
_PERSONAL = re.compile(
    r"身份证|证件(?:号|类型|类别|名称)|护照号|手机|电话|联系方式|通讯地址|银行(?:账|帐|卡)|开户|(?:账|帐)号|家庭住址|出生|"
    r"^cf(?:fr|xdr)zj(?:lx|hm)$|^性别$|^民族$|^年龄$|^住址$"
)
_AMBIGUOUS_PERSONAL = frozenset({"行政相对人代码5", "行政相对人代码05"})


@remembered(4096)
def fold_header(cell: str) -> str:
    """A spelling without what does not count in a header."""
    return _NOISE.sub("", normalized("NFKC", cell)).casefold().replace("[", "(").replace("]", ")")


@remembered(4096)
def is_personal(cell: str) -> bool:
    """Whether a column holds what must not be published of a person: it is never read.

    `行政相对人代码_5` without a bracket is one: an identity number in editions before 2018, another code since.
    """
    key = fold_header(cell)
    return key in _AMBIGUOUS_PERSONAL or bool(_PERSONAL.search(key))


def spellings(cell: str) -> list[tuple[str, str]]:
    """The folded spellings that a header cell may stand for, the exact one first, each with the unit that its brackets
    state: 万元, 元 or ""."""
    key = fold_header(re.sub(r"#\d+$", "", cell))  # without the number by which the reader made it unique
    read = [(key, "")]
    if len(key) > _LONGEST:
        return read
    if party := _PARTY_CODE.match(key):
        return [*read, (party[1], "")]
    unit = ""
    while bracket := _BRACKET.search(key):
        inner = bracket[1]
        key = key[: bracket.start()]
        unit = unit or ("万元" if _TEN_THOUSANDS.fullmatch(inner) else "元" if _YUAN.fullmatch(inner) else "")
        read.append((key, unit))
    return read
