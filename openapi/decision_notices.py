"""What the owner of an application is told when somebody has decided about it."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from notifications import delivery
from notifications.languages import WORDS, in_every_language
from notifications.models import Notification
from openapi.models import Application
from signin.notices import ways_of

INBOX = Notification.Transport.INBOX
SUBJECTS: dict[str, str | Promise] = {
    "approved": _("Your application is approved"),
    "refused": _("Your application was refused"),
    "suspended": _("Your application was suspended"),
    "resumed": _("Your application works again"),
}


def tell_owner(application: Application, what: str) -> int:
    """In his language, by the ways that are known; how many messages were queued."""
    owner = application.owner
    path = reverse("openapi:application", args=[application.pk])

    def words() -> tuple[str, str]:
        context = {"application": application, "what": what, "url": f"{settings.PUBLIC_URL.rstrip('/')}{path}"}
        return str(SUBJECTS[what]), render_to_string("notices/application.txt", context).strip()

    with override(owner.language):
        subject, body = words()
    return delivery.queue_all(
        [
            delivery.Draft(
                dedupe_key=f"application:{application.pk}:{application.decided_at:%Y%m%d%H%M%S%f}:{what}:{transport}",
                transport=transport,
                address=address,
                template=f"application_{what}",
                subject=subject,
                body=body,
                language=owner.language,
                subject_ref=f"application:{application.pk}",
                headers={WORDS: in_every_language(words), "path": path} if transport == INBOX else {},
                user=owner if transport == INBOX else None,
            )
            for transport, address in ways_of(owner)
        ]
    )
