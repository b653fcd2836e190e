"""Who may read the figures: closed until a network or a token is set, and whatever is set has to fit."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from hmac import compare_digest

from django.conf import settings

from common.network_addresses import listed

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")


def may_read(environment: Mapping[str, object]) -> bool:
    """By the environment of the request (WSGI). What came through a proxy came from outside: never."""
    networks, token = settings.METRICS_NETWORKS, settings.METRICS_TOKEN
    if not networks and not token:
        return False
    if any(environment.get(header) for header in FORWARDED):
        return False
    if networks and not listed(_plain(str(environment.get("REMOTE_ADDR", ""))), networks):
        return False
    return not token or compare_digest(_given(environment), token.encode())


def _given(environment: Mapping[str, object]) -> bytes:
    scheme, _space, token = str(environment.get("HTTP_AUTHORIZATION", "")).partition(" ")
    return token.strip().encode() if scheme.lower() == "bearer" else b""


def _plain(address: str) -> str:
    """An IPv4 address that a socket for both kinds wrote as IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)
