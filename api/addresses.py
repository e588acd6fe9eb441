"""Where this service is found. `Host` says whatever a client likes, and an answer that a cache keeps would lead others
there; it is never asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from fastapi import Request

    from xincha.settings import Settings


def public_address(request: Request) -> str:
    """The public address of this service as it is set; empty: links are relative."""
    return cast("Settings", request.app.state.settings).base_url.rstrip("/")


def full_address(request: Request) -> str:
    """The public address of this service for what has to be a whole one. Where none is set, it is the address at which
    the connection arrived, which the machine itself knows."""
    host, port = request.scope.get("server") or ("127.0.0.1", None)
    host = host.partition("%")[0].removeprefix("::ffff:")
    local = f"http://{f'[{host}]' if ':' in host else host}" + (f":{port}" if port else "")
    return public_address(request) or local
