"""Webhooks, sent to real receivers on this machine: signed, in order, again until they are taken, never elsewhere."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from xincha.errors import NotFound, WebhooksUnreadable
from xincha.webhooks import post as posts
from xincha.webhooks.addresses import AddressRefused, allowed, is_named, is_public
from xincha.webhooks.deliver import DEAD, TRIES, Report, Time, Unsent, Webhooks
from xincha.webhooks.hooks import Hook, read_hooks

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
LOOPBACK = [ip_network("127.0.0.0/8")]


@dataclass
class Receiver:
    """Answers with these statuses in turn, then 200; keeps what came."""

    port: int = 0
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def verified(self) -> list[dict[str, Any]]:
        """What came, read as a receiver has to: by the library, which checks signature and time."""
        return [Webhook(SECRET).verify(body, headers) for headers, body in self.got]


@contextmanager
def receiving(*answers: int, **headers: str) -> Iterator[Receiver]:
    """A receiver on this machine."""
    told = Receiver(answers=list(answers), headers=headers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.got.append((dict(self.headers.items()), body))
            self.send_response(told.answers.pop(0) if told.answers else 204)
            for name, value in told.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Hours:
    """Time that goes on when somebody waits."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))
    waited: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.moment += timedelta(seconds=seconds)


def hook(port: int, name: str = "erp", **more: Any) -> Hook:
    return Hook(name=name, url=f"http://localhost:{port}/hooks?a=1", secret=SecretStr(SECRET), **more)


def changes(*names: str) -> Callable[[Hook, str | None], Unsent]:
    """A history of changes, one a message; a cursor is how many were told."""

    def read(_: Hook, cursor: str | None) -> Unsent:
        at = int(cursor or 0)
        if at >= len(names):
            return Unsent(None, str(at))
        return Unsent({"changes": [{"id": names[at]}], "cursor": str(at + 1)}, str(at + 1), more=at + 1 < len(names))

    return read


def delivery(folder: Path, *names: str, time: Hours | None = None, **more: Any) -> Webhooks:
    clock = time or Hours()
    given = {"read": changes(*names), "seconds": 60, "named": LOOPBACK, **more}
    return Webhooks(folder, time=Time(clock.now, clock.wait), **given)


def ids(receiver: Receiver) -> list[str]:
    return [message["data"]["changes"][0]["id"] for message in receiver.verified]


def one(reports: Sequence[Report]) -> Report:
    (report,) = reports
    return report


def test_messages_are_signed_and_come_once_and_in_order(tmp_path: Path) -> None:
    with receiving() as receiver:
        report = one(delivery(tmp_path, "P-1", "P-2").deliver([hook(receiver.port)]))
        assert (report.delivered, report.state) == (2, "sent")
        assert ids(receiver) == ["P-1", "P-2"]
        headers, body = receiver.got[0]
        assert headers["Host"] == f"localhost:{receiver.port}"
        assert headers["webhook-id"].startswith("msg_")
        assert len({each["webhook-id"] for each, _ in receiver.got}) == 2
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(body.replace(b"P-1", b"P-9"), headers)
        assert one(delivery(tmp_path, "P-1", "P-2").deliver([hook(receiver.port)])).delivered == 0
        one(delivery(tmp_path, "P-1", "P-2", "P-3").deliver([hook(receiver.port)]))
        assert ids(receiver) == ["P-1", "P-2", "P-3"]


def test_a_message_that_is_not_taken_comes_again_as_it_was_and_the_next_ones_wait_behind_it(tmp_path: Path) -> None:
    time = Hours()
    with receiving(500, 503) as receiver:
        report = one(delivery(tmp_path, "P-1", "P-2", time=time).deliver([hook(receiver.port)]))
        assert (report.state, report.delivered) == ("waiting", 0)
        assert TRIES[0] - 1 <= time.waited[-1] <= TRIES[0]
        assert one(delivery(tmp_path, "P-1", "P-2", time=time).deliver([hook(receiver.port)])).state == "waiting"
        assert len(receiver.got) == 2  # not before its time
        time.moment += timedelta(seconds=TRIES[1])
        assert one(delivery(tmp_path, "P-1", "P-2", "P-3", time=time).deliver([hook(receiver.port)])).delivered == 3
        first = receiver.got[:3]
        assert len({(headers["webhook-id"], body) for headers, body in first}) == 1
        assert [json.loads(body)["data"]["changes"][0]["id"] for _, body in receiver.got[2:]] == ["P-1", "P-2", "P-3"]


