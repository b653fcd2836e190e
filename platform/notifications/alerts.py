"""Alarms of the log reach people: every security officer and administrator, by inbox and e-mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from accounts.permissions import users_who_may
from accounts.rights import Action
from audit.models import AuditRecord
from audit.signals import chain_broken
from audit.verification import Why
from notifications import delivery
from notifications.models import Notification

INBOX, EMAIL = Notification.Transport.INBOX, Notification.Transport.EMAIL
TEMPLATE = "alarm.chain_broken"


@receiver(chain_broken, dispatch_uid="notifications-chain-broken")
@transaction.atomic
def tell_officers(subject_ref: str, why: str, record: AuditRecord, **_: Any) -> None:
    """Owed by duty, so nobody can decline it."""
    drafts = []
    for user in users_who_may(Action.AUDIT):
        drafts.append(_draft(user, INBOX, subject_ref, why, record))
        if user.email:
            drafts.append(_draft(user, EMAIL, subject_ref, why, record))
    delivery.queue_all(drafts)


def _draft(user: User, transport: str, subject_ref: str, why: str, record: AuditRecord) -> delivery.Draft:
    with override(user.language):
        words = Why(why).label if why in Why.values else why
        link = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('audit:record', args=[record.pk])}"
        context = {
            "subject_ref": subject_ref,
            "why": words,
            "at": record.at,
            "link": link if transport == EMAIL else "",
        }
        return delivery.Draft(
            dedupe_key=f"alarm:{record.pk}:user:{user.pk}:{transport}",
            transport=transport,
            address=user.email if transport == EMAIL else str(user.pk),
            template=TEMPLATE,
            subject=_("Alarm: a chain of records is broken"),
            body=render_to_string("notices/chain_broken.txt", context).strip(),
            language=user.language,
            subject_ref=f"audit:{record.pk}",
            user=user if transport == INBOX else None,
        )
