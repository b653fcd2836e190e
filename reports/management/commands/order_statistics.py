"""`manage.py order_statistics`: have the worker do at once what it does by the hour and by night."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reports import tasks
from reports.opendata.tasks import order_open_data

ORDERED = (tasks.watch_growth, tasks.watch_texts, order_open_data)


class Command(BaseCommand):
    help = (
        "Ask the worker for early warnings, the tension index and the open data, so that the pages of a hub that was "
        "filled a moment ago are not empty until the night."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for task in ORDERED:
            task.delay()
        self.stdout.write(f"{len(ORDERED)} tasks ordered.")
