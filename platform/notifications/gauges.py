"""Figures of the messages out: what waits by which way, for how long, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Min
from django.dispatch import receiver
from django.utils import timezone
from prometheus_client import Counter

from monitoring.gauges import gauge
from notifications.delivery import delivery_failed, delivery_succeeded
from notifications.models import Notification

SENT = Counter("halyq_notifications_total", "Messages that have gone or were given up.", ["way", "outcome"])
for way in Notification.Transport.values:
    for outcome in ("sent", "failed"):
        SENT.labels(way, outcome)  # there from the start: a count that appears as 1 has not grown, says Prometheus
WAITING = Notification.Status.WAITING


@gauge("halyq_notifications_waiting", "Messages that wait to be sent.", "way", seconds=30)
def waiting() -> Mapping[str, float]:
    rows = Notification.objects.filter(status=WAITING).values_list("transport").annotate(Count("pk"))
    return dict.fromkeys(Notification.Transport.values, 0.0) | {way: float(count) for way, count in rows}


@gauge("halyq_notifications_late_seconds", "How long the message that is due longest has been due.")
def late() -> float:
    return _late(hurried=False)


@gauge("halyq_codes_late_seconds", "The same for codes, which keep people out while they wait.")
def codes_late() -> float:
    return _late(hurried=True)


def _late(*, hurried: bool) -> float:
    rows = Notification.objects.filter(status=WAITING)
    if hurried:
        rows = rows.filter(good_until__isnull=False)
    due = rows.aggregate(due=Min("next_try_at"))["due"]
    return max((timezone.now() - due).total_seconds(), 0.0) if due else 0.0


@receiver(delivery_succeeded, dispatch_uid="notifications-gauge-sent")
def count_sent(notification: Notification, **_: Any) -> None:
    SENT.labels(str(notification.transport), "sent").inc()


@receiver(delivery_failed, dispatch_uid="notifications-gauge-failed")
def count_failed(notification: Notification, **_: Any) -> None:
    SENT.labels(str(notification.transport), "failed").inc()
