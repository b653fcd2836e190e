"""Lead people to a second way to sign in, without keeping on at who does not want one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from signin import contacts

COOKIE = "halyq_not_now"
DAYS = 30


def has_second_way(user: User) -> bool:
    """Whether the loss of one thing would not shut this person out."""
    return len(contacts.confirmed_media(user)) > 1 or bool(Authenticator.objects.filter(user=user).exists())


def is_missed(request: HttpRequest, user: User) -> bool:
    """Whether to speak of it on this page."""
    return COOKIE not in request.COOKIES and not has_second_way(user)


def put_off(response: HttpResponseBase) -> None:
    """Say no more of it in this browser for a month."""
    response.set_cookie(
        COOKIE, "1", max_age=DAYS * 24 * 3600, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
