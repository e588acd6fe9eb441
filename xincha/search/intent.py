"""What somebody typed → what they mean.

    913502 03155103485d         identifier: a code in any spelling, misread characters repaired if one reading holds
    913502031551O3485C          near: a code that cannot be right, and those one slip away
    91350203155                 code_start: the beginning of a code
    ludaokeji, ldkj, lùdǎo      letters: pinyin, first letters, or letters of a name
    xmludao                     placed: first letters of a place, and what may stand behind it
    鹭岛keji                     sounds: characters and pinyin mixed
    "鹭岛科技" 思明 -分公司      phrases, words, excluded
    思明区湖滨南路 12 号         address
    ？                          unreadable: something was typed, and there is nothing in it to look for

A name with spaces in it is still one name: `text` is everything that was typed, joined. Words are folded, without
punctuation. A word that names a place also says which (`regions`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

from xincha.limits import MAX_QUERY
from xincha.text import divisions, org_code, pinyin, reg_no, region_names, uscc
from xincha.text.fold import compact, fold, normalized, tidy
from xincha.text.names import NO_NAME, NameParts, split_name
from xincha.text.remember import remembered
from xincha.text.tokens import letters

_QUOTED = re.compile(r"[\"“”「『《〈]([^\"“”「」『』《》〈〉]+)[\"“”」』》〉]")
_CODE_START = re.compile(r"[0-9A-Z]{6,18}")
_LETTERS = re.compile(r"[a-z]{2,}")
_LABEL = re.compile(r"代码|编码|信用|注册号|税号|识别号|组织机构|证号")
_RUN = re.compile(r"[0-9A-Za-z]++(?:[\s\-‐-―−·._]++[0-9A-Za-z]++)*+")
_TOKEN = re.compile(r"[0-9A-Za-z]{9,}+")
_CODE_SIZES = (17, 18, 19)
_CODE_DIGITS = 9
_LEAST_SPELLED = 3
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
class NearCodes:
    """A code that cannot be right as it was typed, and the valid ones one slip away from it."""

    field: str
    typed: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacedLetters:
    """Letters that begin with the first letters of a place: the places of today, these letters, and the rest."""

    codes: tuple[str, ...]
    start: str
    rest: str


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
    near: NearCodes | None = None
    code_start: str = ""
    letters: str = ""
    spellings: tuple[str, ...] = ()
    placed: tuple[PlacedLetters, ...] = ()
    sounds: tuple[str, ...] = ()
    address: bool = False
    name: NameParts = NO_NAME
    unreadable: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """The codes of the words that are places, or of the region in front of a name."""
        codes = tuple(code for word in self.words for code in word.regions)
        return codes or ((self.name.code,) if self.name.code else ())

    @property
    def behind_place(self) -> str:
        """What was typed without the words that are places, or behind the region in front; "" if that is no less."""
        rest = "".join((*(word.text for word in self.words if not word.regions), *self.phrases))
        if len(rest) == len(self.text) and self.name.code:
            rest = self.text.removeprefix(self.name.region)
        return rest if len(rest) < len(self.text) else ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to look for; then all is meant, unless something `unreadable` was typed."""
        return not (self.text or self.identifier or self.code_start)


@remembered(1024, MAX_QUERY)
def read(typed: str) -> Intent:
    """The intent of what was typed."""
    text = tidy(typed)
    codes = _codes(text)
    if identifier := _identifier(text, codes):
        return Intent(identifier=identifier, near=_near(codes) if identifier.repaired else None)
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
    spellings = tuple(pinyin.spellings(pinyin.key(joined))) if pinyin.is_typed(joined) else ()
    return Intent(
        text=joined,
        words=tuple(TypedWord(word, () if alone else place_codes(word)) for word in words[:_MOST_WORDS]),
        phrases=tuple(phrases),
        excluded=tuple(excluded),
        near=_near(codes),
        code_start=start if _CODE_START.fullmatch(start) and sum(map(str.isdigit, start)) >= 6 else "",
        letters=spellings[0] if spellings else "",
        spellings=spellings,
        placed=_placed(spellings[0]) if spellings else (),
        sounds=_sounds(pinyin.toneless(joined)),
        address=bool(_NUMBERED.search(joined) and _ADDRESS.search(joined)),
        name=split_name(whole if letters(whole) == joined else joined),
        unreadable=bool(text) and not joined and not excluded,
    )


