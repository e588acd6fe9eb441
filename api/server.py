"""The server: one process that answers, bound before anything else is opened.

`serve` blocks until it is interrupted, and then ends cleanly. Nothing of uvicorn's access log is used: it would write
down what people search for (see `api.middleware`).
"""

from __future__ import annotations

import errno
import signal
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import uvicorn

from xincha.errors import SettingsError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from xincha.settings import Settings

BACKLOG = 2048


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; raises `SettingsError` where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Where the protocol is named asyncio sends what is written at once. Without, head and body of an answer are two
    # packets, the second waits for the first to be acknowledged, and that takes a kept connection 40 ms.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise SettingsError(_unavailable(host, port, error)) from error
    return bound


def _unavailable(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use: end that program, or choose another port (--port, XINCHA_PORT)"
    if error.errno == errno.EACCES:
        return f"port {port} needs rights that this user lacks: choose one above 1023 (--port, XINCHA_PORT)"
    return f"cannot listen on {host} port {port} ({error.strerror or error}): see --host, XINCHA_HOST"


def address(bound: socket.socket) -> str:
    """The address to type into a browser."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """Says when requests are answered."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self.announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the application, then tell."""
        await super().startup(sockets)
        self.announce()


def serve(app: FastAPI, bound: socket.socket, settings: Settings, announce: Callable[[str], None]) -> None:
    """Answer until interrupted. `announce` gets the address once requests are answered."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        log_level="warning" if settings.log_level == "info" else settings.log_level,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    # uvicorn shuts down at either signal and then raises it again: both are the ordinary end of a server.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _Server(config, lambda: announce(address(bound))).run(sockets=[bound])
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code:
            raise
    finally:
        signal.signal(signal.SIGTERM, before)
        bound.close()
