"""How well a short name (深物业, 力源科技) stands in a whole one: its characters in order, the first ones of words and
parts before others, and the short form of a place for the place."""

from __future__ import annotations

from xincha.search.reading import Reading, pieces
from xincha.text.abbreviations import ABBREVIATIONS

AT_BEGIN, AT_WORD, WITHIN = 1.0, 0.9, 0.3
"""What a character says that does not follow the one before: at the begin of a name or its core, of a word, in one."""
LONGEST = 8
"""Characters of a short name; in a longer text with a character too few the number of pieces says most."""
ELSEWHERE = 0.85
APART = 0.5
"""Two characters that stand apart say half of what they would otherwise."""


def ordered(text: str, name: Reading) -> float:
    """1 for a text in one piece at the begin of a name or its core, less for pieces elsewhere; 0 where a character is
    missing. The first one may stand for the place: 沪 for 上海."""
    if len(text) > LONGEST:
        places = pieces(text, name.key)
        begins = bool(places) and name.key.find(name.split.core) == places[0].start
        return (1 - (len(places) - 1) / len(text)) * (1.0 if begins else ELSEWHERE) if places else 0.0
    best = _aligned(text, name) * (APART if len(text) == 2 and text not in name.key else 1.0)
    if len(text) > 2 and ABBREVIATIONS.get(text[0]) in name.split.places:
        best = max(best, AT_WORD * _aligned(text[1:], name))
    return best


def _aligned(text: str, name: Reading) -> float:
    """The best way to find the characters in order, as a mean over them."""
    key = name.key
    if not pieces(text, key):
        return 0.0
    begins = {0, key.find(name.split.core)}
    worth = [AT_BEGIN if at in begins else AT_WORD if at in name.joints else WITHIN for at in range(len(key))]
    # place of the last character that was found → what those up to it are worth
    reached = {at: worth[at] for at in _places(text[0], key)}
    for char in text[1:]:
        following: dict[int, float] = {}
        for at in _places(char, key):
            ways = [so_far + (1.0 if last == at - 1 else worth[at]) for last, so_far in reached.items() if last < at]
            if ways:
                following[at] = max(ways)
        reached = following
    return max(reached.values()) / len(text)


def _places(char: str, key: str) -> list[int]:
    return [at for at, each in enumerate(key) if each == char]
