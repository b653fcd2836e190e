"""The administrator's pages: connections with their history, and edits that are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import Role
from audit.models import AuditRecord
from catalogue import running
from catalogue.models import ConnectorJob, ConnectorRun, Platform
from common.connectors import ConnectionTrouble, Reason
from tests.catalogue.conftest import SLUG, Example
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("systems")]
ONE = f"/staff/connections/{SLUG}/"


@pytest.fixture
def administrator(client: Client) -> Client:
    client.force_login(make_user(Role.ADMINISTRATOR, language="en"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def values_of(row: Platform) -> dict[str, Any]:
    names = ("key", "kind", "state", "website", "position", "name_kk", "name_ru", "name_en")
    return {name: getattr(row, name) for name in names}


def fails() -> str:
    raise ConnectionTrouble(Reason.REFUSED, "535")


def test_connections_and_their_health_are_listed(administrator: Client, example: Example) -> None:
    assert "Not checked yet" in administrator.get("/staff/connections/").content.decode()
    example.set_up = False
    assert "Not set up" in administrator.get("/staff/connections/").content.decode()


def test_the_history_shows_errors_with_their_reason(administrator: Client, example: Example) -> None:
    running.due(running.timezone.now())
    running.perform(SLUG, "run")
    example.checks = fails
    running.perform(SLUG, "check")
    every, errors = (administrator.get(ONE, query).content.decode() for query in ({}, {"errors": "1"}))
    assert "Does not work" in every
    assert "The other side refuses us" in errors
    assert "By schedule" in errors
    assert every.count("<tr>") == errors.count("<tr>") + 1
    assert "1" in administrator.get("/staff/").content.decode()


def test_the_history_is_read_page_by_page(administrator: Client, example: Example) -> None:
    job = ConnectorJob.objects.create(connector=SLUG, job="check")
    now = running.timezone.now()
    rows = [
        ConnectorRun(job=job, trigger="hand", outcome="failed", reason="slow", started_at=now, milliseconds=number)
        for number in range(60)
    ]
    ConnectorRun.objects.bulk_create(rows)
    first = administrator.get(ONE, {"errors": "1"})
    assert len(first.context["runs"]) == 50
    second = administrator.get(ONE + first.context["next_url"])
    assert len(second.context["runs"]) == 10
    assert second.context["next_url"] == ""
    assert administrator.get(ONE, {"before": "x"}).status_code == 200


def test_a_check_is_started_by_hand_and_recorded(
    administrator: Client, example: Example, run_tasks: Callable[[], list[str]]
) -> None:
    answer = administrator.post(f"{ONE}start/check/", follow=True)
    assert "Started." in answer.content.decode()
    assert "catalogue.tasks.perform" in run_tasks()
    assert ConnectorRun.objects.get().trigger == "hand"
    assert AuditRecord.objects.filter(action="connection_steered", subject_ref="connector:example").exists()
    assert administrator.post(f"{ONE}start/nonsense/").status_code == 404
    assert administrator.get(f"{ONE}start/check/").status_code == 405


def test_pausing_and_resuming_from_the_page(administrator: Client, example: Example) -> None:
    assert "Resume" not in administrator.get(ONE).content.decode()
    assert "Paused" in administrator.post(f"{ONE}pause/", follow=True).content.decode()
    assert "paused already" in administrator.post(f"{ONE}pause/", follow=True).content.decode()
    assert "Resumed" in administrator.post(f"{ONE}resume/", follow=True).content.decode()
    assert administrator.post("/staff/connections/gone/pause/").status_code == 404


def test_others_have_no_way_to_the_connections(client: Client, example: Example) -> None:
    client.force_login(make_user(Role.METHODOLOGIST))
    for path in ("/staff/connections/", ONE):
        assert client.get(path).status_code == 403
    assert client.post(f"{ONE}pause/").status_code == 403
    assert not ConnectorJob.objects.exists()


def test_an_edit_of_a_system_is_kept_with_its_values(client: Client) -> None:
    person = make_user(Role.METHODOLOGIST, is_staff=True)
    client.force_login(person)
    row = Platform.objects.get(key="smsc")
    values = {
        name: getattr(row, name) for name in ("key", "kind", "website", "position", "name_kk", "name_ru", "name_en")
    }
    values |= {"state": "connected", "is_public": "on"}
    assert client.post(reverse("admin:catalogue_platform_change", args=[row.pk]), values).status_code == 302
    kept = AuditRecord.objects.get(action="configured", actor=person)
    assert kept.subject_ref == f"catalogue.Platform:{row.pk}"
    assert kept.details["values"] == {"state": ["in_test", "connected"]}


def test_an_internal_or_plain_address_is_no_public_site(client: Client) -> None:
    client.force_login(make_user(Role.METHODOLOGIST, is_staff=True))
    row = Platform.objects.get(key="smsc")
    values = {
        name: getattr(row, name) for name in ("key", "kind", "position", "name_kk", "name_ru", "name_en", "state")
    }
    answer = client.post(
        reverse("admin:catalogue_platform_change", args=[row.pk]), {**values, "website": "http://10.0.0.7/sms"}
    )
    assert answer.status_code == 200
    assert "website" in answer.context["adminform"].form.errors
