"""Outermost of the middleware: gives each request its id, counts and times it, and writes its one line in the log."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from monitoring.metrics import API_CALLS, REQUEST_SECONDS, REQUESTS, REQUESTS_UNDER_WAY

logger = structlog.get_logger(__name__)

API = ("/api/", "/open311/")
CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,100}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
QUIET = {"livez", "readyz", "metrics"}  # asked for every few seconds
NO_VIEW, STATIC, OTHER = "no view", "static", "OTHER"


class RequestMiddleware:
    """`request_id` is ours and new; `correlation_id` is the caller's, if he sent one, and goes on into tasks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(uuid.uuid4())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id, correlation_id=_correlation(request, request_id))
        began = time.perf_counter()
        REQUESTS_UNDER_WAY.inc()
        try:
            response = self.get_response(request)
        finally:
            REQUESTS_UNDER_WAY.dec()
        _note(request, response, time.perf_counter() - began)
        response.headers.setdefault("X-Request-ID", request_id)
        structlog.contextvars.clear_contextvars()
        return response


def _correlation(request: HttpRequest, otherwise: str) -> str:
    given = request.headers.get("X-Correlation-ID", "")
    return given if CORRELATION.fullmatch(given) else otherwise


def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    view, method, status = view_of(request), _method(request), str(response.status_code)
    REQUESTS.labels(view, method, status).inc()
    REQUEST_SECONDS.labels(view, method).observe(seconds)
    bound = structlog.contextvars.get_contextvars()
    if request.path_info.startswith(API):
        API_CALLS.labels(view, method, status, str(bound.get("realm", "none"))).inc()
    if (user_id := _user_id(request)) is not None:
        structlog.contextvars.bind_contextvars(user_id=user_id)
    say = logger.error if response.status_code >= 500 else logger.debug if view in QUIET else logger.info
    say("request", method=method, view=view, status=response.status_code, ms=round(seconds * 1000, 1))


def view_of(request: HttpRequest) -> str:
    """The name of the address; never the address itself, which holds numbers of appeals and keys of mails."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or NO_VIEW
    return STATIC if request.path_info.startswith(f"/{settings.STATIC_URL.lstrip('/')}") else NO_VIEW


def _method(request: HttpRequest) -> str:
    return request.method if request.method in METHODS else OTHER


def _user_id(request: HttpRequest) -> int | None:
    """Only if something asked who it is: asking costs a query. Programs have bound themselves already."""
    user = getattr(request, "_cached_user", None)
    return user.pk if user is not None and user.is_authenticated else None
