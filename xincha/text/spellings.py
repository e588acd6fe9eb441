"""A name → the keys under which the same name may be registered, for the index field `form_key`.

    厦门市鹭岛科技有限责任公司   厦门鹭岛科技有限公司, 福建厦门鹭岛科技有限公司
    鹭岛科技有限公司, 思明区     思明鹭岛科技有限公司, 厦门思明鹭岛…, 厦门鹭岛…, 福建厦门鹭岛…, 福建鹭岛…, …

A place may be written with or without the places around it; no other place, and nothing else of a name, is exchanged.
(Of 72,258 registered names, no two that are different in more than 省, 市, 县 share a key.)
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from xincha.text import divisions
from xincha.text.divisions import short_name
from xincha.text.names import NameParts, form_key_of


def spellings(name: NameParts) -> list[str]:
    """The form key of a name, and those with its smallest place within more or fewer of the places around it."""
    form_key = form_key_of(name)
    around = _shorts(divisions.current(name.code) or "")[:-1]
    if not name.places or not set(name.places[:-1]) <= set(around):
        return [form_key]
    rest = form_key.removeprefix("".join(name.places))
    return list(dict.fromkeys([form_key, *_within(around, name.places[-1] + rest)]))


def placed(name: NameParts, codes: Sequence[str]) -> list[str]:
    """The form keys of a name that says no place, as if it said one of these regions or a place around it."""
    if name.places:
        return []
    form_key = form_key_of(name)
    chains = (_shorts(each) for code in codes for each in reversed(divisions.ancestors(code)))
    return list(dict.fromkeys(key for chain in chains for key in _within(chain[:-1], chain[-1] + form_key)))


def _shorts(code: str) -> list[str]:
    """The short names of a place and those around it, large to small."""
    return [short_name(divisions.name(each) or "") for each in divisions.ancestors(code)]


def _within(around: Sequence[str], rest: str) -> list[str]:
    """The keys with any of the places around in front."""
    return ["".join((*some, rest)) for size in range(len(around) + 1) for some in combinations(around, size)]
