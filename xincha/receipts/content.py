"""What of an answer a receipt is about: facts that were published, and the state of each record on the day.

Sources, coverage, counts, sentences and the wording of rules are left out, and so is what nobody stated. So the same
facts have the same digest after another delivery, and in a later version of this program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from xincha.kinds import KINDS
from xincha.kinds.entity import ENTITY
from xincha.search.answers import BRIEF, EntityPage, RecordPage, facts_of
from xincha.search.match.types import MatchResult

_CHANGE = ("field", "old", "new", "changed_at")
_WORDING = {"rule"}
_OF_RECORD = {
    name: [*(fact.name for fact in facts_of(kind) if fact.name not in _WORDING), "state"]
    for name, kind in KINDS.items()
}
_OF_ENTITY = [fact.name for fact in ENTITY if fact.shown != "lake"]
_OF_HIT = [fact.name for fact in BRIEF]


def company(entity: Mapping[str, Any], page: RecordPage | None) -> dict[str, Any]:
    """An entity and its newest records; `page` is None for a past day, of which records are not told."""
    told = _stated(entity, _OF_ENTITY)
    changes = [_stated(change, _CHANGE) for change in entity["changes"]]
    answer: dict[str, Any] = {"entity": told | ({"changes": changes} if changes else {})}
    return answer if page is None else answer | records(page)


def record(told: Mapping[str, Any]) -> dict[str, Any]:
    """One record."""
    return _stated(told, _OF_RECORD[told["kind"]])


def records(page: RecordPage) -> dict[str, Any]:
    """Records of a page in their order, and how many there are."""
    return {"records": list(map(record, page.hits)), "total": page.total}


def entities(page: EntityPage) -> dict[str, Any]:
    """Entities of a page in their order, and how many there are."""
    return {"entities": [_stated(hit, _OF_HIT) for hit in page.hits], "total": page.total}


def matched(result: MatchResult) -> dict[str, Any]:
    """How a row was answered, and who may be meant; scores and reasons are wording."""
    told = {"state": result.state, "doubt": result.doubt, "entity_id": result.entity_id, "error": result.error}
    candidates = [
        _stated({"entity_id": each.entity_id, "name": each.name, "uscc": each.uscc, "status": each.status}, _CANDIDATE)
        for each in result.candidates
    ]
    return _stated(told, told) | {"candidates": candidates}


_CANDIDATE = ("entity_id", "name", "uscc", "status")


def _stated(told: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Of these keys those that say something."""
    return {name: value for name in names if (value := told.get(name)) not in (None, "", [], ())}
