"""The list of persons a breach touches, and what is kept of the way they came onto it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditRecord
from privacy import affected, breaches
from privacy.models import AffectedPerson, AffectedQuery, TakedownRequest
from tests.factories import make_department
from tests.privacy.people import make_duties

pytestmark = pytest.mark.django_db


def test_a_pasted_list_of_persons_is_not_kept_in_the_clear() -> None:
    officer = make_duties()
    breach = breaches.open_breach({"title": "Файл", "kind": "disclosure"}, discovered_at=timezone.now(), actor=officer)
    query = breaches.ask_for_persons(
        breach.pk, "file", {"lines": "Ахметова Айгүл,900101400016,+77010000001"}, actor=officer
    )
    assert affected.collect_due() == 1
    assert AffectedPerson.objects.get(breach=breach).iin == "900101400016"
    assert AffectedQuery.objects.get(pk=query.pk).params == {}


def test_looking_at_what_an_asker_wrote_leaves_a_record(client: Client) -> None:
    officer = make_duties()
    row = TakedownRequest(kind="appeal", item="TRK-1", reason="Менің атым тұр", contact="+77010000001", language="kk")
    row.received_at = row.due_at = timezone.now()
    row.working_days = 1
    row.save()
    client.force_login(officer)
    assert client.get(f"/staff/privacy/takedowns/{row.pk}/").status_code == 200
    record = AuditRecord.objects.get(action="viewed_identity", subject_ref=row.ref)
    assert (record.actor, record.fields) == (officer, ["reason", "contact"])


@pytest.mark.parametrize("source", ["appeals", "users", "file"])
def test_a_search_without_a_limit_lists_nobody(client: Client, source: str) -> None:
    client.force_login(officer := make_duties())
    breach = breaches.open_breach({"title": "Файл", "kind": "disclosure"}, discovered_at=timezone.now(), actor=officer)
    answer = client.post(f"/staff/privacy/breaches/{breach.pk}/persons/", {"source": source})
    assert answer.status_code == 422
    assert not AffectedQuery.objects.exists()


def test_authors_of_a_unit_are_found_by_choosing_it(client: Client) -> None:
    client.force_login(officer := make_duties())
    unit = make_department()
    breach = breaches.open_breach({"title": "Файл", "kind": "disclosure"}, discovered_at=timezone.now(), actor=officer)
    path = f"/staff/privacy/breaches/{breach.pk}/persons/"
    assert str(unit) in client.get(path, {"source": "appeals"}).content.decode()
    assert client.post(path, {"source": "appeals", "unit": unit.slug}).status_code == 303
    assert AffectedQuery.objects.get().params["unit"] == unit.slug
