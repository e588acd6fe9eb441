"""The features by which a row and an entity are compared.

A feature is a function of a `Pair` with a value from 0 to 1; what it adds to the score is value × weight; its docstring
is the sentence that people read. Positive weights speak for the entity, negative ones against it. The score is their
sum, kept between 0 and 1. `tests/search/test_match_features.py` has for each the case that needs it.

`NAMES` say how the names stand to each other (the first that holds counts), `COLUMNS` what the other columns say, and
`APART` what two names that are only alike differ in. `HARD` are those that no likeness outweighs: 第一 is not 第二,
北京 not 上海, a branch not its head office.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property

from rapidfuzz.distance import OSA

from xincha.search.answers import Reason
from xincha.search.match.rows import Row
from xincha.search.reading import Candidate, Reading
from xincha.text import divisions, pinyin
from xincha.text.fold import fold
from xincha.text.names import bare_form_key
from xincha.text.places import read_chain
from xincha.text.spellings import placed, spellings

_NUMERALS = "[0-9〇零一二三四五六七八九十百]"
_NUMBER = re.compile(rf"第|{_NUMERALS}")
_ORDINAL = re.compile(rf"第{_NUMERALS}+|[0-9]+|{_NUMERALS}{{1,20}}(?=分|店|部|门|支|号|队|站|所|厂|中学|小学)")
_MASK = re.compile(r"[某*×].*")
_FORM_END = re.compile(r"(?:股份)?(?:有限?|限)?(?:责任?|任)?(?:公司?|司)?$")
_LEAST_ADDRESS = 6
_SAME_ADDRESS = 0.85
_SAME_BRAND = 0.5


class Pair:
    """A row and an entity that it may mean, with what is compared of them, each made when first needed."""

    def __init__(self, row: Row, candidate: Candidate, *, joined: bool = True) -> None:
        """`joined`: the names may be one; false if the entity was found by likeness only."""
        self.row = row
        self.candidate = candidate
        self._names = NAMES if joined else {}

    @cached_property
    def name(self) -> Reading:
        """The entity's name that is nearest to the row's."""
        names = self.candidate.names
        return names[0] if len(names) == 1 else min(names, key=lambda name: OSA.distance(self.row.key, name.signed))

    @cached_property
    def distance(self) -> int:
        """Characters wrong, missing, too many, or changed with their neighbour."""
        return int(OSA.distance(self.row.key, self.name.signed))

    @cached_property
    def like(self) -> float:
        """Share of the characters that both names have, in order."""
        return float(OSA.normalized_similarity(self.row.key, self.name.signed))

    @cached_property
    def alike(self) -> float:
        """As `like`, and 1 more if one name holds the other."""
        ours, theirs = self.row.key, self.name.signed
        return self.like + (ours in theirs or theirs in ours)

    @cached_property
    def values(self) -> Mapping[Feature, float]:
        """The features that say something of it."""
        row = self.row
        name = next((feature for feature in self._names if feature(self)), similarity)
        chosen = [name, *APART] if name is similarity and row.key else [name]
        if row.code or row.regions or row.legal_rep or row.address:
            chosen += COLUMNS
        return {feature: value for feature in chosen if (value := feature(self))}

    @cached_property
    def score(self) -> float:
        """0 to 1."""
        total = sum(WEIGHTS[feature] * value for feature, value in self.values.items())
        return round(min(1.0, max(0.0, total)), 3)

    @property
    def same_name(self) -> bool:
        """Whether the names are one."""
        return not NAMES.keys().isdisjoint(self.values)

    @property
    def excluded(self) -> bool:
        """Whether something speaks against it that no likeness outweighs."""
        return not HARD.isdisjoint(self.values)

    def reasons(self) -> list[Reason]:
        """What speaks for it and against it, strongest first."""
        reasons = [
            Reason(feature.__name__, feature.__doc__ or "", round(WEIGHTS[feature] * value, 3))
            for feature, value in self.values.items()
        ]
        return sorted(reasons, key=lambda reason: -abs(reason.score))


Feature = Callable[[Pair], float]


def exact_name(pair: Pair) -> float:
    """名称完全一致"""
    return float(pair.candidate.name.signed == pair.row.key)


def former_name(pair: Pair) -> float:
    """与曾用名一致"""
    return float(any(name.signed == pair.row.key for name in pair.candidate.former))


def same_name(pair: Pair) -> float:
    """名称一致，仅行政区划或组织形式的写法不同"""
    keys = spellings(pair.row.name.split)
    return float(any(name.form_key in keys for name in pair.candidate.names))


def placed_name(pair: Pair) -> float:
    """名称前加上所列地区后一致"""
    return float(pair.candidate.name.form_key in placed(pair.row.name.split, pair.row.regions))


def similarity(pair: Pair) -> float:
    """名称相近"""
    return pair.like if pair.row.key else 0.0


def one_apart(pair: Pair) -> float:
    """仅有一字之差"""
    return float(pair.distance == 1)


def contains(pair: Pair) -> float:
    """登记的名称包含所列名称"""
    return float(len(pair.row.key) > 1 and pair.row.key in pair.name.signed)


def other_signs(pair: Pair) -> float:
    """仅符号不同，或有字被遮盖、缺失"""
    ours, theirs = pair.row.name.split, pair.name.split
    return float(ours.signs != theirs.signs and bare_form_key(ours) == bare_form_key(theirs))


def form_left_out(pair: Pair) -> float:
    """组织形式写得不全，其余一致"""
    ours, theirs = pair.row.name.form_key, pair.name.form_key
    return float(ours != theirs and _FORM_END.sub("", ours) == _FORM_END.sub("", theirs))


def same_sound(pair: Pair) -> float:
    """不同的字读音相同或相近"""
    ours, theirs = pair.row.name.key, pair.name.key
    if pair.distance > 2 or len(ours) != len(theirs) or ours == theirs:
        return 0.0
    return float(pinyin.similar(pinyin.syllables(ours)) == pinyin.similar(pinyin.syllables(theirs)))


def other_place(pair: Pair) -> float:
    """名称中的行政区划不同"""
    return float(_places_differ(pair) and not _nested(pair.row.name.split.code, pair.name.split.code))


def place_apart(pair: Pair) -> float:
    """名称中的行政区划，一个在另一个之内"""
    return float(_places_differ(pair) and _nested(pair.row.name.split.code, pair.name.split.code))


def place_in_one(pair: Pair) -> float:
    """只有一个名称写明行政区划"""
    return float(bool(pair.row.name.split.places) != bool(pair.name.split.places))


def other_number(pair: Pair) -> float:
    """名称中的序号或数字不同"""
    ours, theirs = pair.row.name.key, pair.name.key
    differs = _ORDINAL.findall(ours) != _ORDINAL.findall(theirs) or _NUMBER.sub("", ours) == _NUMBER.sub("", theirs)
    return float(ours != theirs and differs)


def other_branch(pair: Pair) -> float:
    """一为总机构、一为分支机构，或为不同的分支机构"""
    ours, theirs = pair.row.name.split.branch, pair.name.split.branch
    if ours == theirs:
        return 0.0
    if not ours or not theirs or OSA.distance(ours, theirs) > 1:
        return 1.0
    chains = read_chain(ours), read_chain(theirs)
    return float(all(chain.places for chain in chains) and not _nested(chains[0].code, chains[1].code))


def other_brand(pair: Pair) -> float:
    """字号不同"""
    ours, theirs = pair.row.name.split.brand, pair.name.split.brand
    if pair.distance < 2 or pair.row.key in pair.name.signed or same_sound(pair):
        return 0.0
    return float(OSA.normalized_similarity(ours, theirs) < _SAME_BRAND)


def brand_apart(pair: Pair) -> float:
    """字号有个别字不同"""
    return float(pair.row.name.split.brand != pair.name.split.brand and not other_brand(pair))


def other_trade(pair: Pair) -> float:
    """行业表述不同"""
    return float(pair.row.name.split.trade != pair.name.split.trade)


def other_form(pair: Pair) -> float:
    """组织形式不同"""
    return float(pair.row.name.split.form != pair.name.split.form)


def code(pair: Pair) -> float:
    """代码一致"""
    ours = pair.row.code
    return float(ours is not None and pair.candidate.source.get(ours.field) == ours.value)


def other_code(pair: Pair) -> float:
    """登记的代码与所列代码不同"""
    ours = pair.row.code
    return float(ours is not None and pair.candidate.source.get(ours.field) not in (None, ours.value))


def region(pair: Pair) -> float:
    """登记所在地与所列地区一致"""
    theirs = pair.candidate.source.get("region_code") or ""
    return float(bool(theirs) and any(divisions.contains(ours, theirs) for ours in pair.row.regions))


def other_region(pair: Pair) -> float:
    """登记所在地与所列地区不同"""
    theirs = pair.candidate.source.get("region_code") or ""
    return float(bool(theirs and pair.row.regions) and not any(_nested(ours, theirs) for ours in pair.row.regions))


def representative(pair: Pair) -> float:
    """法定代表人与所列一致"""
    return _same_person(pair.row.legal_rep, fold(pair.candidate.source.get("legal_rep")))


def other_representative(pair: Pair) -> float:
    """法定代表人与所列不同"""
    ours, theirs = pair.row.legal_rep, fold(pair.candidate.source.get("legal_rep"))
    return float(bool(ours and theirs) and not _same_person(ours, theirs))


def address(pair: Pair) -> float:
    """住所与所列地址一致"""
    ours = pair.row.address
    theirs = pair.candidate.text("address") if len(ours) >= _LEAST_ADDRESS else ""
    if len(theirs) < _LEAST_ADDRESS:
        return 0.0
    return float(ours in theirs or theirs in ours or OSA.normalized_similarity(ours, theirs) >= _SAME_ADDRESS)


NAMES: Mapping[Feature, float] = {exact_name: 1.0, former_name: 0.95, same_name: 0.95, placed_name: 0.9}
APART: Mapping[Feature, float] = {
    one_apart: 0.05,
    contains: 0.1,
    other_signs: -0.05,
    form_left_out: 0.1,
    same_sound: 0.02,
    other_place: -0.3,
    place_apart: -0.1,
    place_in_one: -0.05,
    other_number: -0.3,
    other_branch: -0.3,
    other_brand: -0.3,
    brand_apart: -0.05,
    other_trade: -0.02,
    other_form: -0.03,
}
COLUMNS: Mapping[Feature, float] = {
    code: 1.0,
    other_code: -0.5,
    region: 0.05,
    other_region: -0.3,
    representative: 0.05,
    other_representative: -0.05,
    address: 0.05,
}
WEIGHTS: Mapping[Feature, float] = {**NAMES, similarity: 0.9, **APART, **COLUMNS}
"""Feature → what it adds at most to the score."""

HARD = frozenset((other_place, other_number, other_branch, other_brand, other_code, other_region))


def _places_differ(pair: Pair) -> bool:
    """Whether both names say a place, and the smallest of each is not the same."""
    ours, theirs = pair.row.name.split.places, pair.name.split.places
    return bool(ours and theirs) and ours[-1] != theirs[-1]


def _nested(one: str, other: str) -> bool:
    """Whether one of two regions lies in the other, by their codes of today."""
    ours, theirs = divisions.current(one) or one, divisions.current(other) or other
    return divisions.contains(ours, theirs) or divisions.contains(theirs, ours)


def _same_person(ours: str, theirs: str) -> float:
    """1: one name; a half: one of them masked (张某某, 张**), and as far as it is shown the same."""
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return 1.0
    one, other = (_MASK.sub("", name) for name in (ours, theirs))
    if (one, other) == (ours, theirs) or not (one and other):
        return 0.0
    return 0.5 * (one.startswith(other) or other.startswith(one))
