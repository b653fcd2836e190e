"""`manage.py demo_accounts`: make the demo accounts and print them by role."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.models import Role
from appeals.demo.accounts import DemoAccount, ensure_accounts

COLUMNS = "{role:<20}  {login:<24}  {name}"
RESIDENT = "Resident"
ORDER = (
    None, Role.OPERATOR, Role.INSPECTOR, Role.EXECUTOR, Role.CO_EXECUTOR, Role.HEAD, Role.DEPUTY_AKIM, Role.AKIM,
    Role.ANALYST, Role.METHODOLOGIST, Role.MODERATOR, Role.ADMINISTRATOR, Role.SECURITY_OFFICER,
)  # fmt: skip


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
        self.stdout.write(f"Demo accounts; the password of each is {password}")
        if settings.DEMO_ALLOWED:
            self.stdout.write(f"The code that is asked for after it stands at {settings.PUBLIC_URL}/demo/messages/\n\n")
        self.stdout.write(COLUMNS.format(role="Role", login="Login", name="Name"))
        with translation.override("en"):
            for row in sorted(shown, key=_rank):
                self.stdout.write(COLUMNS.format(role=_role(row), login=row.login, name=row.name))
        if not options["all"]:
            self.stdout.write(f"\n{len(plan) - len(shown)} more, such as executor2.land: manage.py demo_accounts --all")


def _role(row: DemoAccount) -> str:
    return str(row.role.label) if row.role else RESIDENT


def _rank(row: DemoAccount) -> int:
    """Residents, then who works on an appeal in its order, then who oversees it."""
    return ORDER.index(row.role)
