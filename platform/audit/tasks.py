"""Celery entry points of the log."""

from __future__ import annotations

from celery import current_app, shared_task

from audit import checks, sealing
from audit.models import ChainCheck
from audit.siem import shipping
from common.events import hint_taken

SECONDS = 400.0  # of one task; the longest chain is verified by several, one after the other


@shared_task
def seal() -> int:
    """Give every record that waits its place in the chain."""
    hint_taken("audit.tasks.seal")
    return sealing.seal_all()


@shared_task
def verify_new() -> str:
    """Every hour: what is new in the chain, and a verification of the whole that has stopped on its way."""
    if ChainCheck.objects.filter(is_whole=True, finished_at__isnull=True).exists():
        current_app.send_task("audit.tasks.verify_whole")
    return checks.check_new(SECONDS).problem


@shared_task
def verify_whole() -> str:
    """Every night: the whole chain."""
    check = checks.check_whole(SECONDS)
    if check.finished_at is None:
        current_app.send_task("audit.tasks.verify_whole")
    return check.problem


@shared_task
def ship() -> int:
    """Send to every receiver outside what it has not got yet."""
    hint_taken(shipping.SHIP_TASK)
    return shipping.ship_all()
