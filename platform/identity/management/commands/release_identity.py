"""Take back an identity confirmed by signature, so that its owner can confirm another account of his."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from common.errors import DomainError
from identity import proofs


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login", help="of the account that can no longer be opened")
        parser.add_argument("--by", required=True, help="login of the employee who has seen the identity card")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, login: str, by: str, reason: str, **options: Any) -> None:
        """Both are accounts: the record and the log name who decided."""
        found = {user.username: user for user in User.objects.filter(username__in=[login, by])}
        missing = [name for name in (login, by) if name not in found]
        if missing:
            raise CommandError(f"No such account: {', '.join(missing)}")
        try:
            proofs.release(found[login], by=found[by], reason=reason)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The identity of {login} is released.")
