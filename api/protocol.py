"""uvicorn's HTTP protocol over httptools, with bounds of size, number and time, and errors as problems.

* A head is at most `MAX_HEAD` bytes in `MAX_HEADERS` lines, an address `MAX_TARGET` bytes with `MAX_PARAMETERS`.
* UTF-8 in an address is read as if it were percent-encoded: `curl 'http://…?q=示例'` sends it so.
* What could be read in two ways is not read: two lengths, a transfer coding other than `chunked`, two hosts or none.
* What cannot be read, or does not come in time (`api.connections`), is answered with a problem as every error is,
  and the connection ends; a request before it, which is whole, is answered first.
* At most `MAX_AHEAD` requests are taken before the first of them is answered.

At most `READ_BYTES` are read at once, so that no client's bytes hold the event loop for long: the costliest, chunks of
one byte, take it a few milliseconds.
"""

from __future__ import annotations

import asyncio
import http
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api import problems
from api.connections import NEVER, subscriber
from api.middleware import HEADERS

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState

    from api.connections import Places

READ_BYTES = 16 << 10
MAX_HEAD = 64 << 10
MAX_TARGET = 16 << 10
MAX_HEADERS = 100
MAX_PARAMETERS = 1000
"""Of an address: the framework reads them in the event loop, 0.5 µs each."""
MAX_AHEAD = 8
BODY_BYTES_A_SECOND = 2000
"""Slower than the slowest line of a telephone; whoever sends a body more slowly wants to hold a place."""
LEAST_READ = 16 << 10
"""Bytes of an answer that a client reads in the time in which it must not stall."""
DRAIN_SECONDS = 10
"""How long a body is still taken after it was answered: who sends it reads the answer only then."""
LINGER_SECONDS = 2
"""How long what arrives after an error is taken and not used: a connection that is closed on it loses the error."""

_FRAMING = 8
"""Bytes received for each byte of a body: six for chunks of one byte, and some."""
_RAW = re.compile(rb"[\x80-\xff]")

Fault = tuple[int, str, str]
"""Status, name and detail of a problem."""

UNREADABLE: Fault = (400, "unreadable", "this is not HTTP/1.1 as RFC 9112 has it, or can be read in two ways")
LENGTHS: Fault = (400, "unreadable", "the length of the body: say Content-Length, or Transfer-Encoding: chunked, once")
VERSION: Fault = (400, "unreadable", "the version of HTTP: 1.1 and 1.0 are understood here")
HOST: Fault = (400, "unreadable", "Host: exactly one is needed")
NOT_UTF8: Fault = (400, "unreadable", "the address is not UTF-8: send it as UTF-8, or percent-encode its UTF-8")
UPGRADE: Fault = (400, "unreadable", "a request that wants another protocol may have no body: leave Upgrade out")
LONG_TARGET: Fault = (414, "too-large", f"the address is longer than {MAX_TARGET:,} bytes: send long lists by POST")
MANY_PARAMETERS: Fault = (414, "too-large", f"the address has more than {MAX_PARAMETERS:,} parameters")
LONG_HEAD: Fault = (431, "too-large", f"the head is larger than {MAX_HEAD:,} bytes or {MAX_HEADERS} lines")
SLOW: Fault = (408, "timeout", "the request did not arrive in time: send it again, without pauses")
FULL: Fault = (503, "busy", "as many connections as are taken at once are at work; try again in a moment")

_TITLES = {
    "unreadable": "This request cannot be read",
    "too-large": "This is more at once than is taken",
    "timeout": "This request took too long",
    "busy": "Too much of this is asked for at once",
}


class _Unreadable(Exception):
    """Ends the parser's work on what a client sent."""


