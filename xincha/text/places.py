"""Names of places as they stand in company names and addresses, and the chain of them at one position.

A place is written in full (厦门市) or short (厦门). A chain runs from large to small, as in 福建省三明市大田县. Each
next one must lie in the one before, so that 北京朝阳 is the district and not the city in Liaoning.

    read_chain("福建三明大田绿景")  →  end 6, places 福建, 三明, 大田, code 350425

The names are those of GB/T 2260, retired ones too (`xincha.text.divisions`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from xincha.text.divisions import former_names, level, names, short_name, stands_alone

_NO_PLACES = re.compile(r"市辖区|县级|直辖|行政单位|管委会|委员会|开发区|园区|管理区|示范区|保税区|实验区")


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One spelling of a place. `short` is its short form, `codes` the GB/T 2260 codes that bear this name."""

    text: str
    short: str
    full: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Places that follow one another, and where the text goes on."""

    end: int
    places: tuple[Place, ...]
    code: str


@cache
def index() -> Mapping[str, tuple[Place, ...]]:
    """First two characters → places that begin with them, longest first."""
    codes: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    former = ((code, bearer.name) for code, bearers in former_names().items() for bearer in bearers)
    for code, name in (*names().items(), *former):
        if _NO_PLACES.search(name):
            continue
        short = short_name(name)
        codes[name, short, True].append(code)
        if short != name:
            codes[short, short, False].append(code)
    found: dict[str, list[Place]] = defaultdict(list)
    for (text, short, full), bearers in codes.items():
        found[text[:2]].append(Place(text, short, full, tuple(sorted(bearers))))
    return {start: tuple(sorted(places, key=lambda p: (-len(p.text), p.text))) for start, places in found.items()}


def read_chain(text: str, start: int = 0, *, within: str = "") -> Chain:
    """The places that stand at `start`, from large to small; `within` is the code that they must lie in.

    An empty chain ends where it starts. Its code is that of the smallest place, `within` (or "") where there is none.
    """
    places: list[Place] = []
    code, reached, end = within, level(within) if within else 0, start
    while found := _next(text, end, code, reached, alone=not places and not within):
        place, code = found
        places.append(place)
        reached, end = level(code), end + len(place.text)
        if not place.full and end < len(text) and text[end] in "省市县区":
            end += 1  # 晋江县 is long a city
    return Chain(end, tuple(places), code)


def _next(text: str, start: int, code: str, reached: int, *, alone: bool) -> tuple[Place, str] | None:
    for place in index().get(text[start : start + 2], ()):
        if text.startswith(place.text, start) and (inner := _fitting(place, code, reached, alone=alone)):
            return place, inner
    return None


@lru_cache(1 << 16)
def _fitting(place: Place, code: str, reached: int, *, alone: bool) -> str | None:
    """The code of `place` that lies in `code`, the largest first; a name in full may also contradict it."""
    outer = code[: 2 * reached]
    fitting = [inner for inner in place.codes if level(inner) > reached and inner.startswith(outer)]
    if not fitting and place.full:
        fitting = [inner for inner in place.codes if level(inner) > reached]
    if alone and not place.full:  # 思明, 和平: a district by its short name alone says nothing
        fitting = list(filter(stands_alone, fitting))
    return min(fitting, key=lambda inner: (level(inner), inner), default=None)
