"""How well penalties are published."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.parameters import parse
from api.routes.common import NOT_READY, answer, operation, searcher
from xincha.search.quality import QualityPage
from xincha.search.questions import QualitySearch

routes = APIRouter(prefix="/api/v1", tags=["search"])


@routes.get("/quality", **operation(QualityPage, QualitySearch, NOT_READY))
def quality(request: Request) -> Response:
    """How well penalties are published, by source, office and month of decision: in time or late, and how complete."""
    return answer(searcher(request).quality.page(parse(request, QualitySearch)), cache="public, max-age=60")
