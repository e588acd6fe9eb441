"""Queries and what they should find: those of a file, and further classes made from the registrations themselves.

`own()` makes the same ones each time:

    look_alike   a character read wrong: 未 for 末, 晴 for 睛
    branch       a branch by brand, and the place or kind that tells it apart
    latin        a name with Latin letters, these in the other case, full-width or apart
    brand+trade  a name without region and legal form, a blank between brand and trade
    place+person the place of a company, its brand, and its legal representative (the published names are masked)

Expected are the codes of every company of the same name (for `brand+trade`: of the same brand and trade; for
`place+person`: of the same brand and representative). The registrations have no former names and no document numbers:
`tests/search` asks for those over fictional companies.
"""

from __future__ import annotations

import csv
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from loadtests import registry
from xincha.settings import ROOT
from xincha.text.fold import fold
from xincha.text.names import NameParts, name_key, split_name
from xincha.text.uscc import is_valid

FILE = ROOT.parent / "shared" / "cases" / "queries.csv"
SOUNDS = FILE.with_name("brand_sound.csv")
"""A brand of two characters as it was heard, one of them written otherwise."""
EACH = 150

_ALIKE = (
    "末未 已己 土士 天夭 干千 人入 大太 王玉 木本 白自 日曰 晴睛 辉晖 博搏 晨辰 密蜜 候侯 融隔 拔拨 折拆 "
    "析折 竞竟 免兔 乌鸟 刀力 历厉 诚城 清请 情晴 园圆 坚竖 令今 今令 东车 卫正 丰半 元无 开井 永水 冰水 "
    "光先 兴光 达过 远运 通道 钢铜 银根 裕俗 福幅 祥详 禾木 和知 利刹 科料 技枝 贸贷 设没 计汁 海悔 洋详 "
    "泽择 浩洁 润涧 森林 林森 松枚 杨扬 扬杨 柏拍 格洛 桥侨 华毕 荣莱 英美 昌冒 明朋 星皇 春舂 景影 盛咸 "
    "益盐 盈盆 安妥 宝宜 宇字 宏宠 家冢 富宫 容客 建健 庆床 康庚 弘引 强张 彩采 德得 "
)
_LIKE: Mapping[str, str] = {pair[0]: pair[1] for pair in _ALIKE.split() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True)
class Case:
    """A query, and the codes of which any is right."""

    kind: str
    query: str
    expected: frozenset[str]


def of_file(path: Path = FILE, query: str = "query", expected: str = "expected") -> list[Case]:
    """The cases of a file: class, query, expected codes joined by `|`; the two columns may have other names.

    Ends the program with a plain message if the file is not on this machine.
    """
    if not path.exists():
        sys.exit(f"the cases are not here: {path}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [Case(row["class"], row[query], frozenset(filter(None, row[expected].split("|")))) for row in rows]


def of_files() -> list[Case]:
    """The cases of both files that come with the registrations."""
    return [*of_file(), *of_file(SOUNDS)]


def own() -> list[Case]:
    """Up to `EACH` cases of every class."""
    chance = random.Random(7)  # noqa: S311 - the same cases each time
    known = list(_known())
    chance.shuffle(known)
    same: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for each in known:
        for shared in ((each.key,), ("core", each.split.core), (each.split.brand, each.person)):
            same[shared].add(each.code)
    cases = []
    for kind, make in _MAKERS.items():
        queries = ((each, query) for each in known if (query := make(each, chance)))
        for each, query in islice(queries, EACH):
            alike = {"brand+trade": ("core", each.split.core), "place+person": (each.split.brand, each.person)}
            cases.append(Case(kind, query, frozenset(same[alike.get(kind, (each.key,))])))
    return cases


class _Known(NamedTuple):
    key: str
    split: NameParts
    code: str
    place: str
    person: str


def _known() -> Iterator[_Known]:
    for row in registry.rows():
        name, code = row[registry.NAME], row[registry.CODE]
        if is_valid(code) and len(name_key(name)) > 5:
            yield _Known(name_key(name), split_name(fold(name)), code, row[registry.PLACE], row[registry.PERSON])


def _misread(known: _Known, chance: random.Random) -> str:
    places = [at for at, char in enumerate(known.key) if char in _LIKE]
    if not places:
        return ""
    at = chance.choice(places)
    return known.key[:at] + _LIKE[known.key[at]] + known.key[at + 1 :]


def _relettered(known: _Known, chance: random.Random) -> str:
    letters = [at for at, char in enumerate(known.key) if "a" <= char <= "z"]
    if len(letters) < 2:
        return ""
    way = chance.randrange(3)
    if way == 0:
        return known.key.upper()
    if way == 1:
        return "".join(chr(ord(char) + 0xFEE0) if "a" <= char <= "z" else char for char in known.key)
    return f"{known.key[: letters[-1] + 1]} {known.key[letters[-1] + 1 :]}".strip()


def _branch(known: _Known, _: random.Random) -> str:
    return f"{known.split.brand} {known.split.branch}" if known.split.branch and known.split.brand else ""


def _apart(known: _Known, _: random.Random) -> str:
    return f"{known.split.brand} {known.split.trade}" if known.split.brand and known.split.trade else ""


def _of_person(known: _Known, _: random.Random) -> str:
    complete = known.place and len(known.person) > 1 and known.person != "N/A" and known.split.brand
    return f"{known.place} {known.split.brand} {known.person}" if complete else ""


_MAKERS: Mapping[str, Callable[[_Known, random.Random], str]] = {
    "look_alike": _misread,
    "branch": _branch,
    "latin": _relettered,
    "brand+trade": _apart,
    "place+person": _of_person,
}
