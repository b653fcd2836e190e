"""Figures of the open API: events on their way to programs, and applications that wait for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Min
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone
from prometheus_client import Counter

from common import realm
from monitoring.gauges import MOST_COUNTED, gauge
from openapi.models import Application, Delivery, Subscription, WaitingEvent
from openapi.models.applications import State

ENDED = Counter("halyq_webhook_deliveries_total", "Deliveries to programs that arrived or were given up.", ["outcome"])
for outcome in (Delivery.Status.DELIVERED, Delivery.Status.DEAD):
    ENDED.labels(outcome.value)  # there from the start: a count that appears as 1 has not grown, says Prometheus


@gauge("halyq_feed_waiting", "Events that have no place in the feed of changes yet.")
def feed_waiting() -> float:
    return float(WaitingEvent.objects.values("pk")[:MOST_COUNTED].count())


@gauge("halyq_webhook_deliveries_waiting", "Deliveries to programs that wait for their next try.", seconds=30)
def webhook_waiting() -> float:
    return float(Delivery.objects.filter(status=Delivery.Status.WAITING).values("subscription")[:MOST_COUNTED].count())


@gauge("halyq_webhook_late_seconds", "How long the delivery that is due longest has been due, of webhooks that are on.")
def webhook_late() -> float:
    rows = Delivery.objects.filter(status=Delivery.Status.WAITING, subscription__state=Subscription.State.ON)
    resting = rows.exclude(subscription__rests_until__gt=timezone.now())
    due = resting.aggregate(due=Min("next_try_at"))["due"]
    return max((timezone.now() - due).total_seconds(), 0.0) if due else 0.0


@gauge("halyq_webhooks", "Addresses of programs, by state; paused ones failed for long.", "state", seconds=60)
def webhooks() -> Mapping[str, float]:
    rows = Subscription.objects.values_list("state").annotate(Count("pk"))
    return dict.fromkeys(Subscription.State.values, 0.0) | {state: float(count) for state, count in rows}


@gauge("halyq_webhook_failing_seconds", "How long the webhook has failed that has failed longest.", seconds=60)
def webhook_failing() -> float:
    rows = Subscription.objects.filter(state=Subscription.State.ON, failing_since__isnull=False)
    since = rows.aggregate(since=Min("failing_since"))["since"]
    return max((timezone.now() - since).total_seconds(), 0.0) if since else 0.0


@gauge("halyq_applications", "Applications of the open API, by state.", "state", seconds=60)
def applications() -> Mapping[str, float]:
    rows = Application.objects.values_list("state").annotate(Count("pk"))
    return dict.fromkeys(State.values, 0.0) | {state: float(count) for state, count in rows}


@receiver(post_save, sender=Delivery, dispatch_uid="openapi-gauge-deliveries")
def count_ended(instance: Delivery, **_: Any) -> None:
    """What became of deliveries of the real world; those of a sandbox are only recorded."""
    if realm.current() is None and instance.status in (Delivery.Status.DELIVERED, Delivery.Status.DEAD):
        ENDED.labels(str(instance.status)).inc()
