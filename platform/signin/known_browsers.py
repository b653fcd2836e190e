"""Browsers in which an account was signed in before: they have a count of tries of their own.

Whoever guesses passwords from elsewhere fills the count of strangers; the owner in his own browser still gets in.
The cookie is no factor and opens nothing: it only says under which count a wrong password falls.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from signin.logins import account_of

AGE = 365 * 24 * 3600
MOST_ACCOUNTS = 5  # of one browser
SALT = "signin.known_browsers"


def name_for(request: HttpRequest, user: User) -> str | None:
    """The name of this browser for this account, or None when it is a stranger."""
    return _read(request).get(str(user.pk))


def name_for_login(request: HttpRequest, typed: str) -> str | None:
    """The same for a typed login; a browser that knows nobody is spared the question whose it is."""
    known = _read(request)
    user = account_of(typed) if known else None
    return known.get(str(user.pk)) if user is not None else None


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Called when the account was signed in with both factors."""
    known = _read(request)
    name = known.pop(str(user.pk), None) or secrets.token_urlsafe(12)
    kept = dict(list(known.items())[-(MOST_ACCOUNTS - 1) :]) | {str(user.pk): name}
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE,
        signing.dumps(kept, salt=SALT, compress=True),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, str]:
    try:
        value = signing.loads(request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {}
    return {str(pk): str(name) for pk, name in value.items()} if isinstance(value, dict) else {}
