"""Keys: shown once, kept as a hash, checked without telling what was wrong, rotated with overlap, revoked at once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import AuditRecord
from common.errors import Conflict, ValidationFailed
from openapi import keys
from openapi.models import ApiKey
from openapi.models.applications import State
from tests.openapi.api import make_application, make_program

pytestmark = pytest.mark.django_db


def test_key_is_found_by_itself_alone_and_kept_nowhere():
    application = make_application()
    new = keys.issue(application, by=application.owner)
    assert keys.find(new.key) == new.row
    row = ApiKey.objects.get()
    secret = new.key.rsplit("_", 1)[0]
    assert new.key.split("_", 2)[2] not in str(vars(row))
    assert keys.find(secret + "_" + "A" * 43) is None
    assert keys.find(new.key[:-1] + ("A" if new.key[-1] != "A" else "B")) is None
    assert keys.find("") is None
    assert AuditRecord.objects.get(action="api_key_issued").details["key"] == row.prefix


@pytest.mark.parametrize("text", ["", "hub", "Bearer x", "hub_l123456789_" + "я" * 43, "hub_" + "a" * 5000, "\x00"])
def test_anything_else_finds_nothing(text):
    assert keys.find(text) is None


def test_key_has_no_end_unless_one_is_asked_for():
    application = make_application()
    forever = keys.issue(application, by=application.owner).row
    until = timezone.now() + timedelta(days=10)
    bounded = keys.issue(application, by=application.owner, expires_at=until).row
    assert forever.is_valid_at(timezone.now() + timedelta(days=36500))
    assert bounded.is_valid_at(until - timedelta(seconds=1))
    assert not bounded.is_valid_at(until)


def test_key_ends_in_the_future_only():
    application = make_application()
    with pytest.raises(ValidationFailed):
        keys.issue(application, by=application.owner, expires_at=timezone.now())


def test_rotation_lets_both_keys_work_for_a_while(time_machine):
    time_machine.move_to("2026-11-26T12:00:00+05:00", tick=False)
    program = make_program()
    old = program.new.row
    new = keys.rotate(old, by=old.created_by, overlap=timedelta(days=2))
    assert program.get("reference/topics").status_code == 200
    time_machine.shift(timedelta(days=2, seconds=1))
    assert program.get("reference/topics").status_code == 401
    program.key = new.key
    assert program.get("reference/topics").status_code == 200


def test_rotation_never_lengthens_a_life():
    application = make_application()
    soon = timezone.now() + timedelta(hours=1)
    row = keys.issue(application, by=application.owner, expires_at=soon).row
    keys.rotate(row, by=application.owner)
    row.refresh_from_db()
    assert row.expires_at == soon


def test_revoked_key_is_refused_at_once():
    program = make_program()
    assert program.get("reference/topics").status_code == 200
    keys.revoke(program.new.row, by=program.application.owner, reason="leaked")
    answer = program.get("reference/topics")
    assert (answer.status_code, answer.json()["code"]) == (401, "key_invalid")
    assert AuditRecord.objects.get(action="api_key_revoked").reason == "leaked"


def test_sixth_key_is_refused():
    application = make_application()
    for _number in range(keys.MOST_KEYS):
        keys.issue(application, by=application.owner)
    with pytest.raises(Conflict):
        keys.issue(application, by=application.owner)


@pytest.mark.parametrize("state", [State.WAITING, State.REFUSED, State.SUSPENDED])
def test_application_that_is_not_approved_gets_no_key_and_is_refused(state):
    program = make_program()
    program.application.state = state
    program.application.save()
    with pytest.raises(Conflict):
        keys.issue(program.application, by=program.application.owner)
    assert program.get("reference/topics").json()["code"] == "application_closed"


def test_key_of_somebody_locked_is_refused():
    program = make_program()
    program.application.owner.is_active = False
    program.application.owner.save()
    assert program.get("reference/topics").status_code == 403


@pytest.mark.parametrize(
    ("networks", "address", "is_allowed"),
    [
        ([], "203.0.113.9", True),
        (["203.0.113.0/24"], "203.0.113.9", True),
        (["203.0.113.0/24"], "203.0.114.9", False),
        (["203.0.113.9/32"], "::ffff:203.0.113.9", True),
        (["2001:db8::/32"], "2001:db8::1", True),
        (["2001:db8::/32"], "203.0.113.9", False),
        (["203.0.113.0/24"], "", False),
    ],
)
def test_networks(networks, address, is_allowed):
    assert keys.is_within(address, networks) is is_allowed


def test_key_works_from_the_allowed_networks_only():
    program = make_program(networks=["203.0.113.0/24"])
    assert program.get("reference/topics").json()["code"] == "address_not_allowed"
    program.application.networks = ["127.0.0.0/8"]
    program.application.save()
    assert program.get("reference/topics").status_code == 200


def test_networks_are_written_in_one_form():
    assert keys.check_networks([" 203.0.113.7", "203.0.113.7/24", ""]) == ["203.0.113.7/32", "203.0.113.0/24"]
    with pytest.raises(ValidationFailed):
        keys.check_networks(["203.0.113.256"])


def test_last_use_is_noted_at_most_once_a_minute(time_machine):
    time_machine.move_to("2026-11-26T12:00:00+05:00", tick=False)
    program = make_program()
    program.get("reference/topics")
    row = ApiKey.objects.get()
    assert row.last_used_address == "127.0.0.1"
    first = row.last_used_at
    time_machine.shift(30)
    program.get("reference/topics")
    row.refresh_from_db()
    assert row.last_used_at == first
    time_machine.shift(31)
    program.get("reference/topics")
    row.refresh_from_db()
    assert row.last_used_at > first
