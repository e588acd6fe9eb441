"""One text in two forms: `clean` for the eye, `fold` for matching.

`clean` is what is stored and shown: the text as published without the accidents of its way here. `fold` is what is
compared: two spellings of one name have one folded form. Index and query call the same function. Both are pure and
idempotent, and neither knows what a name is made of (`xincha.text.names` does).

`fold` works character by character, so the folded form of a part is a part of the folded form of the whole; prefixes
and substrings stay findable. That is why traditional characters go through a table of OpenCC's single characters and
not through its phrases. Characters that simplified script keeps with a meaning of their own are left alone: 乾元 and
干元 are two companies, though OpenCC folds 乾 to 干.

Unicode's own changes are not enough for what was seen in published files: `&amp;nbsp;` and `&8226;` in names, U+3000
and zero-width characters at their ends, radicals (⻔) copied out of PDFs in the place of characters (门), characters in
the private places of GBK (`private_use`).
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

from xincha.text.private_use import CHARACTERS

_CONTROL = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_LONE = r"\ud800-\udfff\ufffe\uffff"
_SPACE = r"\s\u2800\u3164\uffa0"

_ENTITY = re.compile(r"&(?:#?[0-9]{2,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&nbsp(?![A-Za-z])")
_LONGEST_ENTITY = 33  # without its semicolon
_BARE = list("&nbsp")
_SHORT = 1000  # characters, of which the square is nothing
_MANY_MARKS = 32
_UNCLEAN = re.compile(f"[{_CONTROL}{_LONE}]")
_SPACES = re.compile(f"[{_SPACE}]+")
_ODD_SPACE = re.compile(rf"(?! )[{_SPACE}]|  |^ | $")

_PRIVATE = re.compile(f"[{''.join(map(chr, CHARACTERS))}]")
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
    # seldom twice: a letter and a mark that met may have ended an entity (&nbsp in front of é)
    while "&" in tidied and (again := _tidy(_resolve(tidied, _shown))) != tidied:
        tidied = again
    return tidied


def _tidy(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        if _UNCLEAN.search(text):
            text = _UNCLEAN.sub("", text)
        if _WIDE.search(text):
            text = text.translate(_WIDTH)
        if _PRIVATE.search(text):
            text = text.translate(CHARACTERS)
        text = normalized("NFC", text)
    if _ODD_SPACE.search(text):
        text = _SPACES.sub(" ", text).strip()
    return text


def _shown(char: str) -> str:
    """A character by itself as `_tidy` has it; a space stays."""
    return "" if _UNCLEAN.match(char) else unicodedata.normalize("NFC", char.translate(_WIDTH).translate(CHARACTERS))


def _resolve(text: str, read: Callable[[str], str]) -> str:
    """HTML entities resolved until none is left; each character that they give is made what `read` says.

    What one gives may be a part of another (`&amp;amp;`, `&am&#112;;`), so that each pass over a text could leave the
    next one to do. Here an entity is resolved where it ends, and what it gives is read in its place: the work is
    linear. Without its semicolon only `&nbsp` is one: AT&LT is a name.
    """
    if not _ENTITY.search(text):
        return text
    kept: list[str] = []
    coming = [*reversed(text)]
    while coming:
        char = coming.pop()
        if char == ";" and (entity := _entity_at_end(kept)):
            del kept[-len(entity) :]
            coming += reversed("".join(map(read, _given(entity))))
            continue
        if not (char.isascii() and char.isalpha()):
            _resolve_bare(kept, read)
        kept.append(char)
    _resolve_bare(kept, read)
    return "".join(kept)


def _entity_at_end(kept: Sequence[str]) -> str:
    """What a semicolon would make an entity, from its & on; "" if there is none."""
    end = "".join(kept[-_LONGEST_ENTITY:])
    entity = end[max(0, end.rfind("&")) :]
    return entity if _ENTITY.fullmatch(f"{entity};") and _given(entity) != f"{entity};" else ""


def _resolve_bare(kept: list[str], read: Callable[[str], str]) -> None:
    """Resolve `&nbsp` at the end of a text."""
    while kept and kept[-1] == "p" and kept[-len(_BARE) :] == _BARE:
        kept[-len(_BARE) :] = read("\xa0")


def _given(entity: str) -> str:
    """What an entity stands for, which is given without its semicolon; itself if it is not known."""
    number = entity[1:]  # `&8226;` was seen: a number whose # is lost
    return html.unescape(f"&#{number};" if number.isdecimal() else f"{entity};")


def fold(text: str | None) -> str:
    """The form in which two spellings of the same text are equal; "" where nothing is left.

    As `clean` (but placeholders stay: a person may search for 无), then compatibility forms (NFKC: ㈱ → (株)), case,
    traditional → simplified, radicals → characters; brackets of all kinds become (), quotation and book-title marks ",
    dashes -, middle dots ·, 、 and ， a comma, 。 a full stop; a private character that nobody knows is a lost one, □;
    every space is removed.
    """
    if not text:
        return ""
    if "&" in text:
        text = tidy(text)
    elif text.isascii():
        return text.translate(_FOLDED) if not text.isalnum() else text.lower()
    folded = normalized("NFC", text).translate(_FOLDED)
    while True:  # nearly always ends at once; characters that meet only now may compose, or make an entity (＆ａｍｐ；)
        again = normalized("NFKC", folded)
        if "&" in again:
            again = _resolve(again, _folded)
        if again == folded:
            return folded
        folded = again.translate(_FOLDED)


def normalized(form: Literal["NFC", "NFKC"], text: str) -> str:
    """`unicodedata.normalize` in time that is linear in the length.

    By itself it takes the square of the number of marks on one character: so many are put in their order before.
    """
    if text.isascii():
        return text
    if len(text) > _SHORT:
        text = _marks(form).sub(lambda run: _ordered_marks(form, run[0]), text)
    return text if unicodedata.is_normalized(form, text) else unicodedata.normalize(form, text)


@cache
def _marks(form: Literal["NFC", "NFKC"]) -> re.Pattern[str]:
    """Finds characters that are nothing but many marks, one after the other, once they are decomposed."""
    marks = (char for char in map(chr, range(0x300, 0x1F000)) if all(map(unicodedata.combining, _parts(form, char))))
    return re.compile(f"[{''.join(map(re.escape, marks))}]{{{_MANY_MARKS},}}")


def _parts(form: Literal["NFC", "NFKC"], char: str) -> str:
    return unicodedata.normalize(form.replace("C", "D"), char)  # type: ignore[arg-type]


def _ordered_marks(form: Literal["NFC", "NFKC"], marks: str) -> str:
    """Marks in the canonical order (Unicode 3.11, D109)."""
    parts = {mark: _parts(form, mark) for mark in {*marks}}
    return "".join(sorted("".join(map(parts.__getitem__, marks)), key=unicodedata.combining))


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
_LOST = "□"
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
    """Character → folded character; those of the first plane are kept as they are met, which bounds what it holds."""

    def __missing__(self, code: int) -> str:
        folded, seen = chr(code), ""
        while folded != seen:
            seen = folded
            folded = "".join(map(_replaced, unicodedata.normalize("NFKC", seen).casefold()))
        folded = unicodedata.normalize("NFC", folded)  # ǰ, ẖ: case folding takes them apart
        if code < _FIRST_PLANE_END:
            self[code] = folded
        return folded


_FIRST_PLANE_END = 0x10000
_FOLDED = _Folded()


def _folded(char: str) -> str:
    return _FOLDED[ord(char)]


def _replaced(char: str) -> str:
    if _UNCLEAN.match(char) or _SPACES.match(char):
        return ""
    return _replacements().get(char, _LOST if unicodedata.category(char) == "Co" else char)


@cache
def _replacements() -> dict[str, str]:
    """Signs and radicals, and traditional characters, each on its own as OpenCC's t2s has it → what they fold to."""
    from opencc import OpenCC

    blocks = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
    chars = [chr(code) for first, end in blocks for code in range(first, end)]
    plain = OpenCC("t2s").convert("\n".join(chars)).split("\n")
    simplified = {char: to for char, to in zip(chars, plain, strict=True) if char != to and char not in _KEPT}
    private = {chr(place): chr(char) for place, char in CHARACTERS.items()}
    return private | simplified | {sign: to for signs, to in _UNIFIED for sign in signs} | _RADICALS


_SEPARATORS = re.compile(rf"[{_SPACE}{_CONTROL}\-‐-―−－]+")


def compact(text: str) -> str:
    """An identifier as typed → upper case, half width, without spaces, hyphens and invisible characters."""
    return _SEPARATORS.sub("", normalized("NFKC", text)).upper()
