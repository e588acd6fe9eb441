"""Names of an entity → the values of the index fields that are made of them (see `xincha.engine.fields.ENTITIES`).

`name_fields` takes the present name and the former ones, and gives name_key, form_key, core, brand, initials and
pinyin_key (lists without repetition), name_1, name_2, name_word and pinyin (prepared tokens). A field without a value
is left out. Queries are made of the same functions.

Readings are indexed from every place at which a person may begin to type: in front of the region and behind each
piece of it. They run to the end of the name in `initials`, to the branch in `pinyin_key`; prefixes find both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from xincha.text import pinyin, tokens
from xincha.text.fold import fold
from xincha.text.names import NameParts, form_key_of, split_name

_KNOWN_WORDS = 1 << 18
_JOINTS: Mapping[str, str] = {"name_1": " | ", "name_2": " ", "name_word": " ", "pinyin": " "}
"""What stands between the tokens of two names; the bar keeps phrases from running out of one name into the next."""


class _Word(NamedTuple):
    """What is kept of a word: its tokens in search mode, and for each character its syllable and first letter.

    A word of letters or digits is one syllable, borne by its first character.
    """

    searched: str
    syllables: tuple[str, ...]
    letters: tuple[str, ...]


def name_fields(name: str, former_names: Iterable[str] = ()) -> dict[str, object]:
    """The index fields of one entity's names."""
    found = _fields_of(fold(name))
    for former in former_names:
        for field, value in _fields_of(fold(former)).items():
            _add(found, field, value)
    return found if all(found.values()) else {field: value for field, value in found.items() if value}


def _add(found: dict[str, object], field: str, value: object) -> None:
    before = found[field]
    if isinstance(before, list) and isinstance(value, list):
        before.extend(each for each in value if each not in before)
    elif before and value:
        found[field] = f"{before}{_JOINTS[field]}{value}"
    else:
        found[field] = before or value


def _fields_of(folded: str) -> dict[str, object]:
    split = split_name(folded)
    key = tokens.letters(folded)
    words = tokens.split_words(folded)
    readings = _readings(split, key, words)
    core = split.core
    return {
        "name_key": [key] if key else [],
        "form_key": [form_key_of(split)] if key else [],
        "core": [core] if core else [],
        "brand": [split.brand] if split.brand else [],
        "name_1": " ".join(key),
        "name_2": tokens.bigrams(key),
        "name_word": " ".join([_word(word).searched for word in words]),
        "pinyin": readings.bigrams,
        "initials": readings.initials,
        "pinyin_key": readings.keys,
    }


class _Readings(NamedTuple):
    bigrams: str
    initials: list[str]
    keys: list[str]


def _readings(split: NameParts, key: str, words: Sequence[str]) -> _Readings:
    """The readings of a name; those of one with a region in brackets also without it."""
    rest = "".join((split.brand, split.trade, split.form, split.branch))
    region = "".join(split.steps)
    steps = [0, *accumulate(map(len, split.steps))]
    cut = len(key) - len(split.branch)
    whole = _Read(words)
    if region + rest == key:
        plain = whole
        keys = [whole.syllables(start, cut) for start in steps]
        firsts = [whole.letters(start) for start in steps]
    else:
        plain = _Read(tokens.split_words(region + rest))
        bare = len(region) + len(rest) - len(split.branch)
        keys = [read.syllables(start, end) for start in steps for read, end in ((plain, bare), (whole, cut))]
        firsts = [read.letters(start) for start in steps for read in (plain, whole)]
    end = steps[-1] + len(split.brand)
    brand = [plain.letters(steps[-1], end)] if split.brand else []
    company = len(split.company)
    spoken = plain.without(end + len(split.trade) + len(split.form) - company, company)
    return _Readings(
        pinyin.bigrams(pinyin.similar(spoken)),
        list(dict.fromkeys(filter(None, brand + firsts))),
        list(dict.fromkeys(filter(None, keys))),
    )


class _Read:
    """The syllables and first letters of words, by character."""

    def __init__(self, words: Sequence[str]) -> None:
        known = list(map(_word, words))
        self._syllables = [syllable for word in known for syllable in word.syllables]
        self._letters = [letter for word in known for letter in word.letters]

    def syllables(self, start: int, end: int) -> str:
        """Joined syllables of the characters from `start` to `end`."""
        return "".join(self._syllables[start:end])

    def letters(self, start: int, end: int | None = None) -> str:
        """Joined first letters."""
        return "".join(self._letters[start:end])

    def without(self, start: int, size: int) -> list[str]:
        """All syllables but those of `size` characters from `start`."""
        return [each for each in self._syllables[:start] + self._syllables[start + size :] if each]


@lru_cache(_KNOWN_WORDS)
def _word(word: str) -> _Word:
    searched = " ".join(tokens.split_search(word))
    read = pinyin.read_word(word)
    if len(read) != len(word):
        rest = ("",) * (len(word) - 1)
        joined = "".join(read)
        return _Word(searched, (joined, *rest), (pinyin.first_letters(read), *rest))
    return _Word(searched, read, tuple(pinyin.first_letters((each,)) for each in read))
