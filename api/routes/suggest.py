"""Suggestions while somebody types."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from api import answers, models
from api.parameters import SuggestParameters
from api.routes.common import BAD, NOT_READY, answer, searcher

routes = APIRouter(prefix="/api/v1", tags=["search"])


@routes.get("/suggest", response_model=models.Suggestions, responses={**BAD, **NOT_READY})
def suggest(request: Request, asked: Annotated[SuggestParameters, Query()]) -> Response:
    """Names that what was typed so far may become; an empty list where nothing fits."""
    return answer(answers.suggestions(searcher(request).suggest(asked.q, asked.limit)))
