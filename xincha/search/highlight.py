"""Where a stored text matches what was typed: parts of the text as it is shown, marked or not.

Matching is done on folded letters; marks come back to the characters of the text itself, through a map from each folded
letter to the character that it came from. The parts joined are the text, or an excerpt (with … at its cut ends) of a
long one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from xincha.search.answers import Part
from xincha.text import pinyin, tokens
from xincha.text.fold import fold

_EXCERPT = 60
_BEFORE = 15


@lru_cache(1 << 14)
def _folded(char: str) -> str:
    return tokens.letters(fold(char))


class Shown:
    """A text as it is shown, its folded letters, and the character that each of them came from."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.letters = ""
        self.origin: list[int] = []
        for at, char in enumerate(text):
            letters = _folded(char)
            self.letters += letters
            self.origin += [at] * len(letters)

    def marks(self, pieces: Iterable[str]) -> set[int]:
        """Places of the characters that stand in any of the pieces."""
        found: set[int] = set()
        for piece in filter(None, pieces):
            at = self.letters.find(piece)
            while at >= 0:
                found.update(self.origin[at : at + len(piece)])
                at = self.letters.find(piece, at + 1)
        return found

    def ordered(self, text: str) -> set[int]:
        """Places of the characters of `text` in their order; empty where one is missing."""
        found: set[int] = set()
        at, left = 0, text
        while left:
            size = next((n for n in range(len(left), 0, -1) if self.letters.find(left[:n], at) >= 0), 0)
            if not size:
                return set()
            start = self.letters.find(left[:size], at)
            found.update(self.origin[start : start + size])
            at, left = start + size, left[size:]
        return found

    def spoken(self, typed: str) -> set[int]:
        """Places of the characters whose pinyin, or first letters, begin with or make up what was typed."""
        read = pinyin.syllables(self.letters)
        if len(read) != len(self.letters):
            return set()
        return self._spelled(typed, read) or self._spelled(typed, [pinyin.first_letters((each,)) for each in read])

    def _spelled(self, typed: str, read: Sequence[str]) -> set[int]:
        for start in range(len(read)):
            left = typed
            for end in range(start, len(read)):
                if left.startswith(read[end]):
                    left = left[len(read[end]) :]
                    if left:
                        continue
                elif not (read[end].startswith(left) and end > start):
                    break
                return set(self.origin[start : end + 1])
        return set()

    def parts(self, marks: set[int]) -> list[Part]:
        """The text in stretches that are marked or not."""
        return _stretches(self.text, marks, range(len(self.text)))

    def excerpt(self, marks: set[int]) -> list[Part]:
        """As `parts`, of some 60 characters around the first mark."""
        if len(self.text) <= _EXCERPT:
            return self.parts(marks)
        start = max(0, min(min(marks, default=0) - _BEFORE, len(self.text) - _EXCERPT))
        end = start + _EXCERPT
        found = _stretches(self.text, marks, range(start, end))
        before = [Part("…", mark=False)] if start else []
        return [*before, *found, *([Part("…", mark=False)] if end < len(self.text) else [])]


def _stretches(text: str, marks: set[int], places: range) -> list[Part]:
    return [
        Part("".join(text[at] for at in stretch), mark) for mark, stretch in groupby(places, key=lambda at: at in marks)
    ]
