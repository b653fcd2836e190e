"""Figures about the statistics themselves: whether they follow the events, and whether what is published gets made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Min, OuterRef, QuerySet, Subquery
from django.utils import timezone

from monitoring.gauges import MOST_COUNTED, gauge
from reports.models import ChangedAppeal, ChangedDay, DatasetRun, PublishedReport, ReportSchedule, ScheduleRun

RECENT = dt.timedelta(days=1)


@gauge("halyq_statistics_waiting", "Events of appeals that the statistics do not count yet.")
def statistics_waiting() -> float:
    return float(ChangedAppeal.objects.values("pk")[:MOST_COUNTED].count())


@gauge("halyq_statistics_oldest_seconds", "Age of the oldest of them; a minute is usual.")
def statistics_oldest() -> float:
    event = ChangedAppeal.objects.order_by("pk")[:1].aggregate(oldest=Min("noted_at"))["oldest"]
    day = ChangedDay.objects.aggregate(oldest=Min("noted_at"))["oldest"]  # counted, and not yet in the figures
    first = min(filter(None, (event, day)), default=None)
    return _age(first)


# What is published: reports, releases of the open data, and what schedules ask for


def _unmade() -> dict[str, QuerySet[PublishedReport] | QuerySet[DatasetRun]]:
    return {
        "report": PublishedReport.objects.filter(state__in=PublishedReport.UNFINISHED),
        "open_data": DatasetRun.objects.filter(state__in=(DatasetRun.State.WAITING, DatasetRun.State.RUNNING)),
    }


@gauge(
    "halyq_publishing_waiting", "Reports and releases of the open data that were asked for and are not made.", "what"
)
def publishing_waiting() -> Mapping[str, float]:
    return {what: float(rows.values("pk")[:MOST_COUNTED].count()) for what, rows in _unmade().items()}


@gauge("halyq_publishing_oldest_seconds", "How long the oldest of them has waited.", "what")
def publishing_oldest() -> Mapping[str, float]:
    firsts = {what: rows.aggregate(oldest=Min("asked_at"))["oldest"] for what, rows in _unmade().items()}
    return {what: _age(first) for what, first in firsts.items()}


@gauge(
    "halyq_publishing_failed",
    "Reports that failed within a day, datasets and active schedules whose last run failed.",
    "what",
)
def publishing_failed() -> Mapping[str, float]:
    failed = PublishedReport.objects.filter(state=PublishedReport.State.FAILED, asked_at__gt=timezone.now() - RECENT)
    last_of_datasets = DatasetRun.objects.order_by("dataset", "-id").distinct("dataset").values_list("state", flat=True)
    last = ScheduleRun.objects.filter(schedule=OuterRef("pk")).order_by("-id").values("state")[:1]
    schedules = ReportSchedule.objects.filter(is_active=True, deleted_at=None).annotate(last=Subquery(last))
    return {
        "report": float(failed.count()),
        "open_data": float(sum(state == DatasetRun.State.FAILED for state in last_of_datasets)),
        "schedule": float(schedules.filter(last=ScheduleRun.State.FAILED).count()),
    }


@gauge("halyq_schedules_late_seconds", "How long the schedule of a report that is due longest has been due.")
def schedules_late() -> float:
    active = ReportSchedule.objects.filter(is_active=True, deleted_at=None)
    return _age(active.aggregate(first=Min("next_run_at"))["first"])


def _age(moment: dt.datetime | None) -> float:
    return max((timezone.now() - moment).total_seconds(), 0.0) if moment else 0.0
