"""Divisions of the country, GB/T 2260: codes, their names, the divisions around them; what retired codes are today.

A code has six digits: of a province (350000), a city (350200) or a county or district (350203). The tables are
`gbt2260.txt` and `gbt2260_retired.txt` beside this module; they say what they hold and from where.

Retired in Xiamen: 350202 鼓浪屿区 and 350204 开元区 are 思明区 (350203) since 2003, 350221 同安县 is 同安区 (350212)
since 1996. 350205 was 杏林区 to 2002 and is 海沧区 since 2003: it says 海沧区 today, and 厦门市 for a date before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from xincha.text.remember import remembered

PROVINCE, CITY, COUNTY = 1, 2, 3
LONGEST_CODE = 12

_CODE = re.compile(r"(\d{2})(?:(\d{2})(?:(\d{2})(?:\d{3}){0,2})?)?", re.ASCII)
_PEOPLES = (
    "各族|壮族|回族|满族|苗族|彝族|土家族|藏族|蒙古族|蒙古|侗族|布依族|瑶族|白族|朝鲜族|哈尼族|黎族|哈萨克族|哈萨克|傣族|畲族|傈僳族|东乡族|"
    "仡佬族|拉祜族|佤族|水族|纳西族|羌族|土族|仫佬族|锡伯族|锡伯|柯尔克孜族|柯尔克孜|景颇族|达斡尔族|撒拉族|布朗族|毛南族|塔吉克族|塔吉克|"
    "普米族|怒族|鄂温克族|鄂温克|保安族|裕固族|独龙族|维吾尔族|维吾尔|鄂伦春|独龙"
)
_SHORT = re.compile(
    rf"^(.{{2,}}?)(?:(?:{_PEOPLES})*(?:自治区|自治州|自治县|自治旗)|特别行政区|地区|新区|林区|特区|矿区|省|市|区|县|旗|盟)$"
)


class Retired(NamedTuple):
    """What a code meant until an edition (YYYYMM): a name, and the code that this division has today."""

    until: str
    present: str
    name: str


@cache
def names() -> Mapping[str, str]:
    """The codes of today → their names."""
    return dict(line.split(" ", 1) for line in _lines("gbt2260.txt"))


@cache
def former_names() -> Mapping[str, tuple[Retired, ...]]:
    """Codes → the names that they had, oldest first."""
    found: dict[str, list[Retired]] = defaultdict(list)
    for line in _lines("gbt2260_retired.txt"):
        code, present, until, former = line.split(" ", 3)
        found[code].append(Retired(until, present, former))
    return {code: tuple(sorted(each)) for code, each in found.items()}


def _lines(file: str) -> list[str]:
    text = files("xincha.text").joinpath(file).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def level(code: str) -> int:
    """1 province, 2 city, 3 county or district."""
    return PROVINCE if code.endswith("0000") else CITY if code.endswith("00") else COUNTY


def contains(outer: str, inner: str) -> bool:
    """Whether `inner` is `outer` or lies in it."""
    return inner.startswith(outer[: 2 * level(outer)])


def finer(one: str | None, other: str | None) -> str | None:
    """The finer of two regions of which one lies in the other; `one` if neither does; the one that is known."""
    return other if other and (not one or contains(one, other)) else one


def name(code: str) -> str | None:
    """The name of a code of today; `None`: there is no such code."""
    return names().get(code)


def short_name(name: str) -> str:
    """The usual short form: 厦门 for 厦门市, 大厂 for 大厂回族自治县; the name itself if it has none (义县)."""
    match = _SHORT.match(name)
    return match[1] if match else name


def full_name(code: str) -> str:
    """The names from the province down, joined: 福建省厦门市思明区; "" for a code that does not exist."""
    return "".join(names()[one] for one in ancestors(code))


@remembered(8192, LONGEST_CODE)
def ancestors(code: str) -> tuple[str, ...]:
    """The codes from the province down to the code itself; empty for a code that does not exist.

    Districts of 北京, 天津, 上海 and 重庆, and counties right under a province, have no city between.
    """
    chain = dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))
    return tuple(one for one in chain if one in names()) if code in names() else ()


def stands_alone(code: str) -> bool:
    """Whether a short name is enough to mean this division: 厦门 and 晋江 are, but 思明 and 和平 are not.

    These are districts, numbered 01 to 20; in `90` cities and counties right under a province bear such numbers.
    """
    return level(code) < COUNTY or code[4:] > "20" or code[2:4] == "90"


@remembered(65536, LONGEST_CODE)
def current(code: str, on: date | None = None) -> str | None:
    """The code of today for a code of any time; `None` if not even the province exists.

    `on` is the date at which the code was given: it decides for codes that were given to another division later. A code
    of nine or twelve digits (town, village) is cut to its county, one of two or four is filled up; an unknown code is
    that of the city or province around it.
    """
    match = _CODE.fullmatch(code)
    if not match:
        return None
    code = match[1] + (match[2] or "00") + (match[3] or "00")
    bearers = former_names().get(code, ())
    if on is not None and bearers:
        place = bisect_left(bearers, f"{on:%Y%m}", key=lambda bearer: bearer.until)
        if place < len(bearers):
            return bearers[place].present
    if code in names():
        return code
    if bearers:
        return bearers[-1].present
    city, province = code[:4] + "00", code[:2] + "0000"
    if code != city:
        return current(city, on)
    return province if province in names() else None
