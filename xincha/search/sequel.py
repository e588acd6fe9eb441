"""What may have come of a spot check that found something 可能随后, and which check may have come before a listing or a
penalty: by the rule of `xincha.rules.sequel`, among what may be shown. Never said to be the cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from xincha.engine.query import Bool, Query, Range, Request, Sort, Term, Terms
from xincha.kinds import KINDS
from xincha.rules.sequel import LONGEST, RULE, may_have_followed
from xincha.search.answers import FOLLOWS, PossibleSequel

if TYPE_CHECKING:
    from xincha.engine.contract import Engine

MOST = 20
CHECK = "spot_check"
_LOOKED_AT = 200


def led_to(stored: Mapping[str, Any], engine: Engine, public: Query) -> list[PossibleSequel]:
    """The listings and penalties that may have followed a check, in the order of their days."""
    checked = _day(stored)
    if stored["kind"] != CHECK or stored.get("state") != "found" or checked is None:
        return []
    later = _of_the_same(stored, FOLLOWS, (checked, checked + LONGEST), engine, public)
    return [_told(each, stored) for each in later if may_have_followed(stored, each)][:MOST]


def came_after(stored: Mapping[str, Any], engine: Engine, public: Query) -> list[PossibleSequel]:
    """The checks that a listing or a penalty may have followed, in the order of their days."""
    happened = _day(stored)
    if stored["kind"] not in FOLLOWS or happened is None:
        return []
    found = Bool(filter=[Term("state", "found"), public])
    earlier = _of_the_same(stored, (CHECK,), (happened - LONGEST, happened), engine, found)
    return [_told(each, stored) for each in earlier if may_have_followed(each, stored)][:MOST]


def _of_the_same(
    stored: Mapping[str, Any], kinds: Sequence[str], days: tuple[date, date], engine: Engine, public: Query
) -> list[Mapping[str, Any]]:
    """The stored records of these kinds and days about an entity that a record is about; none where it is linked to
    none."""
    entities = [each for each in (stored.get("entity_id"), *stored.get("also_ids", ())) if each]
    if not entities:
        return []
    first, last = days
    of: list[Query] = [
        Terms("kind", list(kinds)),
        Terms("entity_id", entities),
        Range("happened_on", gte=first, lte=last),
    ]
    sort = (Sort("happened_on"), Sort("tie"))
    request = Request(Bool(filter=[*of, public]), sort=sort, size=_LOOKED_AT, total=False)
    return [orjson.loads(hit.source) for hit in engine.search("records", request).hits]


def _told(record: Mapping[str, Any], other: Mapping[str, Any]) -> PossibleSequel:
    days = [date.fromisoformat(each["happened_on"]) for each in (record, other)]
    headline = KINDS[record["kind"]].headline(record)
    return PossibleSequel(record["record_id"], record["kind"], headline, days[0], abs((days[0] - days[1]).days), RULE)


def _day(stored: Mapping[str, Any]) -> date | None:
    happened = stored.get("happened_on")
    return date.fromisoformat(happened) if happened else None
