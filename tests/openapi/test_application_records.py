"""What applications and keys hold of a person: in his copy, closed with his account, forgotten after its period."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from openapi import tasks
from openapi.models import ApiKey, Application, FiledAppeal, Sandbox
from openapi.models.applications import State
from privacy.registries import Subject, erasures, exports, retention
from tests.factories import make_reference, make_user
from tests.openapi.api import FILING, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms():
    make_reference()


def test_copy_of_own_data_has_the_applications_and_their_keys_without_any_secret():
    owner = make_user()
    program = make_program(owner, contact="dev@example.kz")
    program.get("appeals")
    make_program()
    (application,) = exports.get("applications").rows(Subject(f"user:{owner.pk}", user=owner))
    (key,) = exports.get("api_keys").rows(Subject(f"user:{owner.pk}", user=owner))
    assert (application["what"], application["email"]) == ("Aikey", "dev@example.kz")
    assert key["key"] == f"{program.new.row.prefix}…"
    assert key["address"] == "127.0.0.1"
    row = ApiKey.objects.get(pk=program.new.row.pk)
    assert not {row.digest, program.key} & {str(value) for value in key.values()}


def test_copy_of_own_data_has_the_use_of_the_keys_and_the_sandbox():
    owner = make_user()
    program, other = make_program(owner), make_program()
    for one in (program, program, other):
        one.get("appeals")
    tasks.store_usage()
    Sandbox.objects.create(owner=other.application.owner)
    subject = Subject(f"user:{owner.pk}", user=owner)
    (row,) = exports.get("api_usage").rows(subject)
    assert (row["application"], row["key"]) == ("Aikey", f"{program.new.row.prefix}…")
    assert (row["operation"], row["status"], row["calls"]) == ("list_appeals", 200, 2)
    assert list(exports.get("sandbox").rows(subject)) == []
    sandbox = Sandbox.objects.create(owner=owner)
    assert [row["at"] for row in exports.get("sandbox").rows(subject)] == [sandbox.created_at]
    assert not list(exports.get("api_usage").rows(Subject("appeal:1")))


def test_closing_an_account_ends_its_keys_and_keeps_what_was_filed():
    owner = make_user()
    program, other = make_program(owner, contact="dev@example.kz"), make_program()
    program.post("appeals", FILING)
    kind, subject = erasures.get("applications"), Subject(f"user:{owner.pk}", user=owner)
    assert kind.look(subject).count == 1
    assert kind.erase(subject, "anonymise", "").changed == 1
    assert program.get("appeals").status_code == 401
    assert other.get("appeals").status_code == 200
    application = Application.objects.get(owner=owner)
    assert (application.contact, application.state) == ("", State.REFUSED)
    assert not ApiKey.objects.filter(application=application, last_used_address__isnull=False).exists()
    assert FiledAppeal.objects.filter(application=application).exists()
    assert kind.look(subject).count == kind.erase(subject, "anonymise", "").changed == 0


def test_address_of_a_key_goes_some_time_after_the_key_has_ended():
    now = timezone.now()
    valid, expired, revoked, young = (make_program().new.row for _ in range(4))
    ApiKey.objects.update(last_used_address="192.0.2.1")
    ApiKey.objects.filter(pk=expired.pk).update(expires_at=now - timedelta(days=400))
    ApiKey.objects.filter(pk=revoked.pk).update(revoked_at=now - timedelta(days=400))
    ApiKey.objects.filter(pk=young.pk).update(revoked_at=now - timedelta(days=300))
    kind, older = retention.get("api_key_addresses"), now - timedelta(days=365)
    assert kind.due(older) == 2
    assert kind.batch(older, "anonymise", 1) == 1
    assert kind.batch(older, "anonymise", 500) == 1
    assert set(ApiKey.objects.exclude(last_used_address=None)) == {valid, young}
