"""Which addresses a connected system or an outside provider may be registered with."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
LONGEST = 500
# What the hub adds to the address itself.
RESERVED = {"code", "state", "iss", "error", "error_description", "session_state"}
PLAIN = re.compile(r"[!-~]+")  # printable ASCII without spaces
APP_SCHEME = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9-]+)+")  # com.example.app, as RFC 8252 wants it


def redirect_problem(address: str, *, loopback: bool, apps: bool) -> Promise | None:
    """What is wrong with an address to which a system wants people led; None when nothing is."""
    if len(address) > LONGEST or not PLAIN.fullmatch(address) or "*" in address or "\\" in address:
        return _("The address contains signs that are not allowed.")
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return _("The address is malformed.")
    if parts.fragment or "#" in address or parts.username is not None:
        return _("The address must have neither a # nor a user name.")
    if RESERVED & {name for name, _value in parse_qsl(parts.query, keep_blank_values=True)}:
        return _("The address already contains a parameter that the hub adds itself.")
    if apps and APP_SCHEME.fullmatch(parts.scheme):
        return None
    return _scheme_problem(parts.scheme, host, loopback=loopback)


def issuer_problem(address: str, *, loopback: bool) -> Promise | None:
    """What is wrong with the name of an outside provider."""
    problem = redirect_problem(address, loopback=loopback, apps=False)
    return problem or (_("The issuer has no parameters.") if urlsplit(address).query else None)


def _scheme_problem(scheme: str, host: str, *, loopback: bool) -> Promise | None:
    if scheme == "https" and host:
        return None
    if loopback and scheme == "http" and host in LOOPBACK:
        return None
    return _("The address must begin with https://.")
