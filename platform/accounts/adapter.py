"""How sign-in behaves here: where people land, in which language, and what an account knows from the start."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts.models import User
from accounts.permissions import is_staff_member


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Residents land at their appeals, members of staff at their work."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return _home_of(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return _home_of(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        """The account's language becomes that of the pages, unless this browser has one of its own."""
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                user.language,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                samesite="Lax",
                secure=settings.LANGUAGE_COOKIE_SECURE,
            )
        return response


def _home_of(request: HttpRequest) -> str:
    name = settings.STAFF_HOME if is_staff_member(request.user) else settings.RESIDENT_HOME
    return reverse(name)