def test_what_was_sent_when_the_machine_stopped_is_sent_again_under_the_same_id(tmp_path: Path) -> None:
    with receiving() as receiver:
        sending = delivery(tmp_path, "P-1")
        stopped = sending._next(hook(receiver.port), sending._sent(hook(receiver.port)))
        assert stopped.waiting
        posts.post(hook(receiver.port), stopped.waiting.id, stopped.waiting.body.encode(), datetime.now(UTC), LOOPBACK)
        assert one(delivery(tmp_path, "P-1").deliver([hook(receiver.port)])).delivered == 1
        assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1 < len(receiver.got)


def test_a_message_that_nobody_takes_for_days_is_a_dead_letter(tmp_path: Path) -> None:
    time = Hours()
    with receiving(*[500] * (len(TRIES) + 1)) as receiver:
        for seconds in (*TRIES, 0):
            report = one(delivery(tmp_path, "P-1", "P-2", time=time).deliver([hook(receiver.port)]))
            time.moment += timedelta(seconds=seconds)
        assert (report.dead, report.delivered, report.state) == (1, 1, "sent")
    (line,) = (tmp_path / DEAD).read_text("utf-8").splitlines()
    letter = json.loads(line)
    assert (letter["name"], letter["why"]) == ("erp", "answered 500")
    assert letter["body"]["data"]["changes"] == [{"id": "P-1"}]


def test_a_receiver_that_says_when_is_asked_then_and_one_that_is_gone_never_again(tmp_path: Path) -> None:
    time = Hours()
    with receiving(429, Retry_After="1000") as slow, receiving(410) as gone:
        both = [hook(slow.port, "slow"), hook(gone.port, "gone")]
        waits, ended = delivery(tmp_path, "P-1", time=time).deliver(both)
        assert (waits.state, ended.state) == ("waiting", "gone")
        assert waits.next_at
        assert datetime.fromisoformat(waits.next_at) >= time.moment + timedelta(seconds=999)
        time.moment += timedelta(days=1)
        again = delivery(tmp_path, "P-1", time=time).deliver(both)
        assert [each.delivered for each in again] == [1, 0]
        assert len(gone.got) == 1


def test_no_redirect_is_followed(tmp_path: Path) -> None:
    with receiving() as other, receiving(302, Location=f"http://127.0.0.1:{other.port}/") as receiver:
        time = Hours()
        report = one(delivery(tmp_path, "P-1", time=time, seconds=1).deliver([hook(receiver.port)]))
        assert (report.state, report.why) == ("waiting", "answered 302")
        assert other.got == []


def test_nothing_is_sent_to_networks_that_nobody_named(tmp_path: Path) -> None:
    with receiving() as receiver:
        report = one(delivery(tmp_path, "P-1", named=[], seconds=1).deliver([hook(receiver.port)]))
        assert report.state == "waiting"
        assert "XINCHA_WEBHOOK_NETWORKS" in report.why
        assert receiver.got == []


def test_a_name_is_resolved_once_and_where_it_led_is_connected_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that answers with a public address first, and with this machine when it is asked again."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *more: Any, **others: Any) -> Any:
        if host != "rebinding.example":
            return real(host, *more, **others)
        asked.append(host)
        found = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return real(found, *more, **others)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with receiving() as receiver:
        rebound = Hook(name="r", url=f"http://rebinding.example:{receiver.port}/", secret=SecretStr(SECRET))
        report = one(delivery(tmp_path, "P-1", named=LOOPBACK, seconds=1).deliver([rebound]))
        assert (report.state, asked) == ("waiting", ["rebinding.example"])
        assert "192.0.2.1" in report.why
        assert receiver.got == []


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "::", "::1", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1",
        "::127.0.0.1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


