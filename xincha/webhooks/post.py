"""One request of a webhook: to an address that was looked at, without redirects, within its time."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import urlsplit

from standardwebhooks.webhooks import Webhook
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from xincha.settings import Network
from xincha.webhooks.addresses import Address, AddressRefused, allowed, is_named
from xincha.webhooks.hooks import Hook

LONGEST_SECONDS = 20.0
"""From the connection to the status, however slowly it comes."""
_STEP = 15.0
"""Seconds of each step of it: to connect, to send, to read on."""
_PORTS = {"http": 80, "https": 443}


class Outcome(NamedTuple):
    """What came of a request: a status, or 0 and why there is none; `wait`: seconds that the receiver asks for."""

    status: int
    why: str = ""
    wait: float = 0.0

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has the message."""
        return 200 <= self.status < 300

    @property
    def told(self) -> str:
        """For people."""
        return self.why or f"answered {self.status}"


def post(hook: Hook, identifier: str, body: bytes, now: datetime, named: Sequence[Network]) -> Outcome:
    """Send a message, signed for this moment. `named`: networks that need not be public."""
    parts = urlsplit(hook.url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    signature = Webhook(hook.secret.get_secret_value()).sign(identifier, now, body.decode())
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "Xincha",
        "webhook-id": identifier,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
    try:
        addresses = allowed(host, port, named)
        if parts.scheme == "http" and not is_named(addresses[0], named):
            return Outcome(0, "http: goes to networks of XINCHA_WEBHOOK_NETWORKS only: use https:")
        target = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        return _sent(parts.scheme, host, addresses[0], port, target, body, headers)
    except AddressRefused as error:
        return Outcome(0, str(error))


def _sent(  # noqa: PLR0913, PLR0917 - parts of one address
    scheme: str, host: str, address: Address, port: int, target: str, body: bytes, headers: Mapping[str, str]
) -> Outcome:
    connection: HTTPConnection
    if scheme == "https":
        context = ssl.create_default_context()
        connection = HTTPSConnection(
            str(address), port, server_hostname=host, assert_hostname=host, ssl_context=context, timeout=_STEP
        )
    else:
        connection = HTTPConnection(str(address), port, timeout=_STEP)
    watchdog = threading.Timer(LONGEST_SECONDS, _cut, [connection])
    watchdog.daemon = True
    watchdog.start()
    try:
        connection.request("POST", target, body, dict(headers), preload_content=False)
        answer = connection.getresponse()
        return Outcome(answer.status, wait=_seconds(answer.headers.get("Retry-After", "")))
    except (HTTPError, HTTPException, OSError, ValueError) as error:
        return Outcome(0, f"{host} did not answer ({type(error).__name__})")
    finally:
        watchdog.cancel()
        connection.close()


def _cut(connection: HTTPConnection) -> None:
    """End a connection that takes too long."""
    if connection.sock:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0.0
