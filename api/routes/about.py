"""What is loaded here: the facts of the home page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import models
from api.parameters import NoParameters, parse
from api.routes.common import NOT_READY, answer, operation

routes = APIRouter(prefix="/api/v1", tags=["search"])


@routes.get("/about", **operation(models.About, NoParameters, NOT_READY))
def about(request: Request) -> Response:
    """What is loaded, by kind and authority: how much, and of which days; places, and searches that find something."""
    parse(request, NoParameters)
    return answer(request.app.state.about.facts(), cache="public, max-age=60")
