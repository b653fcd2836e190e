"""Send what waits: at least once, with growing patience, and never to an address inside our own network."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.permissions import is_staff_member
from common import outgoing, realm
from common.network_addresses import listed
from notifications import delivery as notices
from notifications.models import Notification
from openapi.models import Attempt, Delivery, Subscription
from openapi.models.applications import State
from openapi.scopes import Scope
from openapi.webhooks.signature import headers
from signin.notices import email_of

logger = structlog.get_logger(__name__)
BATCH = 32
AT_ONCE = 8
TIMEOUT = 10.0
MAX_BYTES = 64 * 1024
LEASE = timedelta(minutes=5)  # a batch in which everything times out takes less than one
PER_ADDRESS = 4  # of a batch, so that a slow receiver does not keep those of all others waiting
PER_OWNER = 8  # likewise: nobody fills a batch with many slow receivers
GONE = 410
REST = timedelta(seconds=30)  # of an address after its first failure; doubles with each
LONGEST_REST = timedelta(hours=1)
# An address that has failed this long and this often in a row is left alone until its owner wants it again.
PAUSE_AFTER, PAUSE_FAILURES = timedelta(hours=24), 20
# The first of what is due for each of these webhooks; rows that another worker has at the moment are passed over.
DUE = """
    SELECT id FROM (
        SELECT due.id, due.next_try_at,
            row_number() OVER (PARTITION BY webhook.owner ORDER BY due.next_try_at, due.id) AS place
        FROM unnest(%s::bigint[], %s::bigint[]) AS webhook(id, owner) CROSS JOIN LATERAL (
            SELECT id, next_try_at FROM openapi_delivery
            WHERE subscription_id = webhook.id AND status = 'waiting' AND next_try_at <= %s
            ORDER BY next_try_at, id LIMIT %s FOR UPDATE SKIP LOCKED
        ) AS due
    ) AS placed WHERE place <= %s ORDER BY next_try_at, id LIMIT %s
