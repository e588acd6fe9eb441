"""What somebody typed → what they mean.

    913502 03155103485d         identifier: a code in any spelling, misread characters repaired if one reading holds
    91350203155                 code_start: the beginning of a code
    ludaokeji, ldkj             letters: pinyin, first letters, or letters of a name
    鹭岛keji                     sounds: characters and pinyin mixed
    "鹭岛科技" 思明 -分公司      phrases, words, excluded
    思明区湖滨南路 12 号         address

A name with spaces in it is still one name: `text` is everything that was typed, joined. Words are folded, without
punctuation. A word that names a place also says which (`regions`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xincha.limits import MAX_QUERY
from xincha.text import org_code, pinyin, reg_no, region_names, uscc
from xincha.text.fold import fold, tidy
from xincha.text.names import NO_NAME, NameParts, split_name
from xincha.text.remember import remembered
from xincha.text.text_marks import unmarked
from xincha.text.tokens import letters

_QUOTED = re.compile(r"[\"“”「『《〈]([^\"“”「」『』《》〈〉]+)[\"“”」』》〉]")
_CODE_START = re.compile(r"[0-9A-Z]{6,18}")
_LETTERS = re.compile(r"[a-z]{2,}")
_LABEL = re.compile(r"^(?:统一社会信用代码|社会信用代码|信用代码|注册号|组织机构代码)[:：]?")
_ADDRESS = re.compile(r"[路街道巷弄里村镇乡号楼栋幢座层室园区]")
_NUMBERED = re.compile(r"[0-9一二三四五六七八九十](?:-[0-9]+)?(?:号|弄|栋|幢|座|楼|层|室|单元)")
_EXCLUDED = re.compile(r"(?s)[-－−–].")
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Identifier:
    """A code that was typed. `repaired`: it did not hold as typed, and one reading of its characters does."""

    field: str
    value: str
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class TypedWord:
    """One typed word. `regions` are the codes of today that it names as a place."""

    text: str
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intent:
    """The reading of a query; see the module."""

    text: str = ""
    words: tuple[TypedWord, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    identifier: Identifier | None = None
    code_start: str = ""
    letters: str = ""
    sounds: tuple[str, ...] = ()
    address: bool = False
    name: NameParts = NO_NAME

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.text or self.identifier or self.code_start)


@remembered(1024, MAX_QUERY)
def read(typed: str) -> Intent:
    """The intent of what was typed."""
    text = tidy(typed)
    if identifier := _identifier(text):
        return Intent(identifier=identifier)
    phrases = list(filter(None, (letters(fold(match[1])) for match in _QUOTED.finditer(text))))
    words: list[str] = []
    excluded: list[str] = []
    for part in _QUOTED.sub(" ", text).split():
        if word := letters(fold(part)):
            (excluded if _EXCLUDED.match(part) else words).append(word)
    joined = "".join((*phrases, *words))
    whole = fold("".join(part for part in text.split() if not _EXCLUDED.match(part)))
    start = "".join(text.split()).upper()
    alone = len(words) + len(phrases) == 1
    return Intent(
        text=joined,
        words=tuple(TypedWord(word, () if alone else place_codes(word)) for word in words[:_MOST_WORDS]),
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        code_start=start if _CODE_START.fullmatch(start) and sum(map(str.isdigit, start)) >= 6 else "",
        letters=pinyin.key(joined) if pinyin.is_typed(joined) else "",
        sounds=_sounds(joined),
        address=bool(_NUMBERED.search(joined) and _ADDRESS.search(joined)),
        name=split_name(whole if letters(whole) == joined else joined),
    )


def _identifier(text: str) -> Identifier | None:
    """The code that the text is, or that one of its words is."""
    text = unmarked(text)
    bare = _LABEL.sub("", text)
    for candidate in dict.fromkeys((bare, *re.split(r"[\s,，;；:：()（）]+", text))):
        if len(candidate) < 9:
            continue
        if code := uscc.normalize(candidate):
            return Identifier("uscc", code)
        if number := reg_no.normalize(candidate):
            return Identifier("reg_no", number)
        if (code := org_code.normalize(candidate)) and sum(map(str.isdigit, code)) >= 5:
            return Identifier("org_code", code)
        if code := uscc.repair(candidate):
            return Identifier("uscc", code, repaired=True)
    return None


def place_codes(text: str) -> tuple[str, ...]:
    """The codes of today that a word names: every place that is called so (鼓楼; 福州鼓楼)."""
    return region_names.codes_of(text) if len(text) > 1 else ()


def _sounds(text: str) -> tuple[str, ...]:
    """The syllables of characters and typed pinyin together; () if the letters are no pinyin or there are none."""
    if text.isascii() or not _LETTERS.search(text):
        return ()
    syllables: list[str] = []
    for part in re.split(r"([a-z]+)", text):
        if part.isascii() and part.isalpha():
            if not (ways := pinyin.split(part)):
                return ()
            syllables += ways[0]
        else:
            syllables += pinyin.syllables(part)
    return tuple(syllables)
