"""`POST /mcp`: the tools of `xincha.assistants` over the Model Context Protocol's Streamable HTTP, without sessions.

Each request is answered by itself with one JSON body; nothing is kept between two. The SDK is imported, and its tasks
begin, with the first request: a service that no assistant asks does not wait for them.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from api import problems
from api.limits.asking import asking
from api.limits.costs import PER_ROW
from xincha.days import today

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
    from starlette.types import Receive, Scope, Send

PATH = "/mcp"
MOST_BYTES = 64 << 10


class Assistants:
    """The ASGI application at `PATH`, and the task in which the SDK's own tasks run; leaving the context ends it."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._lock = asyncio.Lock()
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None
        self._end = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Only POST: a stream that waits for news would hold a connection, and there is no news."""
        if scope["method"] != "POST":
            await problems.only("POST")(scope, receive, send)
            return
        async with self._lock:
            if self._manager is None:
                self._manager = await self._begun()
        await self._manager.handle_request(scope, receive, send)

    async def __aenter__(self) -> None:
        """Nothing runs before the first request."""

    async def __aexit__(self, *_: object) -> None:
        """End what runs."""
        self._end.set()
        if self._running:
            with suppress(asyncio.CancelledError):
                await self._running

    async def _begun(self) -> StreamableHTTPSessionManager:
        manager = await run_in_threadpool(self._made)
        begun = asyncio.Event()

        async def run() -> None:
            async with manager.run():
                begun.set()
                await self._end.wait()

        self._running = asyncio.create_task(run())
        await begun.wait()
        return manager

    def _made(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
        from mcp.server.transport_security import TransportSecuritySettings

        from xincha.assistants.server import server
        from xincha.assistants.tools import Toolbox

        state = self._app.state
        toolbox = Toolbox(state.searcher, today, state.settings.base_url)
        # Whatever page asks may have the answer: it is public, and nobody is known by a cookie.
        anybody = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        return StreamableHTTPSessionManager(
            server(toolbox, version("xincha"), _pay), json_response=True, stateless=True,
            security_settings=anybody, max_request_body_size=MOST_BYTES,
        )  # fmt: skip

    def route(self) -> Route:
        """Where it is; any method, since the page would take GET."""
        return Route(PATH, self, name="assistants")


def _pay(request: Any, rows: int) -> None:
    if rows:
        asking(request).spend(PER_ROW * rows)
