"""How requests are read: UTF-8 as it is, nothing that can be read in two ways, every error as a problem."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import unquote

import orjson
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.limits.patience import AT_ONCE
from api.protocol import LONG_HEAD, MAX_AHEAD, MAX_HEAD, MAX_HEADERS, MAX_PARAMETERS, MAX_TARGET
from tests.api.live import Live, echo, live, until
from xincha.engine.contract import Engine
from xincha.settings import Settings

END = b" HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture(scope="module")
def echoing() -> Iterator[Live]:
    with live(echo) as running:
        yield running


@pytest.fixture(scope="module")
def searching(settings: Settings, engine: Engine) -> Iterator[Live]:
    with live(create_app(settings, engine)) as running:
        yield running


def seen(running: Live, data: bytes) -> dict[str, str]:
    answer = running.ask(data)
    assert answer.status == 200, answer
    told: dict[str, str] = orjson.loads(answer.body)
    return told


def test_chinese_in_an_address_is_read_as_it_stands(searching: Live, client: TestClient) -> None:
    answer = searching.ask("GET /api/v1/entities?q=示例澜汀&page_size=5".encode() + END)
    assert answer.status == 200
    same = client.get("/api/v1/entities", params={"q": "示例澜汀", "page_size": 5}).json()
    assert orjson.loads(answer.body)["hits"] == same["hits"] != []


@given(
    target=st.text(st.characters(min_codepoint=0x80, exclude_categories=["Cs"]), min_size=1, max_size=40),
    cut=st.integers(1, 40),
)
def test_any_text_beyond_ascii_is_read_wherever_the_network_cuts_it(echoing: Live, target: str, cut: int) -> None:
    data = f"POST /{target}?q={target}".encode() + b" HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\xff\x80\n\xe7"
    with echoing.somebody() as client:
        for part in (data[:cut], data[cut : cut * 2], data[cut * 2 :]):
            client.send(part)
        told = orjson.loads(client.answer().body)
        assert (told["path"], unquote(told["query"]), told["body"]) == (f"/{target}", f"q={target}", 4)
        client.send(f"GET /{target}".encode() + END)  # and so is the next one of the same connection
        assert orjson.loads(client.answer().body)["path"] == f"/{target}"


def test_a_line_before_the_request_is_left_out(echoing: Live) -> None:
    assert seen(echoing, "\r\nGET /示例".encode() + END)["path"] == "/示例"


def test_the_bytes_of_a_header_stay_as_they_are(echoing: Live) -> None:
    assert seen(echoing, b"GET /a HTTP/1.1\r\nHost: a\r\nX: \xe7\xa4\xba\r\n\r\n")["path"] == "/a"


UNREADABLE = {
    "gb18030": "GET /api/v1/entities?q=示例".encode("gb18030") + END,
    "half a character": b"GET /?q=\xe7\xa4" + END,
    "raw and encoded, together no UTF-8": "GET /?q=示%ff".encode() + END,
    "a space": b"GET /?q=a b" + END,
    "a control character": b"GET /?q=\x01" + END,
    "a zero": b"GET /\x00" + END,
    "no address": b"GET " + END,
    "a relative address": b"GET entities" + END,
    "a tunnel": b"CONNECT example.org:443" + END,
    "a method that nobody knows": b"SECRET /" + END,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no HTTP": "你好\r\n\r\n".encode(),
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "another version": b"GET / HTTP/3.0\r\nHost: a\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "two hosts in 1.0": b"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "a folded line": b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
    "a zero in a header": b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
    "lines without a carriage return": b"GET / HTTP/1.1\nHost: a\n\n",
    "a header without a name": b"GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
}
POST = b"POST / HTTP/1.1\r\nHost: a\r\n"
LENGTHS = {
    "both lengths": b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, the other way round": b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    "both, in lower case": b"transfer-encoding: Chunked\r\ncontent-length: 0\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "two lengths that differ": b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
    "a list of lengths": b"Content-Length: 3, 3\r\n\r\nabc",
    "a signed length": b"Content-Length: +3\r\n\r\nabc",
    "a negative length": b"Content-Length: -3\r\n\r\nabc",
    "a hexadecimal length": b"Content-Length: 0x3\r\n\r\nabc",
    "an endless length": b"Content-Length: " + b"9" * 40 + b"\r\n\r\nabc",
    "no length": b"Content-Length:\r\n\r\nabc",
    "another coding": b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a coding that is not the last": b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a coding that hides": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a coding behind a tab": b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "no coding": b"Transfer-Encoding: identity\r\n\r\nabc",
    "a space before the colon of a coding": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a chunk without a size": b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "a chunk that is longer than it says": b"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n",
    "another protocol, and a body": b"Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 3\r\n\r\nabc",
}


REFUSED = UNREADABLE | {name: POST + rest for name, rest in LENGTHS.items()}


@pytest.mark.parametrize("data", list(REFUSED.values()), ids=list(REFUSED))
def test_what_cannot_be_read_in_one_way_is_a_problem_and_ends_the_connection(echoing: Live, data: bytes) -> None:
    with echoing.somebody() as client:
        answer = client.send(data).answer()
        assert (answer.status, answer.problem) == (400, "unreadable")
        assert answer.headers["connection"] == "close"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["date"]
        assert client.send(b"GET /" + END).ended()


def test_an_address_that_is_too_long_is_a_problem(echoing: Live) -> None:
    assert echoing.ask(b"GET /" + b"a" * MAX_TARGET + END).problem == "too-large"
    assert echoing.ask(b"GET /" + "示".encode() * (MAX_TARGET // 9 + 1) + END).status == 414
    assert echoing.ask(b"GET /" + b"a" * (MAX_TARGET - 1) + END).status == 200
    assert echoing.ask(b"GET /?" + b"a&" * MAX_PARAMETERS + END).problem == "too-large"
    assert echoing.ask(b"GET /?" + b"a&" * (MAX_PARAMETERS - 1) + END).status == 200


@pytest.mark.parametrize(
    "head",
    [
        b"X: " + b"a" * MAX_HEAD * 2,  # which never ends
        b"X" * MAX_HEAD * 2,
        b"".join(b"X-%d: a\r\n" % number for number in range(MAX_HEADERS)) + b"\r\n",
    ],
    ids=["a value", "a name", "many lines"],
)
def test_a_head_that_is_too_large_is_a_problem(echoing: Live, head: bytes) -> None:
    with echoing.somebody() as client:
        answer = client.send(b"GET / HTTP/1.1\r\nHost: a\r\n" + head).answer()
        assert (answer.status, answer.problem) == (LONG_HEAD[0], "too-large")
        assert client.ended()


@pytest.mark.parametrize("piece", [b"1;" + b"e" * MAX_HEAD * 2, b"0\r\nX: " + b"a" * MAX_HEAD * 2])
def test_what_is_around_a_body_has_an_end(echoing: Live, piece: bytes) -> None:
    """Extensions of a chunk, and trailers, which the parser keeps until they end."""
    answer = echoing.ask(POST + b"Transfer-Encoding: chunked\r\n\r\n" + piece)
    assert (answer.status, answer.problem) == (400, "unreadable")


def test_trailers_are_no_headers(echoing: Live) -> None:
    body = b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: b\r\nHost: b\r\n\r\n"
    with echoing.somebody() as client:
        assert orjson.loads(client.send(POST + body).answer().body)["body"] == 1
        assert client.send(b"GET /" + END).answer().status == 200


def test_chunks_of_one_byte_are_a_body(echoing: Live) -> None:
    body = b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"
    assert seen(echoing, POST + b"Transfer-Encoding: chunked\r\n\r\n" + body)["body"] == 20_000  # type: ignore[comparison-overlap]


def test_requests_that_are_sent_ahead_are_answered_in_their_order(echoing: Live) -> None:
    with echoing.somebody() as client:
        client.send(b"".join(b"GET /%d" % number + END for number in range(MAX_AHEAD)))
        assert [orjson.loads(client.answer().body)["path"] for _ in range(MAX_AHEAD)] == [
            f"/{number}" for number in range(MAX_AHEAD)
        ]


def test_only_few_requests_are_taken_ahead(echoing: Live) -> None:
    with echoing.somebody() as client:
        client.send((b"GET /" + END) * 1000)
        answered = client.file.read().count(b"HTTP/1.1 200 OK")
        assert 1 <= answered <= MAX_AHEAD + 2


def test_a_whole_request_is_answered_before_what_follows_is_refused(echoing: Live) -> None:
    with echoing.somebody() as client:
        answer = client.send(b"GET /first" + END + b"\x00\x01garbage\r\n\r\n").answer()
        assert orjson.loads(answer.body)["path"] == "/first"
        assert client.ended()


def test_a_request_that_offers_another_protocol_is_answered_in_this_one(echoing: Live) -> None:
    """As `curl --http2` and pages with web sockets send it."""
    for protocol in (b"h2c", b"websocket"):
        head = (
            b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: " + protocol + b"\r\n\r\n"
        )
        with echoing.somebody() as client:
            assert orjson.loads(client.send(head).answer().body)["path"] == "/a"
            assert client.send(b"GET /" + END).ended()


def test_older_clients_are_answered(echoing: Live) -> None:
    with echoing.somebody() as client:
        assert client.send(b"GET /a HTTP/1.0\r\n\r\n").answer().headers["connection"] == "close"
        assert client.ended()


def test_the_whole_address_of_a_proxy_is_read(echoing: Live) -> None:
    assert seen(echoing, b"GET http://other.example/a?b" + END)["path"] == "/a"


def test_who_sends_much_that_cannot_be_read_is_told_later_and_then_as_before(echoing: Live) -> None:
    source = next(echoing.sources)
    with ExitStack() as stack:
        many = [stack.enter_context(echoing.connect(source)) for _ in range(2 * AT_ONCE)]
        for client in many:
            client.send(b"GET" + END)
        told = [client.answer() for client in many[: AT_ONCE // 2]]
        with echoing.somebody() as other:
            assert other.send(b"GET" + END).answer().status == 400
        assert many[-1].open
        assert not select.select([many[-1].socket], [], [], 0)[0]
        told += [client.answer() for client in many[AT_ONCE // 2 :]]
    assert {answer.problem for answer in told} == {"unreadable"}


def test_who_breaks_off_before_he_is_told_harms_nobody(echoing: Live) -> None:
    source, before = next(echoing.sources), echoing.lost.count("unreadable")
    with ExitStack() as stack:
        many = [stack.enter_context(echoing.connect(source).send(b"GET" + END)) for _ in range(2 * AT_ONCE)]
        until(lambda: echoing.lost.count("unreadable") == before + len(many))
    until(lambda: not echoing.places)
    assert echoing.ask(b"GET /" + END).status == 200
