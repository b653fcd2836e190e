"""Figures about the statistics themselves: whether they follow the events."""

from __future__ import annotations

from django.db.models import Min
from django.utils import timezone

from monitoring.gauges import MOST_COUNTED, gauge
from reports.models import ChangedAppeal, ChangedDay


@gauge("halyq_statistics_waiting", "Events of appeals that the statistics do not count yet.")
def statistics_waiting() -> float:
    return float(ChangedAppeal.objects.values("pk")[:MOST_COUNTED].count())


@gauge("halyq_statistics_oldest_seconds", "Age of the oldest of them; a minute is usual.")
def statistics_oldest() -> float:
    event = ChangedAppeal.objects.order_by("pk")[:1].aggregate(oldest=Min("noted_at"))["oldest"]
    day = ChangedDay.objects.aggregate(oldest=Min("noted_at"))["oldest"]  # counted, and not yet in the figures
    first = min(filter(None, (event, day)), default=None)
    return max((timezone.now() - first).total_seconds(), 0.0) if first else 0.0
