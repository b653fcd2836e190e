"""Raw deliveries of the channels: stored before anything is understood, processed once, in order, each on its own."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from appeals import conversations
from appeals.channels.base import ChannelAdapter, IncomingBounce, Malformed, channels
from appeals.models import Appeal, ChannelCounter, RawDelivery
from appeals.payload_text import pack, unpack
from common.crypto import encrypt
from common.errors import DomainError
from common.events import publish

logger = logging.getLogger(__name__)

PROCESS_TASK = "appeals.tasks.process_waiting_deliveries"
TURN = 0x48414C5A  # number of the advisory lock: one process at a time, so that a conversation keeps its order
LEASE = timedelta(seconds=30)  # whoever has the turn may take it up again: the one who had it is gone
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1800, 7200, 6 * 3600))
KEPT_OF_REFUSED = 4096
REFUSED_PER_DAY = 1000  # payloads kept for a look; beyond that they are only counted

INSERT = """
    INSERT INTO appeals_rawdelivery (channel, external_id, payload, received_at, status, attempts, next_try_at, error)
    VALUES (%s, %s, %s, %s, 'waiting', 0, %s, '')
    ON CONFLICT (channel, external_id) DO NOTHING
"""
COUNT = """
    INSERT INTO appeals_channelcounter (channel, day, reason, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (channel, day, reason) DO UPDATE SET count = appeals_channelcounter.count + 1
    RETURNING count
"""


# Store


def store(channel: str, external_id: str, raw: bytes) -> bool:
    """Keep a payload, once, and hint that it waits; false for a repeat. One statement, for this is the hot path."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [channel, external_id[:200], encrypt(pack(raw).encode()), now, now])
        is_new = bool(cursor.rowcount == 1)
    if is_new:
        publish(PROCESS_TASK)
    return is_new


def count_refusal(channel: str, reason: str) -> int:
    """One more turned away today; the number so far."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [channel, timezone.localdate(), reason])
        row = cursor.fetchone()
    return int(row[0])


def refuse(channel: str, raw: bytes, *, why: str, reason: str = ChannelCounter.Reason.MALFORMED) -> None:
    """Count a payload that is not understood and keep the beginning of it, up to a number a day."""
    if count_refusal(channel, reason) > REFUSED_PER_DAY:
        return
    kept = RawDelivery(
        channel=channel,
        external_id=f"refused:{hashlib.sha256(raw).hexdigest()[:40]}",
        payload=pack(raw[:KEPT_OF_REFUSED]),
        status=RawDelivery.Status.REFUSED,
        error=why[:500],
    )
    RawDelivery.objects.bulk_create([kept], ignore_conflicts=True)


# Process


def process_waiting() -> int:
    """Process everything due, oldest first. Only one process has the turn; another one leaves it all to that."""
    done = 0
    while _take_turn():
        try:
            while (delivery_id := _claim()) is not None:
                process(delivery_id)
                done += 1
        finally:
            _end_turn()
        # What was stored between the last look and the end of the turn, its task having found the turn taken.
        if not _due().exists():
            break
    return done


def _due() -> QuerySet[RawDelivery]:
    return RawDelivery.objects.filter(status=RawDelivery.Status.WAITING, next_try_at__lte=timezone.now())


def _take_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [TURN])
        return bool(cursor.fetchone()[0])


def _end_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [TURN])


@transaction.atomic
def _claim() -> int | None:
    """The oldest due delivery, its try counted before it is made: what kills its process does not stay first."""
    row = _due().select_for_update(skip_locked=True).order_by("received_at", "pk").values_list("pk", flat=True).first()
    if row is not None:
        RawDelivery.objects.filter(pk=row).update(attempts=F("attempts") + 1, next_try_at=timezone.now() + LEASE)
    return row


def process(delivery_id: int) -> None:
    """Parse one delivery and do what it says, in one transaction; whatever goes wrong stays with this delivery."""
    try:
        _process(delivery_id)
    except Malformed as error:
        _finish(delivery_id, RawDelivery.Status.REFUSED, f"malformed: {error}")
    except Exception as error:
        logger.exception("delivery could not be processed", extra={"delivery": delivery_id})
        _postpone(
            delivery_id,
            f"{type(error).__name__}: {error}",
            is_final=isinstance(error, DomainError) and error.status != 409,
        )


@transaction.atomic
def _process(delivery_id: int) -> None:
    rows = RawDelivery.objects.select_for_update(of=("self",), skip_locked=True)
    delivery = rows.filter(pk=delivery_id, status=RawDelivery.Status.WAITING).first()
    if delivery is None:
        return
    if delivery.attempts > len(BACKOFF) + 1:
        _finish(delivery_id, RawDelivery.Status.FAILED, "every process that took it up has died")
        return
    adapter: ChannelAdapter = channels.get(delivery.channel)
    found = adapter.parse(unpack(delivery.payload), delivery.received_at)
    appeal: Appeal | None = None
    for incoming in found:
        appeal = conversations.handle(incoming, delivery) or appeal
    if not found or any(isinstance(item, IncomingBounce) for item in found):
        count_refusal(delivery.channel, ChannelCounter.Reason.BOUNCE if found else ChannelCounter.Reason.IGNORED)
    delivery.status = RawDelivery.Status.PROCESSED if found else RawDelivery.Status.IGNORED
    delivery.appeal, delivery.error = appeal, ""
    delivery.save(update_fields=["status", "appeal", "error"])


def _finish(delivery_id: int, status: str, why: str) -> None:
    rows = RawDelivery.objects.filter(pk=delivery_id, status=RawDelivery.Status.WAITING)
    channel = rows.values_list("channel", flat=True).first()
    rows.update(status=status, error=why[:2000])
    if channel and status == RawDelivery.Status.REFUSED:
        count_refusal(channel, ChannelCounter.Reason.MALFORMED)


def _postpone(delivery_id: int, why: str, *, is_final: bool) -> None:
    attempts = RawDelivery.objects.filter(pk=delivery_id).values_list("attempts", flat=True).first() or 0
    if is_final or attempts > len(BACKOFF):
        _finish(delivery_id, RawDelivery.Status.FAILED, why)
        return
    wait = BACKOFF[max(attempts - 1, 0)]
    rows = RawDelivery.objects.filter(pk=delivery_id, status=RawDelivery.Status.WAITING)
    rows.update(next_try_at=timezone.now() + wait, error=why[:2000])


def try_again(delivery_id: int) -> bool:
    """A failed delivery is taken up again, after somebody has looked at it."""
    failed = RawDelivery.objects.filter(pk=delivery_id, status=RawDelivery.Status.FAILED)
    if not failed.update(status=RawDelivery.Status.WAITING, attempts=0, next_try_at=timezone.now()):
        return False
    publish(PROCESS_TASK)
    return True
