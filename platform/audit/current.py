"""The request that is being answered, for records that are written deep below the views."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponseBase

from accounts.models import User

_current: ContextVar[HttpRequest | None] = ContextVar("audit_request", default=None)


class CurrentRequestMiddleware:
    """Keeps the request for the time it is answered; stands below whatever finds out who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _current.set(request)
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)


def current_request() -> HttpRequest | None:
    return _current.get()


def current_user() -> User | None:
    """Who asks; nobody outside requests, as in tasks and commands."""
    request = _current.get()
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None
