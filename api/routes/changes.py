"""What changed since a cursor."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.parameters import ChangesParameters, parse
from api.routes.common import NOT_READY, operation, page_answer, searcher
from xincha.search.changes import Changes

routes = APIRouter(prefix="/api/v1", tags=["follow"])


@routes.get("/changes", **operation(Changes, ChangesParameters, NOT_READY))
def changes(request: Request) -> Response:
    """Entities and records that are new, differ, or may not be shown any more, since a cursor. The cursor stays good
    whatever happens to the index; where the lake itself is another one, the answer says `reset` and begins again."""
    asked = parse(request, ChangesParameters)
    page = searcher(request).changes(asked.since, asked.page_size)
    return page_answer(request, page, parameter="since", more=page.more)