def test_addresses_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"):
        assert is_public(ip_address(address))
    assert is_named(ip_address("::ffff:127.0.0.1"), LOOPBACK)
    assert not is_named(ip_address("::1"), LOOPBACK)
    for host in ("no-such-host.invalid", "a" * 70 + ".example", "", "\u3002"):
        with pytest.raises(AddressRefused):
            allowed(host, 80, [])


def test_plain_http_goes_to_named_networks_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _, port, **more: real("8.8.8.8", port, **more))
    outcome = posts.post(hook(80), "msg_1", b"{}", datetime.now(UTC), LOOPBACK)
    assert (outcome.status, "https" in outcome.why) == (0, True)


def test_one_that_does_not_answer_keeps_no_other_waiting_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the connection, and drips: the request is cut when its time is over."""
    monkeypatch.setattr(posts, "LONGEST_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, receiving() as receiver:
        port = silent.getsockname()[1]
        reports = delivery(tmp_path, "P-1", seconds=1).deliver([hook(port, "silent"), hook(receiver.port, "quick")])
        assert [each.state for each in reports] == ["waiting", "sent"]


def test_changes_of_nobody_are_no_message_and_are_not_looked_at_again(tmp_path: Path) -> None:
    asked: list[str | None] = []

    def read(_: Hook, cursor: str | None) -> Unsent:
        asked.append(cursor)
        return Unsent(None, "7", more=cursor is None)

    with receiving() as receiver:
        for _ in range(2):
            assert one(delivery(tmp_path, read=read).deliver([hook(receiver.port)])).state == "sent"
        assert (asked, receiver.got) == ([None, "7", "7"], [])


def test_a_list_that_was_deleted_is_said(tmp_path: Path) -> None:
    def read(*_: object) -> Unsent:
        raise NotFound("there is no such watch list")

    assert one(delivery(tmp_path, read=read).deliver([hook(1)])).state == "no list"


def written(tmp_path: Path, *hooks: dict[str, Any], mode: int = 0o600) -> Path:
    path = tmp_path / "webhooks.json"
    path.write_text(json.dumps({"webhooks": hooks}), "utf-8")
    path.chmod(mode)
    return path


GOOD = {"name": "erp", "url": "https://erp.example/x", "secret": SECRET}


def test_the_file_of_webhooks_is_read(tmp_path: Path) -> None:
    (found,) = read_hooks(written(tmp_path, {**GOOD, "watch": "a" * 64}))
    assert (found.name, found.watch) == ("erp", "a" * 64)
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("hooks", "told"),
    [
        ([{**GOOD, "secret": "secret-of-somebody"}], "whsec_"),
        ([{**GOOD, "secret": "whsec_c2hvcnQ="}], "whsec_"),
        ([{**GOOD, "url": "ftp://erp.example/"}], "takes an address"),
        ([{**GOOD, "url": "https://user:hunter2@erp.example/"}], "takes an address"),
        ([{**GOOD, "url": "https://erp.example:99999/"}], "is no address"),
        ([{**GOOD, "url": "https://erp.example/ a"}], "spaces"),
        ([{**GOOD, "watch": "short"}], "watch"),
        ([{**GOOD, "other": 1}], "other"),
        ([GOOD, GOOD], "two webhooks erp"),
    ],
)
def test_what_is_wrong_in_it_is_named_and_no_secret_told(
    tmp_path: Path, hooks: list[dict[str, Any]], told: str
) -> None:
    with pytest.raises(WebhooksUnreadable, match=told) as error:
        read_hooks(written(tmp_path, *hooks))
    assert "secret-of-somebody" not in str(error.value)
    assert "hunter2" not in str(error.value)


def test_a_file_that_others_may_read_or_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WebhooksUnreadable, match="chmod 600"):
        read_hooks(written(tmp_path, GOOD, mode=0o640))
    with pytest.raises(WebhooksUnreadable, match="cannot be read"):
        read_hooks(tmp_path / "none.json")
