"""Connections that only wait keep nobody out, and end; slow ones too; and nothing of it floods the log."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from ipaddress import ip_network

import anyio
import pytest
from starlette.types import Receive, Scope, Send

from api import protocol
from api.connections import Bounds, Places, subscriber
from tests.api.live import Client, Live, echo, live, until

END = b" HTTP/1.1\r\nHost: a\r\n\r\n"
GET = b"GET /" + END
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"
PATIENT = Bounds(connections=20, per_address=8, head=900, body=900, idle=900, stalled=900)

WAITING = {
    "silent": b"",
    "half a line": b"GET /",
    "half a head": b"GET / HTTP/1.1\r\nHost: a\r\nX: ",
    "half a body": HEAD + b"a" * 1000,
    "a chunk of a body": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
}


@contextmanager
def clients(running: Live, number: int, sources: str = "127.0.0.1") -> Iterator[list[Client]]:
    """Connections; `sources` with {} comes from an address each."""
    with ExitStack() as stack:
        yield [stack.enter_context(running.connect(sources.format(index + 2))) for index in range(number)]


@pytest.fixture
def patient() -> Iterator[Live]:
    """A server that waits long, and has few places."""
    with live(echo, PATIENT) as running:
        yield running


@pytest.mark.parametrize("sent", list(WAITING.values()), ids=list(WAITING))
def test_however_many_connections_wait_a_new_one_is_answered(patient: Live, sent: bytes) -> None:
    for sources in ("127.0.0.1", "127.0.0.{}"):
        with clients(patient, 60, sources) as waiting:
            for client in waiting:
                client.send(sent)
            for source in ("127.0.0.1", "127.1.0.1"):
                with patient.connect(source) as person:
                    assert person.send(GET).answer().status == 200
            assert len(patient.places) <= PATIENT.connections
            until(lambda: sum(client.open for client in waiting) < PATIENT.connections)
    until(lambda: len(patient.places) == 0)


def test_whoever_has_sent_nothing_for_the_longest_time_gives_way(patient: Live) -> None:
    with clients(patient, PATIENT.per_address) as (first, second, *others):
        for client in (second, *others, first):
            assert client.send(GET).answer().status == 200
        with patient.connect() as new:
            assert new.send(GET).answer().status == 200
            assert second.ended()
            assert all(client.open for client in (first, *others))
            assert first.send(GET).answer().status == 200
    assert patient.lost == ["address"]


def test_one_address_takes_no_place_of_another(patient: Live) -> None:
    with patient.connect("127.1.0.1") as person, clients(patient, 60):
        assert person.send(GET).answer().status == 200
        assert len(patient.places) <= PATIENT.per_address + 1
    with live(echo, replace(PATIENT, proxies=[ip_network("127.0.0.0/30")])) as behind, clients(behind, 12) as several:
        for client in several:  # a proxy's connections are those of many people
            assert client.send(GET).answer().status == 200
        assert all(client.open for client in several)


class Held:
    """An application that answers when it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.go_on = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked += 1
            await anyio.to_thread.run_sync(self.go_on.wait)
            await echo(scope, receive, send)


def test_a_connection_that_is_answered_keeps_its_place() -> None:
    held = Held()
    with live(held, PATIENT) as running, clients(running, PATIENT.per_address) as working:
        for client in working:
            client.send(GET)
        until(lambda: held.asked == len(working))
        with running.connect() as new:
            answer = new.answer()
            assert (answer.status, answer.problem, answer.headers["retry-after"]) == (503, "busy", "1")
            assert new.ended()
        held.go_on.set()
        assert [client.answer().status for client in working] == [200] * len(working)
        with running.connect() as new:
            assert new.send(GET).answer().status == 200


@pytest.fixture(scope="module")
def hasty() -> Iterator[Live]:
    """A server that waits for nobody."""
    with live(echo, Bounds(head=0.3, body=0.3, idle=0.3, stalled=0.3)) as running:
        yield running


@pytest.mark.parametrize("sent", list(WAITING.values())[1:], ids=list(WAITING)[1:])
def test_a_request_that_does_not_arrive_in_time_is_told_so_and_ended(hasty: Live, sent: bytes) -> None:
    with hasty.connect() as client:
        answer = client.send(sent).answer()
        assert (answer.status, answer.problem, answer.headers["connection"]) == (408, "timeout", "close")
        assert client.ended()
    until(lambda: len(hasty.places) == 0)


def test_a_connection_that_is_not_used_is_closed(hasty: Live) -> None:
    with hasty.connect() as silent, hasty.connect() as idle:
        assert idle.send(GET).answer().status == 200
        assert idle.ended()
        assert silent.ended()


