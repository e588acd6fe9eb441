"""Chinese text → syllables of Hanyu Pinyin without tones (GB/T 16159), and typed pinyin → syllables.

    syllables("重庆银行")   ["chong", "qing", "yin", "hang"]   one for each character; a run of letters or digits is one
    initials("abc科技")     "abckj"
    similar(["zheng"])     ["zen"]     what speakers confuse is one: zh z, ch c, sh s, ang an, n l, h f
    bigrams(["xin", "hua"]) "xin'hua"  tokens of neighbouring syllables
    split("xianfeng")      [["xian", "feng"], ["xi", "an", "feng"]]

    spellings("luse")      ["luse", "lvse"]   how names may be read that are typed so

Readings are those of pypinyin, asked once for each word of jieba's dictionary: 重庆 is chong, 重工 zhong. ü is
written v, as keyboards do. Text is folded (`xincha.text.fold`); punctuation has no syllable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from operator import attrgetter
from typing import NamedTuple

from xincha.text.remember import remembered
from xincha.text.tokens import split_words

_KNOWN_WORDS, _LONGEST_WORD = 1 << 18, 30
_TYPED = re.compile(r"[a-z]+(?:[ '·-]+[a-z]+)*")
_TONES = frozenset("\u0300\u0301\u0304\u030c")
_NUMBERED = re.compile(r"(?:[a-z]{1,6}[1-5]){2,}+")
_MOST_SPLITS = 8

# Hanyu Pinyin scheme: initial → finals that it takes.
_SCHEME = """
    - a ai an ang ao e ei en eng er o ou yo wa wai wan wang wei wen weng wo wu ya yan yang yao ye yi yin ying yong you
    - yu yuan yue yun
    b a ai an ang ao ei en eng i ian iao ie in ing o u
    p a ai an ang ao ei en eng i ian iao ie in ing o ou u
    m a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u
    f a an ang ei en eng o ou u
    d a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo
    t a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo
    n a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo un v ve ue
    l a ai an ang ao e ei eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve ue
    g a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
    k a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
    h a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
    j i ia ian iang iao ie in ing iong iu u uan ue un
    q i ia ian iang iao ie in ing iong iu u uan ue un
    x i ia ian iang iao ie in ing iong iu u uan ue un
    zh a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo
    ch a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo
    sh a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo
    r an ang ao e en eng i ong ou u ua uan ui un uo
    z a ai an ang ao e ei en eng i ong ou u uan ui un uo
    c a ai an ang ao e en eng i ong ou u uan ui un uo
    s a ai an ang ao e en eng i ong ou u uan ui un uo
"""
SYLLABLES: frozenset[str] = frozenset(
    (initial if initial != "-" else "") + final
    for initial, *finals in map(str.split, _SCHEME.strip().splitlines())
    for final in finals
)
"""Every syllable of Hanyu Pinyin."""


def syllables(folded: str) -> list[str]:
    """The reading of a folded text."""
    return list(chain.from_iterable(map(read_word, split_words(folded))))


def aligned(folded: str) -> list[str]:
    """The reading of each letter of a text without punctuation: of a word of letters or digits, at its first one, ""
    at the others."""
    read: list[str] = []
    for word in split_words(folded):
        sounds = read_word(word)
        read += sounds if len(sounds) == len(word) else ("".join(sounds), *[""] * (len(word) - 1))
    return read


def initials(folded: str) -> str:
    """First letters of the syllables; letters and digits stay whole."""
    return "".join(word if word.isascii() else first_letters(read_word(word)) for word in split_words(folded))


@remembered(_KNOWN_WORDS, _LONGEST_WORD)
def read_word(word: str) -> tuple[str, ...]:
    """The syllables of one word: what pypinyin's `lazy_pinyin` gives, looked up where that takes no parsing."""
    if word.isascii():
        return (word,)
    from pypinyin import lazy_pinyin
    from pypinyin.constants import PHRASES_DICT

    if phrase := PHRASES_DICT.get(word):
        return tuple(_without_tone(readings[0]) for readings in phrase)
    readings = list(map(_readings, word))
    if all(readings) and (len(word) < 3 or all(len({*each}) == 1 for each in readings)):
        return tuple(each[0] for each in readings)
    return tuple(lazy_pinyin(word))


