"""What a person says of the answers to a list, over HTTP: read, checked, and what rows it may be asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xincha.errors import BadParameters
from xincha.lists.answer_log import Beginning, Line, Wanted, read_beginnings
from xincha.lists.judgments import Judgment
from xincha.search.questions import EntityId, wrong_parameter

if TYPE_CHECKING:
    from api.match.answers import MatchRowsParameters

MAX_AT_ONCE = 500
"""Judgments in one request."""

MAX_BODY = 1 << 17
"""Bytes of a body of judgments."""


Row = Annotated[int, Field(ge=1, description="place in the list, from 1")]


class RowConfirmed(BaseModel):
    """A row means this entity, whether it was offered or not."""

    model_config = ConfigDict(extra="forbid")

    row: Row
    judgment: Literal["confirmed"]
    entity_id: EntityId


class RowUnconfirmed(BaseModel):
    """A row means none of the entities that were offered (`refused`); or what was said of it is taken back (`open`)."""

    model_config = ConfigDict(extra="forbid")

    row: Row
    judgment: Literal["refused", "open"]


RowJudged = RowConfirmed | RowUnconfirmed


class Judged(BaseModel):
    """Body of `POST /api/v1/match/files/{file_id}/judgments`."""

    model_config = ConfigDict(extra="forbid")

    judgments: list[Annotated[RowJudged, Field(discriminator="judgment")]] = Field(min_length=1, max_length=MAX_AT_ONCE)


_EXAMPLE = {"judgments": [{"row": 3, "judgment": "confirmed", "entity_id": "91350203155103485D"}]}
_ROW = {"oneOf": [RowConfirmed.model_json_schema(), RowUnconfirmed.model_json_schema()]}
_ROWS = {"type": "array", "minItems": 1, "maxItems": MAX_AT_ONCE, "items": _ROW}
_SCHEMA = {
    "type": "object", "required": ["judgments"], "additionalProperties": False, "properties": {"judgments": _ROWS},
}  # fmt: skip
BODY = {"required": True, "content": {"application/json": {"schema": _SCHEMA, "example": _EXAMPLE}}}
"""The body in the OpenAPI document."""


def judged_in(body: bytes) -> Mapping[int, RowJudged]:
    """The judgments of a body, by row, the last of each; raises `BadParameters`."""
    try:
        given = Judged.model_validate_json(body)
    except ValidationError as error:
        wrong = [wrong_parameter({**each, "loc": (_place(each["loc"]),)}) for each in error.errors()[:20]]
        raise BadParameters(wrong) from error
    return {each.row: each for each in given.judgments}


def _place(loc: Sequence[str | int]) -> str:
    """Where in a body something is wrong: `judgments.0.row`; without the judgment, which pydantic puts between."""
    return ".".join(str(part) for at, part in enumerate(loc) if at != 2 or len(loc) < 4) or "body"


def judgments_of(
    judged: Mapping[int, RowJudged], log: Path, names: Callable[[Iterable[str]], Mapping[str, Any]]
) -> dict[int, Judgment | None]:
    """What is kept of judgments. `names`: identifiers → the entities that there are. Raises `BadParameters`."""
    states = {each.row: each.state for each in _until(log, max(judged)) if each.row in judged}
    if absent := next((row for row in judged if row not in states), None):
        raise _refused("row", f"the list has no row {absent}", "a place in the list")
    entities = names({each.entity_id for each in judged.values() if isinstance(each, RowConfirmed)})
    kept: dict[int, Judgment | None] = {}
    for row, each in judged.items():
        waited = states[row] == "ambiguous"
        if isinstance(each, RowConfirmed):
            if each.entity_id not in entities:
                raise _refused("entity_id", f"there is no entity {each.entity_id}", "one that a search finds")
            kept[row] = Judgment(each.entity_id, entities[each.entity_id]["name"], waited)
        else:
            kept[row] = Judgment(None, None, waited) if each.judgment == "refused" else None
    return kept


def _until(log: Path, row: int) -> Iterable[Beginning]:
    """What the lines of a log begin with, up to that of a row."""
    for each in read_beginnings(log):
        yield each
        if each.row >= row:
            return


def _refused(name: str, message: str, allowed: str) -> BadParameters:
    return BadParameters([{"name": f"judgments.{name}", "message": message, "allowed": allowed}])


def wanted(asked: MatchRowsParameters, judgments: Mapping[int, Judgment]) -> Wanted:
    """Whether a row is one of those that are asked for."""

    def fits(line: Beginning) -> bool:
        judged = line.row in judgments
        return (
            asked.state in (None, line.state)
            and asked.doubt in (None, line.doubt)
            and (asked.judged != "yes" or judged)
            and (asked.judged != "no" or (line.state == "ambiguous" and not judged))
        )

    return fits


def with_judgment(line: Line, judgments: Mapping[int, Judgment]) -> Line:
    """A `JudgedRow`."""
    judgment = judgments.get(line["row"])
    return {**line, "judgment": judgment and {"entity_id": judgment.entity_id, "name": judgment.name}}
