"""Who asks: the address of a connection, or what a proxy that is trusted says of it.

Proxies add on the right, and whoever asks may have written anything on the left. So `Forwarded` (RFC 7239) and
`X-Forwarded-For` are read from the right: as long as an address is that of a trusted proxy, the one before it counts.
What cannot be read ends the way; then the last proxy itself is who asks. A proxy passes on what it does not write:
where both headers are there and disagree, one of them is the caller's own, and nothing is known but the proxy.

An address of IPv6 stands for its /64, which is what one household or one machine has.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

    from xincha.settings import Network

log = logging.getLogger("xincha.api")

Address = IPv4Address | IPv6Address

_NETWORK = 64
_HOPS = 20
"""Entries of a header that are read."""

_HEADERS = (b"forwarded", b"x-forwarded-for")


class Callers:
    """Tells callers apart. `trusted`: where the proxies are whose word is taken."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = trusted
        self._has_warned = False

    def of(self, scope: Scope) -> str | None:
        """The address, or the network, that asks; None where the connection has none."""
        peer = scope.get("client")
        address = read_address(peer[0]) if peer else None
        if address is None:
            return None
        told = {name: _joined(scope, name) for name in _HEADERS}
        if any(told.values()):
            if self._is_trusted(address):
                address = self._behind(address, told[b"forwarded"], told[b"x-forwarded-for"])
            else:
                self._warn(address)
        return named(address)

    def _behind(self, proxy: Address, forwarded: str, x_forwarded_for: str) -> Address:
        """Who asked a proxy."""
        found = {
            self._first_untrusted(proxy, entries)
            for header, entries in (
                (forwarded, map(_for, _from_right(forwarded))),
                (x_forwarded_for, _from_right(x_forwarded_for)),
            )
            if header
        }
        return found.pop() if len(found) == 1 else proxy

    def _first_untrusted(self, proxy: Address, entries: Iterable[str]) -> Address:
        for entry in entries:
            address = read_address(entry)
            if address is None:
                break
            proxy = address
            if not self._is_trusted(address):
                break
        return proxy

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted if network.version == address.version)

    def _warn(self, peer: Address) -> None:
        """All callers behind a proxy that is not named are one caller: say so, once."""
        if not self._has_warned and not peer.is_global:
            self._has_warned = True
            log.warning("a proxy asks that XINCHA_TRUSTED_PROXIES does not name: its callers share one limit")


def read_address(text: str) -> Address | None:
    """An address as headers have it: with a port, or in brackets; one of IPv4 that is written as IPv6 is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def named(address: Address) -> str:
    """The name of a caller."""
    if address.version == 4:
        return str(address)
    return str(IPv6Network((int(address), _NETWORK), strict=False))


def _joined(scope: Scope, name: bytes) -> str:
    return ",".join(value.decode("latin-1") for header, value in scope["headers"] if header == name)


def _from_right(header: str) -> Iterator[str]:
    """The last entries, the last one first. What a caller left open in quotes hides nothing that stands behind it."""
    return reversed(header.rsplit(",", _HOPS)[-_HOPS:])


def _for(element: str) -> str:
    """The address of one element of `Forwarded`."""
    for pair in element.split(";"):
        name, _, value = pair.partition("=")
        if name.strip().lower() == "for":
            return value.strip().strip('"')
    return ""
