"""Figures of the pipeline: what waits, for how long, and what is late. Each comes from an index made for such rows."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import Count, Max, Min, Model, QuerySet
from django.utils import timezone

from appeals.models import Appeal, AppealEvent, Attachment, RawDelivery, RemoteFile, Timer, WaitingTask
from appeals.models.appeal import WAITING
from appeals.models.choices import TimerCode
from monitoring.gauges import MOST_COUNTED, gauge

MANY_ATTEMPTS = 5  # what has failed so often will not mend itself
HEAVY_SECONDS = 60  # figures over many open rows
MINE = ("register", "first_reaction", "answer", "forward", "extension_notice", "second_look")  # terms of the city's own


def _count(rows: QuerySet[Model]) -> float:
    return float(rows.order_by().values("pk")[:MOST_COUNTED].count())


def _age(rows: QuerySet[Model], field: str) -> float:
    """Seconds since the oldest of them; nought when there is none."""
    oldest = rows.aggregate(oldest=Min(field))["oldest"]
    return max((timezone.now() - oldest).total_seconds(), 0.0) if oldest else 0.0


def _unhandled() -> QuerySet[AppealEvent]:
    return AppealEvent.objects.filter(reacted_at__isnull=True)


@gauge("halyq_outbox_waiting", "Events of appeals that have not been handed on.")
def outbox_waiting() -> float:
    return _count(_unhandled())


@gauge("halyq_outbox_oldest_seconds", "Age of the oldest event that has not been handed on.")
def outbox_oldest() -> float:
    return _age(_unhandled(), "recorded_at")


@gauge("halyq_outbox_tasks_waiting", "Tasks of events that nobody has finished.", "task")
def tasks_waiting() -> Mapping[str, float]:
    return {task: float(count) for task, count in WaitingTask.objects.values_list("task").annotate(Count("pk"))}


@gauge("halyq_outbox_tasks_oldest_seconds", "Age of the event whose task has waited longest.")
def tasks_oldest() -> float:
    """Rows of tasks have no time of their own; the first one of them has the oldest event."""
    first = WaitingTask.objects.order_by("pk").values_list("event__recorded_at", flat=True).first()
    return max((timezone.now() - first).total_seconds(), 0.0) if first else 0.0


@gauge("halyq_outbox_tasks_failing", f"Tasks of events that were tried more than {MANY_ATTEMPTS} times.", "task")
def tasks_failing() -> Mapping[str, float]:
    failing = WaitingTask.objects.filter(attempts__gt=MANY_ATTEMPTS)
    return {task: float(count) for task, count in failing.values_list("task").annotate(Count("pk"))}


@gauge("halyq_outbox_attempts_most", "Most tries that a waiting task has had.")
def attempts_most() -> float:
    return float(WaitingTask.objects.aggregate(most=Max("attempts"))["most"] or 0)


@gauge("halyq_channel_deliveries_waiting", "What channels delivered and nobody has understood yet.")
def deliveries_waiting() -> float:
    return _count(RawDelivery.objects.filter(status=RawDelivery.Status.WAITING))


@gauge("halyq_channel_deliveries_oldest_seconds", "Age of the oldest of them.")
def deliveries_oldest() -> float:
    return _age(RawDelivery.objects.filter(status=RawDelivery.Status.WAITING), "received_at")


@gauge("halyq_remote_files_waiting", "Files of messengers that have not been fetched.")
def remote_files_waiting() -> float:
    return _count(RemoteFile.objects.filter(status=RemoteFile.Status.WAITING))


@gauge("halyq_malware_scans_waiting", "Files that no scanner has seen yet.")
def malware_scans_waiting() -> float:
    return _count(Attachment.objects.filter(scan=Attachment.Scan.WAITING))


@gauge("halyq_appeals_open", "Appeals nobody has answered yet; counted no further than 100,000.", seconds=HEAVY_SECONDS)
def appeals_open() -> float:
    return _count(Appeal.objects.filter(WAITING))


@gauge("halyq_appeals_overdue", "Of these, the ones whose term has passed.", seconds=HEAVY_SECONDS)
def appeals_overdue() -> float:
    return _count(Appeal.objects.filter(WAITING, due_at__lt=timezone.now()))


@gauge("halyq_terms_open", "Running clocks by what they measure.", "term",
       seconds=HEAVY_SECONDS)  # fmt: skip
def terms_open() -> Mapping[str, float]:
    return dict.fromkeys(TimerCode.values, 0.0) | _by_code(Timer.objects.filter(stopped_at__isnull=True))


@gauge("halyq_terms_overdue", "Running clocks of the city whose time has passed.", "term", seconds=HEAVY_SECONDS)
def terms_overdue() -> Mapping[str, float]:
    late = Timer.objects.filter(due_at__lt=timezone.now(), stopped_at__isnull=True)
    found = _by_code(late)
    return {code: found.get(code, 0.0) for code in MINE}


def _by_code(clocks: QuerySet[Timer]) -> dict[str, float]:
    """One walk along the index of running clocks, ended early when there are too many to be worth counting."""
    some = clocks.order_by().values("code")[: 10 * MOST_COUNTED]
    sql, values = some.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT code, count(*) FROM ({sql}) AS running GROUP BY code", values)
        return {str(code): float(count) for code, count in cursor.fetchall()}
