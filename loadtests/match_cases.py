"""Rows that no entity bears, made from the registrations; the same ones each time.

A typing error must leave the right entity among the first three candidates:

    swapped, missing, extra   two characters swapped, one missing, one too many
    homophones                the first two characters of the brand written with others of the same sound

What is near, but another company, must not be matched:

    place, brand, number      the place, one character of the brand, or 第一 exchanged
    branch, head              a branch that does not exist; the head office of a branch, which is not registered
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import islice

from loadtests import registry
from loadtests.cases import Case
from xincha.text import pinyin
from xincha.text.names import NameParts, name_key, parts

EACH = 500
ERRORS = ("swapped", "missing", "extra", "homophones")
OTHERS = ("place", "brand", "number", "branch", "head")
_PLACES = ("厦门", "泉州", "福州", "北京", "上海", "广州", "深圳", "漳州", "三明", "成都", "武汉")
_NUMBERS = {"第一": "第二", "第二": "第三", "第三": "第四", "第四": "第一"}


def own() -> Iterator[Case]:
    """Up to `EACH` of every class, each with the code of the entity that it was made from."""
    chance = random.Random(7)  # noqa: S311 - the same cases each time
    rows = list(registry.rows())
    registered = {name_key(row[registry.NAME]) for row in rows}
    make = _Make(chance, "".join(name_key(row[registry.NAME]) for row in rows[::20]))
    for kind in (*ERRORS, *OTHERS):
        chance.shuffle(rows)
        named = ((getattr(make, kind)(row[registry.NAME]), row[registry.CODE]) for row in rows)
        new = (Case(kind, name, frozenset((code,))) for name, code in named if len(name) > 3 and name not in registered)
        yield from islice(new, EACH)


class _Make:
    """One method for each class: a name that is registered → another, "" if none can be made of it."""

    def __init__(self, chance: random.Random, characters: str) -> None:
        self._chance = chance
        self._characters = characters
        sounding: dict[str, list[str]] = defaultdict(list)
        for character in sorted(set(characters)):
            for syllable in pinyin.syllables(character)[:1]:
                sounding[syllable].append(character)
        self._sounding: Mapping[str, list[str]] = sounding

    def swapped(self, name: str) -> str:
        key, at = self._place(name)
        return key[:at] + key[at + 1] + key[at] + key[at + 2 :]

    def missing(self, name: str) -> str:
        key, at = self._place(name)
        return key[:at] + key[at + 1 :]

    def extra(self, name: str) -> str:
        key, at = self._place(name)
        return key[:at] + self._chance.choice(self._characters) + key[at:]

    def homophones(self, name: str) -> str:
        return self._in_brand(name, lambda brand: "".join(map(self._alike, brand[:2])) + brand[2:])

    def place(self, name: str) -> str:
        split = parts(name)
        front = len("".join(split.steps))
        others = [place for place in _PLACES if place not in split.places]
        return self._chance.choice(others) + name_key(name)[front:] if front else ""

    def brand(self, name: str) -> str:
        def changed(brand: str) -> str:
            at = self._chance.randrange(len(brand))
            return brand[:at] + self._chance.choice(self._characters) + brand[at + 1 :]

        return self._in_brand(name, changed)

    def number(self, name: str) -> str:
        key = name_key(name)
        return next((key.replace(old, new) for old, new in _NUMBERS.items() if old in key), "")

    def branch(self, name: str) -> str:
        split = parts(name)
        invented = f"{name_key(name)}{self._chance.choice(_PLACES)}分公司"
        return invented if not split.branch and split.company else ""

    def head(self, name: str) -> str:
        branch = parts(name).branch
        return name_key(name).removesuffix(branch) if branch else ""

    def _place(self, name: str) -> tuple[str, int]:
        key = name_key(name)
        return key, self._chance.randrange(max(1, len(key) - 1))

    def _in_brand(self, name: str, change: Callable[[str], str]) -> str:
        split: NameParts = parts(name)
        key = name_key(name)
        at = key.find(split.brand)
        return key[:at] + change(split.brand) + key[at + len(split.brand) :] if len(split.brand) > 1 and at >= 0 else ""

    def _alike(self, character: str) -> str:
        syllables = pinyin.syllables(character)
        others = [each for each in self._sounding.get(syllables[0], ()) if each != character] if syllables else []
        return self._chance.choice(others) if others else character
