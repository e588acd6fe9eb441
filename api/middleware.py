"""What surrounds every answer: security headers, a log line without anything that was typed, and its time counted;
permission for pages of other sites; and a plain answer to a failure that nobody foresaw.

The log has one line a request: method, the *pattern* of the path, status, milliseconds. Query strings, identifiers, and
addresses of callers are in no line, so that nobody can read from a log who looked whom up.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect

from api.problems import internal_error, log_failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.metrics import Metrics

log = logging.getLogger("xincha.access")

HEADERS = {
    b"content-security-policy": b"; ".join(
        (
            b"default-src 'none'",
            b"script-src 'self'",
            b"style-src 'self'",
            b"img-src 'self' data:",
            b"font-src 'self'",
            b"connect-src 'self'",
            b"manifest-src 'self'",
            b"base-uri 'none'",
            b"form-action 'self'",
            b"frame-ancestors 'none'",
        )
    ),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=(), payment=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}


def _guarded(stated: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with `HEADERS`; what the answer states itself holds, its policy for frames too."""
    headers = list(stated)
    names = {name for name, _ in headers}
    if b"content-security-policy" in names:
        names.add(b"x-frame-options")
    return [*headers, *(header for header in HEADERS.items() if header[0] not in names)]


class HeadersAndLogMiddleware:
    """Outermost: adds `HEADERS` to every answer, logs it, and counts it in `metrics`."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": _guarded(message.get("headers", ()))}
            await send(message)

        try:
            await self.app(scope, receive, guarded)
        finally:
            seconds = time.perf_counter() - begun
            place = getattr(scope.get("route"), "path", "(no such address)")
            self.metrics.seen(place, status, seconds)
            if log.isEnabledFor(logging.INFO):
                log.info("%s %s %s %.1f ms", scope["method"], place, status or "gone", seconds * 1000)


_EXPOSED = (
    "Content-Disposition",
    "ETag",
    "Link",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Coverage",
    "X-Total-Count",
)
_READ = ("GET", "HEAD")
_SHARED = {"/reconcile/": (*_READ, "POST"), "/api/v1/": _READ, "/feeds/": _READ}
"""What any page of any site may ask: what an address begins with → by which methods."""


class CorsMiddleware:
    """Any page of any site may ask what is public, without credentials, and use what it gets; not send lists."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.cors = {
            start: CORSMiddleware(
                app,
                allow_origins=["*"],
                allow_methods=methods,
                allow_headers=["*"],
                expose_headers=_EXPOSED,
                max_age=86400,
            )
            for start, methods in _SHARED.items()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        path = f"{scope['path']}/" if scope["type"] == "http" else ""
        start = next((start for start in _SHARED if path.startswith(start)), None)
        if start is None or scope["method"] not in (*_SHARED[start], "OPTIONS"):
            await self.app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (b"cross-origin-resource-policy", b"cross-origin")
                message = {**message, "headers": [*message["headers"], header]}
            await send(message)

        await self.cors[start](scope, receive, marked)


class InternalErrorMiddleware:
    """Innermost: an exception that nothing else answered becomes a 500 whose log line holds no message."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer where that fails before anything was sent."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except ClientDisconnect:
            return  # nobody is there to be answered, and nothing is wrong here
        except Exception as error:
            log_failure(error)
            if started:  # nothing honest can be said any more; the server closes the connection
                raise ConnectionAbortedError from None
            await internal_error()(scope, receive, send)
