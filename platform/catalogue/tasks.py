"""Celery entry points of the connectors."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from catalogue import running
from catalogue.models import ConnectorRun
from common.connectors import connectors

SECONDS_IN_QUEUE = 60  # what waits longer than this is handed out again by a later tick


@shared_task
def run_due() -> int:
    """Hand out every check and run that is due, each to a task of its own: a slow one holds up nobody else."""
    found = running.due(timezone.now())
    for slug, job in found:
        begin(slug, job, ConnectorRun.Trigger.SCHEDULE)
    return len(found)


def begin(slug: str, job: str, trigger: str) -> None:
    """With the time limit of this connector."""
    seconds = connectors.get(slug).seconds
    perform.apply_async(
        (slug, job, trigger), expires=SECONDS_IN_QUEUE, soft_time_limit=seconds, time_limit=seconds + 20
    )


@shared_task
def perform(slug: str, job: str, trigger: str) -> str:
    """One check or run."""
    run = running.perform(slug, job, trigger=trigger)
    return run.outcome if run else ""


@shared_task
def forget_old_runs() -> int:
    return running.forget_old(timezone.now())
