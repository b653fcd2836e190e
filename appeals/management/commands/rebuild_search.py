"""Fill the search column anew, in batches by id, after a change of the stemmer. Safe to stop and to repeat."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from appeals.models import Appeal
from common.text import search_terms

BATCH = 1000
UPDATE = """
UPDATE appeals_appeal AS a SET search = array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(fresh.stems)))
FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::jsonb[]) AS stems) AS fresh WHERE a.id = fresh.id
"""


class Command(BaseCommand):
    help = "Fill the search words of all appeals anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--after", type=int, default=0, help="go on after this id")

    def handle(self, *args: Any, after: int, **options: Any) -> None:
        last, done = after, 0
        while batch := list(
            Appeal.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "subject", "text", "address")[:BATCH]
        ):
            self._fill(batch)
            last, done = batch[-1][0], done + len(batch)
            self.stdout.write(f"\r{done} appeals, last id {last}", ending="")
        self.stdout.write("")

    def _fill(self, batch: list[tuple[int, str, str, str]]) -> None:
        stems = [json.dumps(sorted({stem for text in texts for stem in search_terms(text)})) for _pk, *texts in batch]
        with connection.cursor() as cursor:
            cursor.execute(UPDATE, [[row[0] for row in batch], stems])
