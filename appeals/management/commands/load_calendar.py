"""`manage.py load_calendar`: add the holidays and moved days of given years to the working calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from appeals.reference.loader import default_years, load_calendar


class Command(BaseCommand):
    help = "Add days off and worked days from the `holidays` package. Days edited by hand are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("years", nargs="*", type=int, help="default: last year to the year after next")
        parser.add_argument("--overwrite", action="store_true", help="reset existing days to those of the package")

    def handle(self, *args: Any, **options: Any) -> None:
        years = options["years"] or default_years(dt.date.today())
        loaded = load_calendar(years, overwrite=options["overwrite"])
        self.stdout.write(
            f"    {min(years)}-{max(years)}: made {loaded.made}, reset {loaded.reset}, kept {loaded.kept}"
        )
