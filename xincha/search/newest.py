"""What is new of a search: stored rows by the moment at which they came to say what they say.

A row says something else when a load brings or changes it. A record does so, too, when its window of publicity opens
and when it turns into its next state, without any load.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from xincha.days import CHINA
from xincha.engine.query import Sort
from xincha.kinds import KINDS

MOST = 100
"""Rows of a page."""
LOADED = (Sort("loaded_at", "desc"), Sort("tie"))
START = (1 << 40, -1)
"""A place in that order in front of every row."""
OF_PEOPLE = frozenset(kind.name for kind in KINDS.values() if any(fact.person for fact in kind.facts))
"""Kinds of which each record is about a person, by name: nobody is followed."""

Dated = tuple[Mapping[str, Any], datetime]
"""A row as it is answered, and since when it says that."""


@dataclass(frozen=True, slots=True)
class Newest:
    """A page, newest first. `cursor`: of the next one; `None`: it is the last."""

    rows: Sequence[Dated]
    cursor: str | None


def changed_at(stored: Mapping[str, Any], today: date) -> datetime:
    """The moment since which a stored entity or record says what it says on a day."""
    moments = [datetime.fromisoformat(stored["origin"]["loaded_at"])]
    for name in ("public_from", "turns_on"):
        if (day := stored.get(name)) and day <= today.isoformat():
            moments.append(datetime.combine(date.fromisoformat(day), datetime.min.time(), CHINA))
    return max(moments)


def newest_first(
    found: Iterable[tuple[str, Mapping[str, Any]]], today: date, size: int = MOST
) -> list[Mapping[str, Any]]:
    """Of stored rows, with their identifiers, the newest `size`, each once; of one moment what happened last first."""
    rows = dict(found)
    order = {name: (changed_at(row, today), row.get("happened_on") or "", name) for name, row in rows.items()}
    return [rows[name] for name in sorted(rows, key=order.__getitem__, reverse=True)[:size]]
