"""Cookies of the hub: none readable by scripts, and bound to this host wherever HTTPS is in use."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest, HttpResponseBase

# A browser takes such a cookie only over HTTPS, for all paths of this very host: no other host can plant it.
HOST_PREFIX = "__Host-"


def cookie_name(name: str) -> str:
    return HOST_PREFIX + name if settings.SESSION_COOKIE_SECURE and not name.startswith(HOST_PREFIX) else name


def read(request: HttpRequest, name: str) -> str:
    return request.COOKIES.get(cookie_name(name), "")


def write(response: HttpResponseBase, name: str, value: str, *, max_age: int | None = None) -> None:
    """Without `max_age` the cookie goes when the browser is closed."""
    response.set_cookie(
        cookie_name(name),
        value,
        max_age=max_age,
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def delete(response: HttpResponseBase, name: str) -> None:
    response.delete_cookie(cookie_name(name), samesite="Lax")


class HostCookieStorage(CookieStorage):
    """Messages to the next page in a cookie bound to this host."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.cookie_name = cookie_name("messages")


class MessageStorage(FallbackStorage):
    """In the cookie as long as they fit, in the session beyond that."""

    storage_classes = (HostCookieStorage, SessionStorage)
