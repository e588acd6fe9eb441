"""Matching over HTTP: what may be sent to `POST /api/v1/match`, and what is answered.

The body is read here and not by the framework: it is bounded while it arrives, and a row that cannot be used is that
row's own error (`xincha.search.match.rows`), which a schema over the whole body could not say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from api.limits.asking import asking
from xincha.errors import BadParameters, NotDone, TooLarge
from xincha.limits import MAX_COLUMNS, MAX_MATCH_ROWS, MAX_NAME, MAX_SAID
from xincha.lists.answer_log import AnsweredRow, RowState
from xincha.search.match.types import Doubt, MatchResult
from xincha.search.questions import CursorText, PageSize, Parameters

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from fastapi import Request

    from api.match.job import Job

MAX_BODY = 4 << 20
"""Bytes of a body of rows: a thousand that say everything take less than half of it."""

_IN_MEMORY = 1 << 16
"""Bytes of a list that are kept until there is a file."""

_LISTS = "csv|tsv|txt|xlsx|xlsm|xls|parquet|jsonl|json"
_LONGEST_NAME = 80

OTHER_COLUMNS = ("uscc", "region", "legal_rep", "address")
"""What columns of a list may say of a company besides its name."""

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

    @classmethod
    def said(cls, row: object) -> dict[str, str]:
        """What a row says of a company, as text; nothing of what is not used."""
        told = row if isinstance(row, dict) else {}
        return {name: value for name in cls.model_fields if isinstance(value := told.get(name), str)}


class MatchResults(BaseModel):
    """One result for each row, in the order of the rows."""

    results: list[MatchResult]


@dataclass(frozen=True, slots=True)
class RowJudgment:
    """What a person says of a row: the entity that is meant, or none."""

    entity_id: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class JudgedRow(AnsweredRow):
    """A row, its answer, and what a person says of it."""

    judgment: RowJudgment | None


class AnsweredRows(BaseModel):
    """Rows of a list in its order."""

    hits: list[JudgedRow]
    cursor: str | None = Field(
        description="gives the next page; null behind the last. Of a list at work it gives what is answered next"
    )


def _column_of(what: str) -> Any:
    return Field(default=None, description=f'column of {what}, likewise; "": there is none; without it, found by heads')


class MatchFileParameters(Parameters):
    """`POST /api/v1/match/files`."""

    filename: Annotated[str, Field(max_length=MAX_NAME, pattern=rf"\.({_LISTS}|{_LISTS.upper()})$")] = Field(
        description="name of the list; its end says what it is: .csv, .tsv, .txt, .xlsx, .xls, .parquet, .jsonl, .json"
    )
    column: Text | None = Field(
        default=None,
        description='column of names, by its head or its place (1 is the first); "": there is none; guessed without',
    )
    uscc: Text | None = _column_of("codes")
    region: Text | None = _column_of("places")
    legal_rep: Text | None = _column_of("representatives")
    address: Text | None = _column_of("addresses")
    to: Literal["csv", "xlsx", "parquet"] | None = Field(
        default=None, description="kind of file that is answered; without it, that of the list"
    )

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are named."""
        said = {name: getattr(self, name) for name in OTHER_COLUMNS}
        return {name: column for name, column in {"name": self.column, **said}.items() if column is not None}


class MatchRowsParameters(Parameters):
    """`GET /api/v1/match/files/{file_id}/rows`."""

    state: RowState | None = Field(default=None, description="rows of this state only; error: rows that cannot be used")
    doubt: Doubt | None = Field(default=None, description="rows of this doubt only")
    judged: Literal["yes", "no"] | None = Field(
        default=None, description="yes: rows that a person has judged; no: ambiguous rows that wait for it"
    )
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


class MatchDoubts(BaseModel):
    """Ambiguous rows by what makes them so."""

    near: int
    several: int
    differs: int


class MatchJudged(BaseModel):
    """Rows by what a person says of them; `open`: ambiguous ones that wait for it."""

    confirmed: int
    refused: int
    open: int


class MatchFileColumns(BaseModel):
    """What a list looks like: its header, its first rows, and which columns are taken for what."""

    header: list[str] = Field(description="at most 200")
    rows: list[list[str]] = Field(description='cells of its first rows in the order of the header; "": nothing')
    columns: list[MatchColumn] = Field(description="which columns are used; empty where a person has to say it")


class MatchFile(BaseModel):
    """A list on its way. It is removed after the download, or when `expires_at` is over."""

    id: str = Field(description="whoever has it has the list")
    state: Literal["queued", "running", "done", "failed"]
    before: int = Field(description="lists that are answered before this one")
    stage: Literal["match", "answers"] | None = Field(description="of a list at work: finding, or writing the answers")
    done: int = Field(description="rows of this stage that are done")
    total: int | None = Field(description="rows of the list, once they are counted")
    counts: MatchCounts | None = Field(description="rows that are answered so far")
    doubts: MatchDoubts | None = Field(description="the ambiguous ones of them")
    columns: list[MatchColumn] = Field(description="which columns are used, once it is read")
    filename: str = Field(description="name of the answer")
    result: str | None = Field(description="address of the answer, once it is done")
    judged: MatchJudged | None = Field(description="once it is done")
    written: bool = Field(description="whether the answer says all judgments; else it is to be written again")
    error: str | None = Field(description="why it failed, or could not be written again")
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
    counts = progress.get("counts")
    return {
        "id": job.id,
        "state": job.state,
        "before": before,
        "stage": progress.get("stage") if job.state == "running" else None,
        "done": progress.get("done", 0),
        "total": progress.get("total"),
        "counts": _counted(counts, MatchCounts),
        "doubts": _counted(counts, MatchDoubts),
        "columns": _used(progress),
        "filename": job.out.name,
        "result": f"/api/v1/match/files/{job.id}/result" if done else None,
        "judged": job.judged(counts or {}) if job.report else None,
        "written": job.is_written,
        "error": job.error,
        "choices": job.unclear.get("choices", []),
        "expires_at": job.expires_at,
    }


def columns_answer(job: Job) -> dict[str, object]:
    """`MatchFileColumns`; raises `NotDone` before the list is read."""
    told = job.unclear or job.progress()
    if "header" not in told:
        raise NotDone("this list is not read yet: its progress says how far it is")
    return {"header": told["header"], "rows": told["rows"], "columns": _used(told)}


def _used(told: Mapping[str, Any]) -> list[dict[str, object]]:
    return [{"field": name, "columns": used} for name, used in told.get("columns", {}).items()]


def _counted(counts: Mapping[str, int] | None, model: type[BaseModel]) -> dict[str, int] | None:
    return None if counts is None else {name: counts.get(name, 0) for name in model.model_fields}
