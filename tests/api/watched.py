"""The application behind a real server in this process, over an engine that is watched."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI

from api.app import create_app
from tests.api.live import live
from xincha.engine.contract import Engine, IndexName, Result
from xincha.engine.query import Request
from xincha.settings import Settings


@dataclass
class Watched:
    """An engine that counts what it is asked, and does something before."""

    engine: Engine
    asked: int = 0
    before: Callable[[], object] = lambda: None

    def search(self, index: IndexName, request: Request) -> Result:
        self.asked += 1
        self.before()
        return self.engine.search(index, request)

    def search_many(self, index: IndexName, requests: Sequence[Request]) -> Sequence[Result]:
        self.asked += 1
        self.before()
        return self.engine.search_many(index, requests)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


@dataclass
class Clock:
    """A clock that a test sets."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def served(engine: Engine | Watched, settings: Settings) -> Iterator[tuple[str, FastAPI]]:
    """The address of a real server, and its application; `app.state.connections` are those that it knows."""
    app = create_app(settings, engine)
    with live(app, settings=settings) as running:
        app.state.connections = running.server.server_state.connections
        yield "http://{}:{}".format(*running.address), app


def connected(address: str, source: str = "127.0.0.1") -> socket.socket:
    """A connection from an address of this machine: all of 127.0.0.0/8 are."""
    parts = urlsplit(address)
    assert parts.hostname
    assert parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=30, source_address=(source, 0))


def request(method: str, path: str, body: bytes = b"", kind: str = "application/json") -> bytes:
    """A request as it is sent."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
    if method == "POST":
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}\r\n".encode() + body


def status_of(connection: socket.socket) -> int:
    """The status of the answer that comes on a connection; 0 where it ends without one."""
    line = connection.recv(12)
    return int(line.split()[1]) if line else 0
