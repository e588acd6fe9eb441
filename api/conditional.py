"""HEAD, and answers that somebody has already (`ETag`, `If-None-Match`; RFC 9110)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD_ONLY = "xincha.head"
"""Key of a scope: its answer is not read; who would make a long one need not."""
_TAGGED = ("/api/v1/", "/feeds/")
_KEPT = ("etag", "cache-control", "vary", "link")


def tag_of(body: bytes) -> str:
    """What tells one body from another."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def knows(headers: Headers, tag: str) -> bool:
    """Whether a client says that it has what bears this tag, in whatever coding."""
    known = [each.strip().removeprefix("W/") for each in headers.get("if-none-match", "").split(",")]
    return tag.removeprefix("W/") in known or "*" in known


class HeadMiddleware:
    """Every address that takes GET takes HEAD: the same, less the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        inner = {**scope, "method": "GET", HEAD_ONLY: True}
        try:
            await self.app(inner, receive, bare)
        finally:
            if "route" in inner:
                scope["route"] = inner["route"]


class TagMiddleware:
    """Answers of the API and feeds bear a tag, and are 304 for who has them. What is sent in pieces bears none."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(_TAGGED):
            await self.app(scope, receive, send)
            return
        start: Message | None = None

        async def tagged(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and message["status"] == 200:
                start = message
                return
            if start is not None:
                begun, start = start, None
                if not message.get("more_body") and "etag" not in (headers := MutableHeaders(raw=begun["headers"])):
                    headers["etag"] = tag = f"W/{tag_of(message['body'])}"
                    if knows(Headers(scope=scope), tag):
                        kept = [each for each in headers.raw if each[0].decode("latin-1") in _KEPT]
                        begun, message = {**begun, "status": 304, "headers": kept}, {**message, "body": b""}
                await send(begun)
            await send(message)

        await self.app(scope, receive, tagged)
