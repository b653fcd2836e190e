"""Tell a person what happened to the identity of his account, by its contacts."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from signin import contacts

TEMPLATE = "identity"


def identity_proven(user: User, now: dt.datetime) -> None:
    """Also a warning: whoever did not do it himself learns of it."""
    with override(user.language):
        subject = _("Your identity is confirmed by state signature")
        body = _(
            "Halyq Uni: your account is confirmed by state signature. If you did not do this, change your password "
            "and tell us at once."
        )
    key = f"identity:{user.pk}:{now.timestamp():.0f}"
    contacts.tell(user, key=key, template=TEMPLATE, subject=subject, body=body)
