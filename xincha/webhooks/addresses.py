"""Which addresses of a host a webhook may be sent to: public ones, and those of networks that the operator names.

A host is resolved once, and the address that was looked at is the one that is connected to: a name server that answers
otherwise a second time changes nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from xincha.settings import Network

Address = IPv4Address | IPv6Address
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE = IPv6Network("::/96")


class AddressRefused(Exception):
    """A host has no address that may be connected to; the message says why."""


def allowed(host: str, port: int, named: Sequence[Network]) -> list[Address]:
    """The addresses of a host that may be connected to, in the order of the system; raises `AddressRefused`.

    `named`: networks that need not be public.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{host} has no address ({type(error).__name__})") from error
    addresses = list(dict.fromkeys(ip_address(str(each[4][0]).partition("%")[0]) for each in found))
    if usable := [address for address in addresses if is_named(address, named) or is_public(address)]:
        return usable
    told = ", ".join(map(str, addresses))
    raise AddressRefused(f"{host} is at {told}, which is not public: name its network in XINCHA_WEBHOOK_NETWORKS")


def is_named(address: Address, named: Sequence[Network]) -> bool:
    """Whether an address lies in one of these networks; one that is mapped into IPv6 is the IPv4 address."""
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in network for network in named)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, also where it stands for one of another kind."""
    return all(each.is_global and not each.is_multicast for each in (address, *_within(address)))


def _within(address: Address) -> Iterator[Address]:
    """The IPv4 addresses that an IPv6 address leads to: mapped, 6to4, Teredo, NAT64."""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped:
        yield address.ipv4_mapped
    if address.sixtofour:
        yield address.sixtofour
    if address.teredo:
        yield from address.teredo
    if any(address in network for network in (*_NAT64, _COMPATIBLE)):
        yield IPv4Address(int(address) & 0xFFFFFFFF)
