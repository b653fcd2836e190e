"""`manage.py rebuild_rollups`: compute all statistics anew from the events."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from common.progress import Progress
from reports import refreshing


class Command(BaseCommand):
    help = "Compute all facts from the events and all rollups from the facts. Can be stopped and begun again."

    def handle(self, *args: Any, **options: Any) -> None:
        progress = Progress(sys.stderr, "statistics")
        refreshing.rebuild(progress.show)
        progress.end()
        self.stdout.write(f"All statistics are built anew ({progress.seconds:.1f} s).")
