"""`manage.py make_demo`: fill the hub with an invented city, clearly marked as invented."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from accounts.models import Role, RoleAssignment, User
from appeals import terms
from appeals.demo import personal_data
from appeals.demo.accounts import ensure_accounts
from appeals.demo.city import City
from appeals.demo.duty import ensure_duty
from appeals.demo.world import read_world
from appeals.history.past import PastAppeal
from appeals.history.store import BATCH, store_batch
from appeals.management.commands.demo_accounts import add_demo_arguments, demo_password
from appeals.models import Appeal, Status, Topic
from common.progress import Progress


class Command(BaseCommand):
    help = (
        "Fill the hub with invented appeals in every state, by the proportions of the study, and with demo accounts. "
        "A run that was cut off is finished by the next one; a second run adds nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_demo_arguments(parser)
        parser.add_argument("--appeals", type=int, default=3000)
        parser.add_argument("--days", type=int, default=120)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        password = demo_password(options)
        if not Topic.objects.exists():
            raise CommandError("Load the reference data first: manage.py load_reference")
        ensure_accounts(password)
        ensure_duty(timezone.localdate())
        now = timezone.localtime()
        city = City(
            read_world(now, terms.calendar()),
            count=options["appeals"],
            days=options["days"],
            seed=options["seed"],
        )
        known = set(Appeal.objects.filter(is_demo=True).values_list("external_id", flat=True))
        self._store(city.appeals(known), options["appeals"] - len(known))
        self._invent_duties()
        self._summarize()

    def _store(self, appeals: Iterator[PastAppeal], count: int) -> None:
        progress, done = Progress(sys.stderr, "Demo city, invented"), 0
        while batch := list(islice(appeals, BATCH)):
            stored = store_batch(batch)
            if stored.refused:
                raise CommandError(f"The generator told an impossible story: {stored.refused[0]}")
            done += len(batch)
            progress.show(min(done / max(count, 1), 1.0), done)
        progress.end()

    def _invent_duties(self) -> None:
        resident = User.objects.filter(username="resident").first()
        officer = RoleAssignment.objects.filter(role=Role.SECURITY_OFFICER).select_related("user").first()
        if resident and officer:
            personal_data.invent(resident, officer.user)

    def _summarize(self) -> None:
        states = Counter(Appeal.objects.filter(is_demo=True).values_list("status", flat=True))
        with translation.override("en"):
            listed = ", ".join(f"{Status(status).label.lower()} {count:,}" for status, count in states.most_common())
        self.stdout.write(f"Invented appeals: {states.total():,} ({listed}).")
