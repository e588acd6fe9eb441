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
    """What is kept of a word: its tokens in search mode; for each character its syllable, that in the one spelling of
    sounds that are confused, and its first letter.

    A word of letters or digits is one syllable, borne by its first character.
    """

    searched: str
    syllables: tuple[str, ...]
    similar: tuple[str, ...]
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
    whole = _read(words)
    if region + rest == key:
        plain = whole
        keys = _tails(whole.syllables[:cut], steps)
        firsts = _tails(whole.letters, steps)
    else:
        plain = _read(tokens.split_words(region + rest))
        bare = len(region) + len(rest) - len(split.branch)
        keys = _in_turn(_tails(plain.syllables[:bare], steps), _tails(whole.syllables[:cut], steps))
        firsts = _in_turn(_tails(plain.letters, steps), _tails(whole.letters, steps))
    end = steps[-1] + len(split.brand)
    brand = "".join(plain.letters[steps[-1] : end])
    company = len(split.company)
    before = end + len(split.trade) + len(split.form) - company
    spoken = [each for each in plain.similar[:before] + plain.similar[before + company :] if each]
    return _Readings(pinyin.bigrams(spoken), _different([brand, *firsts]), _different(keys))


class _Read(NamedTuple):
    """What is kept of the words of a name, by character."""

    syllables: list[str]
    similar: list[str]
    letters: list[str]


def _read(words: Sequence[str]) -> _Read:
    known = [_word(word) for word in words]
    return _Read(
        [each for word in known for each in word.syllables],
        [each for word in known for each in word.similar],
        [each for word in known for each in word.letters],
    )


def _tails(pieces: Sequence[str], starts: Sequence[int]) -> list[str]:
    """The joined pieces from each start to their end."""
    joined = "".join(pieces)
    return [joined[len("".join(pieces[:start])) :] for start in starts]


def _in_turn(first: Sequence[str], second: Sequence[str]) -> list[str]:
    return [each for pair in zip(first, second, strict=True) for each in pair]


def _different(texts: Sequence[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


@lru_cache(_KNOWN_WORDS)
def _word(word: str) -> _Word:
    searched = " ".join(tokens.split_search(word))
    read = pinyin.read_word(word)
    if len(read) != len(word):
        rest = ("",) * (len(word) - 1)
        joined = "".join(read)
        return _Word(
            searched, (joined, *rest), (*pinyin.similar((joined,)), *rest), (pinyin.first_letters(read), *rest)
        )
    letters = tuple(pinyin.first_letters((each,)) for each in read)
    return _Word(searched, read, tuple(pinyin.similar(read)), letters)
