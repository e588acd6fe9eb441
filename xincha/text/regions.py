"""The region of an entity or an authority: what an address, a register or a code says of where it is.

A region is a code of `xincha.text.divisions`, the finest that is known. What is not certain is not filled in: a retired
district that went to several others becomes its city. What is believed first:

1. the address: 厦门市思明区…, 思明区… if the published city or the name alone settles which, 厦门湖里…;
2. the province and city that the register published beside it (福建 / 厦门, 北京 / 海淀, 浙江 / 北仑);
3. the USCC: characters 3 to 8 are the authority that registered it. An authority registers for its city, so only the
   city is taken from there: of Xiamen's entities with a district's code about one in thirty lies in another district.

杏林区 of Xiamen was renamed to 海沧区 in 2003, but 杏林 itself, its town and its street, went to 集美区. So an address
in 杏林区 says 厦门市, unless it names a road or place that tells which of the two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from xincha.text.divisions import COUNTY, ancestors, contains, current, level, stands_alone
from xincha.text.fold import fold
from xincha.text.region_names import ABBREVIATIONS, ROAD, Name, by_start, index
from xincha.text.remember import remembered


def from_uscc(code: str) -> str | None:
    """The city (or province) of the authority that registered a canonical USCC; `None`: a national authority."""
    region = current(code[2:8])
    if region is None or level(region) < COUNTY:
        return region
    chain = ancestors(region)
    return chain[-2] if len(chain) > 2 else chain[0] if region[:2] in _MUNICIPALITIES else region


_MUNICIPALITIES = frozenset(("11", "12", "31", "50"))


_READ = 48  # characters of an address that can hold its region
_BEFORE_SHORT = frozenset("(国区:;,.")
_DIVIDED = {
    "杏林区": (
        (re.compile(r"海沧|新阳|东孚|嵩屿|霞阳|温厝|石塘|钟山|渐美"), "350205"),
        (re.compile(r"杏林(?:街道|镇)|杏[东西南北前]|杏滨|内林|高浦|前场|西滨|马銮|中亚城|宁宝|集源路|日东"), "350211"),
    )
}


@remembered(65536)
def from_published(province: str | None, city: str | None) -> str | None:
    """The region of a province and a city as a register states them: 福建 / 厦门, 北京 / 海淀, 浙江 / 北仑.

    The city may be a district or county. Codes are taken too (350203). `None`: neither is a division.
    """
    outer = _stated(province, "")
    inner = _stated(city, outer or "")
    return inner or outer


def _stated(text: str | None, within: str) -> str | None:
    if not text:
        return None
    folded = fold(text)
    if folded.isdigit():
        return current(folded)
    if folded in ABBREVIATIONS and contains(within or ABBREVIATIONS[folded], ABBREVIATIONS[folded]):
        return ABBREVIATIONS[folded]
    if known := index().get(folded):
        return _only(known.within(within) if within else known.codes)
    return from_address(text, within=within)


def find(text: str) -> str | None:
    """The region that a text names: an address, an authority's name (厦门市思明区市场监督管理局), a code."""
    return _stated(text, "")


def from_address(address: str, *, within: str = "", near: str = "") -> str | None:
    """The finest division that an address names in its first characters; `None`: it names none for certain.

    `within`: nothing outside of this region is taken. `near`: the region that decides between equal names, and in which
    a district may be named shortly or alone; a name in full that lies elsewhere only is believed all the same.
    """
    text = fold(address)[:_READ]
    starts = by_start()
    code, end, place, last = within, 0, 0, len(text) - 1
    found = bool(code) and level(code) == COUNTY
    while place < last and not found:
        if text[place : place + 2] not in starts:  # nearly everywhere: no name begins here
            place += 1
            continue
        known = _name_at(text, place, end)
        if known:
            inner = _fitting(known, code, near, text, alone=place == 0 or text[place - 1] in _BEFORE_SHORT)
            if inner:
                code, end, found = inner, place + len(known.text), level(inner) == COUNTY
                if not _is_sure(known) and text[end : end + 1] in _SUFFIXES:
                    end += 1
            place += len(known.text) if _is_sure(known) else 1
        place = max(place + (not known), end)
    return code if code != within else None


_SUFFIXES = frozenset("省市县区州盟")


def _is_sure(known: Name) -> bool:
    """Whether a name means a place wherever it stands."""
    return known.full and not known.generic


def _name_at(text: str, place: int, end: int) -> Name | None:
    """The longest name that stands there as a place: not 海口市场, 北京路, nor 福建 in the midst of other words."""
    for known in by_start().get(text[place : place + 2], ()):
        if not text.startswith(known.text, place):
            continue
        after = place + len(known.text)
        if _is_sure(known):
            if known.text[-1] != "市" or text[after : after + 1] != "场":
                return known
        elif (place in (0, end) or text[place - 1] in _BEFORE_SHORT) and not ROAD.match(text, after):
            return known
    return None


def _fitting(known: Name, code: str, near: str, text: str, *, alone: bool) -> str | None:
    """The code of a name that lies in `code`, next to that in `near`; a county only where nothing else has the name."""
    if known.text in _DIVIDED and (not code or contains(code, known.codes[0])):
        return _divided(known, text)
    if code:
        return _only(known.within(code))
    if near:
        if inside := known.within(near, itself=True):
            return _only(inside)
        if around := [one for one in known.codes if contains(one, near)]:
            return around[0]
    if not _is_sure(known) and (near or not alone or not any(stands_alone(one) for one in known.codes)):
        return None
    return _only(known.codes)


def _only(codes: Sequence[str]) -> str | None:
    """The largest division of those that bear one name; `None` where several are as large."""
    if not codes or (len(codes) > 1 and level(codes[0]) == level(codes[1])):
        return None
    return codes[0]


def _divided(known: Name, text: str) -> str:
    """The part of a divided district that an address names, otherwise the city around it."""
    after = text[text.index(known.text) + len(known.text) :]
    return next((part for pattern, part in _DIVIDED[known.text] if pattern.search(after)), known.codes[0])
