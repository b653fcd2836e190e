"""How often one visitor may do a thing: counters in the shared cache, and whose request it is.

Tries of passwords and sign-in codes are not counted here but in the database (`signin.limits`).
"""

from __future__ import annotations

import ipaddress
import logging
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from common.crypto import keyed_hash
from common.errors import RateLimited
from common.key_value import cache

logger = logging.getLogger(__name__)

TEN_MINUTES, HOUR = 600, 3600


@dataclass(frozen=True)
class Limit:
    """At most so many in any time of that length.

    Without the cache most things go on: a city must hear its people. What a guesser could use is refused then.
    """

    most: int
    seconds: int
    is_closed_without_cache: bool = False


# What is limited, for whom: an address (of IPv6 the network) or what is named.
LIMITS = {
    "filing": Limit(settings.FILING_LIMIT, TEN_MINUTES),  # many people share an address behind one provider
    "message": Limit(30, TEN_MINUTES),
    "track": Limit(30, TEN_MINUTES, is_closed_without_cache=True),
    "track-number": Limit(30, TEN_MINUTES, is_closed_without_cache=True),  # by number, from wherever
    "contact-code": Limit(60, TEN_MINUTES, is_closed_without_cache=True),
    "download": Limit(30, HOUR),
    "takedown": Limit(5, HOUR),
    "qr-rating": Limit(120, TEN_MINUTES),  # many phones share an address; reports.qr.limits looks closer
    "csp-report": Limit(20, 60),
    "iin": Limit(5, 24 * HOUR, is_closed_without_cache=True),  # per account: nobody tries numbers
    "signature-text": Limit(20, HOUR),
    "signature-check": Limit(30, HOUR),  # each one is a question to NCANode
}
# Seconds until the one whom this request refused may try again; read by the middleware that writes Retry-After.
waits: ContextVar[int] = ContextVar("waits", default=0)


def client_address(request: HttpRequest) -> str:
    """The visitor's network address; a forwarded one is believed only from as many proxies as are known."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.TRUSTED_PROXY_COUNT
    if not trusted:
        return direct
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return hops[-trusted] if len(hops) >= trusted else direct


def network_of(request: HttpRequest) -> str:
    """Whom to count: the address; of IPv6 the first 64 bits, for the rest of them is the visitor's to choose."""
    address = client_address(request)
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(found), 64), strict=False).network_address)
    return address


def take(what: str, who: str) -> None:
    """One more try of `what`, with the numbers of the table."""
    limit = LIMITS[what]
    count(what, who, limit=limit.most, seconds=limit.seconds, is_closed_without_cache=limit.is_closed_without_cache)


def count(what: str, who: str, *, limit: int, seconds: int, is_closed_without_cache: bool = False) -> None:
    """Count one more try of `what` by `who` and refuse when it is over the limit.

    No more than `limit` pass within any `seconds`, however many processes serve. Refused tries do not count.
    Addresses are hashed in the key.
    """
    try:
        wait = cache.slide(_key(what, who), limit=limit, seconds=seconds)
    except (OSError, RedisError):
        logger.warning("limits_without_cache", extra={"what": what})
        if is_closed_without_cache:
            raise RateLimited(_("This cannot be checked at the moment. Please try again in a few minutes.")) from None
        return
    if wait:
        waits.set(wait)
        logger.info("limit_reached", extra={"what": what})
        raise RateLimited


def is_spent(what: str, who: str, *, limit: int, seconds: int) -> bool:
    """Whether the limit is reached, without counting."""
    try:
        return cache.slid(_key(what, who), seconds=seconds) >= limit
    except (OSError, RedisError):
        return False


def _key(what: str, who: str) -> str:
    return f"limit:{what}:{keyed_hash(who, purpose='limit')[:24]}"