@remembered(1 << 14)
def _readings(char: str) -> tuple[str, ...]:
    """The readings of a character, commonest first."""
    from pypinyin.constants import PINYIN_DICT

    return tuple(map(_without_tone, PINYIN_DICT[ord(char)].split(","))) if ord(char) in PINYIN_DICT else ()


@remembered(8192)
def _without_tone(syllable: str) -> str:
    spelled = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(char for char in spelled if not unicodedata.combining(char))


def first_letters(read: tuple[str, ...]) -> str:
    """First letters of syllables; what is no syllable (letters, digits) stays whole."""
    return "".join(syllable[0] if syllable in SYLLABLES else syllable for syllable in read)


def similar(read: Iterable[str]) -> list[str]:
    """Syllables with one spelling for sounds that speakers and input methods confuse."""
    return [_SIMILAR.get(each, each) for each in read]


def _similar(syllable: str) -> str:
    for sound, plain in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("h", "f")):
        if syllable.startswith(sound):
            syllable = plain + syllable[len(sound) :]
            break
    if syllable.endswith("ng") and syllable[-3] in "aei":
        syllable = syllable[:-1]
    return syllable


_SIMILAR = {syllable: _similar(syllable) for syllable in SYLLABLES}


def bigrams(read: Sequence[str]) -> str:
    """Neighbouring syllables as tokens, joined by spaces; a lone syllable is its own token."""
    return " ".join([f"{a}'{b}" for a, b in pairwise(read)]) if len(read) > 1 else "".join(read)


def is_typed(text: str) -> bool:
    """Whether a folded text is letters only (apostrophes and hyphens between them), so that it may be pinyin."""
    return _TYPED.fullmatch(toneless(text)) is not None


def toneless(text: str) -> str:
    """A folded text with the letters of pinyin as keyboards have them: v for ü, no marks of tones, and no digits for
    them where the whole is nothing else (xia4men2). All other signs stay."""
    if not text.isascii():
        text = "".join(map(_plain_letter, text))
    if _NUMBERED.fullmatch(text) and all(part in SYLLABLES for part in re.split(r"[1-5]", text)[:-1]):
        return re.sub(r"[1-5]", "", text)
    return text


@remembered(8192)
def _plain_letter(char: str) -> str:
    if not "\u00c0" <= char <= "\u1eff" or (spelled := unicodedata.normalize("NFD", char))[0] not in "aeioumn":
        return char
    marks = spelled[1:]
    if marks.startswith("\u0308") and spelled[0] == "u":
        spelled, marks = "v", marks[1:]
    return spelled[0] if all(mark in _TONES for mark in marks) else char


def key(typed: str) -> str:
    """Typed pinyin without what stands between syllables; ü and u: as v."""
    return re.sub(r"[^a-z]", "", re.sub("u:", "v", toneless(typed.casefold())))


def spellings(letters: str) -> list[str]:
    """The ways in which the readings of names may spell what was typed, that as it was typed first.

    ü is also typed as u (luse for lüse) and yu (lyuse, as passports have it); of lue and nue there is no other reading.
    """
    letters = re.sub(r"(?<=[ln])ue", "ve", letters)
    ways = [letters, re.sub(r"(?<=[ln])yu", "v", letters)]
    if "lu" in letters or "nu" in letters:
        read = next(iter(split(letters)), [])
        ways.append("".join(each.replace("u", "v") if each in ("lu", "nu") else each for each in read))
    return list(dict.fromkeys(filter(None, ways)))


def split(typed: str) -> list[list[str]]:
    """The ways to read letters as syllables, fewest syllables first, at most eight; [] where there is none."""
    text = key(typed)
    # from each place on: how many syllables, the first one, and how it goes on; never copied
    found: list[list[_Way]] = [[] for _ in range(len(text) + 1)]
    found[-1] = [_Way(0, "", None)]
    for start in range(len(text) - 1, -1, -1):
        ways = [
            _Way(rest.size + 1, syllable, rest)
            for end in range(min(start + 6, len(text)), start, -1)
            if (syllable := text[start:end]) in SYLLABLES
            for rest in found[end]
        ]
        found[start] = sorted(ways, key=attrgetter("size"))[:_MOST_SPLITS]
    return [list(_syllables_of(way)) for way in found[0]] if text else []


class _Way(NamedTuple):
    size: int
    syllable: str
    rest: _Way | None


def _syllables_of(way: _Way) -> Iterator[str]:
    while way.rest:
        yield way.syllable
        way = way.rest
