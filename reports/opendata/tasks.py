"""Celery entry points of the open data: order what is due, make what waits."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from common.events import hint_taken
from reports.opendata import making

# Ten million appeals take minutes; a maker that is cut off is begun again when its lease is over.
LONGEST_SECONDS = 3600


@shared_task(name=making.TASK, soft_time_limit=LONGEST_SECONDS, time_limit=LONGEST_SECONDS + 60)
def make_open_data() -> int:
    hint_taken(making.TASK)
    return making.make_waiting()


@shared_task(name="reports.tasks.order_open_data", soft_time_limit=LONGEST_SECONDS, time_limit=LONGEST_SECONDS + 60)
def order_open_data() -> int:
    """Each night: every dataset whose time has come."""
    making.order_due(timezone.now())
    return making.make_waiting()
