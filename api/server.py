"""The server: one process that answers, bound before anything else is opened.

`serve` blocks until it is interrupted, and then ends cleanly. Nothing of uvicorn's access log is used: it would write
down what people search for (see `api.middleware`). What connections may take is in `api.connections`, how they are read
in `api.protocol`.
"""

from __future__ import annotations

import asyncio
import ctypes
import errno
import logging
import math
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import uvicorn

from api import logs
from api.connections import Bounds, Places
from api.match.processes import warm
from api.protocol import HttpConnection
from api.routes.service import operators
from xincha.errors import SettingsError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from xincha.settings import Settings

log = logging.getLogger("xincha.api")

BACKLOG = 2048
ACCEPTED_AT_ONCE = 16
"""New connections between two other things that the event loop does. In a flood some four times as many are open beyond
those that have places: one that gives way is closed a step later."""

SWITCHED_SECONDS = 0.001
"""So long a thread computes before another may: a short answer does not wait for a long one five times as long."""

DESCRIPTORS_KEPT = 256
"""Files that are no connections: those of the index, of exports, of uploaded lists, of connections to a cluster."""

SWEPT_EVERY = 5
"""Ticks, of a tenth of a second, between two looks at whose time is over."""

WARMED_AT = 100
"""Ticks until the first list can be matched at once. Before, a service has other things to begin with."""

LAST_SECONDS = 2
"""How long threads may work on when everything else has ended."""

HEAPS = 2
_M_ARENA_MAX = -8
"""The number of that option in glibc's `malloc.h`."""

OPERATORS = Bounds(connections=32, per_address=32)


def bind(host: str, port: int, said_by: str = "--port, XINCHA_PORT") -> socket.socket:
    """A listening socket; raises `SettingsError`, naming what says the address, where it cannot be had."""
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
        raise SettingsError(_unavailable(host, port, error, said_by)) from error
    return bound


def _unavailable(host: str, port: int, error: OSError, said_by: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use: end that program, or choose another port ({said_by})"
    if error.errno == errno.EACCES:
        return f"port {port} needs rights that this user lacks: choose one above 1023 ({said_by})"
    said_by = said_by.replace("port", "host").replace("PORT", "HOST")
    return f"cannot listen on {host} port {port} ({error.strerror or error}): see {said_by}"


def address(bound: socket.socket) -> str:
    """The address to type into a browser."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{host}:{port}"


def bounds(settings: Settings) -> Bounds:
    """What connections may take, with the soft limit of descriptors raised to the hard one."""
    most, limit = settings.connections, _raise_descriptors()
    if limit is not None and most > (possible := max(limit - DESCRIPTORS_KEPT, limit // 2)):
        log.warning(
            "only %d connections are taken at once, not %d: this process may open %d files (LimitNOFILE, ulimit -n)",
            possible, most, limit,
        )  # fmt: skip
        most = possible
    return Bounds(
        connections=most,
        per_address=settings.connections_per_address,
        head=settings.head_seconds,
        body=settings.body_seconds,
        idle=settings.idle_seconds,
        stalled=settings.stalled_seconds,
        proxies=settings.trusted_networks,
    )


def _raise_descriptors() -> int | None:
    """How many files this process may now open at once; None where nobody says."""
    try:
        import resource
    except ImportError:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):  # some systems tell a hard limit that they do not grant
        return soft
    return None if hard == resource.RLIM_INFINITY else hard


def _share_heaps() -> None:
    """Have all threads take memory from few heaps: glibc gives up to eight a core, each of which keeps what its threads
    once needed."""
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, HEAPS)


def _failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What the event loop could not do. Without descriptors it tries again in a second, which one line says."""
    error = context.get("exception")
    if isinstance(error, OSError) and error.errno in {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}:
        log.warning("a connection is not taken yet: %s", error.strerror)
    else:
        loop.default_exception_handler(context)


class Server(uvicorn.Server):
    """Says when requests are answered, and looks after connections."""

    def __init__(self, config: uvicorn.Config, places: list[Places], announce: Callable[[], None]) -> None:
        super().__init__(config)
        self.places = places
        self.announce = announce
        self.second: tuple[uvicorn.Config, Places, socket.socket] | None = None

    def tell_operators(self, app: FastAPI, settings: Settings, bound: socket.socket) -> None:
        """Answer `/metrics` of an application at an address of its own too, whatever the connections of others do."""
        few = Places(OPERATORS)
        self.places.append(few)
        self.second = _config(operators(app), settings, few), few, bound
        log.info("metrics are at %s/metrics", address(bound))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the application, then tell."""
        asyncio.get_running_loop().set_exception_handler(_failed)
        await super().startup(sockets)
        if self.second:
            config, places, bound = self.second
            made = partial(HttpConnection, config, self.server_state, self.lifespan.state, places=places)
            self.servers.append(await asyncio.get_running_loop().create_server(made, sock=bound))
        for each in sockets or ():
            each.listen(BACKLOG)  # asyncio takes as many connections at once as it let wait
        self.announce()

    async def on_tick(self, counter: int) -> bool:
        """Every tenth of a second."""
        if counter == WARMED_AT:
            threading.Thread(target=warm, daemon=True).start()
        if counter % SWEPT_EVERY == 0:
            now = asyncio.get_running_loop().time()
            for places in self.places:
                places.sweep(now)
        return await super().on_tick(counter)


def _config(app: ASGIApp, settings: Settings, places: Places) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=partial(HttpConnection, places=places),  # type: ignore[arg-type]
        ws="none",
        log_config=None,
        access_log=False,
        log_level="warning" if settings.log_level == "info" else settings.log_level,
        server_header=False,
        proxy_headers=False,  # `api.limits.callers` reads what proxies say
        timeout_keep_alive=math.ceil(places.bounds.idle),
        timeout_graceful_shutdown=5,
        backlog=ACCEPTED_AT_ONCE,
    )


def made(app: ASGIApp, settings: Settings, places: Places, announce: Callable[[], None]) -> Server:
    """A server whose connections have these places, to be run with a socket that is bound."""
    return Server(_config(app, settings, places), [places], announce)


def serve(app: FastAPI, bound: socket.socket, settings: Settings, announce: Callable[[str], None]) -> None:
    """Answer until interrupted. `announce` gets the address once requests are answered."""
    sys.setswitchinterval(SWITCHED_SECONDS)
    _share_heaps()
    places = app.state.places = Places(bounds(settings), app.state.metrics.lost)
    server = made(app, settings, places, lambda: announce(address(bound)))
    if settings.metrics_at:
        server.tell_operators(app, settings, bind(*settings.metrics_at, said_by="XINCHA_METRICS_ADDRESS"))
    # uvicorn shuts down at either signal and then raises it again: both are the ordinary end of a server.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with logs.apart():
            server.run(sockets=[bound])
    except (KeyboardInterrupt, SystemExit) as end:
        if isinstance(end, SystemExit) and end.code:
            raise
    finally:
        signal.signal(signal.SIGTERM, before)
        bound.close()


def leave() -> None:
    """End this process, which has served, also where a thread works on for a client that nobody answers any more.

    Python waits for such threads at its end, and a service manager would kill it then.
    """
    end = time.monotonic() + LAST_SECONDS
    others = [each for each in threading.enumerate() if not each.daemon and each is not threading.current_thread()]
    for each in others:
        each.join(max(0, end - time.monotonic()))
    if left := sum(each.is_alive() for each in others):
        log.warning("%d threads were still at work at the end", left)
        logging.shutdown()
        sys.stdout.flush()
        os._exit(0)
