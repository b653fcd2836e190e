"""Send one message of a sandbox because its owner asks for it: whoever writes a receiver wants to see it work.

Nothing else leaves a sandbox. A worker sends it, so that no request waits for the server of a stranger; what became of
it is shown, and nothing is tried again.
"""

from __future__ import annotations

import structlog
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from common import realm
from common.errors import RateLimited
from common.limits import count
from openapi.models import Attempt, Delivery, Subscription
from openapi.models.applications import State
from openapi.sandbox import worlds
from openapi.webhooks import sending

logger = structlog.get_logger(__name__)
TASK = "openapi.tasks.send_from_sandbox"
MOST_A_MINUTE = 6  # of one owner: anybody can have a sandbox, and everybody shares the workers
# Of all owners together, and how long each may take: accounts are to be had by anybody, and a receiver that says
# nothing holds a worker that others need. So no more than one worker is ever held.
MOST_OF_ALL, TIMEOUT = 12, 5.0
BUSY = "TooManyAtOnce"  # shown as the error of the try: ask again in a minute


def ask(row: Delivery) -> None:
    """Inside the sandbox: have the message sent after the commit."""
    count("sandbox-webhook", realm.name(), limit=MOST_A_MINUTE, seconds=60)
    transaction.on_commit(lambda: _hand_over(worlds.owner_of(realm.name()), row.pk))


def _hand_over(owner_id: int, delivery_id: int) -> None:
    """To the real queue: what other tasks do, a sandbox does on the spot."""
    try:
        current_app.send_task(TASK, args=[owner_id, delivery_id])
    except OperationalError:
        logger.warning("sandbox_webhook_not_sent", owner=owner_id)


def send(owner_id: int, delivery_id: int) -> bool:
    """Outside of it: go in and send; whether the receiver took it. What was asked for before a reset is gone."""
    world = worlds.realm_of(owner_id)
    if world is None:
        return False
    may_call = _has_turn()
    with realm.inside(world):
        rows = Delivery.objects.select_related("subscription").filter(
            pk=delivery_id,
            status=Delivery.Status.RECORDED,
            subscription__state=Subscription.State.ON,
            subscription__application__state=State.APPROVED,
        )
        row = rows.first()
        return row is not None and _sent(row, may_call=may_call)


def _has_turn() -> bool:
    """Counted outside, for all sandboxes at once."""
    try:
        count("sandbox-webhooks", "", limit=MOST_OF_ALL, seconds=60)
    except RateLimited:
        return False
    return True


def _sent(row: Delivery, *, may_call: bool) -> bool:
    """Signed with the real time, for receivers refuse what is old."""
    attempt = Attempt(delivery=row, begun_at=timezone.now())
    busy = sending.Outcome(None, BUSY, 0)
    outcome = sending.post(attempt, realm.real_now(), timeout=TIMEOUT) if may_call else busy
    attempt.status_code, attempt.error, attempt.duration_ms = outcome.status_code, outcome.error, outcome.duration_ms
    with transaction.atomic():
        attempt.save()
        if outcome.is_success:
            Delivery.objects.filter(pk=row.pk).update(status=Delivery.Status.DELIVERED)
    return outcome.is_success
