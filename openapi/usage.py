"""Who called how often, with what result and how fast: counted by the hour beside the answer, kept for a week.

A request costs one round trip to the key-value server and no row; `openapi.usage_hours` makes rows of the counts.
Counts that are lost when that server dies are accepted: they steer nothing.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis.exceptions import RedisError

from common.key_value import cache
from openapi.authentication import Caller

logger = structlog.get_logger(__name__)
# Upper bounds of the classes of latency, in milliseconds; what takes longer is in a class of its own.
BOUNDS = (5, 10, 15, 25, 50, 100, 250, 500, 1000, 2500)
CLASSES = len(BOUNDS) + 1
PENDING = "api-calls"
HOUR = 3600
KEPT_SECONDS = 7 * 24 * HOUR
LONGEST_CODE = 40


@dataclass(frozen=True)
class Call:
    """What is told apart: the key, the operation, the status and the code of the refusal."""

    key_id: int
    operation: str
    status: int
    code: str


def begin(request: HttpRequest) -> None:
    request.api_began = time.perf_counter()  # type: ignore[attr-defined]  # read by `note`


def note(request: HttpRequest, response: HttpResponseBase, caller: object) -> None:
    """Count one answer for the key and the hour. Called outside of a sandbox, whose cache is forgotten with it."""
    if not isinstance(caller, Caller):
        return
    took = (time.perf_counter() - getattr(request, "api_began", time.perf_counter())) * 1000
    call = Call(caller.key.pk, operation_of(request), response.status_code, _code_of(response))
    field = f"{call.key_id}|{call.operation}|{call.status}|{call.code}|{latency_class(took)}"
    try:
        cache.count_in_hash(f"{PENDING}:{int(time.time() // HOUR)}", field, seconds=KEPT_SECONDS)
    except (OSError, RedisError):
        logger.warning("api_usage_not_counted")


def operation_of(request: HttpRequest) -> str:
    """The name of the address and the method, as `openapi.usage_names` knows them."""
    match = request.resolver_match
    return f"{match.url_name if match else ''}.{(request.method or '').lower()}"[:80]


def _code_of(response: HttpResponseBase) -> str:
    data = getattr(response, "data", None)
    code = data.get("code") if response.status_code >= 400 and isinstance(data, dict) else ""
    return str(code or "").replace("|", "")[:LONGEST_CODE]


def latency_class(milliseconds: float) -> int:
    """The number of the class, 0 being the fastest."""
    return bisect_left(BOUNDS, milliseconds)


def hour_of(moment: datetime) -> datetime:
    """The hour in which a moment lies, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def calls_in(moment: datetime) -> dict[Call, list[int]]:
    """The calls within the hour of the moment, by classes of latency."""
    found: dict[Call, list[int]] = {}
    for field, count in cache.read_hash(f"{PENDING}:{int(moment.timestamp() // HOUR)}").items():
        key_id, operation, status, code, latency = field.split("|")
        call = Call(int(key_id), operation, int(status), code)
        found.setdefault(call, [0] * CLASSES)[int(latency)] += count
    return found
