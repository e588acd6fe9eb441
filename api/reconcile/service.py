"""Reconciliation: a batch of queries → candidates for each, from the matcher; values of entities; how they look.

`match` is true of a candidate only where the matcher calls it matched and nothing else that was said speaks against it.
Scores are the matcher's, from 0 to 100. Queries are independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from api.problems import RefusedError
from api.reconcile.properties import GENERAL, PROPERTIES, types_of
from api.reconcile.queries import BATCH_SIZE, Condition, Malformed, Query
from xincha.errors import TooLarge
from xincha.search import intent

if TYPE_CHECKING:
    from xincha.search.answers import Entity
    from xincha.search.export.pages import Row
    from xincha.search.match.types import MatchCandidate, MatchResult
    from xincha.search.service import Searcher

MOST_ENTITIES = 500
"""Most entities whose values are fetched at once."""
NAMELESS = "给出名称、统一社会信用代码或注册号中的一项"

_COLUMNS = {"uscc": "uscc", "reg_no": "uscc", "region": "region", "region_code": "region", "legal_rep": "legal_rep",
            "address": "address"}  # fmt: skip
"""Properties that the matcher decides by, and as what."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be meant. `features`: what speaks for and against it, by name, with a sentence each."""

    entity: Entity
    score: float
    match: bool
    features: Mapping[str, tuple[str, float | bool]]


@dataclass(frozen=True, slots=True)
class Result:
    """The candidates of one query, best first; `error`: why it cannot be answered."""

    candidates: Sequence[Candidate] = ()
    error: str = ""


def reconcile(searcher: Searcher, given: Sequence[object], read: Callable[[object], Query]) -> list[Result]:
    """A result for each query, in their order.

    Raises `TooLarge` for more than are taken at once, `RefusedError` where none of them has the form of a query.
    """
    if len(given) > BATCH_SIZE:
        raise TooLarge(f"{len(given):,} queries at once", parameter="queries", allowed=f"at most {BATCH_SIZE}")
    queries: list[Query | str] = [_read(each, read) for each in given]
    wrong = [each for each in queries if isinstance(each, str)]
    if wrong and len(wrong) == len(queries):
        raise refused("queries", wrong[0])
    rows = {at: row for at, query in enumerate(queries) if isinstance(query, Query) and (row := _row(query))}
    matches = dict(zip(rows, searcher.match(list(rows.values())), strict=True))
    named = (each.entity_id for each in queries if isinstance(each, Query) and each.entity_id)
    found = (each.entity_id for match in matches.values() for each in match.candidates)
    entities = searcher.several([*named, *found])
    return [_result(query, matches.get(at), entities) for at, query in enumerate(queries)]


def refused(name: str, message: str) -> RefusedError:
    """The error for a request that has not the form that the specification gives it."""
    return RefusedError([{"name": name, "message": message, "allowed": "what the Reconciliation API's schema says"}])


def _read(given: object, read: Callable[[object], Query]) -> Query | str:
    try:
        return read(given)
    except Malformed as error:
        return str(error)


def _row(query: Query) -> dict[str, str]:
    """The row of the matcher that a query means; empty where it names nothing."""
    row: dict[str, str] = {}
    if query.name:
        coded = intent.read(query.name[:60]).identifier if len(query.name) <= 60 else None
        row["uscc" if coded else "name"] = query.name
    for condition in query.conditions:
        column = _COLUMNS.get(condition.property)
        if column and len(condition.values) == 1 and condition.quantifier != "none":
            row.setdefault(column, condition.values[0])
    return row if "name" in row or "uscc" in row else {}


def _result(query: Query | str, match: MatchResult | None, entities: Mapping[str, Entity]) -> Result:
    if isinstance(query, str):
        return Result(error=query)
    if query.limit < 1:
        return Result(error="limit: less than 1")
    if query.entity_id:
        entity = entities.get(query.entity_id)
        candidates = [_judged(query, Candidate(entity, 100.0, False, {"id": ("编号相符", True)}))] if entity else []
        return Result([each for each in candidates if each])
    if match is None:
        return Result(error=NAMELESS)
    if match.error:
        return Result(error=match.error)
    judged = (
        _judged(query, _candidate(each, match, entities[each.entity_id]))
        for each in match.candidates
        if each.entity_id in entities
    )
    return Result([each for each in judged if each][: query.limit])


