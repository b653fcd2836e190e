"""Keeps every page closed to whom `config.access` does not name; what has no entry is closed to everybody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required, suspend_request
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from accounts.permissions import has_right, is_staff_member
from config.access import ACCESS
from config.access_rules import Access, Who
from signin.reauthentication import sign_in_anew

logger = logging.getLogger(__name__)
OPEN = (Who.PUBLIC, Who.OWN_CHECK)


class AccessMiddleware:
    """One look into the table per request, before the view; visitors of public pages are not even identified."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        access = ACCESS.get(name)
        if access is None:
            return _unknown(name)
        if access.who in OPEN:
            return None
        if not request.user.is_authenticated:
            return None if access.tells_visitors else _sign_in(request)
        if not allows(request, access):
            raise PermissionDenied
        if access.reauthentication:
            return _proof_first(request)
        return None


def allows(request: HttpRequest, access: Access) -> bool:
    """Whether the roles of whoever has signed in are enough."""
    if access.who == Who.RIGHT:
        return has_right(request.user, *access.actions)
    return access.who != Who.STAFF or is_staff_member(request.user)


def _unknown(name: str) -> HttpResponseBase:
    if settings.UNLISTED_VIEWS_RAISE:
        raise ImproperlyConfigured(f"The view {name!r} has no entry in config/access.py.")
    logger.error("a view without an entry in config.access was asked for", extra={"view": name})
    raise PermissionDenied


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    """A page part asked for by htmx says that the session is over instead of redirecting."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def _proof_first(request: HttpRequest) -> HttpResponseBase | None:
    """To prove that it is he, and back. What is raised here reaches no other middleware, so nothing is raised."""
    if not is_reauthentication_required(request, app=""):
        return None
    ways = get_adapter(request).get_reauthentication_methods(request.user)
    if not ways:
        return sign_in_anew(request)
    response: HttpResponseBase = suspend_request(request, ways[0]["url"])
    return response
