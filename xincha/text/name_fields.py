"""Names of an entity → the values of the index fields that are made of them (see `xincha.engine.fields.ENTITIES`).

`name_fields` takes the present name and the former ones, and gives name_key, form_key, core, brand, initials and
pinyin_key (lists without repetition), name_1, name_2, name_word and pinyin (prepared tokens). A field without a value
is left out. Queries are made of the same functions.

Readings are indexed from every place at which a person may begin to type: in front of the region and behind each
piece of it. They run to the end of the name in `initials`, to the branch in `pinyin_key`; prefixes find both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from xincha.text import pinyin, tokens
from xincha.text.fold import fold
from xincha.text.names import NameParts, form_key_of, signed, split_name
from xincha.text.remember import remembered

_KNOWN_WORDS, _LONGEST_WORD = 1 << 18, 30
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
    return {field: value for field, value in found.items() if value}


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
    whole = _read(tokens.split_words(folded))
    core = split.core
    return {
        "name_key": _different(signed(folded), key),
        "form_key": [form_key_of(split)] if key else [],
        "core": [core] if core else [],
        "brand": [split.brand] if split.brand else [],
        "name_1": " ".join(key),
        "name_2": tokens.bigrams(key),
        "name_word": whole.searched,
        **_readings(split, key, whole),
    }


def _readings(split: NameParts, key: str, whole: _Word) -> dict[str, object]:
    """The readings of a name; those of one with a region in brackets also without it."""
    bare = "".join((*split.steps, split.brand, split.trade, split.form, split.branch))
    plain = whole if bare == key else _read(tokens.split_words(bare))
    reads = [whole] if plain is whole else [plain, whole]
    steps = [0, *accumulate(map(len, split.steps))]
    keys = [_tails(read.syllables[: len(read.syllables) - len(split.branch)], steps) for read in reads]
    firsts = [_tails(read.letters, steps) for read in reads]
    end = steps[-1] + len(split.brand)
    brand = "".join(plain.letters[steps[-1] : end])
    company = len(split.company)
    before = end + len(split.trade) + len(split.form) - company
    spoken = [each for each in plain.similar[:before] + plain.similar[before + company :] if each]
    return {
        "pinyin": pinyin.bigrams(spoken),
        "initials": _different(brand, *chain(*zip(*firsts, strict=True))),
        "pinyin_key": _different(*chain(*zip(*keys, strict=True))),
    }


def _read(words: Sequence[str]) -> _Word:
    """Words that follow one another as one."""
    known = [_word(word) for word in words]
    return _Word(
        " ".join([word.searched for word in known]),
        tuple([each for word in known for each in word.syllables]),
        tuple([each for word in known for each in word.similar]),
        tuple([each for word in known for each in word.letters]),
    )


def _tails(pieces: Sequence[str], starts: Sequence[int]) -> list[str]:
    """The joined pieces from each start to their end."""
    joined = "".join(pieces)
    return [joined[len("".join(pieces[:start])) :] for start in starts]


def _different(*texts: str) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


@remembered(_KNOWN_WORDS, _LONGEST_WORD)
def _word(word: str) -> _Word:
    read = pinyin.read_word(word)
    letters = tuple([each[0] if each in pinyin.SYLLABLES else each for each in read])
    if len(read) != len(word):
        rest = ("",) * (len(word) - 1)
        read, letters = ("".join(read), *rest), ("".join(letters), *rest)
    return _Word(" ".join(tokens.split_search(word)), read, tuple(pinyin.similar(read)), letters)
