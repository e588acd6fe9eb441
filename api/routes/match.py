"""Lists of companies → which entity each row means: a thousand rows at once, or a file."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import APIRouter, Depends, Path, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from api.limits.asking import asking
from api.limits.costs import LIST, PER_ENTITY, PER_ROW
from api.match import judging
from api.match.answers import (
    BODY,
    MAX_BODY,
    AnsweredRows,
    MatchFile,
    MatchFileColumns,
    MatchFileParameters,
    MatchResults,
    MatchRowsParameters,
    body_of,
    columns_answer,
    file_answer,
    kind_of,
    name_of,
    rows_of,
    save_body,
)
from api.match.judging import wanted, with_judgment
from api.parameters import NoParameters, parse
from api.routes.common import (
    ABSENT,
    BAD,
    JSON,
    NOT_READY,
    PROBLEM,
    TOO_LARGE,
    UNTAKEN,
    Responses,
    answer,
    media_type,
    operation,
    searcher,
)
from xincha import faults
from xincha.errors import Busy, NotDone, NotFound
from xincha.lists.answer_log import read_page
from xincha.search import cursor as cursors

if TYPE_CHECKING:
    from api.match.job import Job
    from api.match.jobs import Jobs
    from xincha.settings import Settings

log = logging.getLogger("xincha.api")

routes = APIRouter(prefix="/api/v1/match", tags=["match"])

Identifier = Annotated[str, Path(pattern="^[0-9A-Za-z_-]{32}$", description="the `id` that the upload answered")]
BUSY: Responses = {503: {**NOT_READY[503], "description": "as many lists as are taken at once are here already"}}
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_UPLOAD = {"required": True, "description": "the bytes of the list, as they are", "content": _BYTES}
UNDONE: Responses = {409: {**PROBLEM, "description": "the list is not answered yet"}}
_LIST = {"description": "the list with the answers beside it", "content": _BYTES}
_RESULT: Responses = {200: _LIST, **BAD, **ABSENT, **UNDONE}


async def _body(request: Request) -> bytes:
    return await body_of(request, MAX_BODY)


@routes.post("", **operation(MatchResults, NoParameters, TOO_LARGE, UNTAKEN, NOT_READY, requestBody=BODY))
def match(request: Request, body: Annotated[bytes, Depends(_body)]) -> Response:
    """Which entity each row means: matched, ambiguous or none, with score, candidates and reasons, in the order given.

    A name that several entities bear is ambiguous unless another column decides. A row that cannot be used has its own
    `error`.
    """
    parse(request, NoParameters)
    rows = rows_of(body)
    media_type(request, JSON)
    asking(request).spend(PER_ROW * len(rows))
    return answer({"results": searcher(request).matcher.match(rows)})


def _jobs(request: Request) -> Jobs:
    return cast("Jobs", request.app.state.jobs)


def _accepted(job: Job, jobs: Jobs) -> Response:
    """A list on its way, and where to ask how far it is."""
    accepted = answer(file_answer(job, jobs.position(job)))
    accepted.status_code = 202
    accepted.headers["location"] = f"/api/v1/match/files/{job.id}"
    return accepted


def _answered(request: Request, file_id: str) -> Job:
    """A list that is answered, or is about to be."""
    job = _jobs(request).get(file_id)
    if job.state == "failed":
        raise NotFound("this list could not be answered, and has no result: its progress says why")
    return job


def _written(request: Request, file_id: str) -> Job:
    """A list that is answered, also where the answer is being written again."""
    job = _answered(request, file_id)
    if not job.report:
        raise NotDone("this list is not answered yet: its progress says how far it is")
    return job


def _done(request: Request, file_id: str) -> Job:
    """A list whose answer says all."""
    job = _written(request, file_id)
    if job.state != "done":
        raise NotDone("the answer is being written again: its progress says how far it is")
    if not job.is_written:
        raise NotDone("the answer lacks judgments: have it written again (POST to this address)")
    return job


async def _uploaded(request: Request) -> Job:
    """The list of a request, in its place: that is taken when all of it has arrived."""
    parameters = parse(request, MatchFileParameters)
    name = name_of(parameters.filename)
    suffix = f".{parameters.to}" if parameters.to else kind_of(name)
    jobs, who = _jobs(request), asking(request)
    jobs.check_room(who)
    most = cast("Settings", request.app.state.settings).max_upload_mb << 20
    try:
        with jobs.landing() as arrived:
            await save_body(request, arrived, most)
            who.spend(LIST)
            job = jobs.begin(name, suffix, parameters.columns, who)
            arrived.replace(job.list)
    except OSError as error:  # its words name folders of this machine
        told = faults.sentence(error, "the folder of temporary files") or type(error).__name__
        log.error("a list cannot be kept: %s", told)
        raise Busy("lists cannot be kept now; try again later") from error
    return job


@routes.post(
    "/files", status_code=202, **operation(MatchFile, MatchFileParameters, TOO_LARGE, BUSY, requestBody=_UPLOAD)
)
def upload_list(request: Request, job: Annotated[Any, Depends(_uploaded)]) -> Response:
    """Match a list in a file: CSV, XLSX, Parquet; at most 100,000 rows.

    Its columns are found by their heads or by what is in them. The answer is the same list with further columns: state,
    score, entity, its status and counts of records, reasons.
    """
    jobs = _jobs(request)
    jobs.submit(job)
    return _accepted(job, jobs)


@routes.get("/files/{file_id}", **operation(MatchFile, NoParameters, ABSENT))
def list_progress(request: Request, file_id: Identifier) -> Response:
    """How far a list is."""
    parse(request, NoParameters)
    job = _jobs(request).get(file_id)
    return answer(file_answer(job, _jobs(request).position(job)))


@routes.get("/files/{file_id}/result", response_class=Response, responses=_RESULT)
def list_result(request: Request, file_id: Identifier) -> Response:
    """The list with the answers beside it. Two minutes after it was sent it is removed here."""
    parse(request, NoParameters)
    job = _done(request, file_id)
    return FileResponse(
        job.out,
        media_type="application/octet-stream",
        filename=job.out.name,
        headers={"cache-control": "private, no-store"},
        background=BackgroundTask(_jobs(request).sent, job),
    )


@routes.get("/files/{file_id}/rows", **operation(AnsweredRows, MatchRowsParameters, ABSENT, UNDONE))
def list_rows(request: Request, file_id: Identifier) -> Response:
    """The rows of a list and their answers, a page at a time, also while it is answered; the list stays."""
    asked = parse(request, MatchRowsParameters)
    job = _answered(request, file_id)
    grows, judgments = not job.report, job.judgments
    bound = cursors.binding(job.id, asked.state, asked.doubt, asked.judged)
    fits = wanted(asked, judgments)
    hits, cursor = job.from_log(lambda log: read_page(log, bound, fits, asked.page_size, asked.cursor, grows=grows))
    return answer({"hits": [with_judgment(hit, judgments) for hit in hits], "cursor": cursor})


@routes.get("/files/{file_id}/columns", **operation(MatchFileColumns, NoParameters, ABSENT, UNDONE))
def list_columns(request: Request, file_id: Identifier) -> Response:
    """What a list looks like: its header, its first rows, and which columns are taken for what.

    Where another one is meant, or `columns` is empty, the list is to be sent again with parameters that name them.
    """
    parse(request, NoParameters)
    return answer(columns_answer(_jobs(request).get(file_id)))


async def _judgments(request: Request) -> bytes:
    return await body_of(request, judging.MAX_BODY)


@routes.post(
    "/files/{file_id}/judgments",
    **operation(MatchFile, NoParameters, TOO_LARGE, UNTAKEN, ABSENT, UNDONE, NOT_READY, requestBody=judging.BODY),
)
def judge_rows(request: Request, file_id: Identifier, body: Annotated[bytes, Depends(_judgments)]) -> Response:
    """Say which entity rows mean, or that they mean none of those offered: kept with the list.

    The answer has it in columns of its own once it is written again (`POST …/result`).
    """
    parse(request, NoParameters)
    judged = judging.judged_in(body)
    media_type(request, JSON)
    job = _written(request, file_id)
    asking(request).spend(PER_ENTITY * len(judged))
    entities = searcher(request).entities
    _jobs(request).judge(job, job.from_log(lambda log: judging.judgments_of(judged, log, entities.several)))
    return answer(file_answer(job, _jobs(request).position(job)))


@routes.post("/files/{file_id}/result", status_code=202, **operation(MatchFile, NoParameters, ABSENT, UNDONE))
def write_result(request: Request, file_id: Identifier) -> Response:
    """Write the answer again, with the judgments of the list; nothing is done where it has them."""
    parse(request, NoParameters)
    job, jobs = _written(request, file_id), _jobs(request)
    if not job.is_written:
        asking(request).spend(LIST)
        jobs.write_again(job)
    return _accepted(job, jobs)


@routes.delete("/files/{file_id}", status_code=204, response_class=Response, responses={**BAD, **ABSENT})
def remove_list(request: Request, file_id: Identifier) -> Response:
    """Remove a list; one that is at work is stopped."""
    parse(request, NoParameters)
    _jobs(request).remove(_jobs(request).get(file_id))
    return Response(status_code=204)
