"""Records: search over penalties, listings and spot-checks, and one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.parameters import NoParameters, documented, parse
from api.routes.common import ABSENT, BAD, NOT_READY, answer, searcher
from xincha.search import answers
from xincha.search.questions import EntityId, RecordSearch

routes = APIRouter(prefix="/api/v1", tags=["search"])


@routes.get(
    "/records",
    response_model=answers.RecordPage,
    responses={**BAD, **NOT_READY},
    openapi_extra=documented(RecordSearch),
)
def search_records(request: Request) -> Response:
    """Find records that may be shown today, with counts and sums over all that are found."""
    return answer(searcher(request).records.page(parse(request, RecordSearch)))


@routes.get("/records/{record_id}", response_model=answers.Record, responses={**BAD, **ABSENT, **NOT_READY})
def record(
    request: Request,
    record_id: Annotated[EntityId, Path(description="a `record_id` of an answer")],
) -> Response:
    """One record, with the rule under which it is shown and its source."""
    parse(request, NoParameters)
    return answer(searcher(request).records.one(record_id))