"""


@dataclass(frozen=True)
class Outcome:
    status_code: int | None
    error: str
    duration_ms: int

    @property
    def is_success(self) -> bool:
        return self.status_code is not None and 200 <= self.status_code < 300


def send_due(limit: int = BATCH) -> int:
    """Try what is due; how many there were. Nothing is sent from inside a sandbox."""
    if realm.current() is not None:
        return 0
    tries = _claim(limit)
    if tries:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            outcomes = list(pool.map(post, tries, [timezone.now()] * len(tries)))
        for attempt, outcome in zip(tries, outcomes, strict=True):
            _note(attempt, outcome)
    return len(tries)


@transaction.atomic
def _claim(limit: int) -> list[Attempt]:
    """Lease what is due. Who dies while he has it leaves it due again, under the same id."""
    now = timezone.now()
    subscriptions = {row.pk: row for row in _served(now).select_related("application")}
    owners = [row.application.owner_id for row in subscriptions.values()]
    with connection.cursor() as cursor:
        cursor.execute(DUE, [list(subscriptions), owners, now, PER_ADDRESS, PER_OWNER, limit])
        keys = [key for (key,) in cursor.fetchall()]
    found = list(Delivery.objects.filter(pk__in=keys).order_by("next_try_at", "pk"))
    for row in found:
        row.subscription = subscriptions[row.subscription_id]
        row.attempts, row.next_try_at = row.attempts + 1, now + LEASE
    Delivery.objects.bulk_update(found, ["attempts", "next_try_at"])
    return Attempt.objects.bulk_create([Attempt(delivery=row, begun_at=now) for row in found])


def _served(now: datetime) -> QuerySet[Subscription]:
    """Webhooks that are on and do not rest, of applications that may still have them."""
    return Subscription.objects.filter(
        Q(rests_until__isnull=True) | Q(rests_until__lte=now),
        state=Subscription.State.ON,
        application__state=State.APPROVED,
        application__owner__is_active=True,
        application__scopes__contains=[Scope.WEBHOOKS_MANAGE.value],
    )


def may_be_private(url: str) -> bool:
    """Whether the installation lets webhooks go to this host of our own network."""
    return listed(urlsplit(url).hostname or "", settings.WEBHOOKS_ALLOWED)


def post(attempt: Attempt, now: datetime, *, timeout: float | None = None) -> Outcome:
    """One call; touches no table, for it runs beside others."""
    row, begun = attempt.delivery, time.monotonic()
    status_code, error = None, ""
    try:
        answer = outgoing.request(
            "POST",
            row.subscription.url,
            allow_private=may_be_private(row.subscription.url),
            timeout=TIMEOUT if timeout is None else timeout,
            max_bytes=MAX_BYTES,
            headers=_headers(row, now),
            content=row.body.encode(),
        )
        status_code = answer.status_code
    except httpx.HTTPError as failure:
        error = type(failure).__name__[:60]
    except Exception as failure:  # one message must not take those along that are sent beside it
        logger.exception("webhook_not_sent", webhook=row.subscription_id)
        error = type(failure).__name__[:60]
    return Outcome(status_code, error, round((time.monotonic() - begun) * 1000))


def _headers(row: Delivery, now: datetime) -> dict[str, str]:
    kept = row.subscription
    is_old_valid = kept.old_secret and kept.old_secret_until and kept.old_secret_until > now
    valid = [kept.secret, kept.old_secret] if is_old_valid else [kept.secret]
    signed = headers(valid, row.message_id, now, row.body)
    return signed | {"Content-Type": "application/json"}


@transaction.atomic
def _note(attempt: Attempt, outcome: Outcome) -> None:
    """Keep how the try ended and decide what follows."""
    attempt.status_code, attempt.error, attempt.duration_ms = outcome.status_code, outcome.error, outcome.duration_ms
    rows = Subscription.objects.select_for_update(no_key=True)
    kept = rows.filter(pk=attempt.delivery.subscription_id).first()
    row = Delivery.objects.select_for_update().filter(pk=attempt.delivery_id).first()
    if kept is None or row is None:
        return  # deleted meanwhile, with everything that hangs on it
    attempt.save()
    if outcome.is_success:
        row.status = Delivery.Status.DELIVERED
        kept.failures, kept.failing_since, kept.rests_until = 0, None, None
    else:
        _postpone(row)
        _count_failure(kept, outcome)
    row.save(update_fields=["status", "next_try_at"])
    kept.save(update_fields=["failures", "failing_since", "rests_until", "state"])


def _postpone(row: Delivery) -> None:
    """Growing waits over three days, spread so that not everything comes back at once; then it is given up."""
    if row.attempts == 0:
        return  # somebody asked for it anew while this try was under way: it is due
    if row.attempts > len(notices.BACKOFF):
        row.status = Delivery.Status.DEAD
        return
    wait = notices.BACKOFF[row.attempts - 1]
    row.next_try_at = timezone.now() + wait * random.uniform(0.8, 1.2)  # spreads load, hides nothing


def _count_failure(kept: Subscription, outcome: Outcome) -> None:
    now = timezone.now()
    kept.failures += 1
    kept.failing_since = kept.failing_since or now
    kept.rests_until = now + min(REST * 2 ** min(kept.failures - 1, 10), LONGEST_REST)
    if kept.state != Subscription.State.ON:
        return
    if outcome.status_code == GONE:
        kept.state = Subscription.State.OFF
        _tell_owner(kept)
    elif kept.failures >= PAUSE_FAILURES and now - kept.failing_since >= PAUSE_AFTER:
        kept.state = Subscription.State.PAUSED
        _tell_owner(kept)


def _tell_owner(kept: Subscription) -> None:
    """By e-mail, and in the inbox of a member of staff."""
    owner = kept.application.owner
    ways = [(Notification.Transport.EMAIL, email_of(owner))]
    if is_staff_member(owner):
        ways.append((Notification.Transport.INBOX, str(owner.pk)))
    with override(owner.language):
        subject = _("A webhook of “%(application)s” has stopped") % {"application": kept.application.name}
        body = _(
            "Events could not be delivered to %(host)s and are no longer sent there. They stay in the feed of changes. "
            "When the address works again, switch the webhook on and let the missed events be replayed."
        ) % {"host": urlsplit(kept.url).hostname}
    notices.queue_all(_drafts(kept, ways, subject, body))


def _drafts(kept: Subscription, ways: Sequence[tuple[str, str]], subject: str, body: str) -> list[notices.Draft]:
    owner, since = kept.application.owner, kept.failing_since or timezone.now()
    return [
        notices.Draft(
            dedupe_key=f"webhook-stopped:{kept.pk}:{since.timestamp()}:{transport}",
            transport=transport,
            address=address,
            template="webhook_stopped",
            subject=subject,
            body=body,
            language=owner.language,
            subject_ref=f"application:{kept.application_id}",
            user=owner if transport == Notification.Transport.INBOX else None,
        )
        for transport, address in ways
        if address
    ]
