"""What a record leads to: records of other kinds that name the same task, or the same plan, of spot checks.

A result leads to its task and its plan, a task to its plan, its results and its notices, a notice to what it announces.
Two kinds meet in the narrowest thing that both name: a result and a task in the task, either and a plan in the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from xincha.engine.query import Bool, Query, Request, Sort, Term, Terms
from xincha.kinds import KINDS, Kind
from xincha.kinds.related import sought
from xincha.search.answers import Related
from xincha.search.shown import related_record

if TYPE_CHECKING:
    from xincha.engine.contract import Engine
    from xincha.kinds.kind import Relation

MOST = 20
_NARROWEST: Sequence[Relation] = ("task", "plan")


def related_to(stored: Mapping[str, Any], engine: Engine, public: Query) -> list[Related]:
    """The records that a stored one is related to, by kind, of those that are `public`."""
    own = KINDS[stored["kind"]]
    if not own.related or not (keys := sought(stored, own)):
        return []
    met = {kind.name: shared for kind in KINDS.values() if kind is not own and (shared := _shared(keys, kind))}
    requests = [
        Request(
            Bool(filter=[Term("kind", name), Terms("belongs", shared), public]),
            sort=(Sort("happened_on", "desc"), Sort("tie")),
            size=MOST,
        )
        for name, shared in met.items()
    ]
    results = engine.search_many("records", requests) if requests else ()
    return [
        Related(name, result.total, [related_record(orjson.loads(hit.source)) for hit in result.hits], shared)
        for (name, shared), result in zip(met.items(), results, strict=True)
        if result.total
    ]


def _shared(keys: Mapping[Relation, Sequence[str]], kind: Kind) -> Sequence[str]:
    """The keys in which a record and those of a kind meet."""
    named = {fact.relates for fact in kind.own}
    return next((keys[relation] for relation in _NARROWEST if relation in named and relation in keys), ())
