"""A name, what was typed, and an entity that may be meant: with what is compared of them, made when first needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any

from xincha.limits import MAX_NAME
from xincha.search.candidates import MARKS, MOST_HEARD
from xincha.search.intent import Intent
from xincha.text import pinyin, tokens
from xincha.text.fold import fold
from xincha.text.names import NameParts, form_key_of, signed, split_name
from xincha.text.remember import remembered

_KNOWN_NAMES = 1 << 16


class Reading:
    """A name with what is compared of it, each made when first needed."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.key = tokens.letters(folded)

    @cached_property
    def signed(self) -> str:
        """As `key`, with the signs that are part of the name."""
        return signed(self.folded)

    @cached_property
    def split(self) -> NameParts:
        """Its parts."""
        return split_name(self.folded)

    @cached_property
    def joints(self) -> frozenset[int]:
        """Where its words and parts begin, as places in `key`."""
        split, words = self.split, accumulate(map(len, tokens.split_words(self.key)), initial=0)
        begin = self.key.find(split.core) if split.core else 0
        parts = accumulate(map(len, (split.brand, split.trade, split.form)), initial=begin)
        return frozenset((*words, *parts))

    @cached_property
    def form_key(self) -> str:
        """See `names.form_key`."""
        return form_key_of(self.split)

    @cached_property
    def syllables(self) -> list[str]:
        """The reading of what people say of it."""
        return pinyin.syllables(self.split.spoken)

    @cached_property
    def similar(self) -> list[str]:
        """`syllables` with confused sounds as one."""
        return pinyin.similar(self.syllables)

    @cached_property
    def core_syllables(self) -> list[str]:
        """The reading of the core."""
        return pinyin.syllables(self.split.core)

    @cached_property
    def heard(self) -> tuple[list[str], list[str]]:
        """The syllables that follow one another: of the core, and of the whole name as it is written."""
        return self.core_syllables, pinyin.syllables(self.key)

    @cached_property
    def initials(self) -> tuple[str, ...]:
        """First letters of the core, and of all from each step of the region to the end."""
        split = self.split
        pieces = [*split.steps, split.core + split.form + split.branch]
        tails = ["".join(pieces[start:]) for start in range(len(pieces))]
        return tuple(map(pinyin.initials, (split.core, *reversed(tails))))


@remembered(_KNOWN_NAMES, MAX_NAME)
def reading(name: str) -> Reading:
    """The reading of a name."""
    return Reading(fold(name))


class Typed(Reading):
    """What was typed, read as a name; `key` is all of it, joined."""

    def __init__(self, intent: Intent) -> None:
        super().__init__(intent.text)
        self.intent = intent
        self.split = intent.name

    @cached_property
    def said(self) -> Reading:
        """What was typed without places, unless it is a full name or nothing but a place: of X and Y in 厦门X and
        泉州 Y the company is known, and a place is no reason by itself."""
        rest = self.intent.behind_place
        return Reading(rest) if rest and not self.split.form else self

    @cached_property
    def mark(self) -> str:
        """The word of a legal form that a short name ends with: 股份 of 阳光股份; "" without."""
        text = self.key
        return next((mark for mark in MARKS if text.endswith(mark) and len(text) > len(mark) + 1), "")

    @cached_property
    def stem(self) -> str:
        """What stands before `mark`; "" without one."""
        return self.key.removesuffix(self.mark) if self.mark else ""

    @cached_property
    def heard_as(self) -> Sequence[str]:
        """The syllables by which a short text is looked for in names as it was heard; () of a long one."""
        read = self.intent.sounds or pinyin.syllables(self.said.key)
        return read if self.intent.sounds or 2 <= len(read) <= MOST_HEARD else ()


@dataclass(slots=True)
class Candidate:
    """An entity that may be meant: its stored JSON, its names read, its score and the features that speak for it."""

    id: str
    source: Mapping[str, Any]
    name: Reading
    former: Sequence[Reading]
    score: float = 0.0
    values: dict[Callable[[Typed, Candidate], float], float] = field(default_factory=dict)

    @classmethod
    def of(cls, identifier: str, source: Mapping[str, Any]) -> Candidate:
        """The candidate of one stored entity."""
        former = list(map(reading, source.get("former_names") or ()))
        return cls(identifier, source, reading(source.get("name") or ""), former)

    @property
    def names(self) -> Sequence[Reading]:
        """The present name and the former ones."""
        return (self.name, *self.former) if self.former else (self.name,)

    def text(self, field: str) -> str:
        """A stored text, folded, without punctuation."""
        return tokens.letters(fold(self.source.get(field)))


def pieces(text: str, whole: str) -> list[range]:
    """Where the pieces of a text stand in another in their order, each as long as can be; [] if one is missing."""
    places: list[range] = []
    at, left = 0, text
    while left:
        size = next((size for size in range(len(left), 0, -1) if whole.find(left[:size], at) >= 0), 0)
        if not size:
            return []
        start = whole.index(left[:size], at)
        at, left = start + size, left[size:]
        places.append(range(start, at))
    return places
