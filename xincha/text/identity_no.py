"""Identity number 公民身份号码 (GB 11643-1999): province, date of birth, order and check character of a person.

An owner's number stands where a code should, in files of sole traders above all, and one of 31 passes the check of
GB 32100 as well. It is told by its date: a code has one there by a rare chance, and never where it begins with 9.
"""

from __future__ import annotations

from datetime import date

PROVINCES = frozenset(map(str, [*range(11, 16), 21, 22, 23, *range(31, 38), *range(41, 47), *range(50, 55),
                                *range(61, 66), 71, 81, 82, 83]))  # fmt: skip
_OLDEST = date(1900, 1, 1)
_YOUNGEST_OWNER = 2020
"""Born later nobody has a business yet; the codes of institutions of 奉贤区 (310120) have such years."""


def is_valid(number: str) -> bool:
    """Whether 18 characters without separators are an identity number."""
    if len(number) != 18 or number[:2] not in PROVINCES or not number[:17].isdigit() or not is_birthday(number[6:14]):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11] == number[17]


def is_owners(number: str) -> bool:
    """Whether it may be that of an owner, in the place of a code."""
    return is_valid(number) and int(number[6:10]) <= _YOUNGEST_OWNER


def is_birthday(digits: str) -> bool:
    """Whether eight digits are a day since 1900."""
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) >= _OLDEST
    except ValueError:
        return False
