"""Browsers of residents that are not asked for a code for thirty days. Never for the staff."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.models import User
from common.crypto import keyed_hash
from common.limits import client_address
from signin.models import TrustedDevice

# Sent when no browser is trusted any more; keyword argument: user. Whatever else was opened before ends with it.
trust_ended = Signal()
AGE = timedelta(days=30)
MOST_ACCOUNTS = 5  # of one browser
MOST_DEVICES = 20  # of one account


def trust(request: HttpRequest, response: HttpResponseBase, user: User) -> TrustedDevice:
    """Give this browser a token; the database keeps only a hash of it that dies with the password."""
    now, token = timezone.now(), secrets.token_urlsafe(32)
    device = TrustedDevice.objects.create(
        user=user,
        token_hash=_hash(user, token),
        label=request.META.get("HTTP_USER_AGENT", "")[:200],
        created_at=now,
        last_used_at=now,
        expires_at=now + AGE,
        address=client_address(request) or None,
    )
    kept = TrustedDevice.objects.filter(user=user).order_by("-created_at").values_list("pk", flat=True)[:MOST_DEVICES]
    TrustedDevice.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    tokens = [*_tokens(request)[-(MOST_ACCOUNTS - 1) :], token]
    response.set_cookie(
        settings.TRUSTED_DEVICE_COOKIE,
        ".".join(tokens),
        max_age=int(AGE.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return device


def device_of(request: HttpRequest, user: User) -> TrustedDevice | None:
    """The trusted device this request comes from, if the trust of this account still holds."""
    hashes = [_hash(user, token) for token in _tokens(request)]
    if not hashes:
        return None
    return TrustedDevice.objects.filter(user=user, token_hash__in=hashes, expires_at__gt=timezone.now()).first()


def use(request: HttpRequest, device: TrustedDevice) -> None:
    TrustedDevice.objects.filter(pk=device.pk).update(
        last_used_at=timezone.now(), address=client_address(request) or None
    )


def forget_all(user: User) -> int:
    """End the trust in every device: password changed, signed out everywhere, roles given or taken, factors reset."""
    trust_ended.send(sender=User, user=user)
    return TrustedDevice.objects.filter(user=user).delete()[0]


def forget(user: User, device_id: int) -> bool:
    return bool(TrustedDevice.objects.filter(user=user, pk=device_id).delete()[0])


def forget_ended() -> int:
    return TrustedDevice.objects.filter(expires_at__lt=timezone.now()).delete()[0]


def _tokens(request: HttpRequest) -> list[str]:
    value = request.COOKIES.get(settings.TRUSTED_DEVICE_COOKIE, "")
    return [token for token in value.split(".") if token][:MOST_ACCOUNTS]


def _hash(user: User, token: str) -> str:
    """Bound to the account and to its password: a change of it by whatever path ends the trust."""
    return keyed_hash(f"{user.pk}\x00{user.get_session_auth_hash()}\x00{token}", purpose="trusted-device")