class HttpConnection(HttpToolsProtocol, asyncio.BufferedProtocol):
    """One connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        places: Places,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.places = places
        self.address = ""
        self.deadline = NEVER
        self._waits_for = ""  # head, body, idle; "reader": what was answered is not read; "" while it works
        self._buffer = memoryview(bytearray(READ_BYTES))
        self._between = True  # no byte of the next request was read
        self._in_line = False  # what comes next belongs to the first line of a request
        self._raw = False  # that line has bytes beyond ASCII
        self._head_done = False
        self._received = self._body = 0  # bytes of this request, and of its body
        self._body_since = 0.0
        self._fault = UNREADABLE
        self._deaf = False  # nothing more is read
        self._unread = 0  # bytes of an answer, when its reader was last looked at

    # ── Places and deadlines ────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place, or tell that there is none."""
        super().connection_made(transport)
        self.address = subscriber(self.client[0], self.places.bounds.proxies) if self.client else ""
        if self.places.take(self):
            self._wait("head", self.places.bounds.head)
        else:
            self._deaf = True
            transport.write(_problem(FULL, self.server_state.default_headers))
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place back."""
        self.places.leave(self)
        super().connection_lost(exc)

    def _wait(self, what: str, seconds: float) -> None:
        self._waits_for, self.deadline = what, self.loop.time() + seconds
        self.places.waits(self)

    def _work(self) -> None:
        if not self.flow.write_paused:  # its reader's deadline stays
            self._waits_for, self.deadline = "", NEVER
            self.places.works(self)

    def _wait_for_reader(self) -> None:
        """Its client must read on; it keeps its place meanwhile."""
        self._unread = self.transport.get_write_buffer_size()
        self._waits_for, self.deadline = "reader", self.loop.time() + self.places.bounds.stalled
        self.places.works(self)

    def _go_on(self) -> None:
        """What comes after an answer, or a part of it, was written."""
        if not self._answered() and self._between:
            self._work()
        elif not self._answered():
            self._wait_for_body()
        elif self.transport.is_closing() or self.transport.get_write_buffer_size():
            self._wait_for_reader()
        elif self._between:
            self._wait("idle", self.places.bounds.idle)
        elif self._head_done:
            self._wait("body", DRAIN_SECONDS)
        else:
            self._wait("head", self.places.bounds.head)

    def _wait_for_body(self) -> None:
        self._body_since = self.loop.time()
        self._wait("body", self.places.bounds.body)

    def give_way(self) -> None:
        """End at once."""
        self._forget_request()
        self.transport.abort()

    def expire(self) -> None:
        """What was waited for did not come."""
        unread = self.transport.get_write_buffer_size()
        if unread and (self._waits_for != "reader" or unread <= self._unread - LEAST_READ):
            self._wait_for_reader()
        elif unread or self.transport.is_closing() or self._deaf:
            if unread:
                self.places.lost("reader")
            self.give_way()
        elif self._waits_for == "reader":
            self._go_on()
        elif self._waits_for == "body" and self.flow.read_paused:
            self._wait_for_body()  # the server is slower than the client
        elif self._waits_for == "idle" or self._between:
            self.transport.close()
            self._wait_for_reader()
        else:
            self.places.lost(self._waits_for)
            self._refuse(SLOW)

    # ── What arrives ────────────────────────────────────────────────────────────────────────────────────────────────

    def get_buffer(self, _: int) -> memoryview:
        """Where the next bytes are put."""
        return self._buffer

    def buffer_updated(self, size: int) -> None:
        """Bytes were put there."""
        self.data_received(bytes(self._buffer[:size]))

    def data_received(self, data: bytes) -> None:
        """Read on."""
        if self._deaf or self.transport.is_closing():
            return
        self._unset_keepalive_if_required()
        if self._between:
            self._in_line, self._raw = True, False
            data = data.lstrip(b"\r\n")  # as RFC 9112, 2.2 has it
        if self._in_line:
            data = self._quoted(data)
        self._received += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._end_after_this()  # the parser reads nothing beyond; the answer is one of HTTP/1.1
        except httptools.HttpParserError:
            self.places.lost("unreadable")
            self._refuse(self._fault)
        else:
            self._account()

    def _quoted(self, data: bytes) -> bytes:
        """Percent-encode what of the first line of a request is beyond ASCII."""
        line, end, rest = data.partition(b"\n")
        self._in_line = not end
        if line.isascii():
            return data
        self._raw = True
        return _RAW.sub(lambda found: b"%%%02X" % found[0][0], line) + end + rest

    def _account(self) -> None:
        """Bound what was read of a request that is not whole."""
        if self._between or self.transport.is_closing():
            return
        if self._received - _FRAMING * self._body > MAX_HEAD:
            self.places.lost("unreadable")
            self._refuse(UNREADABLE if self._head_done else LONG_HEAD)
        elif self._waits_for == "body" and not self.cycle.response_complete:
            gone = self.loop.time() - self._body_since
            self._wait("body", self.places.bounds.body + self._body / BODY_BYTES_A_SECOND - gone)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        if len(self.pipeline) >= MAX_AHEAD:
            raise _Unreadable
        self._between = self._head_done = False
        self._received = self._body = 0
        if self._answered():
            self._wait("head", self.places.bounds.head)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A line of a head. Those behind a body (trailers) are nobody's."""
        if self._head_done:
            return
        if len(self.headers) >= MAX_HEADERS:
            self._fault = LONG_HEAD
            raise _Unreadable
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Check the head, and have the request answered."""
        fault = self._fault_of_head()
        if fault:
            self._fault = fault
            raise _Unreadable
        waiting = self._answered()
        super().on_headers_complete()
        self._head_done = True
        if waiting:
            self._wait_for_body()

    def _fault_of_head(self) -> Fault | None:
        names = [name for name, _ in self.headers]
        codings = [value.strip().lower() for name, value in self.headers if name == b"transfer-encoding"]
        version = self.parser.get_http_version()
        bodied = codings or any(value != b"0" for name, value in self.headers if name == b"content-length")
        checks = (
            (len(self.url) > MAX_TARGET, LONG_TARGET),
            (self.url.count(b"&") >= MAX_PARAMETERS, MANY_PARAMETERS),
            (version not in {"1.0", "1.1"}, VERSION),
            (names.count(b"host") != 1 and (version == "1.1" or b"host" in names), HOST),
            (codings not in ([], [b"chunked"]) or (codings and version == "1.0"), LENGTHS),
            (self.parser.should_upgrade() and bodied, UPGRADE),
            (self._raw and not _is_utf8(self.url), NOT_UTF8),
        )
        return next((fault for failed, fault in checks if failed), None)

    def on_body(self, body: bytes) -> None:
        """A piece of a body."""
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is whole."""
        super().on_message_complete()
        self._between = True
        self._go_on()

    # ── What is answered ────────────────────────────────────────────────────────────────────────────────────────────

    def _answered(self) -> bool:
        """Nothing is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def on_response_complete(self) -> None:
        """An answer is written."""
        super().on_response_complete()
        self._go_on()

    def pause_writing(self) -> None:
        """The client reads more slowly than is written."""
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        """It has read on."""
        super().resume_writing()
        self._go_on()

    def _forget_request(self) -> None:
        """Who answers an unfinished request is told that its client has gone."""
        self._deaf = True
        if not self._answered():
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def _end_after_this(self) -> None:
        """Read nothing more; the connection ends with the answer to the last whole request."""
        self._deaf = True
        if self._answered():
            self._linger()
        else:
            self.cycle.keep_alive = False

    def _refuse(self, fault: Fault) -> None:
        """Tell what is wrong with what arrived, and end."""
        if not self._answered():
            if not self.cycle.more_body:
                self._end_after_this()
                return
            told = self.cycle.response_started or bool(self.pipeline)
        else:
            told = self._head_done and not self._between  # answered before all of it was there
        self._forget_request()
        self._fault = fault
        if told:
            self._linger()
        elif fault is not SLOW and (patience := self.places.patience(self.address)):
            self.transport.pause_reading()
            self._wait("patience", NEVER)
            self.loop.call_later(patience, self._tell_at_last)  # not when all places are swept: they would come at once
        else:
            self._tell_fault()

    def _tell_at_last(self) -> None:
        if not self.transport.is_closing():
            self.transport.resume_reading()
            self._tell_fault()

    def _tell_fault(self) -> None:
        self.transport.write(_problem(self._fault, self.server_state.default_headers))
        self._linger()

    def _linger(self) -> None:
        try:
            self.transport.write_eof()
        except OSError:  # its client has closed already, and what was just written told us so
            self.transport.abort()
        else:
            self._wait("closing", LINGER_SECONDS)


def _is_utf8(target: bytes) -> bool:
    try:
        unquote_to_bytes(target).decode()
    except UnicodeDecodeError:
        return False
    return True


def _problem(fault: Fault, headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A whole answer, with these headers besides its own."""
    head, rest = _told(fault)
    return head + b"".join(b"%s: %s\r\n" % line for line in headers) + rest


@cache
def _told(fault: Fault) -> tuple[bytes, bytes]:
    status, name, detail = fault
    later = {"retry-after": "1"} if status == 503 else None
    answer = problems.response((status, name, _TITLES[name]), detail, headers=later)
    lines = [*HEADERS.items(), *answer.raw_headers, (b"connection", b"close")]
    head = b"HTTP/1.1 %d %s\r\n" % (status, http.HTTPStatus(status).phrase.encode())
    return head, b"".join(b"%s: %s\r\n" % line for line in lines) + b"\r\n" + bytes(answer.body)
