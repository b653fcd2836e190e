"""Who called how often, with what result and how fast: counted by the hour beside the answer, kept for a week.

A request costs one round trip to the key-value server and no row. Lost counts when that server dies are accepted:
they steer nothing.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from datetime import datetime

import structlog
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.response import Response

from common.key_value import cache
from openapi.authentication import Caller

logger = structlog.get_logger(__name__)
# Upper bounds of the classes of latency, in milliseconds; what takes longer is in a class of its own.
BOUNDS = (5, 10, 15, 25, 50, 100, 250, 500, 1000, 2500)
PENDING = "api-usage"
KEPT_SECONDS = 7 * 24 * 3600


def begin(request: Request) -> None:
    request._request.api_began = time.perf_counter()  # type: ignore[attr-defined]  # read by `note`


def note(request: Request, response: Response, *, operation: str, resource: str) -> None:
    """Count one answer for the application and the hour."""
    caller = request.auth if hasattr(request, "_auth") else None
    if not isinstance(caller, Caller):
        return
    took = (time.perf_counter() - getattr(request._request, "api_began", time.perf_counter())) * 1000
    field = f"{caller.application.pk}|{resource}.{operation}|{response.status_code}|{latency_class(took)}"
    try:
        cache.count_in_hash(f"{PENDING}:{int(time.time() // 3600)}", field, seconds=KEPT_SECONDS)
    except (OSError, RedisError):
        logger.warning("api_usage_not_counted")


def latency_class(milliseconds: float) -> int:
    """The number of the class, 0 being the fastest."""
    return bisect_left(BOUNDS, milliseconds)


def calls_in(moment: datetime) -> dict[tuple[int, str, int, int], int]:
    """(application, operation, status, class of latency) -> calls within the hour of the moment."""
    rows = cache.read_hash(f"{PENDING}:{int(moment.timestamp() // 3600)}")
    return {_key(field): count for field, count in rows.items()}


def _key(field: str) -> tuple[int, str, int, int]:
    application, operation, status, latency = field.split("|")
    return int(application), operation, int(status), int(latency)
