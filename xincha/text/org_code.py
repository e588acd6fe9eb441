"""Organization code 组织机构代码 (GB 11714-1997): 8 characters and a check character, mod 11.

The eight are digits and capital letters; the check character is a digit or `X` (for 10). It is written with a hyphen,
`15510348-5`; the canonical form has none. In a USCC it is characters 9 to 17.
"""

from __future__ import annotations

import re
from operator import mul

from xincha.text.fold import compact

_SHAPE = re.compile(r"[0-9A-Z]{8}[0-9X]", re.ASCII)
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def is_valid(text: str) -> bool:
    """Whether the text is a code in its canonical form, without the hyphen, and the check character holds."""
    return bool(_SHAPE.fullmatch(text)) and check_character(text) == text[8]


def check_character(text: str) -> str:
    """The check character of a code's first eight characters."""
    total = sum(map(mul, (int(char, 36) for char in text[:8]), _WEIGHTS))
    return "0123456789X"[-total % 11]


def normalize(text: str) -> str | None:
    """The nine characters of a code in any spelling (hyphen, spaces, full width, lower case); `None`: not valid."""
    code = compact(text)
    return code if is_valid(code) else None
