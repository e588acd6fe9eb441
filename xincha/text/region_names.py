"""What a name of a place means: the codes of today of every division that is called so.

    codes_of("思明区")         350203                  codes_of("三亚")        460200
    codes_of("鼓楼区")         320106 320302 350102 410204: four cities have one
    codes_of("福州鼓楼")       350102                  codes_of("福建/厦门")   350200
    codes_of("闽")             350000                  codes_of("不存在市")    none
    codes_before("思明区湖滨南路1号")                    350203

A division is named in full (思明区, 湘西土家族苗族自治州), shortly (思明, 湘西), or by a usual form between both
(湘西州, 浦东区, 广西省); places stand one in the other, from large to small. A name of today's divisions means these.
One that none bears any more (崇文区) means what its bearers are today, and so does one that none bears in the place
before it (石家庄市桥东区).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from xincha.text.divisions import COUNTY, contains, former_names, level, names, short_name, stands_alone
from xincha.text.fold import fold
from xincha.text.tokens import letters

ABBREVIATIONS: Mapping[str, str] = {
    character: f"{code}0000"
    for code, characters in {
        "11": "京", "12": "津", "13": "冀", "14": "晋", "15": "蒙", "21": "辽", "22": "吉", "23": "黑", "31": "沪申",
        "32": "苏", "33": "浙", "34": "皖", "35": "闽", "36": "赣", "37": "鲁", "41": "豫", "42": "鄂", "43": "湘",
        "44": "粤", "45": "桂", "46": "琼", "50": "渝", "51": "川蜀", "52": "贵黔", "53": "云滇", "54": "藏",
        "61": "陕秦", "62": "甘陇", "63": "青", "64": "宁", "65": "新", "71": "台", "81": "港", "82": "澳",
    }.items()
    for character in characters
}  # fmt: skip
"""The provinces' characters of one: 闽 is 福建."""

GENERIC = re.compile(r"[^县]{2}|[东西南北中]?[城郊关]区|.*(?:开发区|高新区|工业区|园区|管理区|特区)")
"""Names that are words as well (郊区, 东城区): in an address they are believed where the place around is known."""

ROAD = re.compile(
    r"[东西南北中前后内外上下新老环]{0,2}[一二三四五六七八九十0-9]{0,2}(?:大道|大街|大厦|大桥|广场|花园|新村|路|街|道|巷|弄|桥|湾|山庄|酒店|商厦|商城)"
)
"""What makes a road or a house of a short name: 北京路, 厦门大厦."""

_COLLECTIVE = re.compile(r"市辖区|(?:自治区|省)?直辖县(?:级行政区划)?|省直辖行政单位|(?<=重庆市)县(?=..)")
"""Headings of the statistics bureau, which lists of places write between them."""

_KINDS = (
    (re.compile(r"自治区$"), "省区"),
    (re.compile(r"自治州$"), "州"),
    (re.compile(r"自治县$"), "县"),
    (re.compile(r"自治旗$"), "旗"),
    (re.compile(r"(?:新|林|特|矿)区$"), "区"),
)
_SUFFIXES = frozenset("省市县区州旗盟")
_WHERE = re.compile(r"[路街道巷弄里村镇乡号楼栋幢座室园区湾岛]")


class Name(NamedTuple):
    """A name as it is written, and the codes of today that it means, largest division first.

    `full`: it is the whole name of a division; `generic`: it is a word as well (see `GENERIC`). `former` are those that
    bore it: looked at where none of `today` fits.
    """

    text: str
    full: bool
    generic: bool
    today: tuple[str, ...]
    former: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """What it means without a place around it."""
        return self.today or self.former

    def within(self, outer: str, *, itself: bool = False) -> tuple[str, ...]:
        """What it means in a region; `itself`: or as its name. Of a former one the region may be all that is left."""
        same = (outer,)
        for codes, left_out in ((self.today, () if itself else same), (self.former, same), (self.former, ())):
            if inside := tuple(code for code in codes if contains(outer, code) and code not in left_out):
                return inside
        return ()


@cache
def index() -> Mapping[str, Name]:
    """All names, folded, that have two characters or more."""
    today: dict[tuple[str, bool], set[str]] = defaultdict(set)
    former: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for code, official in names().items():
        _enter(today, official, code)
    for code, bearers in former_names().items():
        for bearer in bearers:
            kept = level(bearer.present) == level(code)
            if not GENERIC.fullmatch(bearer.name):
                former[bearer.name, True].add(bearer.present)
            short = short_name(bearer.name)
            if kept and (short, True) not in today and (short, False) not in today:
                former[short, False].add(bearer.present)
    found: dict[str, Name] = {}
    for text in {text for text, _ in (*today, *former) if len(text) > 1}:
        full = (text, True) in today or (text, True) in former
        now = today[text, True] if (text, True) in today else today.get((text, False), set())
        found[text] = Name(
            text, full, bool(GENERIC.fullmatch(text)), _ordered(now), _ordered(former.get((text, full), set()))
        )
    return found


