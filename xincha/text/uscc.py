"""Unified social credit code 统一社会信用代码 (GB 32100-2015): 18 characters that name one entity for good.

    9 1 350203 155103485 D
    │ │ │      │         └ check character, mod 31
    │ │ │      └ subject code, as the organization code of GB 11714
    │ │ └ region of the registration authority at the time of issue (GB/T 2260)
    │ └ category, within the authority's own list
    └ registering authority: 1–9, A (military), N (agriculture), Y (others)

The alphabet is 0–9 and A–Z without I, O, S, V, Z. Codes that begin with a letter are as valid as those with a digit.
"""

from __future__ import annotations

import re
from itertools import combinations
from operator import mul

from xincha.text.fold import compact

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {char: value for value, char in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_SHAPE = re.compile(rf"[1-9ANY][1-9]\d{{6}}[{ALPHABET}]{{10}}", re.ASCII)

_MISREAD = {"O": "0", "I": "1", "S": "5", "Z": "2"}  # never in the alphabet
_EITHER = {"B": "8", "8": "B"}  # both in the alphabet


def is_valid(text: str) -> bool:
    """Whether the text is a code in its canonical form: alphabet, shape and check character hold."""
    return bool(_SHAPE.fullmatch(text)) and check_character(text) == text[17]


def check_character(text: str) -> str:
    """The check character of a code's first 17 characters, which must be of the alphabet."""
    total = sum(map(mul, map(_VALUES.__getitem__, text[:17]), _WEIGHTS))
    return ALPHABET[-total % 31]


def normalize(text: str) -> str | None:
    """The canonical form of a code in any spelling (spaces, hyphens, full width, lower case); `None`: not valid."""
    code = compact(text)
    return code if is_valid(code) else None


def repair(text: str) -> str | None:
    """The one valid code that a misread one stands for: O/0, I/1, S/5, Z/2, B/8.

    The fewest exchanges of B and 8 that give a valid code decide; `None` where no code holds, or several do with
    equally few.
    """
    code = compact(text)
    if len(code) != 18:
        return None
    code = "".join(_MISREAD.get(char, char) for char in code)
    code = code[:1] + code[1:8].replace("B", "8") + code[8:]
    places = [place for place, char in enumerate(code) if char in _EITHER and place >= 8]
    for exchanges in range(min(len(places), 3) + 1):
        found = {one for some in combinations(places, exchanges) if is_valid(one := _exchange(code, some))}
        if found:
            return found.pop() if len(found) == 1 else None
    return None


def _exchange(code: str, places: tuple[int, ...]) -> str:
    return "".join(_EITHER[char] if place in places else char for place, char in enumerate(code))


def near(text: str) -> list[str]:
    """The valid codes one slip away from a text that is none: one sign wrong, missing or too many, or two neighbours
    exchanged. At most one for each place, since the check character leaves one choice; [] for a valid code."""
    code = "".join(_MISREAD.get(char, char) for char in compact(text))
    if not 17 <= len(code) <= 19 or is_valid(code):
        return []
    if len(code) == 19:
        found = {code[:at] + code[at + 1 :] for at in range(19)}
    elif len(code) == 17:
        found = {_completed(f"{code[:at]}?{code[at:]}", at) for at in range(18)}
    else:
        found = {_completed(code, at) for at in range(18)}
        found |= {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(17)}
    return sorted(filter(is_valid, found))


def _completed(code: str, at: int) -> str:
    """A code of 18 signs with the sign at a place that makes the check character right; "" if another sign is none."""
    if any(char not in _VALUES for place, char in enumerate(code) if place != at):
        return ""
    weights = (*_WEIGHTS, 1)
    others = sum(_VALUES[char] * weights[place] for place, char in enumerate(code) if place != at)
    return code[:at] + ALPHABET[-others * pow(weights[at], -1, 31) % 31] + code[at + 1 :]


def org_code(code: str) -> str:
    """The organization code inside a canonical code: characters 9 to 17."""
    return code[8:17]
