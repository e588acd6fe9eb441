"""Records: search over penalties, listings and spot-checks, and one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.parameters import NoParameters, parse
from api.routes.common import ABSENT, NOT_READY, answer, operation, page_answer, searcher
from xincha.search import answers
from xincha.search.questions import EntityId, RecordSearch

routes = APIRouter(prefix="/api/v1", tags=["search"])

Identifier = Annotated[EntityId, Path(description="a `record_id` of an answer")]


@routes.get("/records", **operation(answers.RecordPage, RecordSearch, NOT_READY))
def search_records(request: Request) -> Response:
    """Find records that may be shown today, with counts and sums over all that are found."""
    return page_answer(request, searcher(request).records.page(parse(request, RecordSearch)))


@routes.get("/records/{record_id}", **operation(answers.Record, NoParameters, ABSENT, NOT_READY))
def record(request: Request, record_id: Identifier) -> Response:
    """One record, with the rule under which it is shown and its source."""
    parse(request, NoParameters)
    return answer(searcher(request).records.one(record_id))
