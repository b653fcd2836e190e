"""How often one visitor may do a thing: counters in the shared cache, and whose request it is."""

from __future__ import annotations

import logging

from django.conf import settings
from django.http import HttpRequest
from redis.exceptions import RedisError

from common.crypto import keyed_hash
from common.errors import RateLimited
from common.key_value import cache

logger = logging.getLogger(__name__)


def client_address(request: HttpRequest) -> str:
    """The visitor's network address; a forwarded one is believed only from as many proxies as are known."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    trusted: int = settings.TRUSTED_PROXY_COUNT
    if not trusted:
        return direct
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    return hops[-trusted] if len(hops) >= trusted else direct


def count(what: str, who: str, *, limit: int, seconds: int) -> None:
    """Count one more try of `what` by `who` and refuse when it is over the limit of the window.

    Addresses are hashed in the key. Without the cache the site goes on working, so nothing is refused then.
    """
    try:
        tries = cache.count(_key(what, who), timeout=seconds)
    except (OSError, RedisError):
        logger.warning("limits_without_cache")
        return
    if tries > limit:
        raise RateLimited


def is_spent(what: str, who: str, *, limit: int) -> bool:
    """Whether the limit is reached, without counting."""
    try:
        return int(cache.get(_key(what, who), 0)) >= limit
    except (OSError, RedisError):
        return False


def _key(what: str, who: str) -> str:
    return f"limit:{what}:{keyed_hash(who, purpose='limit')[:24]}"
