"""Celery entry points: ticks of the clock that process everything that is due, hinted or not."""

from __future__ import annotations

from celery import shared_task

from common.events import hint_taken
from privacy import affected, breaches, erasing, escalation, exporting, requests, retention


@shared_task(name=requests.EXPORT_TASK)
def build_exports() -> int:
    """Make the copies of data that wait."""
    hint_taken(requests.EXPORT_TASK)
    return exporting.build_due()


@shared_task(name=requests.EXECUTE_TASK)
def execute_requests() -> int:
    """Carry out what was decided on requests about personal data."""
    hint_taken(requests.EXECUTE_TASK)
    return erasing.execute_due()


@shared_task(name=breaches.COLLECT_TASK)
def collect_affected() -> int:
    """Find the persons that breaches touch."""
    hint_taken(breaches.COLLECT_TASK)
    return affected.collect_due()


@shared_task
def remove_expired_exports() -> int:
    """Delete copies of data that nobody fetched within their week."""
    return exporting.remove_expired() + exporting.remove_orphans()


@shared_task
def run_retention() -> int:
    """At night: remove what is older than its period."""
    return retention.run_due()


@shared_task
def tell_of_terms() -> int:
    """Tell who must know that terms of the law run out; first compute them anew where the calendar was edited."""
    escalation.recompute()
    return escalation.tell_due()
