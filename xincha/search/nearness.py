"""How near a name comes to what was typed, and where nearness ends.

A query for names that differ a little finds many that share some pairs of characters and nothing else. `ending` keeps
those of which a person sees why: a character or two wrong, missing or too many, all characters in their order (also
turned round), or the same sound; and of these the ones that come about as near as the nearest.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from xincha.search import features
from xincha.search.reading import Candidate, Reading, Typed
from xincha.text import pinyin

_LEAST = 0.6
"""Of three characters two, of full names six of ten."""
_SLIPS = 1.5
"""So many characters more may be wrong than in the nearest name."""
_ORDERED, _PAIR_ORDERED = 0.6, 0.47
"""Characters in order say something where most begin words or follow each other, of two both."""
FIRM = 0.85
"""A short name that stands so well in a whole one is meant by it as well as by one that holds it somewhere."""
_LEAST_PART = 3
"""A shorter text is a part of too many names to be one nearly."""
_EACH_SLIP = 4
"""Of so many characters one may be wrong, where a text is a part of a name."""


def ending(typed: Typed, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that are near, in their order; those that the ranking has not compared in full are not."""
    near = [nearness(typed, candidate) if candidate.values else 0.0 for candidate in candidates]
    least = max(_LEAST, max(near, default=0.0) - _SLIPS / max(1, len(typed.said.key)))
    return [candidate for candidate, value in zip(candidates, near, strict=True) if value >= least]


def nearness(typed: Typed, candidate: Candidate) -> float:
    """From 0 to 1; 1 where everything that was typed is in a name in its order, or sounds like a part of it."""
    value = candidate.values.get
    if typed.intent.letters:
        return max(
            _part(letters, name) for letters in typed.intent.spellings for name in map(_letters, candidate.names)
        )
    ordered = value(features.in_order, 0.0)
    if (
        value(features.contains)
        or value(features.turned)
        or ordered >= (_PAIR_ORDERED if len(typed.key) == 2 else _ORDERED)
    ):
        return 1.0
    heard = value(features.sound, 0.0)
    if typed.heard_as and heard >= features.HEARD:
        return 1.0
    parts = max(_part(typed.said.key, name.key) for name in candidate.names)
    if typed.intent.sounds:
        return max(
            parts, *(_part(pinyin.similar(typed.heard_as), pinyin.similar(name.heard[1])) for name in candidate.names)
        )
    if typed.said is not typed:  # that places are the same says nothing of the rest
        return parts
    alike = value(features.similarity, 0.0), value(features.similar_core, 0.0) if len(typed.split.core) > 2 else 0.0
    return max(parts, 0.0 if typed.heard_as else heard, *alike)


def _letters(name: Reading) -> str:
    return "".join(name.heard[1])


def _part(text: Sequence[str], name: Sequence[str]) -> float:
    """How much of a text is alike in a part of a name that is as long; 0 where more than a slip or two differ."""
    size = len(text)
    if not _LEAST_PART <= size <= len(name):
        return 0.0
    least = 1 - max(1, size // _EACH_SLIP) / size
    return fuzz.partial_ratio(text, name, score_cutoff=least * 100 - 0.1) / 100
