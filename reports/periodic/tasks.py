"""Celery entry points of the periodic reports: ticks that process everything that is due, hinted or not."""

from __future__ import annotations

from celery import shared_task

from common.events import hint_taken
from reports.periodic import leftovers, making, scheduling

# A document that cannot be set in this time never will be; its lease ends, and after some tries it is told as failed.
LONGEST_SECONDS = 240


@shared_task(name=making.TASK, soft_time_limit=LONGEST_SECONDS - 20, time_limit=LONGEST_SECONDS)
def make_reports() -> int:
    """Make the reports that wait, and send what schedules wait for."""
    hint_taken(making.TASK)
    made = making.make_due()
    scheduling.settle_runs()
    return made


@shared_task(name=scheduling.TASK)
def run_schedules() -> int:
    """Begin what is due by the schedules; end the runs whose reports are there."""
    hint_taken(scheduling.TASK)
    begun = scheduling.run_due()
    scheduling.settle_runs()
    return begun


@shared_task(name="reports.periodic.tasks.remove_leftovers")
def remove_leftovers() -> int:
    """Each night: delete files that a killed maker has left."""
    return leftovers.remove()
