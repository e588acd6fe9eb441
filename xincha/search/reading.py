"""A name, what was typed, and an entity that may be meant: with what is compared of them, made when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from xincha.search.intent import Intent
from xincha.text import pinyin, tokens
from xincha.text.fold import fold
from xincha.text.names import NameParts, form_key_of, split_name

_KNOWN_NAMES = 1 << 16


class Reading:
    """A name (or what was typed, read as one) with what is compared of it, each made when first asked for."""

    def __init__(self, folded: str, split: NameParts | None = None) -> None:
        self.folded = folded
        self.key = tokens.letters(folded)
        if split is not None:
            self.__dict__["split"] = split

    @cached_property
    def split(self) -> NameParts:
        """Its parts."""
        return split_name(self.folded)

    @cached_property
    def form_key(self) -> str:
        """See `names.form_key`."""
        return form_key_of(self.split)

    @cached_property
    def core(self) -> str:
        """Brand and trade."""
        return self.split.core

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Pairs of neighbouring characters of the core."""
        return frozenset(tokens.bigrams(self.core).split())

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
        return pinyin.syllables(self.core)

    @cached_property
    def initials(self) -> tuple[str, ...]:
        """First letters of the core, and of all from each step of the region to the end."""
        split = self.split
        pieces = [*split.steps, split.core + split.form + split.branch]
        tails = ["".join(pieces[start:]) for start in range(len(pieces))]
        return tuple(map(pinyin.initials, (self.core, *reversed(tails))))


@lru_cache(_KNOWN_NAMES)
def reading(name: str) -> Reading:
    """The reading of a name."""
    return Reading(fold(name))


@dataclass(slots=True)
class Candidate:
    """An entity that may be meant: its stored JSON, its names read, its score and the features that speak for it."""

    id: str
    source: Mapping[str, object]
    name: Reading
    former: Sequence[Reading]
    score: float = 0.0
    values: dict[Callable[[Asked, Candidate], float], float] = field(default_factory=dict)

    @classmethod
    def of(cls, identifier: str, source: Mapping[str, object]) -> Candidate:
        """The candidate of one stored entity."""
        former = source.get("former_names")
        names = [reading(str(name)) for name in former] if isinstance(former, list) else ()
        return cls(identifier, source, reading(str(source.get("name", ""))), names)

    @property
    def names(self) -> Sequence[Reading]:
        """The present name and the former ones."""
        return (self.name, *self.former) if self.former else (self.name,)

    def text(self, field: str) -> str:
        """A stored text, folded, without punctuation."""
        value = self.source.get(field)
        return tokens.letters(fold(value)) if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The query, read as a name."""

    intent: Intent
    name: Reading

    @property
    def text(self) -> str:
        """What was typed, joined."""
        return self.intent.text
