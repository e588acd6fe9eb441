"""A row and its candidates → `MatchResult`: matched, ambiguous or none, with the reasons.

Matched are only: the entity of the row's code, if its name is like the row's and no other entity's name is the row's or
nearer to it; the one entity that bears the row's
name, in whatever spelling; of several that bear it the one for which other columns decide. A wrong match harms
somebody: a name with one wrong character is never matched by itself, and what another column contradicts is left to a
person. So is a name with other words around it, unless a code beside it says the same, and a cell that names several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from xincha.engine.fields import tie
from xincha.search.answers import Counts, Reason, Stored
from xincha.search.match.features import (
    Feature,
    Pair,
    address,
    brand_apart,
    contains,
    exact_name,
    form_left_out,
    other_code,
    other_region,
    other_representative,
    other_signs,
    other_trade,
    placed_name,
    region,
    representative,
    same_name,
    same_sound,
)
from xincha.search.match.mentions import Mention
from xincha.search.match.rows import Row
from xincha.search.match.types import Doubt, MatchCandidate, MatchResult, State
from xincha.search.reading import Candidate
from xincha.search.risks import Risk

MOST_BEARERS = 1_000
"""Bearers of one name that are compared; a row whose name has more is ambiguous whatever else it says."""

Counted = Callable[[Stored], tuple[Counts, Sequence[Risk]]]

_SHOWN = 5
_COMPARED = 3
_LIKE = 0.6
_LEAST_ALIKE = 0.5
_LEAST_SHOWN = 0.3
_LONG_NAME = 10
_NOBODY = "装载的登记信息里没有主体使用这个名称"
_SHOP = "个体工商户"
_DOUBTS: Mapping[str, Doubt] = {"near": "near", "several": "several", "several_named": "several"}
"""Reasons why nothing is matched → the kind of doubt; any other is that something differs."""

_SPELLED = frozenset((same_name, placed_name))
_DECIDING: Sequence[tuple[Feature, Feature | None]] = (
    (region, other_region),
    (representative, other_representative),
    (address, None),
)
"""What decides between bearers of one name, and what speaks against one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row, and the entities of its codes, those that bear its name, those of the names that its cell tells of others
    (原…), the names in its cell that somebody bears, and (without any of these) the entities of near names."""

    row: Row
    coded: Sequence[Candidate] = ()
    bearers: Sequence[Candidate] = ()
    told: Sequence[Candidate] = ()
    mentions: Sequence[Mention] = ()
    near: Sequence[Candidate] = ()


def decide(found: Found, counted: Counted) -> MatchResult:
    """The answer to a row. `counted`: stored JSON → the counts of an entity, and what of them stands
    against it."""
    row = found.row
    if found.coded:
        state, pairs, reason = _of_code(found)
    elif found.bearers:
        state, pairs, reason = _of_name(row, found.bearers, found.told)
    elif found.mentions or found.told:
        state, pairs, reason = _of_mentions(found)
    elif row.nobody:
        state, pairs, reason = "none", [], Reason("no_name", "这是表格用语，不是主体名称", 0.0)
    else:
        state, pairs, reason = _of_near(row, found.near)
    candidates = [_candidate(pair, counted) for pair in pairs[:_SHOWN]]
    reasons = [*([reason] if reason else candidates[0].reasons), *row.notes]
    entity_id = candidates[0].entity_id if state == "matched" else None
    doubt = _DOUBTS.get(reason.feature, "differs") if reason and state == "ambiguous" else None
    return MatchResult(row.id, state, doubt, pairs[0].score if pairs else 0.0, entity_id, candidates, reasons, None)


_Decided = tuple[State, Sequence[Pair], Reason | None]
"""The state, the pairs, best first, and why nothing is matched."""


def _of_code(found: Found) -> _Decided:
    """A code does not outvote a name: where another entity's is meant rather than the owner's, one of both is wrong."""
    row, coded, named = found.row, found.coded, _mentioned(found)
    agreed = all(_bears_all(row, each) for each in coded) and _all_of(coded, found.told)
    if named and _all_of(coded, [pair.candidate for pair in named]):
        meant = bool(agreed and row.codes and len(named) == len(coded) == 1)
        return ("matched", named, None) if meant else ("ambiguous", named, _several_named(named))
    pairs = _ordered(Pair(row, candidate) for candidate in coded)
    fitting = [pair for pair in pairs if _fits(pair)]
    rivals = _rivals(found, pairs) if row.key else []
    if agreed and len(fitting) == 1 and not rivals and not named:
        return "matched", fitting, None
    told = _ordered(Pair(row, candidate) for candidate in found.told)
    every = _each_once([*pairs, *_ordered(rivals), *named, *told])
    why = _why_no_code_decides(row, coded, several=len(fitting) > 1 and not rivals)
    return "ambiguous", every, why


def _rivals(found: Found, owners: Sequence[Pair]) -> list[Pair]:
    """The entities whose names are nearer to the row's than those of its code's owners."""
    nearest = max(map(_nearness, owners))
    others = (Pair(found.row, each) for each in (*found.bearers, *found.near) if each not in found.coded)
    return [pair for pair in others if _nearness(pair) > nearest and not _elsewhere(pair, owners)]


def _fits(pair: Pair) -> bool:
    """Whether the owner of a code may be named as the row is; where that code is only nearly the row's, he must be."""
    if pair.same_name or not pair.row.key:
        return True
    alike = pair.like >= _LIKE or contains in pair.values
    return pair.row.code is not None and alike and not pair.excluded


