"""Whether somebody has signed in from this browser before: else the account is told of a new device.

Not the cookie of `known_browsers`, on purpose: that one is read before anybody has proved anything and says only under
which count a wrong password falls; this one has a row, which its owner sees in his list and can forget.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from common.crypto import keyed_hash
from signin.device_words import describe
from signin.models import KnownDevice

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
TOKEN_TO_SET = "_known_device_token"
MOST_PER_PERSON = 50
KEPT = timedelta(days=400)


@dataclass(frozen=True)
class Recognition:
    """How a browser was recognised; the first one of an account is new to nobody."""

    device: KnownDevice
    is_new: bool
    is_first: bool


@transaction.atomic
def recognise(request: HttpRequest, user: User) -> Recognition:
    """Find or note the browser of a sign-in; a new one gets its cookie with the answer."""
    token = request.COOKIES.get(settings.KNOWN_DEVICE_COOKIE_NAME, "")
    if not TOKEN.fullmatch(token):
        token = secrets.token_urlsafe(24)
    setattr(request, TOKEN_TO_SET, token)
    is_first = not KnownDevice.objects.filter(user=user).exists()
    kind = describe(request.META.get("HTTP_USER_AGENT", "")).fingerprint[:80]
    device, created = KnownDevice.objects.get_or_create(
        token_hash=_hash(user, token), defaults={"user": user, "kind": kind}
    )
    is_new = created or device.kind != kind
    if not created:
        device.kind, device.last_seen_at = kind, timezone.now()
        device.save(update_fields=["kind", "last_seen_at"])
    if created:
        _forget_surplus(user)
    return Recognition(device, is_new, is_first)


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """With the answer to the sign-in; nobody else gets the cookie."""
    token = getattr(request, TOKEN_TO_SET, None)
    if token is None:
        return
    response.set_cookie(
        settings.KNOWN_DEVICE_COOKIE_NAME,
        token,
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget_all(user: User) -> int:
    """Every browser of this person is a new one again."""
    return KnownDevice.objects.filter(user=user).delete()[0]


def forget_old() -> int:
    return KnownDevice.objects.filter(last_seen_at__lt=timezone.now() - KEPT).delete()[0]


def _hash(user: User, token: str) -> str:
    return keyed_hash(f"{user.pk}:{token}", purpose="known-device")


def _forget_surplus(user: User) -> None:
    """A browser that forgets its cookies makes a row with each sign-in; the oldest ones go."""
    kept = KnownDevice.objects.filter(user=user).order_by("-last_seen_at", "-id").values("pk")[:MOST_PER_PERSON]
    KnownDevice.objects.filter(user=user).exclude(pk__in=kept).delete()
