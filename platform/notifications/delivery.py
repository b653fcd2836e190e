"""Queue messages in the transaction of what they tell about, and send what is due.

Delivery is at least once: a message counts as sent when the transport has taken it, and a crash between the two
sends it again. A message that is known to have gone is never sent twice.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from accounts.models import User
from common import realm
from common.errors import Conflict
from common.events import publish
from notifications import mail_ids
from notifications.models import Notification
from notifications.transports.base import OutgoingMessage, Transport, TransportFailed, Undeliverable, transports

logger = logging.getLogger(__name__)

SEND_TASK = "notifications.tasks.send_due_notifications"
HURRY_TASK = "notifications.tasks.send_hurried_notifications"
BATCH = 20
LEASE = timedelta(minutes=10)  # longer than a batch of the slowest transport takes
# The wait after each failed try; over three days in all, then the message has failed.
BACKOFF = tuple(
    timedelta(seconds=seconds)
    for seconds in (30, 120, 600, 1800, 3600, 2 * 3600, 4 * 3600, 8 * 3600, 12 * 3600, 12 * 3600, 12 * 3600, 24 * 3600)
)

HURRIED_WAIT = timedelta(seconds=20)

# Sent in the transaction that marks a message as failed; keyword arguments: notification. Apps try another way out.
delivery_failed = Signal()
# The same for a message that a transport has taken.
delivery_succeeded = Signal()


@dataclass(frozen=True)
class Draft:
    """A message to be queued. `dedupe_key` names the cause and the recipient: the same key is queued once.

    `is_secret`: the text (a code, a link that opens an account) is stored encrypted and forgotten when it has gone.
    `good_until`: it goes before what can wait, and not at all when it comes too late.
    """

    dedupe_key: str
    transport: str
    address: str
    template: str
    body: str
    subject: str = ""
    language: str = "kk"
    subject_ref: str = ""
    headers: Mapping[str, Any] = field(default_factory=dict)
    user: User | None = None
    is_secret: bool = False
    good_until: datetime | None = None


def queue(draft: Draft) -> bool:
    """Write the message in the present transaction; false when this key is queued already."""
    return queue_all([draft]) == 1


def queue_all(drafts: list[Draft]) -> int:
    """The same for several at once; the number of new messages."""
    keys = {draft.dedupe_key[:120] for draft in drafts}
    known = set(Notification.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    rows = [_row(draft) for draft in drafts if draft.dedupe_key[:120] not in known]
    if rows:
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
    waiting = [row for row in rows if row.status == Notification.Status.WAITING]
    for task in sorted({HURRY_TASK if row.good_until else SEND_TASK for row in waiting}):
        publish(task)
    return len(rows)


def _row(draft: Draft) -> Notification:
    in_inbox = draft.transport == Notification.Transport.INBOX
    now = timezone.now()
    return Notification(
        dedupe_key=draft.dedupe_key[:120],
        transport=draft.transport,
        address=draft.address,
        language=draft.language,
        template=draft.template,
        subject=draft.subject[:250],
        body="" if draft.is_secret else draft.body,
        secret_body=draft.body if draft.is_secret else "",
        good_until=draft.good_until,
        headers=dict(draft.headers),
        subject_ref=draft.subject_ref,
        user=draft.user,
        # The row is the delivery: the inbox shows it as soon as the transaction has ended.
        status=Notification.Status.SENT if in_inbox else Notification.Status.WAITING,
        sent_at=now if in_inbox else None,
        created_at=now,
    )


def cancel(*, subject_ref: str, template: str) -> int:
    """Take back messages that no longer hold and have not gone yet."""
    waiting = Notification.objects.filter(
        subject_ref=subject_ref, template=template, status=Notification.Status.WAITING
    )
    return waiting.update(status=Notification.Status.CANCELLED, secret_body="")


def send_due(limit: int = BATCH, *, hurried: bool = False) -> int:
    """Claim what is due, hand each message to its transport and note how it went; the number of messages tried.

    `hurried`: only what is of use for minutes, so that a code never waits behind a thousand notices.
    """
    claimed = _claim(limit, hurried)
    for notification in claimed:
        _send(notification)
    return len(claimed)


@transaction.atomic
def _claim(limit: int, hurried: bool = False) -> list[Notification]:
    """The try is counted and leased before it is made: a message that kills its process does not come back at once."""
    now = timezone.now()
    rows = Notification.objects.select_for_update(skip_locked=True).filter(
        status=Notification.Status.WAITING, next_try_at__lte=now
    )
    due = list((rows.filter(good_until__isnull=False) if hurried else rows).order_by("next_try_at")[:limit])
    for notification in due:
        notification.attempts += 1
        notification.next_try_at = now + LEASE
    Notification.objects.bulk_update(due, ["attempts", "next_try_at"])
    return due


def _send(notification: Notification) -> None:
    if notification.good_until and notification.good_until <= timezone.now():
        _fail(notification, "too late")
        return
    try:
        provider_id = _transport_for(notification.transport).send(_message(notification))
    except Undeliverable as error:
        _fail(notification, str(error))
    except TransportFailed as error:
        _postpone(notification, str(error), error.retry_after)
    except Exception as error:  # one message must not stop the others, whatever is wrong with it
        logger.exception("message could not be sent", extra={"notification": notification.pk})
        _postpone(notification, f"{type(error).__name__}", None)
    else:
        _succeed(notification, provider_id)


def _transport_for(slug: str) -> Transport:
    if realm.current():
        return transports.get(Notification.Transport.CONSOLE)  # nobody outside hears of what is only tried out
    chosen = transports.get(slug)
    return chosen if chosen.is_configured() else transports.get(Notification.Transport.CONSOLE)


def _message(notification: Notification) -> OutgoingMessage:
    return OutgoingMessage(
        ref=f"hub-{notification.pk}",
        address=notification.address,
        language=notification.language,
        subject=notification.subject,
        body=notification.text,
        headers=_headers(notification),
        is_repeat=notification.attempts > 1,
    )


def _headers(notification: Notification) -> Mapping[str, Any]:
    """Every e-mail has an id with our seal, by which it is known again when it bounces."""
    if notification.transport != Notification.Transport.EMAIL or "Message-ID" in notification.headers:
        return notification.headers  # type: ignore[no-any-return]  # a JSON field
    return {**notification.headers, "Message-ID": mail_ids.message_id(f"hub-{notification.pk}", 0)}


@transaction.atomic
def _succeed(notification: Notification, provider_id: str) -> None:
    notification.status, notification.sent_at = Notification.Status.SENT, timezone.now()
    notification.provider_id, notification.error = provider_id[:200], ""
    notification.secret_body = ""
    notification.save(update_fields=["status", "sent_at", "provider_id", "error", "secret_body"])
    delivery_succeeded.send(sender=Notification, notification=notification)


@transaction.atomic
def bounced(notification_id: int, why: str) -> bool:
    """A message that was sent has come back: it counts as not delivered. False when that is known already."""
    notification = Notification.objects.select_for_update().get(pk=notification_id)
    if notification.status == Notification.Status.WAITING:
        raise Conflict  # the answer came before we noted that the message has gone: look again later
    if notification.status != Notification.Status.SENT:
        return False
    _fail(notification, f"bounced: {why}")
    return True


def _postpone(notification: Notification, why: str, retry_after: timedelta | None) -> None:
    if notification.attempts > len(BACKOFF):
        _fail(notification, why)
        return
    wait = retry_after or BACKOFF[notification.attempts - 1]
    if notification.good_until:
        wait = min(wait, HURRIED_WAIT)
    jitter = random.uniform(1.0, 1.25)
    Notification.objects.filter(pk=notification.pk).update(next_try_at=timezone.now() + wait * jitter, error=why[:2000])


@transaction.atomic
def _fail(notification: Notification, why: str) -> None:
    notification.status = Notification.Status.FAILED
    notification.error, notification.secret_body = why[:2000], ""
    notification.save(update_fields=["status", "error", "secret_body"])
    logger.warning(
        "message not delivered", extra={"notification": notification.pk, "transport": notification.transport}
    )
    delivery_failed.send(sender=Notification, notification=notification)
