"""Suggestions while somebody types."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.parameters import SuggestParameters, parse
from api.routes.common import NOT_READY, answer, operation, searcher
from xincha.search import answers

routes = APIRouter(prefix="/api/v1", tags=["search"])


@routes.get("/suggest", **operation(answers.Suggestions, SuggestParameters, NOT_READY))
def suggest(request: Request) -> Response:
    """Names that what was typed so far may become; an empty list where nothing fits."""
    asked = parse(request, SuggestParameters)
    return answer(answers.Suggestions(searcher(request).suggest(asked.q, asked.limit)))
