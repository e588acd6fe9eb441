"""The features by which candidates are ordered.

A feature is a function of what was typed and a candidate with a value from 0 (does not speak for it) to 1; what it adds
to the score is value × weight; its docstring is the explanation that people read. `FEATURES` has them with their
weights; `tests/search/test_features.py` has for each the case that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate

from rapidfuzz.distance import Levenshtein

from xincha.search.reading import Candidate, Reading, Typed
from xincha.search.short_names import LONGEST, ordered
from xincha.text import divisions, pinyin

Feature = Callable[[Typed, Candidate], float]

HELD_BY_CHANCE = 0.4
LONGEST_TURNED = 20
UNNAMED = 0.2
"""What form and head office say of a company whose name does not hold what was typed."""
LARGE_CAPITAL = 1e9
"""In yuan."""
HEARD = 0.7
"""A name that holds the syllables that were typed, or ones that are confused with them, sounds at least so near."""


def identifier(typed: Typed, candidate: Candidate) -> float:
    """代码完全一致"""
    return float(typed.intent.identifier is not None and not near_code(typed, candidate))


def near_code(typed: Typed, candidate: Candidate) -> float:
    """代码与所输只差一处"""
    near = typed.intent.near
    return float(near is not None and candidate.source.get(near.field) in near.values)


def exact_name(typed: Typed, candidate: Candidate) -> float:
    """名称完全一致"""
    return float(candidate.name.key == typed.key)


def former_name(typed: Typed, candidate: Candidate) -> float:
    """曾用名一致"""
    return float(
        any(typed.key in (name.key, name.split.core) or typed.form_key == name.form_key for name in candidate.former)
    )


def same_name(typed: Typed, candidate: Candidate) -> float:
    """名称一致，仅行政区划的位置或组织形式的写法不同"""
    return float(candidate.name.form_key == typed.form_key)


def core(typed: Typed, candidate: Candidate) -> float:
    """字号与行业一致"""
    split = candidate.name.split
    if not split.trade:
        return float(bool(typed.stem) and typed.stem == split.core and typed.mark in split.form)
    if typed.key and {typed.key, typed.stem} & set(split.tails):  # 广济药业 of 湖北广济药业, though 广济 was a county
        return 1.0
    return _elsewhere(typed, candidate) * (split.core == typed.split.core)


def brand(typed: Typed, candidate: Candidate) -> float:
    """字号一致"""
    theirs = candidate.name.split.brand
    return _elsewhere(typed, candidate) * (bool(theirs) and theirs in (typed.key, typed.stem, typed.split.brand))


def start(typed: Typed, candidate: Candidate) -> float:
    """名称或字号以所输文字开头"""
    name = candidate.name
    begins = (name.key, *name.split.tails)
    return float(bool(typed.key) and any(begin.startswith(typed.key) for begin in begins))


def contains(typed: Typed, candidate: Candidate) -> float:
    """名称包含所输文字"""
    return max(_holds(typed, name) for name in candidate.names) if typed.key else 0.0


def words(typed: Typed, candidate: Candidate) -> float:
    """名称包含所输的各个词"""
    wanted = [word.text for word in typed.intent.words if not word.regions] + list(typed.intent.phrases)
    return max(sum(word in name.key for word in wanted) / len(wanted) for name in candidate.names) if wanted else 0.0


def similarity(typed: Typed, candidate: Candidate) -> float:
    """名称相近，个别字不同"""
    return max(Levenshtein.normalized_similarity(typed.key, name.key) for name in candidate.names)


def similar_core(typed: Typed, candidate: Candidate) -> float:
    """字号与行业相近，个别字不同"""
    return max(Levenshtein.normalized_similarity(typed.split.core, name.split.core) for name in candidate.names)


def turned(typed: Typed, candidate: Candidate) -> float:
    """字词与所输相同，前后颠倒"""
    key, size = typed.key, len(typed.key)
    if not 2 < size <= LONGEST_TURNED:
        return 0.0
    turns = [key[at:] + key[:at] for at in range(1, size)]
    return float(any(turn in name.key for name in candidate.names for turn in turns))


def in_order(typed: Typed, candidate: Candidate) -> float:
    """所输文字依次见于名称，或为其简称"""
    return max(ordered(typed.key, name) for name in candidate.names) if 2 <= len(typed.key) <= 12 else 0.0


def sound(typed: Typed, candidate: Candidate) -> float:
    """读音相同或相近"""
    if typed.intent.letters:
        return 0.0
    said = max(_said(typed.heard_as, name) for name in candidate.names) if typed.heard_as else 0.0
    return said if said or typed.intent.sounds else max(_alike(typed, name) for name in candidate.names)


def spelled(typed: Typed, candidate: Candidate) -> float:
    """拼音一致"""
    typings = (*typed.intent.spellings, *(placed.rest for placed in typed.intent.placed))
    return max(_spelled(letters, name) for letters in typings for name in candidate.names)


def first_letters(typed: Typed, candidate: Candidate) -> float:
    """拼音首字母一致"""
    letters = typed.intent.letters
    if any(name.initials[0] == letters for name in candidate.names):
        return 1.0
    initials = [each for name in candidate.names for each in name.initials]
    return 0.9 if letters in initials else 0.8 * any(each.startswith(letters) for each in initials)


def place(typed: Typed, candidate: Candidate) -> float:
    """所在地与所输一致"""
    codes = [code for word in typed.intent.words for code in word.regions] or [typed.split.code]
    region, named = candidate.source.get("region_code") or "", candidate.name.split.code
    return float(any(code and region and (code == named or divisions.contains(code, region)) for code in codes))


def address(typed: Typed, candidate: Candidate) -> float:
    """住所包含所输文字"""
    text = candidate.text("address")
    if typed.key not in text:
        return 0.5 * all(word.text in text for word in typed.intent.words)
    return 1.0 if text.index(typed.key) + len(typed.key) == len(text) else 0.9


def scope(typed: Typed, candidate: Candidate) -> float:
    """经营范围包含所输文字"""
    return float(len(typed.key) > 1 and typed.key in candidate.text("scope"))


def representative(typed: Typed, candidate: Candidate) -> float:
    """法定代表人与所输一致"""
    person = candidate.source.get("legal_rep")
    return float(any(word.text == person for word in typed.intent.words))


def status(typed: Typed, candidate: Candidate) -> float:  # noqa: ARG001 - every feature has the same shape
    """登记状态为存续"""
    known = candidate.source.get("status")
    return 0.9 if known is None else float(known == "存续")


def head_office(typed: Typed, candidate: Candidate) -> float:
    """为总机构，不是分支机构"""
    if candidate.name.split.branch and not typed.split.branch:
        return 0.0
    return 1.0 if typed.key in candidate.name.key else UNNAMED


def joint_stock(typed: Typed, candidate: Candidate) -> float:
    """为股份有限公司"""
    if "股份" not in candidate.name.split.form:
        return 0.0
    return 1.0 if typed.key in candidate.name.key else UNNAMED


def capital(typed: Typed, candidate: Candidate) -> float:
    """注册资本较大"""
    if typed.key not in candidate.name.key:
        return 0.0
    return min(1.0, (candidate.source.get("capital_cny") or 0.0) / LARGE_CAPITAL)


def short(typed: Typed, candidate: Candidate) -> float:
    """名称简短，所输文字占其大半"""
    return min(1.0, len(typed.key) / max(1, len(candidate.name.split.core)))


FEATURES: Mapping[Feature, float] = {
    identifier: 1000.0,
    near_code: 500.0,
    exact_name: 2400.0,  # above what the others add up to
    former_name: 300.0,
    same_name: 300.0,
    core: 100.0,
    brand: 60.0,
    start: 60.0,
    contains: 300.0,
    words: 80.0,
    similarity: 120.0,
    similar_core: 60.0,
    turned: 140.0,
    in_order: 120.0,
    sound: 120.0,
    spelled: 120.0,
    first_letters: 120.0,
    place: 80.0,
    address: 120.0,
    scope: 20.0,
    representative: 60.0,
    status: 60.0,
    head_office: 40.0,
    joint_stock: 50.0,
    capital: 8.0,
    short: 8.0,
}
"""Feature → what it adds at most to the score."""

SILENT = frozenset((status, head_office, joint_stock, capital, short))
"""These order what is otherwise equal; they explain nothing."""


def _holds(typed: Typed, name: Reading) -> float:
    """1 for a name that holds what was typed from the begin of a word on; less within words (力源 in 动力源), and of
    X集团 or X股份 for whoever bears them in the middle: a subsidiary of the one whose form says so."""
    at, stem = name.key.find(typed.key), typed.stem
    if stem and (form := name.split.form) and name.split.core.startswith(stem) and not name.split.branch:
        return 1.0 if typed.mark in form else HELD_BY_CHANCE if at >= 0 else 0.0
    if at < 0:
        return 0.0
    return 1.0 if at in name.joints or len(typed.key) > LONGEST else HELD_BY_CHANCE


def _elsewhere(typed: Typed, candidate: Candidate) -> float:
    """A half if the name says another place than the one that was typed: 北京X is not 上海X."""
    ours, theirs = typed.split.places, candidate.name.split.places
    return 0.5 if ours and theirs and not set(ours) & set(theirs) else 1.0


def _alike(typed: Typed, name: Reading) -> float:
    """How alike two names sound."""
    alike = Levenshtein.normalized_similarity
    return (alike(typed.syllables, name.syllables) + alike(typed.similar, name.similar)) / 2


def _said(syllables: Sequence[str], name: Reading) -> float:
    """1 if the core begins with these syllables, less if the name does, holds them, or sounds like it."""
    longer = name.heard
    part, core, whole = (f" {' '.join(each)} " for each in (syllables, *longer))
    if core.startswith(part):
        return 1.0
    if whole.startswith(part):
        return 0.9
    if part in core or part in whole:
        return 0.85
    part = f" {' '.join(pinyin.similar(syllables))} "
    return HEARD * any(part in f" {' '.join(pinyin.similar(each))} " for each in longer)


def _spelled(letters: str, name: Reading) -> float:
    """1 for the whole core, 0.9 for its beginning, 0.8 for a beginning that ends within a syllable."""
    core = "".join(name.core_syllables)
    if core == letters:
        return 1.0
    if core.startswith(letters):
        return 0.9 if len(letters) in accumulate(map(len, name.core_syllables)) else 0.8
    whole = "".join(name.syllables)
    if whole.startswith(letters):
        return 0.75
    return 0.7 if letters in whole else 0.5 * Levenshtein.normalized_similarity(letters, core)
