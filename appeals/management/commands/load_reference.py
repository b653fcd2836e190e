"""`manage.py load_reference`: fill the editable tables with the shipped reference data."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from appeals.reference.loader import load_all


class Command(BaseCommand):
    help = "Make missing reference rows (organizations, topics, terms, routing, texts, calendar). Edited rows are kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--overwrite", action="store_true", help="reset existing rows to the shipped values")

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_all(overwrite=options["overwrite"])
        with translation.override("en"):  # the commands speak English to whoever runs the hub
            for table in loaded:
                name = str(table.table).capitalize()
                self.stdout.write(f"{name:<32} made {table.made:>4}  reset {table.reset:>4}  kept {table.kept:>4}")
