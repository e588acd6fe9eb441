"""The answers to an uploaded list, a page at a time: what may be asked, and what is answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from api.match.answers import MatchCandidate
from api.parameters import CursorText, PageSize, Parameters
from xincha.search.answers import Reason
from xincha.search.match.kept import Kept


class MatchRowsParameters(Parameters):
    """`GET /api/v1/match/files/{file_id}/rows`."""

    state: Kept | None = Field(default=None, description="rows of this state only; error: rows that cannot be used")
    page_size: PageSize = 50
    cursor: CursorText | None = None


class AnsweredRow(BaseModel):
    """A row of a list and its answer."""

    row: Annotated[int, Field(description="place in the list, from 1")]
    input: dict[str, str] = Field(description="its cells as they are, under their heads; empty ones are left out")
    state: Kept
    score: float = Field(description="of the first candidate, 0 to 1")
    entity_id: str | None = Field(description="the entity that is meant, where the state is matched")
    candidates: list[MatchCandidate] = Field(description="best first, at most 3; the one that is meant first")
    reasons: list[Reason]
    error: str | None = Field(description="why this row cannot be used")


class AnsweredRows(BaseModel):
    """Rows in the order of the list."""

    hits: list[AnsweredRow]
    cursor: str | None = Field(description="gives the next page; null behind the last")
