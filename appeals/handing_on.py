"""Tasks of events as rows: handed on until they are done, whatever the queue server or a killed worker loses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from appeals.models import AppealEvent, WaitingTask

BATCH = 500
# Handed on again after this time, then after twice as long, and so on.
LEASE = timedelta(minutes=2)
LONGEST_LEASE = timedelta(hours=6)


def keep(started: Iterable[tuple[AppealEvent, str]]) -> list[WaitingTask]:
    """Rows for the tasks that events start; written in the transaction that marks the events."""
    until = timezone.now() + LEASE
    rows = [WaitingTask(event=event, task=task, next_try_at=until) for event, task in started]
    return WaitingTask.objects.bulk_create(rows)


def finish(waiting_id: int, work: Callable[[], None]) -> bool:
    """Do the work and forget the row in one transaction; false when somebody has done it before.

    The row goes first, so that of two workers with the same task the second waits and then finds nothing to do.
    """
    with transaction.atomic():
        taken, _ = WaitingTask.objects.filter(pk=waiting_id).delete()
        if taken:
            work()
    return bool(taken)


@transaction.atomic
def take_overdue() -> list[WaitingTask]:
    """Tasks nobody has finished within their lease, leased anew; one that is worked on is locked by its worker."""
    now = timezone.now()
    rows = WaitingTask.objects.select_for_update(skip_locked=True).filter(next_try_at__lte=now)
    overdue = list(rows.order_by("next_try_at")[:BATCH])
    for row in overdue:
        row.next_try_at = now + min(LEASE * 2 ** min(row.attempts, 20), LONGEST_LEASE)
        row.attempts += 1
    WaitingTask.objects.bulk_update(overdue, ["attempts", "next_try_at"])
    return overdue


def give_back(rows: Sequence[WaitingTask]) -> None:
    """The queue server did not take these: the next sweep does not wait for their lease."""
    WaitingTask.objects.filter(pk__in=[row.pk for row in rows]).update(next_try_at=timezone.now())
