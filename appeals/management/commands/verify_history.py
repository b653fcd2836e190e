"""`manage.py verify_history`: prove the chains of the history and the texts it tells of, or name what is broken."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from appeals import events
from appeals.models import Appeal, AppealEvent
from common.progress import Progress
from common.reference_numbers import parse_number

CHUNK = 1000
SHOWN = 20


class Command(BaseCommand):
    help = "Recompute every hash of the history and of the texts it tells of. Exit code 1 when one does not fit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--appeal", help="only the appeal with this number")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 1 if options["appeal"] else Appeal.objects.count()
        progress = Progress(sys.stderr, "history")
        broken: list[events.BrokenLink] = []
        changed: list[events.ChangedText] = []
        seen = 0
        for ids in self._chunks(options["appeal"]):
            broken += events.broken_links(ids)
            changed += events.changed_texts(ids)
            seen += len(ids)
            progress.show(min(seen / max(total, 1), 1.0), seen)
        progress.end()
        if broken or changed:
            self._name(broken)
            self._name_texts(changed)
            damaged = len({link.appeal_id for link in broken} | {text.appeal_id for text in changed})
            raise CommandError(f"The history of {damaged} of {seen} appeals does not hold.", returncode=1)
        self.stdout.write(f"The history of {seen:,} appeals holds ({progress.seconds:.1f} s).")

    def _chunks(self, number: str | None) -> Iterator[list[int]]:
        """Keys in order; what is filed meanwhile is read on the next run."""
        rows = Appeal.objects.order_by("pk")
        if number:
            rows = rows.filter(number=str(parse_number(number) or number))
            if not rows.exists():
                raise CommandError(f"There is no appeal {number}.")
        last = 0
        while ids := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
            last = ids[-1]
            yield ids

    def _name(self, broken: list[events.BrokenLink]) -> None:
        """The number and the kind of the first broken row, for whoever has to look for the cause."""
        shown = broken[:SHOWN]
        numbers = dict(Appeal.objects.filter(pk__in=[link.appeal_id for link in shown]).values_list("pk", "number"))
        kinds = dict(AppealEvent.objects.filter(pk__in=[link.event_id for link in shown]).values_list("pk", "kind"))
        for link in shown:
            row = f"row {link.event_id} ({kinds.get(link.event_id, '')})" if link.event_id else "end of the chain"
            self.stderr.write(f"    {numbers[link.appeal_id]} event {link.seq}, {row}: {link.why}")
        if len(broken) > SHOWN:
            self.stderr.write(f"    ... and {len(broken) - SHOWN} more")

    def _name_texts(self, changed: list[events.ChangedText]) -> None:
        """The row whose text is not the one that was written, and the event that says so."""
        shown = changed[:SHOWN]
        numbers = dict(Appeal.objects.filter(pk__in=[found.appeal_id for found in shown]).values_list("pk", "number"))
        for found in shown:
            self.stderr.write(
                f"    {numbers[found.appeal_id]} event {found.seq}, {found.row}: its text was changed outside the steps"
            )
        if len(changed) > SHOWN:
            self.stderr.write(f"    ... and {len(changed) - SHOWN} more texts")
