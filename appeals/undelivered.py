"""What becomes of a message that did not arrive: the case says so, and whoever has the case is told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import transaction

from appeals import events
from appeals.models import Appeal, AppealEvent, EventKind
from notifications import delivery, mail_ids
from notifications.models import Notification

ADDRESS = re.compile(r"\S+@\S+|\+?\d[\d\-(). ]{8,}\d")
LONGEST_REASON = 300


@transaction.atomic
def take_bounce(message_ids: Iterable[str], *, why: str) -> Appeal | None:
    """Another system says that our message was not delivered; the appeal it was about. A repeat changes nothing.

    Only ids with our seal count, so nobody can make a message undelivered that he has never seen.
    """
    appeal = None
    for message_id in message_ids:
        for reference in mail_ids.references_in(message_id):
            row, about = _message(reference, message_id)
            if row is not None:
                delivery.bounced(row.pk, why)
            appeal = about or appeal
    return appeal


def _message(reference: str, message_id: str) -> tuple[Notification | None, Appeal | None]:
    rows = Notification.objects.filter(transport=Notification.Transport.EMAIL)
    kind, _dash, key = reference.partition("-")
    if kind == "hub" and key.isdigit():
        return rows.filter(pk=key).first(), None
    appeal = Appeal.objects.filter(number=reference).first()
    if appeal is None:
        return None, None
    about = rows.filter(subject_ref=f"appeal:{appeal.pk}", headers__contains={"Message-ID": message_id})
    return about.first(), appeal


@transaction.atomic
def on_failed(sender: object, notification: Notification, **kwargs: object) -> None:
    """A notice to the applicant, or the case to another body, has failed for good: the history and the staff know it.

    Kept without the address, which the history must not hold.
    """
    event_id = _event_of(notification)
    if event_id is None:
        return
    appeal_id = AppealEvent.objects.values_list("appeal_id", flat=True).get(pk=event_id)
    appeal = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal_id)
    why = ADDRESS.sub("…", notification.error)[:LONGEST_REASON]
    data = {"event": event_id, "transport": notification.transport, "template": notification.template}
    events.record(appeal, EventKind.NOTICE_FAILED, reason=why, data=data)


def _event_of(notification: Notification) -> int | None:
    kind, event_id, recipient, *_rest = [*notification.dedupe_key.split(":"), "", "", ""]
    is_told = (kind == "notice" and recipient == "applicant") or kind == "forward"
    return int(event_id) if is_told and event_id.isdigit() else None


delivery.delivery_failed.connect(on_failed, dispatch_uid="appeals.undelivered.failed")