def _candidate(found: MatchCandidate, match: MatchResult, entity: Entity) -> Candidate:
    features = {reason.feature: (reason.text, reason.score) for reason in found.reasons}
    return Candidate(entity, round(100 * found.score, 2), match.entity_id == found.entity_id, features)


def _judged(query: Query, candidate: Candidate) -> Candidate | None:
    """The candidate with what types and properties say of it; none where it is not among those that are asked for."""
    row: Row = candidate.entity
    features = dict(candidate.features)
    match = candidate.match
    if query.types and GENERAL not in query.types:
        of_type = row.get("kind") in query.types
        if not of_type and query.only_types:
            return None
        features["type"] = ("类型相符", of_type)
        match = match and of_type
    for condition in query.conditions:
        fits = _fits(condition, candidate.entity)
        if condition.required and condition.values and not fits:
            return None
        if fits is None:
            continue
        name = PROPERTIES[condition.property].name if condition.property in PROPERTIES else condition.property
        features[f"property:{condition.property}"] = (f"{name}相符", fits)
        match = match and (fits or _decided(condition))
    return replace(candidate, match=match, features=features)


def _decided(condition: Condition) -> bool:
    """Whether the matcher has weighed a condition already: it knows masked names and streets that were renamed."""
    return condition.property in _COLUMNS and len(condition.values) == 1 and condition.quantifier != "none"


def _fits(condition: Condition, row: Row) -> bool | None:
    """Whether an entity meets a condition; `None` where that cannot be told."""
    known = PROPERTIES.get(condition.property)
    if known is None or not condition.values:
        return None
    fits = [known.fits(row, value) for value in condition.values]
    if condition.quantifier == "none":
        return not any(fits)
    if None in fits:
        return None
    return all(fits) if condition.quantifier == "all" else any(fits)


def extend(searcher: Searcher, ids: Sequence[str], asked: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Identifier → property → values; empty lists for entities and properties that there are not."""
    if len(ids) > MOST_ENTITIES:
        raise TooLarge(f"{len(ids):,} entities at once", parameter="ids", allowed=f"at most {MOST_ENTITIES}")
    entities = searcher.several(ids)
    rows = {each: entities.get(each, {}) for each in ids}
    properties = list(asked)
    return {each: {one["id"]: _values(one, row) for one in properties} for each, row in rows.items()}


def _values(asked: Mapping[str, Any], row: Row) -> list[dict[str, object]]:
    known = PROPERTIES.get(asked["id"])
    values = known.values(row) if known and row else []
    limit = str((asked.get("settings") or {}).get("limit", ""))
    return values[: int(limit)] if limit.isdecimal() and len(limit) < 6 and int(limit) else values


def described(entity: Entity) -> str:
    """One line that tells namesakes apart: state, region, code."""
    parts = (entity.get(name) for name in ("kind", "status", "region", "entity_id"))
    return " · ".join(str(part) for part in parts if part)


def as_02(result: Result) -> dict[str, object]:
    """A result of version 0.2."""
    return _error(result) | {"result": [_told(each, named=False) for each in result.candidates]}


def as_10(result: Result) -> dict[str, object]:
    """A result of version 1.0-draft."""
    return _error(result) | {"candidates": [_told(each, named=True) for each in result.candidates]}


def _error(result: Result) -> dict[str, object]:
    return {"error": result.error} if result.error else {}


def _told(candidate: Candidate, *, named: bool) -> dict[str, object]:
    entity = candidate.entity
    return {
        "id": entity["entity_id"],
        "name": entity["name"],
        "description": described(entity),
        "type": types_of(entity),
        "score": candidate.score,
        "match": candidate.match,
        "features": [
            {"id": name, **({"name": text} if named else {}), "value": value}
            for name, (text, value) in candidate.features.items()
        ],
    }
