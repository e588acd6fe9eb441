"""A row and its candidates → `MatchResult`: matched, ambiguous or none, with the reasons.

Matched are only: the entity of the row's code, if its name is like the row's and no other entity's name is the row's or
nearer to it; the one entity that bears the row's
name, in whatever spelling; of several that bear it the one for which other columns decide. A wrong match harms
somebody: a name with one wrong character is never matched by itself, and what another column contradicts is left to a
person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from xincha.engine.fields import tie
from xincha.search.answers import Counts, Reason, Stored
from xincha.search.match.features import (
    Feature,
    Pair,
    address,
    brand_apart,
    contains,
    exact_name,
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
from xincha.search.match.rows import Row
from xincha.search.match.types import MatchCandidate, MatchResult, State
from xincha.search.reading import Candidate

MOST_BEARERS = 1_000
"""Bearers of one name that are compared; a row whose name has more is ambiguous whatever else it says."""

Counted = Callable[[Stored], Counts]

_SHOWN = 5
_COMPARED = 3
_LIKE = 0.6
_LEAST_ALIKE = 0.5
_LEAST_SHOWN = 0.3
_LONG_NAME = 10
_NOBODY = "装载的登记信息里没有主体使用这个名称"
_SHOP = "个体工商户"
_SPELLED = frozenset((same_name, placed_name))
_DECIDING: Sequence[tuple[Feature, Feature | None]] = (
    (region, other_region),
    (representative, other_representative),
    (address, None),
)
"""What decides between bearers of one name, and what speaks against one."""


def decide(
    row: Row, coded: Sequence[Candidate], bearers: Sequence[Candidate], near: Sequence[Candidate], counted: Counted
) -> MatchResult:
    """The answer to a row, given the entities of its code, those of its name, and (without these) those of near names.

    `counted`: stored JSON → the counts of an entity.
    """
    if coded:
        state, pairs, reason = _of_code(row, coded, bearers, near)
    elif bearers:
        state, pairs, reason = _of_name(row, bearers)
    else:
        state, pairs, reason = _of_near(row, near)
    candidates = [_candidate(pair, counted) for pair in pairs[:_SHOWN]]
    reasons = [*([reason] if reason else candidates[0].reasons), *row.notes]
    entity_id = candidates[0].entity_id if state == "matched" else None
    return MatchResult(row.id, state, pairs[0].score if pairs else 0.0, entity_id, candidates, reasons, None)


_Decided = tuple[State, Sequence[Pair], Reason | None]
"""The state, the pairs, best first, and why nothing is matched."""


def _of_code(row: Row, coded: Sequence[Candidate], bearers: Sequence[Candidate], near: Sequence[Candidate]) -> _Decided:
    """A code does not outvote a name: where another entity's is meant rather than the owner's, one of both is wrong."""
    pairs = _ordered(Pair(row, candidate) for candidate in coded)
    fitting = [pair for pair in pairs if _fits(pair)]
    nearest = max(map(_nearness, pairs))
    others = (Pair(row, each) for each in (*bearers, *near) if each not in coded)
    rivals = [pair for pair in others if _nearness(pair) > nearest and not _elsewhere(pair, pairs)] if row.key else []
    if len(fitting) == 1 and not rivals:
        return "matched", fitting, None
    several = Reason("several", f"有 {len(fitting)} 个主体使用这个代码", 0.0)
    another = Reason("code_of_another", "所列代码属于名称不同的主体", 0.0)
    if not row.code:
        another = Reason("code_of_another", "所列代码的校验位不符，与它只差一处的代码属于名称不同的主体", 0.0)
    return "ambiguous", [*pairs, *_ordered(rivals)], another if rivals or not fitting else several


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


def _of_name(row: Row, bearers: Sequence[Candidate]) -> _Decided:
    pairs = _ordered(Pair(row, candidate) for candidate in bearers)
    chosen = _chosen(pairs)
    if chosen and not _contradicted(chosen):
        return "matched", [chosen], None
    if len(pairs) > 1:
        return "ambiguous", pairs, Reason("several", f"有 {len(pairs)} 个主体使用或曾用这个名称", 0.0)
    return "ambiguous", pairs, Reason("contradicted", "名称一致，但其他栏目与登记的不符", 0.0)


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
    """Whether a person has to look: one character apart, of long names two, signs, names of one sound, or part of a
    name."""
    if pair.excluded:
        return False
    values = pair.values
    if pair.distance == 2 and len(pair.row.key) >= _LONG_NAME:
        return not (brand_apart in values and other_trade in values)
    return pair.distance < 2 or not values.keys().isdisjoint((contains, same_sound, other_signs))


def _ordered(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (-pair.score, tie(pair.candidate.id)))


def _candidate(pair: Pair, counted: Counted) -> MatchCandidate:
    source, reasons = pair.candidate.source, pair.reasons()
    name, uscc, status, place = (source.get(field) for field in ("name", "uscc", "status", "region"))
    return MatchCandidate(pair.candidate.id, name or "", uscc, status, place, counted(source), pair.score, reasons)
