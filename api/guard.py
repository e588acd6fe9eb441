"""What surrounds every answer: security headers, a log line without anything that was typed, and its time counted.

The log has one line a request: method, the *pattern* of the path, status, milliseconds. Query strings, identifiers, and
addresses of callers are in no line, so that nobody can read from a log who looked whom up.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.metrics import Metrics

log = logging.getLogger("xincha.access")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

HEADERS = tuple(
    (name.encode(), value.encode())
    for name, value in {
        "content-security-policy": CONTENT_SECURITY_POLICY,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }.items()
)


_POLICY, _FRAMES = b"content-security-policy", b"x-frame-options"


def _guarded(stated: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with `HEADERS`; what the answer states itself holds, its policy for frames too."""
    kept = list(stated)
    names = {name for name, _ in kept}
    names |= {_FRAMES} if _POLICY in names else set()
    return [*kept, *(header for header in HEADERS if header[0] not in names)]


class Guard:
    """Outermost middleware: adds `HEADERS` to every answer, logs it, and tells `metrics` where there are any."""

    def __init__(self, app: ASGIApp, metrics: Metrics | None = None) -> None:
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
            if self.metrics:
                self.metrics.seen(place, status, seconds)
            if log.isEnabledFor(logging.INFO):
                log.info("%s %s %d %.1f ms", scope["method"], place, status, seconds * 1000)
