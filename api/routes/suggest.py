"""Suggestions while somebody types."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.parameters import SuggestParameters, documented, parse
from api.routes.common import BAD, NOT_READY, answer, searcher
from xincha.search import answers

routes = APIRouter(prefix="/api/v1", tags=["search"])


@routes.get(
    "/suggest",
    response_model=answers.Suggestions,
    responses={**BAD, **NOT_READY},
    openapi_extra=documented(SuggestParameters),
)
def suggest(request: Request) -> Response:
    """Names that what was typed so far may become; an empty list where nothing fits."""
    asked = parse(request, SuggestParameters)
    return answer(answers.Suggestions(searcher(request).suggest(asked.q, asked.limit)))
