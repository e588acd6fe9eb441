"""Names of places as they stand in company names and addresses, and the chain of them at one position.

A place is written in full (厦门市) or short (厦门). A chain runs from large to small, as in 福建省三明市大田县. Each
next one must lie in the one before, so that 北京朝阳 is the district and not the city in Liaoning.

    read_chain("福建三明大田绿景")  →  end 6, places 福建, 三明, 大田, code 350425

The names are those of GB/T 2260, retired ones too (`xincha.text.divisions`). Places are read as they lay in each other
when they bore their codes; the code of a chain is that of today, since retired codes were given again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from xincha.text.divisions import former_names, level, names, short_name, stands_alone

_NO_PLACES = re.compile(r"市辖区|县级|直辖|行政单位|管委会|委员会|开发区|园区|管理区|示范区|保税区|实验区")


class Bearer(NamedTuple):
    """A division by the code under which it bears or bore a name, its code of today, and whether it still bears it."""

    code: str
    present: str
    today: bool


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One spelling of a place. `short` is its short form; `bearers`: those of today first, then the largest."""

    text: str
    short: str
    full: bool
    bearers: tuple[Bearer, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Places that follow one another, and where the text goes on.

    `code` is the code of today of the smallest, `level` what it was when it bore the name.
    """

    end: int
    places: tuple[Place, ...]
    code: str
    level: int


@cache
def index() -> Mapping[str, tuple[Place, ...]]:
    """First two characters → places that begin with them, longest first."""
    bearers: dict[tuple[str, str, bool], set[Bearer]] = defaultdict(set)
    today = ((name, Bearer(code, code, True)) for code, name in names().items())
    former = ((each.name, Bearer(code, each.present, False)) for code, all_ in former_names().items() for each in all_)
    for name, bearer in (*today, *former):
        if _NO_PLACES.search(name):
            continue
        short = short_name(name)
        bearers[name, short, True].add(bearer)
        if short != name:
            bearers[short, short, False].add(bearer)
    found: dict[str, list[Place]] = defaultdict(list)
    for (text, short, full), each in bearers.items():
        found[text[:2]].append(Place(text, short, full, tuple(sorted(each, key=_first))))
    return {start: tuple(sorted(places, key=lambda p: (-len(p.text), p.text))) for start, places in found.items()}


def _first(bearer: Bearer) -> tuple[bool, int, str]:
    return not bearer.today, level(bearer.code), bearer.code


def read_chain(text: str, start: int = 0, *, within: str = "") -> Chain:
    """The places that stand at `start`, from large to small; `within` is the code that they must lie in.

    An empty chain ends where it starts. Its code is that of the smallest place, `within` (or "") where there is none.
    """
    places: list[Place] = []
    last, end = Bearer(within, within, True), start
    while found := _next(text, end, last, alone=not places and not within):
        place, last = found
        places.append(place)
        end += len(place.text)
        if not place.full and end < len(text) and text[end] in "省市县区":
            end += 1  # 晋江县 is long a city
    return Chain(end, tuple(places), last.present, _level(last.code))


def _level(code: str) -> int:
    return level(code) if code else 0


def _next(text: str, start: int, outer: Bearer, *, alone: bool) -> tuple[Place, Bearer] | None:
    for place in index().get(text[start : start + 2], ()):
        if text.startswith(place.text, start) and (inner := _fitting(place, outer, alone=alone)):
            return place, inner
    return None


@lru_cache(1 << 16)
def _fitting(place: Place, outer: Bearer, *, alone: bool) -> Bearer | None:
    """The bearer of `place` that lies in `outer`, one of today first.

    A name in full may also contradict it; where several bear that one (福州市城区), none of them is meant.
    """
    reached = _level(outer.code)
    lower = [each for each in place.bearers if level(each.code) > reached]
    fitting = [each for each in lower if each.code.startswith(outer.code[: 2 * reached])]
    if not fitting and place.full:
        several = len({each.present for each in lower}) > 1
        fitting = [each._replace(present=outer.present) for each in lower[:1]] if several else lower
    if alone and not place.full:  # 思明, 和平: a district by its short name alone says nothing
        fitting = [each for each in fitting if stands_alone(each.code)]
    return next(iter(fitting), None)
