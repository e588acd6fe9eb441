"""Registration number 注册号 of the industry and commerce administration: 15 digits, the last a check digit.

    350203 1 0001234 5: region of the authority, kind and serial number, check digit (ISO 7064 MOD 11,10)

The USCC replaced it from 2015 on; it stands in older records. A copy's mark, `350203100012345(1-1)`, is no part of the
number. Older numbers of 13 digits and those in words (企独闽厦总字第…号) have no check digit and are not valid here.
"""

from __future__ import annotations

import re

from xincha.text.fold import compact

_SHAPE = re.compile(r"\d{15}", re.ASCII)
_COPY = re.compile(r"[(（]\s*\d{1,2}\s*[-－/]\s*\d{1,2}\s*[)）]\s*$")


def is_valid(text: str) -> bool:
    """Whether the text is 15 digits and the check digit holds."""
    return bool(_SHAPE.fullmatch(text)) and check_digit(text) == text[14]


def check_digit(text: str) -> str:
    """The check digit of a number's first 14 digits: ISO 7064, MOD 11,10."""
    product = 10
    for digit in text[:14]:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def normalize(text: str) -> str | None:
    """The 15 digits of a number in any spelling (spaces, hyphens, full width, copy mark); `None`: not valid."""
    number = compact(_COPY.sub("", text))
    return number if is_valid(number) else None


def near(text: str) -> list[str]:
    """The valid numbers one slip away from 15 digits that are none: one digit wrong, or two neighbours exchanged."""
    number = compact(text)
    if not _SHAPE.fullmatch(number) or is_valid(number):
        return []
    found = {number[:at] + digit + number[at + 1 :] for at in range(15) for digit in "0123456789"}
    found |= {number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(14)}
    return sorted(filter(is_valid, found))
