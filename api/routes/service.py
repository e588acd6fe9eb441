"""For operators: does the process live, does it answer searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import models
from api.parameters import NoParameters
from api.routes.common import BAD, NOT_READY, answer
from xincha.errors import EngineNotReady

if TYPE_CHECKING:
    from xincha.engine.contract import Engine

routes = APIRouter(tags=["service"])


@routes.get("/healthz", response_model=models.Health, responses=BAD)
def healthz(request: Request) -> Response:
    """The process lives."""
    NoParameters.of(request)
    return answer({"status": "ok"})


@routes.get("/readyz", response_model=models.Ready, responses={**BAD, **NOT_READY})
def readyz(request: Request) -> Response:
    """Searches are answered; 503 with the reason until an index made by this program's analysis is published."""
    NoParameters.of(request)
    status = cast("Engine", request.app.state.engine).status()
    if not status.ready:
        raise EngineNotReady(status.reason)
    entities, records = status.indices["entities"], status.indices["records"]
    body = {
        "status": "ready",
        "engine": status.engine,
        "entities": entities.documents,
        "records": records.documents,
        "published_at": entities.published_at,
    }
    return answer(body)
