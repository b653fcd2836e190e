"""Tell a person what happened to the identity of his account, by the contacts he has confirmed."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from notifications import delivery
from notifications.models import Notification

TEMPLATE = "identity"


def identity_proven(user: User, now: dt.datetime) -> None:
    """Also a warning: whoever did not do it himself learns of it."""
    with override(user.language):
        subject = _("Your identity is confirmed by state signature")
        body = _(
            "Halyq Uni: your account is confirmed by state signature. If you did not do this, change your password "
            "and tell us at once."
        )
    for transport, address in _ways(user):
        delivery.queue(
            delivery.Draft(
                dedupe_key=f"identity:{user.pk}:{now.timestamp():.0f}:{transport}",
                transport=transport,
                address=address,
                template=TEMPLATE,
                subject=subject,
                body=body,
                language=user.language,
                subject_ref=f"user:{user.pk}",
                user=user,
            )
        )


def _ways(user: User) -> list[tuple[str, str]]:
    """To every confirmed contact: who has taken over one of them cannot hide it from the other."""
    ways: list[tuple[str, str]] = []
    if user.phone and user.phone_confirmed_at:
        ways.append((Notification.Transport.SMS, user.phone))
    if EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        ways.append((Notification.Transport.EMAIL, user.email))
    return ways
