"""The sandbox by buttons: its owner moves the clock, begins anew and reads what would have been sent."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from audit.current import current_user
from openapi.models import Sandbox
from openapi.sandbox import databases, worlds
from tests.factories import make_reference
from tests.openapi.api import make_application
from tests.openapi.sandbox.test_sandbox import make_tester
from tests.openapi.test_pages import signed_in
from tests.openapi.v1.test_appeals import STATUTORY

pytestmark = pytest.mark.django_db(transaction=True)


def test_owner_moves_the_clock_and_begins_anew_by_buttons():
    make_reference()
    program = make_tester()
    program.post("appeals", STATUTORY)
    client = signed_in(program.application.owner)
    page = "/developers/sandbox/"
    told = program.get("sandbox/messages").json()[0]["address"]
    assert told in client.get(page).content.decode()
    assert client.post(f"{page}clock/", {"days": "0", "hours": "0"}).status_code == 422
    assert client.post(f"{page}clock/", {"days": "2", "hours": "3"})["Location"] == page
    assert program.get("sandbox").json()["ahead_seconds"] == 51 * 3600
    assert client.get(f"{page}reset/").status_code == 200
    assert program.get("appeals").json()["results"], "asking deletes nothing"
    assert client.post(f"{page}reset/")["Location"] == page
    assert program.get("sandbox").json()["ahead_seconds"] == 0
    assert program.get("appeals").json()["results"] == []


def test_person_of_the_page_is_nobody_in_the_world_that_its_buttons_steer(monkeypatch):
    """The log of that world does not know him: a record with his name would break the step."""
    program, seen = make_tester(), []
    task = SimpleNamespace(apply=lambda throw: seen.append(current_user()))
    monkeypatch.setattr(worlds, "task_named", lambda name: task)
    client = signed_in(program.application.owner)
    assert client.post("/developers/sandbox/clock/", {"days": "1", "hours": "0"}).status_code == 302
    monkeypatch.setattr(databases, "fill", lambda: seen.append(current_user()))
    monkeypatch.setattr(databases, "call_command", lambda *_args, **_options: None)
    name = databases.seed_name()
    monkeypatch.setattr(worlds.databases, "ensure_seed", lambda: databases._fill(name) or name)
    assert client.post("/developers/sandbox/reset/").status_code == 302
    assert seen == [None] * (len(worlds.TICKS) + 1)


def test_whoever_has_no_application_of_the_sandbox_gets_none_made():
    application = make_application()  # a live one
    client = signed_in(application.owner)
    page = "/developers/sandbox/"
    assert "/developers/new/sandbox/" in client.get(page).content.decode()
    for path in ("clock/", "reset/"):
        assert client.post(page + path, {"days": "1"})["Location"] == page
    assert not Sandbox.objects.exists()