def _codes(text: str) -> list[str]:
    """What may be a code, whatever stands around: runs of letters and digits, with and without what parts them."""
    text = normalized("NFKC", text)
    runs = [match[0] for match in _RUN.finditer(text)]
    tokens = [match[0] for run in runs for match in _TOKEN.finditer(run)]
    ends = [part for token in tokens if len(token) > 18 for part in (token[-18:], token[:18])]  # uscc9135…
    codes = (re.sub(r"[^0-9A-Za-z]", "", each).upper() for each in (*runs, *tokens, *ends))
    return [code for code in dict.fromkeys(codes) if len(code) >= 9]


def _identifier(text: str, codes: list[str]) -> Identifier | None:
    """The code that the text is, or that stands in it."""
    apart = {compact(part) for part in (text, *re.split(r"[\s,，;；:：()（）]+", text))}
    for candidate in codes:
        if code := uscc.normalize(candidate):
            return Identifier("uscc", code)
        if number := reg_no.normalize(candidate):
            return Identifier("reg_no", number)
        if (
            (code := org_code.normalize(candidate))
            and sum(map(str.isdigit, code)) >= 5
            and (code in apart or _LABEL.search(text) or _bare(text))
        ):
            return Identifier("org_code", code)
    repaired = ((uscc.repair(candidate)) for candidate in codes)
    return next((Identifier("uscc", code, repaired=True) for code in repaired if code), None)


def _bare(text: str) -> bool:
    """Whether a text holds letters, digits and signs only."""
    return not re.search(r"[^\W0-9A-Za-z_]", text)


def _near(codes: Iterable[str]) -> NearCodes | None:
    """The code that somebody meant to type, as far as one slip tells."""
    for candidate in codes:
        digits = sum(map(str.isdigit, candidate))
        if len(candidate) in _CODE_SIZES and digits >= _CODE_DIGITS and (values := uscc.near(candidate)):
            return NearCodes("uscc", candidate, tuple(values))
        if values := reg_no.near(candidate):
            return NearCodes("reg_no", candidate, tuple(values))
    return None


def _placed(typed: str) -> tuple[PlacedLetters, ...]:
    """How letters may begin with the first letters of a place (xm of 厦门); () for what is pinyin as a whole."""
    if len(typed) < 2 + _LEAST_SPELLED or pinyin.split(typed):
        return ()
    found = []
    for size in range(2, min(8, len(typed) - _LEAST_SPELLED) + 1):
        start, rest = typed[:size], typed[size:]
        spelled = any(rest[:end] in pinyin.SYLLABLES for end in range(2, 7))
        if spelled and (codes := _first_letters().get(start)):
            found.append(PlacedLetters(codes, start, rest))
    return tuple(found)


@cache
def _first_letters() -> Mapping[str, tuple[str, ...]]:
    """First letters → the codes of today of the places that begin so, by themselves or behind those around them."""
    found: dict[str, set[str]] = defaultdict(set)
    read = cache(pinyin.initials)
    for code in divisions.names():
        ways = []
        for name in map(divisions.names().__getitem__, divisions.ancestors(code)):
            short = divisions.short_name(name)
            ways.append(dict.fromkeys((read(short), read(short) + read(name[len(short) :]))))
        for start in range(len(ways)):
            for chosen in product(*ways[start:]):
                found["".join(chosen)].add(code)
    return {letters: tuple(sorted(codes)) for letters, codes in found.items()}


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
