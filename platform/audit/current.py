"""The request that is being answered, for records that are written deep below the views."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Model
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
            keep_what_must_survive(request)
            _current.reset(token)


def keep_what_must_survive(request: HttpRequest) -> None:
    """Write again what a transaction took along that was rolled back; the same record, not a second one."""
    rows: list[Model] = getattr(request, "_audit_must_survive", [])
    for row in rows:
        manager = type(row)._default_manager
        if not manager.filter(uid=row.uid).exists():  # type: ignore[attr-defined]  # an AuditRecord, known above us
            row.pk = None
            row.save(force_insert=True)


def must_survive(row: Model) -> None:
    """Outside of requests the transaction is that of the task, which comes again when it fails."""
    request = _current.get()
    if request is not None:
        request._audit_must_survive = [*getattr(request, "_audit_must_survive", []), row]  # type: ignore[attr-defined]


def current_request() -> HttpRequest | None:
    return _current.get()


def current_user() -> User | None:
    """Who asks; nobody outside requests, as in tasks and commands."""
    request = _current.get()
    user = getattr(request, "user", None)
    return user if isinstance(user, User) else None


@contextmanager
def nobody_asks() -> Iterator[None]:
    """For work in another world, whose log does not know the person of the page."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)
