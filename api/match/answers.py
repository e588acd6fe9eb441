"""Matching over HTTP: what may be sent to `POST /api/v1/match`, and what is answered.

The body is read here and not by the framework: it is bounded while it arrives, and a row that cannot be used is that
row's own error (`xincha.search.match.rows`), which a schema over the whole body could not say.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from api.limits.asking import asking
from xincha.errors import BadParameters, TooLarge
from xincha.limits import MAX_COLUMNS, MAX_MATCH_ROWS, MAX_NAME, MAX_SAID
from xincha.lists.answer_log import AnsweredRow, RowState
from xincha.search.match.types import MatchResult
from xincha.search.questions import CursorText, PageSize, Parameters

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from fastapi import Request

    from api.match.jobs import Job

MAX_BODY = 4 << 20
"""Bytes of a body of rows: a thousand that say everything take less than half of it."""

_IN_MEMORY = 1 << 16
"""Bytes of a list that are kept until there is a file."""

_LISTS = "csv|tsv|txt|xlsx|xlsm|xls|parquet|jsonl|json"
_LONGEST_NAME = 80

Text = Annotated[str, Field(max_length=MAX_NAME)]


def _of_row(column: str, description: str) -> Any:
    return Field(default=None, max_length=MAX_SAID[column], description=description)


class MatchRow(BaseModel):
    """What is known of one company: a name or a code, and whatever else there is. Other keys are not used."""

    model_config = ConfigDict(json_schema_extra={"additionalProperties": True, "maxProperties": MAX_COLUMNS})

    name: str | None = _of_row("name", "name, in any spelling")
    uscc: str | None = _of_row("uscc", "统一社会信用代码, or 注册号, in any spelling")
    region: str | None = _of_row("region", "GB/T 2260 code, or name: 厦门, 福建省厦门市, 思明区")
    legal_rep: str | None = _of_row("legal_rep", "法定代表人")
    address: str | None = _of_row("address", "住所")
    id: str | None = _of_row("id", "comes back with the answer")


class MatchResults(BaseModel):
    """One result for each row, in the order of the rows."""

    results: list[MatchResult]


class AnsweredRows(BaseModel):
    """Rows of a list in its order."""

    hits: list[AnsweredRow]
    cursor: str | None = Field(description="gives the next page; null behind the last")


class MatchFileParameters(Parameters):
    """`POST /api/v1/match/files`."""

    filename: Annotated[str, Field(max_length=MAX_NAME, pattern=rf"\.({_LISTS}|{_LISTS.upper()})$")] = Field(
        description="name of the list; its end says what it is: .csv, .tsv, .txt, .xlsx, .xls, .parquet, .jsonl, .json"
    )
    column: Text | None = Field(
        default=None, description="column of names, by its head or its place (1 is the first); without it, guessed"
    )
    to: Literal["csv", "xlsx", "parquet"] | None = Field(
        default=None, description="kind of file that is answered; without it, that of the list"
    )


class MatchRowsParameters(Parameters):
    """`GET /api/v1/match/files/{file_id}/rows`."""

    state: RowState | None = Field(default=None, description="rows of this state only; error: rows that cannot be used")
    page_size: PageSize = 50
    cursor: CursorText | None = None


class MatchColumn(BaseModel):
    """What is said of a company, and the columns of the list that say it."""

    field: Literal["name", "uscc", "region", "legal_rep", "address"]
    columns: list[str]


class MatchChoice(BaseModel):
    """A column that may be that of the names."""

    column: str = Field(description="its head")
    place: int = Field(description="its place in the list, from 1")
    rows: list[str] = Field(description="what stands in some of its rows, at most three")


class MatchCounts(BaseModel):
    """Rows by state; `error`: rows that cannot be used."""

    matched: int
    ambiguous: int
    none: int
    error: int


class MatchFile(BaseModel):
    """A list on its way. It is removed after the download, or when `expires_at` is over."""

    id: str = Field(description="whoever has it has the list")
    state: Literal["queued", "running", "done", "failed"]
    before: int = Field(description="lists that are answered before this one")
    stage: Literal["match", "answers"] | None = Field(description="of a list at work: finding, or writing the answers")
    done: int = Field(description="rows of this stage that are done")
    total: int | None = Field(description="rows of the list, once they are counted")
    counts: MatchCounts | None = Field(description="once it is done")
    columns: list[MatchColumn] = Field(description="which columns were used, once it is done")
    filename: str = Field(description="name of the answer")
    result: str | None = Field(description="address of the answer, once it is done")
    error: str | None = Field(description="why it failed")
    choices: list[MatchChoice] = Field(
        description="columns of a list that failed, one of which is to be sent as `column` with the list again"
    )
    expires_at: datetime


EXAMPLE = {
    "rows": [
        {"name": "厦门示例澜汀建材有限公司"},
        {"name": "示例便民商店", "region": "厦门市思明区", "legal_rep": "张示例", "id": "17"},
        {"uscc": "91350203155103485D"},
    ]
}
_ROWS = {"type": "array", "maxItems": MAX_MATCH_ROWS, "items": MatchRow.model_json_schema()}
_SCHEMA = {"type": "object", "required": ["rows"], "additionalProperties": False, "properties": {"rows": _ROWS}}
BODY = {"required": True, "content": {"application/json": {"schema": _SCHEMA, "example": EXAMPLE}}}
"""The body in the OpenAPI document."""


def rows_of(body: bytes) -> Sequence[object]:
    """The rows of a body; raises where it is none, or holds too many."""
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise _refused("is no JSON") from None
    rows = given.get("rows") if isinstance(given, dict) else None
    if not isinstance(rows, list):
        raise _refused("has no list of rows")
    if len(rows) > MAX_MATCH_ROWS:
        most = f"at most {MAX_MATCH_ROWS:,}; more as a file"
        raise TooLarge(f"{len(rows):,} rows at once", parameter="rows", allowed=most)
    if extra := next((key for key in given if key != "rows"), None):
        raise BadParameters([{"name": extra[:100], "message": "unknown", "allowed": "rows"}])
    return rows


def _refused(message: str) -> BadParameters:
    return BadParameters([{"name": "rows", "message": message, "allowed": 'a body like {"rows": [{"name": "…"}]}'}])


def name_of(filename: str) -> str:
    """The last part of a path as a name that any folder can hold."""
    stem, _, suffix = re.split(r"[/\\]", filename)[-1].rpartition(".")
    kept = "".join(char for char in stem if char.isprintable() and char not in '<>:"|?*').strip(" .")
    return f"{kept[:_LONGEST_NAME] or 'list'}.{suffix.lower()}"


def kind_of(name: str) -> str:
    """The kind of file that is answered to a list of this name."""
    suffix = name.rpartition(".")[2]
    return ".parquet" if suffix == "parquet" else ".xlsx" if suffix.startswith("xls") else ".csv"


async def _chunks(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body of a request as it arrives; raises as soon as it is larger than `most` bytes."""
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise TooLarge("the body is too large", parameter="body", allowed=f"at most {most >> 20} MiB")
        yield chunk


