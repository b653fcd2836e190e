"""Which network addresses are public, and which ones a name stands for."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

# Beyond what the standard library knows as not global: relays and translations that carry another address inside.
FORBIDDEN_4 = [ipaddress.IPv4Network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10", "240.0.0.0/4")]
GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
FORBIDDEN_6 = [
    ipaddress.IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48")
]


class Unresolvable(Exception):
    """Nobody knows the name."""


def is_public(address: str) -> bool:
    """Whether the address is one of the open internet. Anything doubtful is not."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in net for net in FORBIDDEN_4)
    return ip.scope_id is None and ip in GLOBAL_6 and not any(ip in net for net in FORBIDDEN_6)


def resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, each once, in the order of the system's resolver."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unresolvable("the name is not known") from None
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def listed(host_or_address: str, allowed: Iterable[str]) -> bool:
    """Whether a list of host names, addresses and networks holds it."""
    name = host_or_address.strip("[]").rstrip(".").lower()
    return any(_matches(name, entry.strip().lower()) for entry in allowed)


def _matches(name: str, entry: str) -> bool:
    if name == entry:
        return True
    try:
        return ipaddress.ip_address(name) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
