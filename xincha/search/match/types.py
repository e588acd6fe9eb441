"""What matching answers: frozen dataclasses, no behaviour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from xincha.search.answers import Counts, Reason

State = Literal["matched", "ambiguous", "none"]


@dataclass(frozen=True, slots=True)
class MatchCandidate:
    """An entity that a row may mean. `score`: 0 to 1; `reasons` speak for it, those with a score below 0 against it."""

    entity_id: str
    name: str
    uscc: str | None
    status: str | None
    region: str | None
    counts: Counts
    score: float
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Match:
    """The answer to one row.

    matched     `entity_id` is meant, and stands first in `candidates`
    ambiguous   one of `candidates` may be meant; a person has to look
    none        none of the register is meant; `candidates` are near names with what speaks against each
    error       `state` is none, for the row cannot be used: why, in a sentence

    `id` is the row's own. `score`: that of the first candidate, 0 without any.
    """

    id: str | None
    state: State
    score: float = 0.0
    entity_id: str | None = None
    candidates: Sequence[MatchCandidate] = ()
    reasons: Sequence[Reason] = ()
    error: str | None = None
