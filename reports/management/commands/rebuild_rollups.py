"""`manage.py rebuild_rollups`: compute all statistics anew from the events."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from common.progress import Progress
from reports import refreshing


class Command(BaseCommand):
    help = "Compute all facts from the events and all rollups from the facts. Can be stopped and begun again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="connections that work at once")

    def handle(self, *args: Any, **options: Any) -> None:
        progress = Progress(sys.stderr, "statistics")
        refreshing.rebuild(progress.show, workers=max(options["workers"], 1))
        progress.end()
        self.stdout.write(f"All statistics are built anew ({progress.seconds:.1f} s).")