def _nearness(pair: Pair) -> tuple[int, int]:
    """First whose name it is, exactly or in another spelling; then whose name holds it, or has few characters apart."""
    if pair.same_name:
        return (1 if _SPELLED.isdisjoint(pair.values) else 0), 0
    return -1, 0 if pair.row.key in pair.name.signed else -pair.distance


def _elsewhere(other: Pair, owners: Sequence[Pair]) -> bool:
    """Whether it is a shop 个体工商户 of another district than an owner of the code whose name holds the row's."""
    theirs = other.candidate.source
    return theirs.get("kind") == _SHOP and any(
        owner.row.key in owner.name.signed and owner.candidate.source.get("region_code") != theirs.get("region_code")
        for owner in owners
    )


def _why_no_code_decides(row: Row, coded: Sequence[Candidate], *, several: bool) -> Reason:
    if not all(_bears_all(row, each) for each in coded):
        return Reason("several_codes", "所列的几个代码不属于同一个主体", 0.0)
    if several:
        return Reason("several", f"有 {len(coded)} 个主体使用这个代码", 0.0)
    if not row.codes:
        return Reason("code_of_another", "所列代码的校验位不符，与它只差一处的代码属于名称不同的主体", 0.0)
    return Reason("code_of_another", "所列代码属于名称不同的主体", 0.0)


def _bears_all(row: Row, candidate: Candidate) -> bool:
    """Whether none of a row's codes is another one than the entity's."""
    return all(candidate.source.get(code.field) in (None, code.value) for code in row.codes)


def _all_of(some: Sequence[Candidate], others: Sequence[Candidate]) -> bool:
    """Whether the others are all among some."""
    return {each.id for each in others} <= {each.id for each in some}


def _of_name(row: Row, bearers: Sequence[Candidate], told: Sequence[Candidate]) -> _Decided:
    pairs = _ordered(Pair(row, candidate) for candidate in bearers)
    if not _all_of(bearers, told):
        pairs += _ordered(Pair(row, candidate) for candidate in told if candidate not in bearers)
        return "ambiguous", pairs, Reason("told_of_another", "备注中的名称属于另一个主体，请核对", 0.0)
    chosen = _chosen(pairs)
    if chosen and not _contradicted(chosen):
        return "matched", [chosen], None
    if len(pairs) > 1:
        return "ambiguous", pairs, Reason("several", f"有 {len(pairs)} 个主体使用或曾用这个名称", 0.0)
    return "ambiguous", pairs, Reason("contradicted", "名称一致，但其他栏目与登记的不符", 0.0)


