"""Tell the administrators once when a connection stops working, and once when it works again."""

from __future__ import annotations

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.permissions import users_who_may
from accounts.rights import Action
from catalogue.models import ConnectorJob, ConnectorRun
from common.connectors import Reason, connectors
from notifications import delivery
from notifications.languages import WORDS, in_every_language
from notifications.models import Notification

IN_A_ROW = 3  # a single failure mends itself more often than not


def noticed(row: ConnectorJob, run: ConnectorRun, failures_before: int) -> int:
    """The third failure in a row, and the first success after it; how many notices were queued."""
    if row.failures == IN_A_ROW:
        return _tell(run, works=False)
    if row.failures == 0 and failures_before >= IN_A_ROW:
        return _tell(run, works=True)
    return 0


def _tell(run: ConnectorRun, *, works: bool) -> int:
    path = reverse("catalogue:connection", args=[run.job.connector])
    drafts = []

    def words() -> tuple[str, str]:
        context = {
            "name": connectors.get(run.job.connector).name,
            "works": works,
            "reason": Reason(run.reason).label if run.reason else "",
            "url": f"{settings.PUBLIC_URL.rstrip('/')}{path}",
        }
        subject = _("A connection works again") if works else _("A connection does not work")
        return subject, render_to_string("notices/connection.txt", context).strip()

    for user in users_who_may(Action.MANAGE_API):
        with override(user.language):
            subject, body = words()
        drafts.append(
            delivery.Draft(
                dedupe_key=f"connection:{run.pk}:user:{user.pk}",
                transport=Notification.Transport.INBOX,
                address=str(user.pk),
                template="connection",
                subject=subject,
                body=body,
                language=user.language,
                subject_ref=f"connector:{run.job.connector}",
                headers={WORDS: in_every_language(words), "path": path},
                user=user,
            )
        )
    return delivery.queue_all(drafts)
