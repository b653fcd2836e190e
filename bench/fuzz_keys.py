"""Prints a live key of each role as JSON; started by bench.fuzz with the environment of the stand."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from accounts.models import User  # noqa: E402  # models can be imported only after the set-up
from openapi import keys  # noqa: E402
from openapi.models import Application  # noqa: E402
from openapi.models.applications import Environment, State  # noqa: E402
from openapi.sandbox import people  # noqa: E402
from openapi.scopes import offered_in  # noqa: E402

NO_LIMIT = 10_000_000  # requests a minute


def key_of(role: str) -> str:
    owner = User.objects.get(username=people.login_of(role))
    application = Application.objects.create(
        owner=owner,
        name=f"Fuzz {role}",
        purpose="Asks everything that can be asked.",
        environment=Environment.LIVE,
        state=State.APPROVED,
        scopes=sorted(offered_in(Environment.LIVE, owner)),
        files_for_others=True,
        rate=NO_LIMIT,
    )
    return keys.issue(application, by=owner).key


def main(wanted: str) -> None:
    people.make()
    roles = wanted.split(",") if wanted else list(people.PEOPLE)
    json.dump({role: key_of(role) for role in roles}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
