"""The features by which candidates are ordered.

A feature is a function of the query and a candidate with a value from 0 (does not speak for it) to 1; what it adds to
the score is value × weight; its docstring is the explanation that people read. `FEATURES` has them with their weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rapidfuzz.distance import Levenshtein

from xincha.search.reading import Asked, Candidate, Reading
from xincha.text import pinyin, regions

Feature = Callable[[Asked, Candidate], float]


def identifier(asked: Asked, found: Candidate) -> float:
    """代码完全一致"""
    code = asked.intent.identifier
    return float(code is not None and (code.field == "org_code" or found.source.get(code.field) == code.value))


def exact_name(asked: Asked, found: Candidate) -> float:
    """名称完全一致"""
    return float(found.name.key == asked.text)


def former_name(asked: Asked, found: Candidate) -> float:
    """曾用名一致"""
    return float(
        any(asked.text in (name.key, name.core) or asked.name.form_key == name.form_key for name in found.former)
    )


def same_name(asked: Asked, found: Candidate) -> float:
    """名称一致，仅行政区划的位置或组织形式的写法不同"""
    return float(found.name.form_key == asked.name.form_key)


def core(asked: Asked, found: Candidate) -> float:
    """字号与行业一致"""
    same = bool(found.name.core) and found.name.core == asked.name.core
    return _elsewhere(asked, found) * same


def brand(asked: Asked, found: Candidate) -> float:
    """字号一致"""
    theirs = found.name.split.brand
    return _elsewhere(asked, found) * (bool(theirs) and theirs in (asked.text, asked.name.split.brand))


def start(asked: Asked, found: Candidate) -> float:
    """名称或字号以所输文字开头"""
    return float(bool(asked.text) and (found.name.core.startswith(asked.text) or found.name.key.startswith(asked.text)))


def contains(asked: Asked, found: Candidate) -> float:
    """名称包含所输文字"""
    return float(bool(asked.text) and any(asked.text in name.key for name in found.names))


def words(asked: Asked, found: Candidate) -> float:
    """名称包含所输的各个词"""
    wanted = [word.text for word in asked.intent.words if not word.regions] + list(asked.intent.phrases)
    return max(sum(word in name.key for word in wanted) / len(wanted) for name in found.names) if wanted else 0.0


def similarity(asked: Asked, found: Candidate) -> float:
    """名称相近，个别字不同"""
    return max(Levenshtein.normalized_similarity(asked.text, name.key) for name in found.names)


def similar_core(asked: Asked, found: Candidate) -> float:
    """字号与行业相近，个别字不同"""
    return max(Levenshtein.normalized_similarity(asked.name.core, name.core) for name in found.names)


def pairs(asked: Asked, found: Candidate) -> float:
    """名称的字词与所输大多相同"""
    return max(dice(asked.name.pairs, name.pairs) for name in found.names)


def turned(asked: Asked, found: Candidate) -> float:
    """字词与所输相同，前后颠倒"""
    text, size = asked.text, len(asked.text)
    rests = (name.core + name.split.form for name in found.names)
    return float(any(size > 2 and len(rest) >= size and text in rest[:size] * 2 for rest in rests))


def in_order(asked: Asked, found: Candidate) -> float:
    """所输文字依次见于名称，或为其简称"""
    if not 2 <= len(asked.text) <= 12:
        return 0.0
    return max(ordered(asked.text, name) for name in found.names)


def sound(asked: Asked, found: Candidate) -> float:
    """读音相同或相近"""
    if asked.intent.letters:
        return 0.0
    read = list(asked.intent.sounds)
    if read:
        return max(_begins(read, name.core_syllables, name.syllables) for name in found.names)
    return max(_sounds_alike(asked.name, name) for name in found.names)


def spelled(asked: Asked, found: Candidate) -> float:
    """拼音一致"""
    return max(_spells(asked.intent.letters, name) for name in found.names)


def first_letters(asked: Asked, found: Candidate) -> float:
    """拼音首字母一致"""
    return max(_initial(asked.intent.letters, name) for name in found.names)


def place(asked: Asked, found: Candidate) -> float:
    """所在地与所输一致"""
    codes = [code for word in asked.intent.words for code in word.regions]
    codes = codes or ([asked.name.split.code] if asked.name.split.code else [])
    region = found.source.get("region_code")
    if not codes or not isinstance(region, str):
        return 0.0
    return float(any(regions.contains(code, region) or found.name.split.code == code for code in codes))


def address(asked: Asked, found: Candidate) -> float:
    """住所包含所输文字"""
    text = found.text("address")
    at = text.find(asked.text)
    if at < 0:
        return 0.5 * float(all(word.text in text for word in asked.intent.words))
    return 1.0 if not text[at + len(asked.text) :] else 0.9


def scope(asked: Asked, found: Candidate) -> float:
    """经营范围包含所输文字"""
    return float(len(asked.text) > 1 and asked.text in found.text("scope"))


def representative(asked: Asked, found: Candidate) -> float:
    """法定代表人与所输一致"""
    who = found.source.get("legal_rep")
    return float(any(word.text == who for word in asked.intent.words))


def status(asked: Asked, found: Candidate) -> float:  # noqa: ARG001 - every feature has the same shape
    """登记状态为存续"""
    return {"存续": 1.0, None: 0.9}.get(found.source.get("status"), 0.0)  # type: ignore[call-overload,no-any-return]


def head_office(asked: Asked, found: Candidate) -> float:
    """为总机构，不是分支机构"""
    return float(not found.name.split.branch or bool(asked.name.split.branch))


def joint_stock(asked: Asked, found: Candidate) -> float:  # noqa: ARG001
    """为股份有限公司"""
    return float("股份" in found.name.split.form)


def short(asked: Asked, found: Candidate) -> float:
    """名称简短，所输文字占其大半"""
    return min(1.0, len(asked.text) / max(1, len(found.name.core)))


FEATURES: Mapping[Feature, float] = {
    identifier: 1000.0,
    exact_name: 400.0,
    former_name: 300.0,
    same_name: 300.0,
    core: 100.0,
    brand: 60.0,
    start: 40.0,
    contains: 300.0,
    words: 80.0,
    similarity: 120.0,
    similar_core: 60.0,
    pairs: 60.0,
    turned: 140.0,
    in_order: 120.0,
    sound: 120.0,
    spelled: 120.0,
    first_letters: 120.0,
    place: 30.0,
    address: 120.0,
    scope: 20.0,
    representative: 60.0,
    status: 20.0,
    head_office: 6.0,
    joint_stock: 10.0,
    short: 8.0,
}
"""Feature → what it adds at most to the score."""

SILENT = frozenset((status, head_office, joint_stock, short))
"""These order what is otherwise equal; they explain nothing."""


def _elsewhere(asked: Asked, found: Candidate) -> float:
    """A half where the name says another place than the one asked for: 北京X is not 上海X."""
    ours, theirs = asked.name.split.places, found.name.split.places
    return 0.5 if ours and theirs and not set(ours) & set(theirs) else 1.0


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the pairs that both have."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def ordered(text: str, name: Reading) -> float:
    """1 for the text in one piece at the begin of the core, less for more pieces; 0 where a character is missing."""
    runs, at, first, left = 0, 0, -1, text
    while left:
        size = next((n for n in range(len(left), 0, -1) if name.key.find(left[:n], at) >= 0), 0)
        if not size:
            return 0.0
        found = name.key.find(left[:size], at)
        first = found if first < 0 else first
        at, left, runs = found + size, left[size:], runs + 1
    begins = name.key.find(name.core) == first
    return (1 - (runs - 1) / len(text)) * (1.0 if begins else 0.85)


def _begins(read: list[str], *longer: list[str]) -> float:
    """1 where the first of `longer` begins with these syllables, less where one holds them, or sounds like it."""
    size = len(read)
    for value, target in zip((1.0, 0.9), longer, strict=False):
        if target[:size] == read:
            return value
    if any(text[at : at + size] == read for text in longer for at in range(1, len(text) - size + 1)):
        return 0.85
    plain = pinyin.similar(read)
    alike = [pinyin.similar(text) for text in longer]
    return 0.7 if any(text[at : at + size] == plain for text in alike for at in range(len(text) - size + 1)) else 0.0


def _sounds_alike(one: Reading, other: Reading) -> float:
    exact = Levenshtein.normalized_similarity(one.syllables, other.syllables)
    return (exact + Levenshtein.normalized_similarity(one.similar, other.similar)) / 2


def _spells(typed: str, name: Reading) -> float:
    """1 for the whole core, 0.9 for its beginning, 0.8 for a beginning that ends within a syllable."""
    spelled = "".join(name.core_syllables)
    if spelled == typed:
        return 1.0
    if spelled.startswith(typed):
        ends, total = set(), 0
        for syllable in name.core_syllables:
            total += len(syllable)
            ends.add(total)
        return 0.9 if len(typed) in ends else 0.8
    whole = "".join(name.syllables)
    if whole.startswith(typed):
        return 0.75
    return 0.7 if typed in whole else 0.5 * Levenshtein.normalized_similarity(typed, spelled)


def _initial(typed: str, name: Reading) -> float:
    letters = name.initials
    if typed == letters[0]:
        return 1.0
    if typed in letters:
        return 0.9
    return 0.8 if any(each.startswith(typed) for each in letters) else 0.0
