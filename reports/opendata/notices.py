"""Tell whoever looks after the open data that a version could not be made: inbox and e-mail."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import users_who_may
from accounts.rights import Action
from notifications import delivery
from notifications.languages import WORDS, in_every_language
from notifications.models import Notification
from reports.models import DatasetRun
from reports.opendata.dataset import find

INBOX, EMAIL = Notification.Transport.INBOX, Notification.Transport.EMAIL
TEMPLATE = "open_data_failed"


def tell_failed(run: DatasetRun) -> int:
    """Once for each attempt. What went wrong in detail stays on the page."""
    dataset = find(run.dataset)
    title = dataset.title if dataset else run.dataset
    told = in_every_language(
        lambda: (
            _("Open data: “%(title)s” was not made") % {"title": title},
            _("The last version stays public. The next attempt is tomorrow night; the page says what went wrong."),
        )
    )
    path = reverse("reports:data-staff")
    drafts: list[delivery.Draft] = []
    for user in users_who_may(Action.CONFIGURE):
        drafts.append(_draft(run, user, INBOX, str(user.pk), told, path))
        if user.email:
            drafts.append(_draft(run, user, EMAIL, user.email, told, path))
    return delivery.queue_all(drafts)


def _draft(
    run: DatasetRun, user: User, transport: str, address: str, told: dict[str, list[str]], path: str
) -> delivery.Draft:
    subject, body = told[user.language]
    link = f"\n\n{settings.PUBLIC_URL.rstrip('/')}{path}" if transport == EMAIL else ""
    return delivery.Draft(
        dedupe_key=f"open-data:{run.pk}:failed:{user.pk}:{transport}",
        transport=transport,
        address=address,
        template=TEMPLATE,
        subject=subject,
        body=f"{body}{link}",
        language=user.language,
        subject_ref=f"dataset-run:{run.pk}",
        headers={WORDS: told, "path": path} if transport == INBOX else {},
        user=user,
    )
