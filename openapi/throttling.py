"""How often an application may call: a sliding minute, counted for all web processes together, told in headers.

The headers are those of the IETF draft "RateLimit header fields for HTTP" (`RateLimit-Policy`, `RateLimit`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from common import limits
from common.key_value import cache
from openapi.authentication import Caller

logger = structlog.get_logger(__name__)
WINDOW = 60
VISITORS: int = settings.API_VISITORS  # requests a minute without a key, from one network


@dataclass(frozen=True)
class Standing:
    """What is left of a limit: `remaining` requests in the next `reset` seconds."""

    limit: int
    remaining: int
    reset: int


class ApplicationThrottle(BaseThrottle):
    """All keys of an application share its rate. Without the cache everybody passes: partners must be heard."""

    standing: Standing | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        caller = request.auth
        if not isinstance(caller, Caller):
            return True
        limit = caller.application.rate
        try:
            wait, used = cache.slide_counting(f"api:{caller.application.pk}", limit=limit, seconds=WINDOW)
        except (OSError, RedisError):
            logger.warning("api_limits_without_cache")
            return True
        self.standing = Standing(limit, max(limit - used, 0), wait or WINDOW)
        request._request.api_standing = self.standing  # type: ignore[attr-defined]  # read when the answer leaves
        return not wait

    def wait(self) -> float | None:
        return float(self.standing.reset) if self.standing else None


class VisitorThrottle(BaseThrottle):
    """Who reads what is open without a key is counted by network."""

    def allow_request(self, request: Request, view: Any) -> bool:
        is_open = getattr(view, "action", None) in getattr(view, "open_to_all", ())
        if is_open and not isinstance(request.auth, Caller):
            limits.count("api-visitor", limits.network_of(request._request), limit=VISITORS, seconds=WINDOW)
        return True


def add_headers(request: Request, response: Response) -> None:
    """Say what is left, on every answer to a known application."""
    standing: Standing | None = getattr(request._request, "api_standing", None)
    if standing is None:
        return
    response["RateLimit-Policy"] = f'"application";q={standing.limit};w={WINDOW}'
    response["RateLimit"] = f'"application";r={standing.remaining};t={standing.reset}'
