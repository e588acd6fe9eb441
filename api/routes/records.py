"""Records: search over penalties, listings and spot-checks, and one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.parameters import EntityId, NoParameters, RecordParameters
from api.routes.common import ABSENT, BAD, NOT_READY, answer, page_size, searcher
from xincha.search import answers

routes = APIRouter(prefix="/api/v1", tags=["search"])


@routes.get(
    "/records",
    response_model=answers.RecordPage,
    responses={**BAD, **NOT_READY},
    openapi_extra=RecordParameters.documented(),
)
def search_records(request: Request) -> Response:
    """Find records that may be shown today, with counts and sums over all that are found."""
    asked = RecordParameters.of(request)
    page_size(request, asked.page_size)
    return answer(searcher(request).records(asked.as_search()))


@routes.get("/records/{record_id}", response_model=answers.Record, responses={**BAD, **ABSENT, **NOT_READY})
def record(
    request: Request,
    record_id: Annotated[EntityId, Path(description="a `record_id` of an answer")],
) -> Response:
    """One record, with the rule under which it is shown and its source."""
    NoParameters.of(request)
    return answer(searcher(request).record(record_id))
