"""An application behind the server that `xincha serve` runs, in a thread of this process, and what clients send it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import TYPE_CHECKING

import orjson

from api.connections import Bounds, Places
from api.server import Server, bind, made
from xincha.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

PATIENCE = 120


def until(condition: Callable[[], object]) -> None:
    """Wait for something that happens beside this thread."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)


def addresses() -> Iterator[str]:
    """Addresses of this machine: all of 127.0.0.0/8 are."""
    return cycle(f"127.1.{part}.{last}" for part in range(256) for last in range(1, 255))


@dataclass
class Answer:
    """What a client read of one answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> str:
        """The last word of its type; fails where it is no problem."""
        assert self.headers["content-type"] == "application/problem+json"
        told = orjson.loads(self.body)
        assert told["status"] == self.status
        assert told["detail"]
        return str(told["type"]).rpartition(":")[2]


class Client:
    """One connection, which sends what it likes."""

    def __init__(self, address: tuple[str, int], source: str = "127.0.0.1", receives: int | None = None) -> None:
        self.socket = socket.socket()
        if receives:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        self.socket.settimeout(PATIENCE)
        self.socket.bind((source, 0))
        self.socket.connect(address)
        self.file = self.socket.makefile("rb")

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up."""
        self.file.close()
        self.socket.close()

    def send(self, data: bytes) -> Client:
        """Send some bytes; the server may be gone already."""
        try:
            self.socket.sendall(data)
        except OSError:
            assert self.ended()
        return self

    def answer(self) -> Answer:
        """The next answer."""
        status = int(self.file.readline().split()[1])
        lines = iter(lambda: self.file.readline().decode().strip(), "")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        return Answer(status, headers, self.file.read(int(headers.get("content-length", 0))))

    def ended(self) -> bool:
        """Whether the server sends no more, once it has ended; waits for it."""
        try:
            return self.file.read(1) == b""
        except ConnectionError:
            return True

    @property
    def open(self) -> bool:
        """Whether the server has not ended yet; does not wait."""
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            self.socket.settimeout(PATIENCE)


@dataclass
class Live:
    """A server that runs."""

    address: tuple[str, int]
    places: Places
    server: Server
    lost: list[str] = field(default_factory=list)
    sources: Iterator[str] = field(default_factory=addresses)

    def connect(self, source: str = "127.0.0.1", receives: int | None = None) -> Client:
        """A new connection."""
        return Client(self.address, source, receives)

    def somebody(self) -> Client:
        """A new connection of somebody who has sent nothing yet."""
        return self.connect(next(self.sources))

    def ask(self, data: bytes) -> Answer:
        """The answer to these bytes, sent by somebody."""
        with self.somebody() as client:
            return client.send(data).answer()


@contextmanager
def live(app: ASGIApp, bounds: Bounds | None = None, settings: Settings | None = None) -> Iterator[Live]:
    """`app` behind a server on a free port of this machine."""
    bound = bind("127.0.0.1", 0)
    started, lost = threading.Event(), list[str]()
    places = Places(bounds or Bounds(), lost.append)
    server = made(app, settings or Settings(), places, started.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        assert started.wait(PATIENCE)
        yield Live(bound.getsockname(), places, server, lost)
    finally:
        server.should_exit = True
        thread.join()
        bound.close()


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with what it was asked: path, query, and bytes of the body."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body, more = body + message["body"], message["more_body"]
    told = {"path": scope["path"], "query": scope["query_string"].decode(), "body": len(body)}
    written = orjson.dumps(told)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(written))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": written})
