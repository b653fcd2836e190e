"""`manage.py make_demo_ratings`: invented service points with invented ratings for the demo city."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from reports.qr.demo import make_demo_ratings


class Command(BaseCommand):
    help = "Fill the demo city with service points and ratings, marked as invented. A second run adds nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{make_demo_ratings()} ratings")
