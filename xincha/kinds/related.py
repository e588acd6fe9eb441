"""By what records of several kinds belong together: the plan or task of spot checks that they name.

A notice, a plan, its tasks and their results state the same numbers. Where one of two states no number, the same name
at the same office says as much; where both do, numbers alone count, for plans of two years may have one name. A short
number is told from those of other offices by its office.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xincha.kinds.kind import Kind, Relation, Row
from xincha.text.doc_no import doc_no_keys
from xincha.text.fold import fold
from xincha.text.offices import office_key

_LEAST = 6
"""Characters of a number that is told from those of other offices by itself."""


class _Stated(NamedTuple):
    """What a row states of a plan or a task, as keys."""

    numbers: list[str]
    names: list[str]


def belongings(row: Row, kind: Kind) -> list[str]:
    """The keys under which a row is found by others that belong to the same."""
    return [key for relation, stated in _stated(row, kind) for key in _under(relation, stated)]


def sought(row: Row, kind: Kind) -> dict[Relation, list[str]]:
    """The keys of the others that belong to the same as a row; none where it states nothing."""
    return {relation: _of_others(relation, stated) for relation, stated in _stated(row, kind)}


def _under(relation: Relation, stated: _Stated) -> list[str]:
    alone = [] if stated.numbers else [f"{relation}-@{name}" for name in stated.names]
    return [
        *(f"{relation}#{number}" for number in stated.numbers),
        *(f"{relation}@{name}" for name in stated.names),
        *alone,
    ]


def _of_others(relation: Relation, stated: _Stated) -> list[str]:
    sign = "-@" if stated.numbers else "@"
    return [
        *(f"{relation}#{number}" for number in stated.numbers),
        *(f"{relation}{sign}{name}" for name in stated.names),
    ]


def _stated(row: Row, kind: Kind) -> Iterator[tuple[Relation, _Stated]]:
    office = next((office_key(row[name]) for name in kind.names("authority") if row.get(name)), "")
    found: dict[Relation, _Stated] = {}
    for fact in kind.own:
        if not fact.relates or not (said := row.get(fact.name)):
            continue
        stated = found.setdefault(fact.relates, _Stated([], []))
        if not fact.number:
            stated.names.extend([f"{office}@{fold(said)}"] if office else [])
            continue
        for number in filter(None, doc_no_keys(said)):
            if len(number) >= _LEAST or office:
                stated.numbers.append(number if len(number) >= _LEAST else f"{office}#{number}")
    return ((relation, stated) for relation, stated in found.items() if stated.numbers or stated.names)
