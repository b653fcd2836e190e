"""`manage.py demo_accounts`: make the demo accounts and print them by role."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from appeals.demo.accounts import DemoAccount, ensure_accounts

COLUMNS = "{role:<15} {login:<26} {password:<18} {name}"


def demo_password(options: dict[str, Any]) -> str:
    """The password everybody knows is for a developer's machine; elsewhere --force needs one of your own."""
    if settings.DEMO_ALLOWED:
        return str(options["password"] or settings.DEMO_PASSWORD)
    if not options["force"]:
        raise CommandError("Demo data is refused here: this is no development machine. --force makes it all the same.")
    if not options["password"] or options["password"] == settings.DEMO_PASSWORD:
        raise CommandError("Give a --password of your own: the one of the demo is known to everybody.")
    return str(options["password"])


def add_demo_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="also outside a development machine (needs --password)")
    parser.add_argument("--password", default="", help="of accounts that are made now")


class Command(BaseCommand):
    help = "Make the missing demo accounts and print a table of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_demo_arguments(parser)
        parser.add_argument("--all", action="store_true", help="print every account, not only one or two for each role")

    def handle(self, *args: Any, **options: Any) -> None:
        password = demo_password(options)
        plan = ensure_accounts(password)
        shown = [row for row in plan if row.is_shown or options["all"]]
        self.stdout.write(COLUMNS.format(role="role", login="login", password="password", name="name"))
        for row in shown:
            self.stdout.write(self._line(row, password))
        if not options["all"]:
            self.stdout.write(
                f"... {len(plan) - len(shown)} more with the same password: executor.<unit>, executor2.<unit>, "
                "head.<unit> (manage.py demo_accounts --all)"
            )

    def _line(self, row: DemoAccount, password: str) -> str:
        role = str(row.role) if row.role else "resident"
        return COLUMNS.format(role=role, login=row.login, password=password, name=row.name)
