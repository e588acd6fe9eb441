"""For operators: does the process live, does it answer searches, how does it do.

`/healthz` and `/metrics` take no worker thread: they answer while all of them are busy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from anyio import CapacityLimiter, move_on_after, to_thread
from fastapi import APIRouter, Request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api import models
from api.metrics import Now, cached_functions
from api.parameters import NoParameters, parse
from api.problems import log_failure
from api.routes.common import NOT_READY, answer, operation
from xincha.errors import EngineNotReady

if TYPE_CHECKING:
    from api.metrics import Metrics
    from xincha.engine.contract import Engine, EngineStatus

STATUS_SECONDS = 2
"""How long `/metrics` waits for the engine to tell its state."""

routes = APIRouter(tags=["service"])


@routes.get("/healthz", **operation(models.Health, NoParameters))
async def healthz(request: Request) -> Response:
    """The process lives."""
    parse(request, NoParameters)
    return answer({"status": "ok"})


@routes.get("/readyz", **operation(models.Ready, NoParameters, NOT_READY))
def readyz(request: Request) -> Response:
    """Searches are answered; 503 with the reason until an index made by this program's analysis is published."""
    parse(request, NoParameters)
    status = cast("Engine", request.app.state.engine).status()
    if not status.ready:
        raise EngineNotReady(status.reason)
    documents = {name: index.documents for name, index in status.indices.items()}
    published_at = status.indices["entities"].published_at
    return answer({"status": "ready", "engine": status.engine, **documents, "published_at": published_at})


@routes.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Counts and times for Prometheus, also while the engine is away."""
    parse(request, NoParameters)
    state = request.app.state
    if state.metrics is None:
        raise HTTPException(404)
    threads = to_thread.current_default_thread_limiter().statistics()
    caches = {"about": (state.about.hits, state.about.misses), **cached_functions()}
    body = cast("Metrics", state.metrics).written(Now(await _status(state.engine), threads, caches))
    return Response(body, headers={"cache-control": "no-store"}, media_type=CONTENT_TYPE_PLAIN_0_0_4)


async def _status(engine: Engine) -> EngineStatus | None:
    """The engine's state; None where it does not tell in time. Waits for no worker thread of the requests."""
    with move_on_after(STATUS_SECONDS):
        try:
            return await to_thread.run_sync(engine.status, limiter=CapacityLimiter(1), abandon_on_cancel=True)
        except Exception as error:
            log_failure(error)
    return None
