"""`manage.py count_statistics`: count now what the worker would count within the next minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reports import refreshing


class Command(BaseCommand):
    help = "Count the appeals that got an event since the last time, so that the pages show figures at once."

    def handle(self, *args: Any, **options: Any) -> None:
        if refreshing.needs_rebuild():
            self.stdout.write("So many appeals were never counted that it takes minutes: manage.py rebuild_rollups")
            return
        self.stdout.write(f"{refreshing.refresh()} appeals counted.")
