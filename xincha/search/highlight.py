"""Where a stored text matches what was typed: parts of the text as it is shown, marked or not.

Matching is done on folded letters; marks come back to the characters of the text itself, through a map from each folded
letter to the character that it came from. The parts joined are the text, or an excerpt (with … at its cut ends) of a
long one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate, groupby, pairwise, product

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from xincha.search.answers import Part
from xincha.search.reading import pieces
from xincha.text import pinyin, tokens
from xincha.text.fold import fold
from xincha.text.remember import remembered

_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_COMPANY = re.compile(r"(?:有限责任|有限)?公司")
_LEAST_SHARED = 0.6
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
            for found in re.finditer(f"(?={re.escape(text)})", self.letters):
                places.update(self.origin[found.start() : found.start() + len(text)])
        return places

    def ordered(self, text: str) -> set[int]:
        """Places of the characters of `text` in their order; empty if one is missing."""
        return {self.origin[at] for piece in pieces(text, self.letters) for at in piece}

    def nearly(self, text: str) -> set[int]:
        """Places of the characters that the part which is nearest to a text shares with it in order; none of few."""
        if len(text) > len(self.letters) or not (part := fuzz.partial_ratio_alignment(text, self.letters)):
            return set()
        blocks = Indel.editops(text, self.letters[part.dest_start : part.dest_end]).as_matching_blocks()
        marks = {self.origin[part.dest_start + block.b + at] for block in blocks for at in range(block.size)}
        return marks if len(marks) >= _LEAST_SHARED * len(text) else set()

    @cached_property
    def syllables(self) -> list[str]:
        """The reading of each letter; a word of letters or digits is read at its first one."""
        return pinyin.aligned(self.letters)

    @cached_property
    def _said(self) -> list[list[int]]:
        """Places of letters as people say a name: all of it, without what stands in brackets, without 有限公司 too."""
        aside = {at for match in _BRACKETS.finditer(self.text) for at in range(*match.span())}
        company = {at for match in _COMPANY.finditer(self.letters) for at in range(*match.span())}
        whole = list(range(len(self.letters)))
        bare = [at for at in whole if self.origin[at] not in aside]
        return [whole, bare, [at for at in bare if at not in company]]

    def spoken(self, typed: str) -> set[int]:
        """Places of the characters whose pinyin, or first letters, begin with or make up what was typed."""
        initials = [pinyin.first_letters((syllable,)) for syllable in self.syllables]
        for places, sounds in product(self._said, (self.syllables, initials)):
            read = [sounds[at] for at in places]
            for start in range(len(read)):
                if read[start] and "".join(read[start:]).startswith(typed):
                    ends = accumulate(map(len, read[start:]))
                    size = next(size for size, end in enumerate(ends, 1) if end >= len(typed))
                    if size > 1 or read[start] == typed:  # the last of several may be unfinished
                        return {self.origin[at] for at in places[start : start + size]}
        return set()

    def heard(self, syllables: Sequence[str]) -> set[int]:
        """Places of the characters that sound, in pairs, as neighbours of these syllables do, or nearly."""
        wanted = set(pairwise(pinyin.similar(syllables)))
        sounds = pinyin.similar(self.syllables)
        pairs = (pair for places in self._said for pair in pairwise(at for at in places if sounds[at]))
        return {self.origin[at] for one, two in pairs if (sounds[one], sounds[two]) in wanted for at in (one, two)}

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
