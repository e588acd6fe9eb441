"""What proves that nothing was altered: the newest signed checkpoint of the log of loads and publishes."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from api.parameters import NoParameters, documented, parse
from api.routes.common import ABSENT, BAD, Responses
from xincha.errors import NotFound

routes = APIRouter(prefix="/api/v1", tags=["service"])

CHECKPOINT: Responses = {
    200: {
        "description": "origin, number of entries and root of the log, signed (C2SP tlog-checkpoint, signed-note)",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    },
    404: {**ABSENT[404], "description": "nothing is signed here"},
    **BAD,
}


@routes.get(
    "/checkpoint", response_class=PlainTextResponse, responses=CHECKPOINT, openapi_extra=documented(NoParameters)
)
def checkpoint(request: Request) -> Response:
    """The newest signed checkpoint of the log of loads and publishes. Keep it: `xincha verify --checkpoint` shows later
    that nothing of what it covers was altered since."""
    parse(request, NoParameters)
    note = request.app.state.proofs.read().note
    if note is None:
        raise NotFound("nothing is signed here; docs/proof.md says how an operator does")
    return PlainTextResponse(note, headers={"cache-control": "no-cache"})
