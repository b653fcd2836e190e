"""`manage.py prune_audit`: make a checkpoint of the audit log and remove the records before it."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils import timezone

from accounts.models import User
from audit import checkpoints, checks
from common.errors import DomainError

SHORTEST = 365


class Command(BaseCommand):
    help = "Verify the chain, keep a checkpoint and, with --remove, remove the records before it. Both are recorded."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--keep-days", type=int, default=3 * 365, help="records younger than this stay (1095)")
        parser.add_argument("--by", required=True, help="user name of whoever decided it")
        parser.add_argument("--reason", required=True, help="the decision it rests on")
        parser.add_argument("--remove", action="store_true", help="remove them; without it only the checkpoint is made")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep_days"] < SHORTEST:
            raise CommandError(f"Records are kept for {SHORTEST} days at least.")
        actor = User.objects.filter(username=options["by"]).first()
        if actor is None:
            raise CommandError(f"There is no user {options['by']}.")
        if checks.check_whole().problem:
            raise CommandError("The chain does not hold; nothing was removed. See manage.py verify_audit.")
        before = timezone.now() - timedelta(days=options["keep_days"])
        try:
            point = checkpoints.make(before=before, actor=actor, reason=options["reason"])
            self.stdout.write(f"Checkpoint at number {point.seq:,}, {point.last_at:%Y-%m-%d}, {point.hash}.")
            if options["remove"]:
                removed = checkpoints.remove_before(point, actor=actor, reason=options["reason"])
                self.stdout.write(f"{removed:,} records were removed.")
        except DomainError as error:
            raise CommandError(str(error)) from error
