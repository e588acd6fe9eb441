"""What matching answers: frozen dataclasses, no behaviour. The API answers with them as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from xincha.search.answers import Counts, Reason
from xincha.search.risks import Risk

State = Literal["matched", "ambiguous", "none"]
Doubt = Literal["near", "several", "differs"]
DOUBT = (
    "why a person has to look, where the state is ambiguous: a name is near; several entities bear it, or are named; "
    "something that the row says differs"
)


@dataclass(frozen=True, slots=True)
class MatchCandidate:
    """An entity that a row may mean. Reasons with a score below 0 speak against it."""

    entity_id: str
    name: str
    uscc: str | None
    status: Annotated[str | None, Field(description="登记状态")]
    region: Annotated[str | None, Field(description="省、市、区县名称")]
    counts: Counts
    risks: Annotated[list[Risk], Field(description="what stands against it, in words; what does so now first")]
    score: Annotated[float, Field(description="0 to 1")]
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The answer to one row: matched, ambiguous (a person has to look), or none (`candidates` are near names)."""

    id: Annotated[str | None, Field(description="that of the row")]
    state: State
    doubt: Annotated[Doubt | None, Field(description=DOUBT)]
    score: Annotated[float, Field(description="of the first candidate, 0 to 1")]
    entity_id: Annotated[str | None, Field(description="the entity that is meant, where the state is matched")]
    candidates: Annotated[list[MatchCandidate], Field(description="best first, at most 5; the one that is meant first")]
    reasons: list[Reason]
    error: Annotated[
        str | None, Field(description="why this row cannot be used; the other rows are answered all the same")
    ]
