"""Reconciliation: a batch of queries → candidates for each, from the matcher; values of entities; how they look.

`match` is true of a candidate only where the matcher calls it matched and nothing else that was said speaks against it.
Scores are the matcher's, from 0 to 100. Queries are independent of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from api.reconcile.properties import GENERAL, PROPERTIES, fits, types_of, values
from api.reconcile.queries import BATCH_SIZE, BATCH_VALUES, Condition, Extension, Malformed, Query
from xincha.errors import BadParameters, TooLarge
from xincha.limits import MAX_CODE
from xincha.search import intent

if TYPE_CHECKING:
    from xincha.search.answers import Entity
    from xincha.search.export.pages import Row
    from xincha.search.match.types import MatchResult
    from xincha.search.service import Searcher

Answer = dict[str, Any]
NAMELESS = "给出名称、统一社会信用代码或注册号中的一项"

_COLUMNS = {"uscc": "uscc", "reg_no": "uscc", "region": "region", "region_code": "region", "legal_rep": "legal_rep",
            "address": "address"}  # fmt: skip
"""Properties that the matcher decides by, and as what."""

_TELLING = ("kind", "status", "region", "entity_id")
"""What tells namesakes apart."""


def reconcile(searcher: Searcher, given: Sequence[object], read: Callable[[object], Query]) -> list[Answer]:
    """A result of version 1.0-draft for each query, in their order: `candidates`, best first, and why there are none.

    Raises `TooLarge` for more than are taken at once, `BadParameters` if none of them has the form of a query.
    """
    if len(given) > BATCH_SIZE:
        raise TooLarge(f"{len(given):,} queries at once", parameter="queries", allowed=f"at most {BATCH_SIZE}")
    queries: list[Query | str] = [_read(each, read) for each in given]
    wrong = [each for each in queries if isinstance(each, str)]
    if wrong and len(wrong) == len(queries):
        raise refused("queries", wrong[0])
    given_values = sum(len(each.values) for query in queries if isinstance(query, Query) for each in query.conditions)
    if given_values > BATCH_VALUES:
        most = f"at most {BATCH_VALUES:,} in one batch"
        raise TooLarge(f"{given_values:,} values of properties at once", parameter="queries", allowed=most)
    rows = {at: row for at, query in enumerate(queries) if isinstance(query, Query) and (row := _row(query))}
    matches = dict(zip(rows, searcher.matcher.match(list(rows.values())), strict=True))
    named = (each.entity_id for each in queries if isinstance(each, Query) and each.entity_id)
    matched = (each.entity_id for match in matches.values() for each in match.candidates)
    entities = searcher.entities.several([*named, *matched])
    return [_result(query, matches.get(at), entities) for at, query in enumerate(queries)]


def refused(name: str, message: str) -> BadParameters:
    """The error for a request that has not the form that the specification gives it."""
    return BadParameters([{"name": name, "message": message, "allowed": "what the Reconciliation API's schema says"}])


def _read(given: object, read: Callable[[object], Query]) -> Query | str:
    try:
        return read(given)
    except Malformed as error:
        return str(error)


def _row(query: Query) -> dict[str, str]:
    """The row of the matcher that a query means; empty where it names nothing."""
    row: dict[str, str] = {}
    if query.name:
        is_code = len(query.name) <= MAX_CODE and intent.read(query.name).identifier
        row["uscc" if is_code else "name"] = query.name
    for condition in filter(_is_decided, query.conditions):
        row.setdefault(_COLUMNS[condition.property], condition.values[0])
    return row if "name" in row or "uscc" in row else {}


def _result(query: Query | str, match: MatchResult | None, entities: Mapping[str, Entity]) -> Answer:
    if isinstance(query, str):
        return {"error": query, "candidates": []}
    if query.limit < 1:
        return {"error": "limit: less than 1", "candidates": []}
    if query.entity_id:
        entity = entities.get(query.entity_id)
        candidates = [_candidate(query, entity, 100.0, False, {"id": ("编号相符", True)})] if entity else []
    elif match is None or match.error:
        return {"error": match.error if match and match.error else NAMELESS, "candidates": []}
    else:
        candidates = []
        for each in match.candidates:
            if entity := entities.get(each.entity_id):
                features = {reason.feature: (reason.text, reason.score) for reason in each.reasons}
                is_meant = match.entity_id == each.entity_id
                candidates.append(_candidate(query, entity, round(100 * each.score, 2), is_meant, features))
    return {"candidates": [each for each in candidates if each][: query.limit]}


def _candidate(
    query: Query, entity: Entity, score: float, match: bool, features: dict[str, tuple[str, float | bool]]
) -> Answer | None:
    """An entity as a candidate, with what types and properties say of it; `None` if it is not what is asked for.

    `features`: what speaks for and against it, by name, with a sentence each.
    """
    if query.types and GENERAL not in query.types:
        of_type = entity.get("kind") in query.types
        if not of_type and query.only_types:
            return None
        features["type"] = ("类型相符", of_type)
        match = match and of_type
    for condition in query.conditions:
        is_met = _is_met(condition, entity)
        if condition.required and condition.values and not is_met:
            return None
        if is_met is not None:
            features[f"property:{condition.property}"] = (f"{PROPERTIES[condition.property].head}相符", is_met)
            match = match and (is_met or _is_decided(condition))
    return {
        "id": entity["entity_id"],
        "name": entity["name"],
        "description": " · ".join(str(entity[key]) for key in _TELLING if entity.get(key)),
        "type": types_of(entity),
        "score": score,
        "match": match,
        "features": [{"id": name, "name": text, "value": value} for name, (text, value) in features.items()],
    }


def _is_decided(condition: Condition) -> bool:
    """Whether the matcher has weighed a condition already: it knows masked names and streets that were renamed."""
    return condition.property in _COLUMNS and len(condition.values) == 1 and condition.quantifier != "none"


def _is_met(condition: Condition, row: Row) -> bool | None:
    """Whether an entity meets a condition; `None` where that cannot be told."""
    known = PROPERTIES.get(condition.property)
    if known is None or not condition.values:
        return None
    fitting = [fits(known, row, value) for value in condition.values]
    if condition.quantifier == "none":
        return not any(fitting)
    if None in fitting:
        return None
    return all(fitting) if condition.quantifier == "all" else any(fitting)


def suggested(searcher: Searcher, prefix: str, most: int) -> list[Answer]:
    """Entities whose names what was typed may become; where there are none, those that the matcher offers for it."""
    if suggestions := searcher.suggest(prefix, most):
        return [_offer(each.entity_id, each.name, each.status, each.district) for each in suggestions]
    row = _row(Query(prefix))
    found = searcher.matcher.match([row])[0].candidates if row else ()
    return [_offer(each.entity_id, each.name, each.status, each.region) for each in found][:most]


def _offer(entity_id: str, name: str, *facts: str | None) -> Answer:
    return {"id": entity_id, "name": name, "description": " · ".join(filter(None, (*facts, entity_id)))}


def extend(searcher: Searcher, extension: Extension) -> dict[str, dict[str, list[dict[str, object]]]]:
    """Identifier → property → values; empty lists for entities and properties that there are not."""
    ids, wanted = extension.ids, extension.within_bounds().properties
    entities = searcher.entities.several(ids)
    return {each: {one.id: _values(one.id, one.settings, entities.get(each, {})) for one in wanted} for each in ids}


def _values(name: str, settings: Mapping[str, Any], row: Row) -> list[dict[str, object]]:
    known = PROPERTIES.get(name)
    stated = settings.get("limit")
    limit = str(stated) if isinstance(stated, str | int) else ""
    most = int(limit) if limit.isdecimal() and len(limit) < 6 else 0
    return values(known, row)[: most or None] if known and row else []


def as_02(result: Answer) -> Answer:
    """A result of version 1.0-draft as version 0.2 has it: under another name, with features without names."""
    candidates = [
        {**each, "features": [{"id": feature["id"], "value": feature["value"]} for feature in each["features"]]}
        for each in result["candidates"]
    ]
    return {**({"error": result["error"]} if "error" in result else {}), "result": candidates}
