"""Connections to public addresses only: a name is resolved once, checked, and dialled as checked.

Invariant: what was checked is what is connected to; a name that answers differently the second
time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

import httpcore

from gymletter.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from httpcore._backends.base import SOCKET_OPTION

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home.arpa")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, also where it wraps an IPv4 one."""
    found = ipaddress.ip_address(address)
    return _is_open(found) and all(map(_is_open, _wrapped(found)))


def is_private_host(host: str) -> bool:
    """Whether a host can only be meant privately: a private address, or a local network's name."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return not is_public(host)
    except ValueError:
        return "." not in host or any(
            host == name or host.endswith("." + name) for name in _LOCAL_NAMES
        )


def _is_open(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _wrapped(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    inner = [address.ipv4_mapped, address.sixtofour]
    if address in _NAT64:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [found for found in inner if found]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the resolver's order; raises `httpcore.ConnectError`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host!r} is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PublicBackend(httpcore.NetworkBackend):
    """Dials like httpcore's own, after checking where to."""

    def __init__(self) -> None:
        self._dialler = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first checked address that answers."""
        addresses = resolve(host, port)
        public = [address for address in addresses if is_public(address.partition("%")[0])]
        if not public:
            raise Refused(
                f"is a private address ({', '.join(addresses)})",
                place=host,
                remedy="Configure a source with that very address if it is meant",
            )
        failure: Exception | None = None
        for address in public:
            try:
                return self._dialler.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host!r} has no address")