@pytest.mark.parametrize("drip", [b"\r\n", b"X", b"a: b\r\n"], ids=["empty lines", "a name", "lines"])
def test_a_head_that_drips_is_ended(hasty: Live, drip: bytes) -> None:
    with hasty.connect() as client:
        if drip != b"\r\n":
            client.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
        for _ in itertools.count():
            if not client.send(drip).open or client.file.peek(1):
                break
    until(lambda: len(hasty.places) == 0)


def test_a_body_that_drips_is_ended_and_one_that_flows_is_not(hasty: Live) -> None:
    with hasty.connect() as slow, hasty.connect() as quick:
        slow.send(HEAD)
        quick.send(HEAD)
        for sent in range(0, 1_000_000, 10_000):
            quick.send(b"a" * 10_000)
            if sent % 100_000 == 0:
                slow.send(b"a")
        assert quick.answer().status == 200
        assert slow.answer().status == 408


ENDLESS = 64 << 20


async def large(scope: Scope, _: Receive, send: Send) -> None:
    """An application with a large answer: at once, or in pieces."""
    if scope["type"] == "http":
        piece = ENDLESS if scope["path"] == "/whole" else 1 << 16
        headers = [(b"content-length", b"%d" % ENDLESS)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for sent in range(0, ENDLESS, piece):
            more = sent + piece < ENDLESS
            await send({"type": "http.response.body", "body": b"a" * piece, "more_body": more})


@pytest.mark.parametrize("path", [b"whole", b"pieces"])
def test_a_reader_that_reads_nothing_loses_its_answer_and_one_that_reads_has_all_of_it(path: bytes) -> None:
    request = b"GET /" + path + END
    with ThreadPoolExecutor(1) as reader, live(large, Bounds(idle=0.3, stalled=2)) as running, ExitStack() as stack:
        stalled, reading = stack.enter_context(running.connect(receives=4096)), stack.enter_context(running.connect())
        whole = reader.submit(reading.send(request).answer)
        stalled.send(request)
        until(lambda: running.lost == ["reader"])
        assert len(whole.result().body) == ENDLESS
        until(lambda: not running.places and not running.server.server_state.tasks)


def test_what_a_client_sends_before_an_error_does_not_lose_it_the_error(hasty: Live) -> None:
    with hasty.connect() as client:
        client.send(b"SECRET /" + END + b"a" * 300_000)
        assert client.answer().status == 400


async def early(scope: Scope, _: Receive, send: Send) -> None:
    """An application that answers before it has read anything."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 413, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize("rest", [b"a" * 10, b"a" * 999_000 + b"\x00no HTTP\r\n\r\n"], ids=["half", "more"])
def test_what_follows_an_early_answer_is_taken_for_a_while_and_answered_no_more(
    monkeypatch: pytest.MonkeyPatch, rest: bytes
) -> None:
    monkeypatch.setattr(protocol, "DRAIN_SECONDS", 0.3)
    with live(early) as running, running.connect() as client:
        assert client.send(HEAD).answer().status == 413
        assert client.send(rest).ended()


def test_a_connection_whose_body_was_refused_goes_on_once_it_is_there() -> None:
    with live(early) as running, running.connect() as client:
        assert client.send(HEAD).answer().status == 413
        assert client.send(b"a" * 1_000_000 + GET).answer().status == 413


def test_an_address_is_its_subscriber() -> None:
    assert subscriber("192.0.2.1") == subscriber("::ffff:192.0.2.1") == "192.0.2.1"
    assert subscriber("2001:db8:1:2::1") == subscriber("2001:db8:1:2:ffff::2") != subscriber("2001:db8:1:3::1")
    assert subscriber("fe80::1%eth0") == subscriber("fe80::1")
    assert (
        subscriber("") == subscriber("/run/socket") == subscriber("::ffff:10.1.2.3", [ip_network("10.0.0.0/8")]) == ""
    )


def test_places_forget_addresses_that_have_gone() -> None:
    class One:
        deadline = 0.0

        def __init__(self, address: str) -> None:
            self.address = address

        def expire(self) -> None: ...

        def give_way(self) -> None: ...

    places, ones = Places(Bounds(connections=3)), [One(str(number)) for number in range(1000)]
    for one in ones:
        assert places.take(one)
        places.waits(one)
    assert len(places) == 3
    for one in ones:
        places.leave(one)
    assert not any((places._taken, places._of, places._waiting, places._waiting_of))
