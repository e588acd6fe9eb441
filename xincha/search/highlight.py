"""Where a stored text matches what was typed: parts of the text as it is shown, marked or not.

Matching is done on folded letters; marks come back to the characters of the text itself, through a map from each folded
letter to the character that it came from. The parts joined are the text, or an excerpt (with … at its cut ends) of a
long one.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, groupby, product

from xincha.search.answers import Part
from xincha.search.reading import pieces
from xincha.text import pinyin, tokens
from xincha.text.fold import fold
from xincha.text.remember import remembered

_EXCERPT = 60
_BEFORE = 15


@remembered(1 << 14)
def _folded(char: str) -> str:
    return tokens.letters(fold(char))


class Highlighted:
    """A text as it is shown, its folded letters, and the character that each of them came from."""

    def __init__(self, text: str) -> None:
        self.text = text
        folded = list(map(_folded, text))
        self.letters = "".join(folded)
        self.origin = [at for at, letters in enumerate(folded) for _ in letters]

    def marks(self, texts: Iterable[str]) -> set[int]:
        """Places of the characters that stand in any of the texts."""
        places: set[int] = set()
        for text in filter(None, texts):
            at = self.letters.find(text)
            while at >= 0:
                places.update(self.origin[at : at + len(text)])
                at = self.letters.find(text, at + 1)
        return places

    def ordered(self, text: str) -> set[int]:
        """Places of the characters of `text` in their order; empty if one is missing."""
        return {self.origin[at] for piece in pieces(text, self.letters) for at in piece}

    def spoken(self, typed: str) -> set[int]:
        """Places of the characters whose pinyin, or first letters, begin with or make up what was typed."""
        syllables = pinyin.syllables(self.letters)
        if len(syllables) != len(self.letters):
            return set()
        initials = [pinyin.first_letters((syllable,)) for syllable in syllables]
        for read, start in product((syllables, initials), range(len(syllables))):
            if "".join(read[start:]).startswith(typed):
                ends = accumulate(map(len, read[start:]))
                size = next(size for size, end in enumerate(ends, 1) if end >= len(typed))
                if size > 1 or read[start] == typed:  # the last of several may be unfinished
                    return set(self.origin[start : start + size])
        return set()

    def parts(self, marks: set[int], start: int = 0, end: int | None = None) -> list[Part]:
        """The text, or what of it stands between two places, in stretches that are marked or not."""
        stretches = groupby(range(len(self.text))[start:end], key=marks.__contains__)
        return [Part("".join(self.text[at] for at in stretch), mark) for mark, stretch in stretches]

    def excerpt(self, marks: set[int]) -> list[Part]:
        """As `parts`, of some 60 characters around the first mark."""
        start = max(0, min(min(marks, default=0) - _BEFORE, len(self.text) - _EXCERPT))
        end = start + _EXCERPT
        before, behind = ([Part("…", mark=False)] if cut else [] for cut in (start > 0, end < len(self.text)))
        return [*before, *self.parts(marks, start, end), *behind]