def _of_mentions(found: Found) -> _Decided:
    """Names are in the cell, but there is more in it."""
    named = _mentioned(found)
    if not named:
        told = _ordered(Pair(found.row, candidate) for candidate in found.told)
        return "ambiguous", told, Reason("told_name", "没有主体使用这个名称，备注中的名称有主体使用，请核对", 0.0)
    if len(found.mentions) > 1 and len(named) > 1:
        return "ambiguous", named, _several_named(named)
    return "ambiguous", named, Reason("more_than_name", "这一格中除名称外还有其他内容，请核对", 0.0)


def _mentioned(found: Found) -> list[Pair]:
    """The bearers of the names in a cell, by the order of the names."""
    pairs = [pair for each in found.mentions for pair in _ordered(Pair(each.row, one) for one in each.bearers)]
    return _each_once(pairs)


def _each_once(pairs: Iterable[Pair]) -> list[Pair]:
    """The first pair of each entity."""
    first: dict[str, Pair] = {}
    for pair in pairs:
        first.setdefault(pair.candidate.id, pair)
    return [*first.values()]


def _several_named(pairs: Sequence[Pair]) -> Reason:
    return Reason("several_named", f"这一格中写有 {len(pairs)} 个主体的名称", 0.0)


def _chosen(pairs: Sequence[Pair]) -> Pair | None:
    """The only bearer of a name, or the one that is in no column behind another and in some before each other."""
    if len(pairs) == 1:
        return pairs[0]
    if len(pairs) >= MOST_BEARERS:
        return None
    stands = list(map(_standing, pairs))
    best = max(stands)
    if stands.count(best) > 1 or min(best) < 0:
        return None
    ahead = all(ours >= theirs for each in stands for ours, theirs in zip(best, each, strict=True))
    return pairs[stands.index(best)] if ahead else None


def _standing(pair: Pair) -> tuple[float, ...]:
    """For each deciding column above 0 if it agrees, below 0 if it does not, 0 if it says nothing."""
    values = pair.values
    return tuple(values.get(agrees, -1.0 if differs in values else 0.0) for agrees, differs in _DECIDING)


def _contradicted(pair: Pair) -> bool:
    """Whether another column says that this is not the entity. A representative changes while the name stays."""
    values = pair.values
    if other_region in values and not pair.row.name.split.places:
        return True
    return other_code in values or (exact_name not in values and other_representative in values)


def _of_near(row: Row, near: Sequence[Candidate]) -> _Decided:
    alike = [pair for candidate in near if (pair := Pair(row, candidate, joined=False)).alike >= _LEAST_ALIKE]
    nearest = sorted(alike, key=lambda pair: -pair.alike)[:_COMPARED]
    pairs = [pair for pair in _ordered(nearest) if pair.score >= _LEAST_SHOWN or pair.alike > 1]
    if any(map(_may_be, pairs)):
        return (
            "ambiguous",
            pairs,
            Reason("near", f"{_NOBODY}，有主体的名称与它相近，请核对", 0.0),
        )
    if pairs:
        text = f"{_NOBODY}；名称相近的主体各有不同，不认定为同一主体"
        return "none", pairs, Reason("unlike", text, 0.0)
    return "none", [], Reason("nothing", f"{_NOBODY}，也没有相近的名称", 0.0)


def _may_be(pair: Pair) -> bool:
    """Whether a person has to look: one character apart, of long names two, signs, names of one sound, part of a name,
    or one that is whole but for its legal form (公司 for 有限公司)."""
    values = pair.values
    if form_left_out in values:
        return other_code not in values and other_region not in values
    if pair.excluded:
        return False
    if pair.distance == 2 and len(pair.row.key) >= _LONG_NAME:
        return not (brand_apart in values and other_trade in values)
    return pair.distance < 2 or not values.keys().isdisjoint((contains, same_sound, other_signs))


def _ordered(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (-pair.score, tie(pair.candidate.id)))


def _candidate(pair: Pair, counted: Counted) -> MatchCandidate:
    source, reasons = pair.candidate.source, pair.reasons()
    name, uscc, status, place = (source.get(field) for field in ("name", "uscc", "status", "region"))
    counts, risks = counted(source)
    return MatchCandidate(pair.candidate.id, name or "", uscc, status, place, counts, list(risks), pair.score, reasons)