async def body_of(request: Request, most: int) -> bytes:
    """The body of a request, of at most `most` bytes; raises `Busy` where memory is full of bodies."""
    who, chunks = asking(request), []
    async for chunk in _chunks(request, most):
        who.hold(who.limits.bodies, len(chunk))
        chunks.append(chunk)
    return b"".join(chunks)


async def save_body(request: Request, path: Path, most: int) -> None:
    """Write the body of a request, of at most `most` bytes, to a new file; raises if it is empty.

    Who sends slowly holds what has arrived so far, and neither a place nor, before there is much of it, a file.
    """
    who, begun = asking(request), bytearray()
    chunks = _chunks(request, most)
    async for chunk in chunks:
        who.hold(who.limits.uploads, len(chunk))
        begun += chunk
        if len(begun) >= _IN_MEMORY:
            break
    if begun:
        with path.open("xb") as file:
            file.write(begun)
            begun.clear()
            async for chunk in chunks:
                who.hold(who.limits.uploads, len(chunk))
                file.write(chunk)
    else:
        raise BadParameters([{"name": "body", "message": "is empty", "allowed": "the bytes of a list"}])


def file_answer(job: Job, before: int) -> dict[str, object]:
    """`MatchFile`."""
    progress, done = job.progress(), job.state == "done"
    states = job.report.get("states", {})
    return {
        "id": job.id,
        "state": job.state,
        "before": before,
        "stage": progress.get("stage") if job.state == "running" else None,
        "done": progress.get("done", 0),
        "total": progress.get("total"),
        "counts": {name: states.get(name, 0) for name in MatchCounts.model_fields} if done else None,
        "columns": [{"field": name, "columns": used} for name, used in job.report.get("columns", {}).items()],
        "filename": job.out.name,
        "result": f"/api/v1/match/files/{job.id}/result" if done else None,
        "error": job.error,
        "choices": job.choices,
        "expires_at": job.expires_at,
    }
