"""Hand the sealed log to every receiver: from its cursor, in the order of the chain, at least once.

A batch is leased before it is sent and the cursor moves after it was taken, so a process killed in between sends it
again; `event.id` tells the receiver that it has it already.
"""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import RoleAssignment
from audit.models import AuditRecord, SiemTarget
from audit.sealing import SHIP_TASK as SHIP_TASK
from audit.siem.ecs import Document, document
from audit.siem.receivers import HttpReceiver, NotTaken, Receiver, SyslogReceiver
from audit.siem.syslog import Sender

logger = logging.getLogger(__name__)

BATCH = 200
LEASE = timedelta(minutes=2)  # longer than a receiver may take for a batch
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=10)


def configured() -> dict[str, Receiver]:
    """The receivers that the settings name."""
    found: dict[str, Receiver] = {}
    if settings.SIEM_SYSLOG_URL:
        sender = Sender(
            hostname=settings.SIEM_HOSTNAME or socket.gethostname(),
            facility=settings.SIEM_SYSLOG_FACILITY,
            sd_id=settings.SIEM_SYSLOG_SD_ID,
        )
        found["syslog"] = SyslogReceiver(
            settings.SIEM_SYSLOG_URL,
            sender,
            ca_file=settings.SIEM_SYSLOG_CA_FILE,
            is_confirmed=settings.SIEM_SYSLOG_CONFIRM,
            timeout=settings.SIEM_TIMEOUT,
        )
    if settings.SIEM_HTTP_URL:
        found["http"] = HttpReceiver(
            settings.SIEM_HTTP_URL,
            token=settings.SIEM_HTTP_TOKEN,
            is_gzipped=settings.SIEM_HTTP_GZIP,
            timeout=settings.SIEM_TIMEOUT,
        )
    return found


def ship_all(seconds: float = 60.0) -> int:
    """Send to every receiver what it has not got, until nothing is left, it fails or the time is over."""
    until = time.monotonic() + seconds
    return sum(_ship_to(slug, receiver, until) for slug, receiver in configured().items())


def _ship_to(slug: str, receiver: Receiver, until: float) -> int:
    total, size = 0, BATCH
    while time.monotonic() < until:
        target = _claim(slug)
        rows = _next(target, size) if target else []
        if target is None:
            return total
        if not rows:
            _release(target)
            return total
        try:
            receiver.send(documents(rows))
        except NotTaken as error:
            if error.is_too_large and len(rows) > 1:
                size = len(rows) // 2
                _release(target)
                continue
            _postpone(target, error)
            return total
        _advance(target, rows[-1].seq or 0)
        total += len(rows)
    return total


def documents(rows: Iterable[AuditRecord]) -> list[Document]:
    found = list(rows)
    roles = _roles({row.actor_id for row in found if row.actor_id})
    return [document(row, roles.get(row.actor_id or 0, ())) for row in found]


def _roles(user_ids: set[int]) -> Mapping[int, list[str]]:
    found: dict[int, list[str]] = {}
    for user_id, role in RoleAssignment.objects.filter(user_id__in=user_ids).values_list("user_id", "role"):
        found.setdefault(user_id, []).append(role)
    return found


@transaction.atomic
def _claim(slug: str) -> SiemTarget | None:
    """The target, if it is due and nobody else is sending to it."""
    SiemTarget.objects.get_or_create(slug=slug)
    now = timezone.now()
    due = SiemTarget.objects.select_for_update(skip_locked=True).filter(slug=slug, next_try_at__lte=now)
    target = due.first()
    if target is not None:
        target.next_try_at = now + LEASE
        target.save(update_fields=["next_try_at"])
    return target


def _next(target: SiemTarget, size: int) -> list[AuditRecord]:
    rows = AuditRecord.objects.filter(seq__gt=target.last_seq).select_related("actor")
    return list(rows.order_by("seq")[:size])


def _release(target: SiemTarget) -> None:
    SiemTarget.objects.filter(pk=target.pk, last_seq=target.last_seq).update(next_try_at=timezone.now())


def _advance(target: SiemTarget, seq: int) -> None:
    """Only from where this batch began: who was overtaken after his lease moves nothing."""
    now = timezone.now()
    SiemTarget.objects.filter(pk=target.pk, last_seq=target.last_seq).update(
        last_seq=seq, sent_at=now, next_try_at=now, attempts=0, last_error=""
    )


def _postpone(target: SiemTarget, error: NotTaken) -> None:
    attempts = target.attempts + 1
    wait = error.retry_after or min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)
    logger.warning("siem_not_taken", extra={"target": target.slug, "attempts": attempts, "error": str(error)[:300]})
    SiemTarget.objects.filter(pk=target.pk, last_seq=target.last_seq).update(
        attempts=attempts, next_try_at=timezone.now() + wait, last_error=str(error)[:300]
    )
