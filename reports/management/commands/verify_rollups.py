"""`manage.py verify_rollups`: prove that all statistics are what the events say, or name what differs."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.progress import Progress
from reports import refreshing

SHOWN = 20


class Command(BaseCommand):
    help = "Compute everything again from the events and compare; changes nothing. Exit code 1 when something differs."

    def handle(self, *args: Any, **options: Any) -> None:
        progress = Progress(sys.stderr, "statistics")
        found = refreshing.verify(progress.show)
        progress.end()
        for difference in found[:SHOWN]:
            self.stderr.write(f"{difference.where}: {difference.rows} rows differ")
        if found:
            raise CommandError("The statistics are not what the events say. Run rebuild_rollups.", returncode=1)
        self.stdout.write(f"All statistics agree with the events ({progress.seconds:.1f} s).")
