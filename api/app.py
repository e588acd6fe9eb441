"""The application: settings and an engine in, an ASGI application out.

The engine is opened once, when the server starts, also where nothing is published yet: then `/readyz` and the searches
answer 503 until some process publishes, which needs no restart. An engine that is passed in is not closed here.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware

from api import page, problems
from api.conditional import HeadMiddleware, TagMiddleware
from api.limits.asking import CallerLimits
from api.limits.middleware import LimitsMiddleware
from api.match.jobs import Jobs
from api.metrics import Metrics, TimedEngine
from api.middleware import CorsMiddleware, HeadersAndLogMiddleware, InternalErrorMiddleware
from api.openapi import Description, document
from api.routes import (
    about,
    assistants,
    changes,
    entities,
    export,
    feeds,
    figures,
    files,
    match,
    proofs,
    quality,
    receipts,
    reconcile,
    records,
    service,
    suggest,
    watches,
    wayfinding,
)
from xincha.errors import XinchaError
from xincha.proof.log import Log
from xincha.watches import Watches

if TYPE_CHECKING:
    from xincha.budget import Clock
    from xincha.engine.contract import Engine
    from xincha.settings import Settings

log = logging.getLogger("xincha.api")

TAGS = [
    {"name": "search", "description": "What a person asks"},
    {"name": "follow", "description": "What is new, as Atom feeds"},
    {"name": "export", "description": "Whole results as files"},
    {"name": "match", "description": "Lists of companies"},
    {"name": "receipts", "description": "What was asked and answered, to be checked by others 查询回执"},
    {"name": "reconcile", "description": "OpenRefine's Reconciliation Service API, 0.2 and 1.0-draft"},
    {"name": "service", "description": "What an operator asks"},
]

_COMPRESSED_APART = 32 << 10
"""Bytes from which on a thread compresses: fewer hold the event loop for half a millisecond."""

_COMPRESSED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


_ANSWERED = (
    entities, records, suggest, figures, export, match, reconcile, about,
    quality, service, wayfinding, feeds, changes, watches, files, proofs, receipts,
)  # fmt: skip
"""The endpoints, in the order of the document."""


def _answer_from(app: FastAPI, engine: Engine) -> None:
    """Give the endpoints what they call."""
    from api.about import DataOverview
    from api.sampling import Sampler
    from xincha.days import today
    from xincha.holds import Holds
    from xincha.receipts.make import Receipts
    from xincha.search.service import Searcher

    app.state.sampler = Sampler(app.state.settings, engine)
    app.state.engine = engine = TimedEngine(engine, app.state.metrics)
    holds = Holds(app.state.settings.holds_file)
    app.state.searcher = Searcher(engine, today=today, held=holds.on, holds=holds.listed)
    watched, released = app.state.watches.may_keep, bool(app.state.settings.releases)
    app.state.receipts = Receipts(engine, app.state.searcher, app.state.settings.base_url, app.state.proofs)
    app.state.about = DataOverview(engine, app.state.searcher, today, files=released, watched=watched)


def _warm(app: FastAPI) -> None:
    """Read dictionaries and index before the first person waits for them.

    What is there then stays: the garbage collector need not walk over it again, which stops every thread for 0.1 s.
    """
    app.state.description.written()
    try:
        app.state.about.facts()
        app.state.searcher.warm()
    except XinchaError as error:
        log.info("not ready yet: %s", error)
    gc.collect()
    gc.freeze()


def create_app(settings: Settings, engine: Engine | None = None, *, clock: Clock = time.monotonic) -> FastAPI:
    """The application over `engine`, or over the one that `settings` name. `clock`: that of limits and budgets."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        from xincha.engine.open import open_engine

        if engine:
            async with app.state.assistants:
                with closing(app.state.jobs):
                    yield
            return
        with closing(app.state.jobs), closing(open_engine(settings)) as opened:
            _answer_from(app, opened)
            warming = asyncio.create_task(run_in_threadpool(_warm, app))
            sampling = asyncio.create_task(app.state.sampler.run())
            async with app.state.assistants:
                yield
            sampling.cancel()
            await warming

    app = FastAPI(
        title="信查 Xincha",
        version=version("xincha"),
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        openapi_tags=TAGS,
        separate_input_output_schemas=False,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    limits = CallerLimits(settings, clock)
    _keep(app, settings, limits)
    if engine:
        _answer_from(app, engine)
    _route(app, settings)
    problems.install(app)
    _surround(app, limits)
    return app


def _keep(app: FastAPI, settings: Settings, limits: CallerLimits) -> None:
    """What requests use, besides what answers from the engine."""
    app.state.settings = settings
    app.state.limits = limits
    app.state.exports = limits.exports
    app.state.jobs = Jobs(settings)
    app.state.watches = Watches(settings.watches_file, settings.watches_mb << 20)
    app.state.releases = files.catalogue(settings)
    app.state.proofs = Log(settings.proofs)
    app.state.assistants = assistants.Assistants(app)
    app.state.metrics = Metrics()


def _route(app: FastAPI, settings: Settings) -> None:
    """The endpoints, their description, and the page, which takes what nobody else does."""
    for module in _ANSWERED:
        app.include_router(module.routes)
    app.include_router(watches.feed_routes)
    app.router.routes.append(app.state.assistants.route())
    app.openapi = partial(document, app, settings)  # type: ignore[method-assign]
    app.state.description = Description(app.openapi)
    app.include_router(app.state.description.router())
    app.include_router(page.router(settings.page))


def _surround(app: FastAPI, limits: CallerLimits) -> None:
    """What stands around the endpoints, from the inside out."""
    app.add_middleware(InternalErrorMiddleware)
    app.add_middleware(TagMiddleware)
    app.add_middleware(
        GZipMiddleware,
        minimum_size=1024,
        compresslevel=4,
        thread_minimum_size=_COMPRESSED_APART,
        exclude_content_types=_COMPRESSED,
    )
    app.add_middleware(LimitsMiddleware, limits=limits)
    app.add_middleware(CorsMiddleware)
    app.add_middleware(HeadMiddleware)
    app.add_middleware(HeadersAndLogMiddleware, metrics=app.state.metrics)
