"""For operators: does the process live, does it answer searches, how does it do.

`/healthz` and `/metrics` take no worker thread of the requests: they answer while all of them are busy. `/metrics` is
answered at an address of its own (`operators`), not to the public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from anyio import CapacityLimiter, move_on_after, to_thread
from fastapi import APIRouter, FastAPI, Request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response

from api import models, problems
from api.metrics import Now
from api.middleware import InternalErrorMiddleware
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
    if request.scope["query_string"]:  # what is wrong with it may take a thread
        await to_thread.run_sync(parse, request, NoParameters)
    return answer({"status": "ok"})


@routes.get("/readyz", **operation(models.Ready, NoParameters, NOT_READY))
def readyz(request: Request) -> Response:
    """Searches are answered; 503 with the reason until an index made by this program's analysis is published. It is
    `degraded` where a document was found that is not as it was published."""
    parse(request, NoParameters)
    status = cast("Engine", request.app.state.engine).status()
    if not status.ready:
        raise EngineNotReady(status.reason)
    documents = {name: index.documents for name, index in status.indices.items()}
    published_at = status.indices["entities"].published_at
    altered = request.app.state.sampler.differing
    told = {"status": "degraded" if altered else "ready", "engine": status.engine, **documents}
    return answer({**told, "published_at": published_at, "altered": altered})


private = APIRouter()


@private.get("/metrics")
async def metrics(request: Request) -> Response:
    """Counts and times for Prometheus, also while the engine is away."""
    parse(request, NoParameters)
    state = request.app.state
    now = Now(
        await _status(state.engine),
        connections=len(getattr(state, "places", ())),
        threads=to_thread.current_default_thread_limiter().statistics(),
        caches={"about": (state.about.hits, state.about.misses)},
        compared=state.sampler.seen,
    )
    body = await to_thread.run_sync(cast("Metrics", state.metrics).written, now, limiter=CapacityLimiter(1))
    return Response(body, headers={"cache-control": "no-store"}, media_type=CONTENT_TYPE_PLAIN_0_0_4)


def operators(app: FastAPI) -> FastAPI:
    """The application of an address of its own, which tells how `app` does."""
    own = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    own.state = app.state
    own.include_router(private)
    problems.install(own)
    own.add_middleware(InternalErrorMiddleware)
    return own


async def _status(engine: Engine) -> EngineStatus | None:
    """The engine's state; None where it does not tell in time. Waits for no worker thread of the requests."""
    with move_on_after(STATUS_SECONDS):
        try:
            return await to_thread.run_sync(engine.status, limiter=CapacityLimiter(1), abandon_on_cancel=True)
        except Exception as error:
            log_failure(error)
    return None
