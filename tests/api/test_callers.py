"""Who asks, behind proxies: read from the right, up to what no trusted proxy says."""

from __future__ import annotations

import logging
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.limits.callers import Callers
from xincha.settings import Settings

PROXY = "10.0.0.1"
TRUSTED = [ip_network(each) for each in ("10.0.0.0/8", "192.0.2.9", "fd00::/8")]


def caller(peer: str | None, *headers: tuple[str, str]) -> str | None:
    scope = {
        "client": (peer, 4711) if peer else None,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }
    return Callers(TRUSTED).of(scope)


def x_forwarded_for(value: str) -> tuple[str, str]:
    return "x-forwarded-for", value


def forwarded(value: str) -> tuple[str, str]:
    return "forwarded", value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:52000", "203.0.113.7"),
        ("  203.0.113.7  ", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3::4]", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2:3::4]:52000", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 10.9.9.9", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, 192.0.2.9, 10.9.9.9", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7, fd00::1", "203.0.113.7"),
        ("10.2.2.2, 10.3.3.3", "10.2.2.2"),
        ("198.51.100.1, unknown", PROXY),
        ("198.51.100.1, unknown, 10.9.9.9", "10.9.9.9"),
        ("198.51.100.1,", PROXY),
        ("198.51.100.1, 1.2.3", PROXY),
        ("198.51.100.1, 203.0.113.7 evil", PROXY),
        (", " * 5000 + "203.0.113.7", "203.0.113.7"),
    ],
)
def test_x_forwarded_for_is_read_from_the_right(value: str, expected: str) -> None:
    assert caller(PROXY, x_forwarded_for(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("for=203.0.113.7", "203.0.113.7"),
        ('For="203.0.113.7:52000"; proto=https; by=10.0.0.1', "203.0.113.7"),
        ('proto=https;for="[2001:db8:1:2:3::4]:52000"', "2001:db8:1:2::/64"),
        ("for=198.51.100.1, for=203.0.113.7", "203.0.113.7"),
        ("for=198.51.100.1, for=203.0.113.7, for=10.9.9.9", "203.0.113.7"),
        ('for="198.51.100.1, for=203.0.113.7', "203.0.113.7"),  # a quote that the caller left open
        ('for="198.51.100.1\\", for=203.0.113.7', "203.0.113.7"),
        ("for=198.51.100.1, for=_hidden", PROXY),
        ("for=198.51.100.1, proto=https", PROXY),
        ("203.0.113.7", PROXY),
    ],
)
def test_forwarded_is_read_from_the_right(value: str, expected: str) -> None:
    assert caller(PROXY, forwarded(value)) == expected


def test_headers_in_several_lines_are_one() -> None:
    assert caller(PROXY, x_forwarded_for("198.51.100.1"), x_forwarded_for("203.0.113.7")) == "203.0.113.7"
    assert caller(PROXY, forwarded("for=198.51.100.1"), forwarded("for=203.0.113.7")) == "203.0.113.7"


def test_what_nobody_trusted_says_is_not_heard() -> None:
    assert caller("203.0.113.7", x_forwarded_for("198.51.100.1")) == "203.0.113.7"
    assert caller("203.0.113.7", forwarded("for=198.51.100.1")) == "203.0.113.7"
    assert caller("203.0.113.7", x_forwarded_for("10.0.0.1")) == "203.0.113.7"


def test_a_header_that_a_proxy_passes_on_as_it_was_sent_changes_nothing() -> None:
    """A proxy writes one header and passes the other one on: the caller gains no further name by it."""
    for invented in ("198.51.100.1", "198.51.100.2"):
        assert caller(PROXY, x_forwarded_for("203.0.113.7"), forwarded(f"for={invented}")) == PROXY
        assert caller(PROXY, x_forwarded_for(invented), forwarded("for=203.0.113.7")) == PROXY
    assert caller(PROXY, x_forwarded_for("203.0.113.7"), forwarded("for=203.0.113.7")) == "203.0.113.7"


def test_a_proxy_that_asks_for_itself_is_a_caller() -> None:
    assert caller(PROXY) == PROXY
    assert caller("fd00::1") == "fd00::/64"


def test_a_connection_without_an_address_is_nobody() -> None:
    assert caller(None, x_forwarded_for("203.0.113.7")) is None
    assert caller("testclient") is None


@given(st.text(st.characters(max_codepoint=255), max_size=200))
def test_whatever_stands_on_the_left_changes_nothing(written: str) -> None:
    assert caller(PROXY, x_forwarded_for(f"{written}, 203.0.113.7")) == "203.0.113.7"
    assert caller(PROXY, forwarded(f"{written}, for=203.0.113.7")) == "203.0.113.7"
    assert caller("203.0.113.7", x_forwarded_for(written), forwarded(written)) == "203.0.113.7"


def test_a_proxy_that_is_not_named_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    callers = Callers(Settings().trusted_networks)
    scope = {"client": ("127.0.0.1", 1), "headers": [(b"x-forwarded-for", b"203.0.113.7")]}
    with caplog.at_level(logging.WARNING):
        assert {callers.of(scope) for _ in range(3)} == {"127.0.0.1"}
    (line,) = caplog.messages
    assert "XINCHA_TRUSTED_PROXIES" in line
    assert "203.0.113.7" not in line
