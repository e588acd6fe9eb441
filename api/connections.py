"""Places for connections: how many there may be, of one address and in all, and which one gives way to a new one.

A connection either *works* (its request is whole, and is answered) or *waits* for its client: for the first byte, the
rest of a head, the rest of a body, the next request. Where no place is free, the connection that has heard nothing from
its client for the longest time loses its place to the new one, of the same address where that address has its share.
Only where every connection works is a new one refused. So whoever opens connections and sends nothing keeps nobody out,
and a person, whose browser opens a lost connection anew by itself, meets no limit.

Knows no HTTP: `api.protocol` says when a connection waits or works, and until when.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from api.limits.patience import Patience

log = logging.getLogger("xincha.api")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

IPV6_NETWORK = 64
"""Bits of an IPv6 address that are one subscriber's; whoever has one address there has all of them."""


@dataclass(frozen=True)
class Bounds:
    """What connections may take. Seconds are those in which the client has to do something."""

    connections: int = 1000
    """In all."""
    per_address: int = 100
    head: float = 10
    """Until the head of a request is there, from its first byte or from the opening of the connection."""
    body: float = 20
    """Until its body is there, and one second more for each `BODY_BYTES_A_SECOND`."""
    idle: float = 30
    """Until the next request begins."""
    stalled: float = 60
    """Until `api.protocol.LEAST_READ` bytes of an answer are read."""
    proxies: Sequence[Network] = ()
    """Where addresses stand for many clients: no share is theirs."""


class Placed(Protocol):
    """One connection."""

    address: str
    """Whose it is, as `subscriber` says it; empty: that of many, which have no share together."""
    deadline: float
    """When it is told `expire`, on the clock of its event loop; infinite while it works."""

    def expire(self) -> None:
        """The client did not do in time what it had to."""

    def give_way(self) -> None:
        """End at once: another connection needs the place."""


def subscriber(host: str, proxies: Sequence[Network] = ()) -> str:
    """Whose an address is: itself, the IPv4 address that is mapped in it, or its IPv6 network; empty: a proxy's."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if any(address in network for network in proxies):
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_NETWORK), strict=False))


class Places:
    """The places of one server. `lost` is called with a reason whenever a client loses its connection."""

    def __init__(self, bounds: Bounds, lost: Callable[[str], None] = lambda _: None) -> None:
        self.bounds = bounds
        self.lost = lost
        self._taken: dict[Placed, None] = {}
        self._of: dict[str, dict[Placed, None]] = {}
        # in the order in which their clients were last heard of
        self._waiting: dict[Placed, None] = {}
        self._waiting_of: dict[str, dict[Placed, None]] = {}
        self._patience = Patience(time.monotonic)

    def __len__(self) -> int:
        """How many are taken."""
        return len(self._taken)

    def take(self, place: Placed) -> bool:
        """Give a new connection a place, if need be that of one that waits. False: all of them work."""
        bounds, address = self.bounds, place.address
        if address and len(self._of.get(address, ())) >= bounds.per_address:
            given = self._make_room(self._waiting_of.get(address, {}), "address")
        elif len(self._taken) >= bounds.connections:
            given = self._make_room(self._waiting, "connections")
        else:
            given = True
        if given:
            self._taken[place] = None
            self._of.setdefault(address, {})[place] = None
        return given

    def _make_room(self, waiting: dict[Placed, None], reason: str) -> bool:
        longest = next(iter(waiting), None)
        self.lost(reason)
        if longest is None:
            return False
        self.leave(longest)
        longest.give_way()
        return True

    def waits(self, place: Placed) -> None:
        """Its client was heard of just now, and has to go on."""
        if place in self._taken:
            self.works(place)
            self._waiting[place] = None
            self._waiting_of.setdefault(place.address, {})[place] = None

    def works(self, place: Placed) -> None:
        """It keeps its place until it waits again, or expires."""
        self._waiting.pop(place, None)
        _remove(self._waiting_of, place)

    def leave(self, place: Placed) -> None:
        """Its place is free."""
        self.works(place)
        self._taken.pop(place, None)
        _remove(self._of, place)

    def patience(self, address: str) -> float:
        """Seconds until an address is told that what it sent cannot be read: some, where it sends much of that."""
        return self._patience.of(address) if address else 0.0

    def sweep(self, now: float) -> None:
        """Tell those whose time is over. To be called every second or so; takes 0.1 ms for a thousand."""
        for place in [place for place in self._taken if place.deadline <= now]:
            try:
                place.expire()
            except Exception:  # whatever one connection does, the others go on
                log.exception("a connection could not be ended in order")
                place.give_way()


NEVER = math.inf


def _remove(of: dict[str, dict[Placed, None]], place: Placed) -> None:
    places = of.get(place.address)
    if places is not None:
        places.pop(place, None)
        if not places:
            del of[place.address]