def _enter(names_of: dict[tuple[str, bool], set[str]], full: str, code: str) -> None:
    names_of[full, True].add(code)
    short = short_name(full)
    for kind, suffixes in _KINDS:
        if kind.search(full) and short != full:
            for suffix in suffixes:
                names_of[short + suffix, False].add(code)
    if short != full:
        names_of[short, False].add(code)


def _ordered(codes: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: (level(code), code)))


@cache
def by_start() -> Mapping[str, tuple[Name, ...]]:
    """The first two characters → the names that begin with them, longest first."""
    found: dict[str, list[Name]] = defaultdict(list)
    for name in index().values():
        found[name.text[:2]].append(name)
    return {start: tuple(sorted(some, key=lambda name: -len(name.text))) for start, some in found.items()}


@cache
def _clipped() -> Mapping[str, Name]:
    """Names without their last 市, 县 or 区, where that is no name by itself: 义 for 义县, 滨海新 for 滨海新区."""
    codes: dict[str, set[str]] = defaultdict(set)
    for code, full in names().items():
        if full[-1] in "市县区" and full[:-1] not in index():
            codes[full[:-1]].add(code)
    return {text: Name(text, False, True, _ordered(some), ()) for text, some in codes.items()}


class _Reading(NamedTuple):
    """How far a text was read: the place where it ends, what it means, how many names it took, and the last of them."""

    end: int
    codes: tuple[str, ...]
    names: int
    last: Name


def codes_of(text: str) -> tuple[str, ...]:
    """The codes of today that a text means which says places and nothing else; () if it is no place."""
    text = _plain(text)
    if text in ABBREVIATIONS:
        return (ABBREVIATIONS[text],)
    return _whole(text, list(_readings(text)))


def codes_before(text: str) -> tuple[str, ...]:
    """As `codes_of`, of a text that may go on with a street, a village or a house behind the places.

    () also where it names two cities or provinces that do not lie in each other (福建省深圳市).
    """
    text = _plain(text)
    readings = list(_readings(text))
    if text in ABBREVIATIONS or (whole := _whole(text, readings)):
        return (ABBREVIATIONS[text],) if text in ABBREVIATIONS else whole
    ended = [each for each in readings if _ends(text, each)]
    if not ended:
        return ()
    end = max(each.end for each in ended)
    if any(_is_other_city(name) for name in _names_at(text, end)):
        return ()
    return _joined(each for each in ended if each.end == end)


def _plain(text: str) -> str:
    return _COLLECTIVE.sub("", letters(fold(text)).removeprefix("中国"))


def _whole(text: str, readings: Sequence[_Reading]) -> tuple[str, ...]:
    complete = [each for each in readings if each.end == len(text)]
    if alone := [each for each in complete if each.names == 1]:  # 江山 is a city, no 山 of 江
        complete = alone
    return _joined(complete)


def _joined(readings: Iterator[_Reading] | Sequence[_Reading]) -> tuple[str, ...]:
    return tuple(sorted({code for each in readings for code in each.codes}))


def _readings(text: str) -> Iterator[_Reading]:
    """Every way to read places from the front, each of which lies in the one before."""
    open_ways = [_Reading(len(name.text), name.codes, 1, name) for name in _names_at(text, 0)]
    if text in _clipped():
        yield _Reading(len(text), _clipped()[text].codes, 1, _clipped()[text])
    if (province := ABBREVIATIONS.get(text[:1])) and len(text) > 2:
        open_ways.append(_Reading(1, (province,), 0, Name(text[0], False, True, (province,), ())))
    while open_ways:
        way = open_ways.pop()
        if way.names:
            yield way
        following = list(_names_at(text, way.end))
        if way.names and (rest := _clipped().get(text[way.end :])):
            following.append(rest)
        for name in following:
            inside = {code for outer in way.codes for code in name.within(outer)}
            if codes := tuple(inside or set(way.codes).intersection(name.today)):  # 北京市北京市朝阳区
                open_ways.append(_Reading(way.end + len(name.text), codes, way.names + 1, name))


def _names_at(text: str, place: int) -> Iterator[Name]:
    return (name for name in by_start().get(text[place : place + 2], ()) if text.startswith(name.text, place))


def _ends(text: str, reading: _Reading) -> bool:
    """Whether what follows a reading may be a street: not 北京路, not 海口市场, not 思明市."""
    rest = text[reading.end :]
    if reading.last.full:
        return not (reading.last.text[-1] == "市" and rest.startswith("场"))
    if not reading.names or rest[0] in _SUFFIXES or ROAD.match(rest):
        return False
    return reading.names > 1 or (any(map(stands_alone, reading.codes)) and bool(_WHERE.search(rest)))


def _is_other_city(name: Name) -> bool:
    return name.full and bool(name.today) and all(level(code) < COUNTY for code in name.today)
