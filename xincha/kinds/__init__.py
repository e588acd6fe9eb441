"""The kinds of record, each declared once; and what all of them come to.

May import `xincha.rules` and `xincha.text`; knows nothing of files, engines and HTTP.

    kind.py      what a declaration holds
    entity.py    the facts of an entity
    <kind>.py    one kind; how its files are read is declared in `indexer/kinds/<kind>.py`
"""

from __future__ import annotations

from collections.abc import Mapping

from xincha.kinds.abnormal import ABNORMAL
from xincha.kinds.change import CHANGE
from xincha.kinds.check_draw import CHECK_DRAW
from xincha.kinds.check_item import CHECK_ITEM
from xincha.kinds.check_plan import CHECK_PLAN
from xincha.kinds.check_task import CHECK_TASK
from xincha.kinds.document import DOCUMENT
from xincha.kinds.kind import Count, Fact, Kind, State
from xincha.kinds.licence import LICENCE
from xincha.kinds.name_removal import NAME_REMOVAL
from xincha.kinds.notice import NOTICE
from xincha.kinds.officer import OFFICER
from xincha.kinds.penalty import PENALTY
from xincha.kinds.post_restriction import POST_RESTRICTION
from xincha.kinds.power import POWER
from xincha.kinds.regulation import REGULATION
from xincha.kinds.serious import SERIOUS
from xincha.kinds.spot_check import SPOT_CHECK

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        PENALTY,
        SERIOUS,
        ABNORMAL,
        NAME_REMOVAL,
        POST_RESTRICTION,
        SPOT_CHECK,
        LICENCE,
        DOCUMENT,
        CHECK_PLAN,
        CHECK_TASK,
        CHECK_DRAW,
        CHECK_ITEM,
        OFFICER,
        NOTICE,
        CHANGE,
        POWER,
        REGULATION,
    )
}
"""By name, in the order in which people are shown them."""


def of_entities() -> dict[str, Kind]:
    """The kinds that are about entities, by name."""
    return {name: kind for name, kind in KINDS.items() if kind.party}


def counts() -> list[Count]:
    """All counts of an entity's records."""
    return [count for kind in KINDS.values() for count in kind.counts]


def states() -> Mapping[str, State]:
    """All states of records, by name."""
    return {name: state for kind in KINDS.values() for name, state in kind.states.items()}


def sums() -> list[str]:
    """The facts that are added up over the records of an entity."""
    return list(dict.fromkeys(name for kind in KINDS.values() for name in kind.sums))


def amounts() -> dict[str, str]:
    """The facts of records that are amounts in yuan, with their titles."""
    return {fact.name: fact.title for kind in KINDS.values() for fact in kind.own if fact.type == "money"}


def added() -> dict[str, str]:
    """The facts of records that figures add up: amounts in yuan, and numbers, with their titles."""
    return amounts() | {fact.name: fact.title for kind in KINDS.values() for fact in kind.own if fact.adds}


def grouped() -> dict[str, str]:
    """The facts of records by whose values they are filtered and counted, with their titles."""
    return {fact.name: fact.title for kind in KINDS.values() for fact in kind.own if fact.grouped}


__all__ = [
    "KINDS",
    "Count",
    "Fact",
    "Kind",
    "State",
    "added",
    "amounts",
    "counts",
    "grouped",
    "of_entities",
    "states",
    "sums",
]
