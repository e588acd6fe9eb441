"""One text in two forms: `clean` for the eye, `fold` for matching.

`clean` is what is stored and shown: the text as published without the accidents of its way here. `fold` is what is
compared: two spellings of one name have one folded form. Index and query call the same function. Both are pure and
idempotent, and neither knows what a name is made of (`xincha.text.names` does).

`fold` works character by character, so the folded form of a part is a part of the folded form of the whole; prefixes
and substrings stay findable. That is why traditional characters go through a table of OpenCC's single characters and
not through its phrases. Characters that simplified script keeps with a meaning of their own are left alone: 乾元 and
干元 are two companies, though OpenCC folds 乾 to 干.

Unicode's own changes are not enough for what was seen in published files: `&amp;nbsp;` and `&8226;` in names, U+3000
and zero-width characters at their ends, radicals (⻔) copied out of PDFs in the place of characters (门).
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

_CONTROL = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_LONE = r"\ud800-\udfff\ufffe\uffff"
_SPACE = r"\s\u2800\u3164\uffa0"

_ENTITY = re.compile(r"&(?:(#)?(\d{2,7})|(#[xX][0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));|&nbsp(?![A-Za-z])")
_UNCLEAN = re.compile(f"[{_CONTROL}{_LONE}]")
_SPACES = re.compile(f"[{_SPACE}]+")
_ODD_SPACE = re.compile(rf"(?! )[{_SPACE}]|  |^ | $")

_WIDTH = {0xFEE0 + c: c for c in range(0x21, 0x7F) if chr(c).isalnum()}
_WIDE = re.compile(f"[{''.join(map(chr, _WIDTH))}]")

_SENTINEL_SIGNS = re.compile(r"[-‐-―−－_＿/／\\＼*＊.．。?？#＃、,，;；:：·…~～|｜=＝+＋'\"“”()（）<>《》\[\]【】 ]+")
_SENTINELS = re.compile(
    r"#?n/a!?|na|n\.a\.|#(?:value|ref|null)!|#name\?|[(<]?null[)>]?|\\n|none|nan|nil|undefined|[(（]?空[)）]?"
    r"|[暂]?无(?:数据|记录|信息|内容|此项)?|没有|不详|未知|未(?:填写|填报|公示|提供)|不公示|(?:该?企业|个体工商户)?选择不公示",
    re.IGNORECASE,
)


def clean(text: str | None) -> str | None:
    """The text as it is shown and stored; `None` where it says nothing.

    HTML entities are resolved (also those escaped twice), characters composed (NFC), control, zero-width and
    direction characters removed, every kind of space made a plain one, single, none at the ends; full-width letters
    and digits become half-width, while full-width punctuation stays as it is typeset. Placeholders (`N/A`, `-`, `暂无`,
    `企业选择不公示`, …) and text of nothing but punctuation are `None`. Case stays.
    """
    if not text:
        return None
    text = tidy(text)
    if not text or _SENTINEL_SIGNS.fullmatch(text) or _SENTINELS.fullmatch(text):
        return None
    return text


def tidy(text: str) -> str:
    """What `clean` does, but placeholders stay as they are: for words that a person typed."""
    tidied = _tidy(text)
    while "&" in tidied and (again := _tidy(_resolve(tidied))) != tidied:
        tidied = again
    return tidied


def _tidy(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        if _UNCLEAN.search(text):
            text = _UNCLEAN.sub("", text)
        if _WIDE.search(text):
            text = text.translate(_WIDTH)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    if _ODD_SPACE.search(text):
        text = _SPACES.sub(" ", text).strip()
    return text


def _resolve(text: str) -> str:
    """HTML entities resolved until none is left. Without its semicolon only `&nbsp` is one: AT&LT is a name."""
    while (resolved := _ENTITY.sub(_entity, text)) != text:
        text = resolved
    return text


def _entity(match: re.Match[str]) -> str:
    if match[2]:  # `&8226;` was seen: a number whose # is lost
        return html.unescape(f"&#{match[2]};")
    return html.unescape(match[0] if match[0].endswith(";") else match[0] + ";")


def fold(text: str | None) -> str:
    """The form in which two spellings of the same text are equal; "" where nothing is left.

    As `clean` (but placeholders stay: a person may search for 无), then compatibility forms (NFKC: ㈱ → (株)), case,
    traditional → simplified, radicals → characters; brackets of all kinds become (), quotation and book-title marks ",
    dashes -, middle dots ·, 、 and ， a comma, 。 a full stop; every space is removed.
    """
    if not text:
        return ""
    if "&" in text:
        text = _resolve(text)
    if text.isascii():
        return text.translate(_FOLDED) if not text.isalnum() else text.lower()
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    folded = text.translate(_FOLDED)
    while True:  # nearly always ends at once; characters that meet only now may compose, or make an entity (＆ａｍｐ；)
        again = unicodedata.normalize("NFKC", folded)
        if "&" in again:
            again = _resolve(again)
        if again == folded:
            return folded
        folded = again.translate(_FOLDED)


_UNIFIED = (
    ("([{〔【［｛〖〘〚⦅﹙﹛﹝", "("),
    (")]}〕】］｝〗〙〛⦆﹚﹜﹞", ")"),
    ('"“”„‟＂«»‹›「」『』《》〈〉〝〞〟｢｣﹁﹂﹃﹄', '"'),
    ("'‘’‚‛`´＇′＇｀", "'"),
    ("-‐‑‒–—―−－─━﹣﹘⸺⸻", "-"),
    ("~～〜∼˜﹏", "~"),
    ("·•‧∙⋅●・･˙ᐧ⸱", "·"),
    (",，、､﹐﹑", ","),
    (".。．｡﹒", "."),
    ("|｜︱丨¦", "|"),
)
_RADICALS = dict(
    zip(
        "⺌⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "小母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
_KEPT = frozenset("乾吒徵摺薹袷醣榘拚捱麴")
"""Characters of simplified script (GB 2312) that OpenCC would fold into another one."""


class _Folded(dict[int, str]):
    """Character → folded character, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded, seen = chr(code), ""
        while folded != seen:
            seen = folded
            folded = "".join(map(_replaced, unicodedata.normalize("NFKC", seen).casefold()))
        self[code] = folded
        return folded


_FOLDED = _Folded()


def _replaced(char: str) -> str:
    return "" if _UNCLEAN.match(char) or _SPACES.match(char) else _replacements().get(char, char)


@cache
def _replacements() -> dict[str, str]:
    """Signs and radicals, and traditional characters, each on its own as OpenCC's t2s has it → what they fold to."""
    from opencc import OpenCC

    blocks = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
    chars = [chr(code) for first, end in blocks for code in range(first, end)]
    plain = OpenCC("t2s").convert("\n".join(chars)).split("\n")
    simplified = {char: to for char, to in zip(chars, plain, strict=True) if char != to and char not in _KEPT}
    return simplified | {sign: to for signs, to in _UNIFIED for sign in signs} | _RADICALS


_SEPARATORS = re.compile(rf"[{_SPACE}{_CONTROL}\-‐-―−－]+")


def compact(text: str) -> str:
    """An identifier as typed → upper case, half width, without spaces, hyphens and invisible characters."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _SEPARATORS.sub("", text).upper()
