"""Divisions of GB/T 2260: names and ancestors of codes, present codes of retired ones, and the region of an entity.

A region is a six-digit code of today: of a province (350000), a city (350200) or a county or district (350203), the
finest that is known. What is not certain is not filled in: a retired district that went to several others becomes its
city. The tables are `gbt2260.txt` and `gbt2260_retired.txt` beside this module; they say what they hold and from where.

Where an entity is, in the order of what is believed (`resolve`):

1. its address: 厦门市思明区…, 思明区… where the published city or the name alone settles which, 厦门湖里…;
2. the province and city that the register published beside it (福建 / 厦门, 北京 / 海淀, 浙江 / 北仑);
3. its USCC: characters 3 to 8 are the authority that registered it. An authority registers for its city, so only the
   city is taken from there: of Xiamen's entities with a district's code about one in thirty lies in another district.

Retired in Xiamen: 350202 鼓浪屿区 and 350204 开元区 are 思明区 (350203) since 2003, 350221 同安县 is 同安区 (350212)
since 1996. 350205 was 杏林区 to 2002 and is 海沧区 since 2003: the district was renamed, but 杏林 itself, its town and
its street, went to 集美区. So the code says 海沧区 today, and 厦门市 for a date before 2003; an address in 杏林区 says
厦门市, unless it names a road or place that tells which of the two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from xincha.text.fold import fold

PROVINCE, CITY, COUNTY = 1, 2, 3

_CODE = re.compile(r"(\d{2})(?:(\d{2})(?:(\d{2})(?:\d{3}){0,2})?)?", re.ASCII)


class _Former(NamedTuple):
    until: str  # last edition, YYYYMM
    present: str
    name: str


class _Tables(NamedTuple):
    names: Mapping[str, str]
    former: Mapping[str, tuple[_Former, ...]]  # by code, oldest first


@cache
def _tables() -> _Tables:
    folder = files("xincha.text")
    names = dict(line.split(" ", 1) for line in _lines(folder.joinpath("gbt2260.txt").read_text("utf-8")))
    former: dict[str, list[_Former]] = defaultdict(list)
    for line in _lines(folder.joinpath("gbt2260_retired.txt").read_text("utf-8")):
        code, present, until, name = line.split(" ", 3)
        former[code].append(_Former(until, present, name))
    return _Tables(names, {code: tuple(sorted(bearers)) for code, bearers in former.items()})


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def level(code: str) -> int:
    """1 province, 2 city, 3 county or district."""
    return PROVINCE if code.endswith("0000") else CITY if code.endswith("00") else COUNTY


def contains(outer: str, inner: str) -> bool:
    """Whether `inner` is `outer` or lies in it."""
    return inner.startswith(outer[: 2 * level(outer)])


def name(code: str) -> str | None:
    """The name of a code of today; `None`: there is no such code."""
    return _tables().names.get(code)


def full_name(code: str) -> str:
    """The names from the province down, joined: 福建省厦门市思明区; "" for a code that does not exist."""
    return "".join(_tables().names[one] for one in ancestors(code))


@lru_cache(8192)
def _ancestors(code: str) -> tuple[str, ...]:
    chain = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
    names = _tables().names
    return tuple(one for one in chain if one in names) if code in names else ()


def ancestors(code: str) -> list[str]:
    """The codes from the province down to the code itself; empty for a code that does not exist.

    Districts of 北京, 天津, 上海 and 重庆, and counties right under a province, have no city between.
    """
    return list(_ancestors(code))


@lru_cache(65536)
def current(code: str, on: date | None = None) -> str | None:
    """The code of today for a code of any time; `None` where not even the province exists.

    `on` is the date at which the code was given: it decides for codes that were given to another division later. A code
    of nine or twelve digits (town, village) is cut to its county, one of two or four is filled up; an unknown code is
    that of the city or province around it.
    """
    match = _CODE.fullmatch(code)
    if not match:
        return None
    code = match[1] + (match[2] or "00") + (match[3] or "00")
    names, former = _tables()
    bearers = former.get(code, ())
    if on is not None and bearers:
        place = bisect_left(bearers, f"{on:%Y%m}", key=lambda bearer: bearer.until)
        if place < len(bearers):
            return bearers[place].present
    if code in names:
        return code
    if bearers:
        return bearers[-1].present
    city, province = code[:4] + "00", code[:2] + "0000"
    if code != city:
        return current(city, on)
    return province if province in names else None


def from_uscc(code: str) -> str | None:
    """The city (or province) of the authority that registered a canonical USCC; `None`: a national authority."""
    region = current(code[2:8])
    if region is None or level(region) < COUNTY:
        return region
    chain = _ancestors(region)
    return chain[-2] if len(chain) > 2 else chain[0] if region[:2] in _MUNICIPALITIES else region


_MUNICIPALITIES = frozenset(("11", "12", "31", "50"))


def place_names() -> Iterator[tuple[str, str]]:
    """Every code with its name, retired ones and former names included."""
    names, former = _tables()
    yield from names.items()
    for code, bearers in former.items():
        yield from ((code, bearer.name) for bearer in bearers)


class _Name(NamedTuple):
    text: str
    full: bool
    codes: tuple[str, ...]  # of today, largest division first


@cache
def _index() -> tuple[Mapping[str, _Name], Mapping[str, tuple[_Name, ...]]]:
    """Folded names, in full and short, by themselves and by their first two characters (longest first)."""
    from xincha.text.places import short_name

    names, former = _tables()
    codes: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for code, full in names.items():
        codes[full, not _GENERIC.fullmatch(full)].add(code)
        codes[short_name(full), False].add(code)
    used = {text for text, _ in codes}
    for code, bearers in former.items():
        for bearer in bearers:
            kept = level(bearer.present) == level(code)
            if (kept or level(bearer.present) == CITY) and not _GENERIC.fullmatch(bearer.name):
                codes[bearer.name, True].add(bearer.present)
            if kept and short_name(bearer.name) not in used:
                codes[short_name(bearer.name), False].add(bearer.present)
    by_text: dict[str, _Name] = {}
    for (text, full_form), found in codes.items():
        if len(text) > 1 and (full_form or (text, True) not in codes):
            by_text[text] = _Name(text, full_form, tuple(sorted(found, key=lambda code: (level(code), code))))
    by_start: dict[str, list[_Name]] = defaultdict(list)
    for one in by_text.values():
        by_start[one.text[:2]].append(one)
    return by_text, {start: tuple(sorted(some, key=lambda n: -len(n.text))) for start, some in by_start.items()}


_GENERIC = re.compile(r"[^县]{2}|[东西南北中]?[城郊关]区|.*(?:开发区|高新区|工业区|园区|管理区|特区)")
"""Names that are words as well (郊区, 东城区, 高新区): believed only where the place around them is known."""

_READ = 48  # characters of an address that can hold its region
_ROAD = re.compile(
    r"[东西南北中前后内外上下新老环]{0,2}[一二三四五六七八九十0-9]{0,2}(?:大道|大街|大厦|大桥|广场|花园|新村|路|街|道|巷|弄|桥|湾|山庄|酒店|商厦|商城)"
)
_BEFORE_SHORT = frozenset("(国区:;,.")
_DIVIDED = {
    "杏林区": (
        (re.compile(r"海沧|新阳|东孚|嵩屿|霞阳|温厝|石塘|钟山|渐美"), "350205"),
        (re.compile(r"杏林(?:街道|镇)|杏[东西南北前]|杏滨|内林|高浦|前场|西滨|马銮|中亚城|宁宝|集源路|日东"), "350211"),
    )
}


@lru_cache(65536)
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
    known = _index()[0].get(folded)
    if known:
        inside = [one for one in known.codes if one != within and contains(within, one)] if within else known.codes
        return _only(inside)
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
    starts = _index()[1]
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
                if not known.full and text[end : end + 1] in _SUFFIXES:
                    end += 1
            place += len(known.text) if known.full else 1
        place = max(place + (not known), end)
    return code if code != within else None


_SUFFIXES = frozenset("省市县区州盟")


def _name_at(text: str, place: int, end: int) -> _Name | None:
    """The longest name that stands there as a place: not 海口市场, 北京路, nor 福建 in the midst of other words."""
    for known in _index()[1].get(text[place : place + 2], ()):
        if not text.startswith(known.text, place):
            continue
        after = place + len(known.text)
        if known.full:
            if known.text[-1] != "市" or text[after : after + 1] != "场":
                return known
        elif (place in (0, end) or text[place - 1] in _BEFORE_SHORT) and not _ROAD.match(text, after):
            return known
    return None


def _fitting(known: _Name, code: str, near: str, text: str, *, alone: bool) -> str | None:
    """The code of a name that lies in `code`, next to that in `near`; a county only where nothing else has the name."""
    if known.text in _DIVIDED and (not code or contains(code, known.codes[0])):
        return _divided(known, text)
    if code:
        return _only([one for one in known.codes if one != code and contains(code, one)])
    if near:
        if inside := [one for one in known.codes if contains(near, one)]:
            return _only(inside)
        if around := [one for one in known.codes if contains(one, near)]:
            return around[0]
    if not known.full and (near or not alone or not any(_stands_alone(one) for one in known.codes)):
        return None
    return _only(known.codes)


def _only(codes: Sequence[str]) -> str | None:
    """The largest division of those that bear one name; `None` where several are as large."""
    if not codes or (len(codes) > 1 and level(codes[0]) == level(codes[1])):
        return None
    return codes[0]


def _stands_alone(code: str) -> bool:
    """Whether a short name is enough: 厦门 and 晋江, but not 思明 or 和平, which are districts (01 to 20)."""
    return level(code) < COUNTY or code[4:] > "20" or code[2:4] == "90"


def _divided(known: _Name, text: str) -> str:
    """The part of a divided district that an address names, otherwise the city around it."""
    after = text[text.index(known.text) + len(known.text) :]
    return next((part for pattern, part in _DIVIDED[known.text] if pattern.search(after)), known.codes[0])


def resolve(
    address: str | None, province: str | None = None, city: str | None = None, uscc: str | None = None
) -> str | None:
    """Where an entity is, by what its row says (see above); `uscc` must be canonical. `None`: nothing says it."""
    published = from_published(province, city) if province or city else None
    found = from_address(address, near=published or "") if address else None
    if found is None or (published and contains(found, published)):
        found = published
    if found is None and uscc:
        found = from_uscc(uscc)
    return found
