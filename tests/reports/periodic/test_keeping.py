"""Lists of appeals lose their contents when their period is over; what proves that they were genuine stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from appeals.reference.loader import read_rows
from privacy.registries import retention
from reports.models import PublishedReport
from reports.periodic import checking, keeping
from reports.periodic.form import forms
from tests.factories import make_user
from tests.reports.periodic import worlds
from tests.reports.periodic.worlds import Counted, make

pytestmark = pytest.mark.django_db
KIND = "registers"
NEXT_YEAR = dt.timedelta(days=400)


@pytest.fixture
def closed() -> Iterator[Counted]:
    """A form of lists, for those who may export them."""
    build = Counted()
    worlds.with_form(build, is_public=False)
    yield build
    forms._entries.pop(worlds.FORM, None)


def forget(when: dt.datetime, callbacks: Any) -> int:
    with callbacks(execute=True):
        return retention.get(KIND).batch(when, "delete", 100)


def test_contents_and_files_go_and_digests_stay(
    closed: Counted, on_disk: Path, django_capture_on_commit_callbacks: Any
) -> None:
    report, later = make(), timezone.now() + NEXT_YEAR
    digests = (report.data_sha256, report.pdf_sha256, report.xlsx_sha256)
    paths = [on_disk / getattr(report, name).name for name in keeping.FILES]
    assert all(path.exists() for path in paths)
    assert retention.get(KIND).due(later) == 1
    assert forget(later, django_capture_on_commit_callbacks) == 1
    report.refresh_from_db()
    assert (report.data, report.changes, report.pdf.name, report.xlsx.name) == ({}, [], "", "")
    assert not any(path.exists() for path in paths)
    assert (report.data_sha256, report.pdf_sha256, report.xlsx_sha256) == digests
    assert checking.verdict(digests[1], report).found == checking.Found.GENUINE
    assert retention.get(KIND).due(later) == 0


def test_a_list_within_its_period_and_reports_of_figures_are_kept(
    counted: Counted, django_capture_on_commit_callbacks: Any
) -> None:
    report = make()
    assert forget(timezone.now() + NEXT_YEAR, django_capture_on_commit_callbacks) == 0
    PublishedReport.objects.filter(pk=report.pk).update(form="register")
    assert forget(report.made_at, django_capture_on_commit_callbacks) == 0  # type: ignore[arg-type]  # it is made
    assert PublishedReport.objects.get(pk=report.pk).has_contents


def test_the_pages_say_that_the_contents_are_gone(closed: Counted, django_capture_on_commit_callbacks: Any) -> None:
    report = make()
    forget(timezone.now() + NEXT_YEAR, django_capture_on_commit_callbacks)
    client = Client()
    client.force_login(make_user(Role.ANALYST))
    page = client.get(reverse("reports:published", args=[report.pk]))
    assert "Мазмұны енді сақталмайды" in page.content.decode()
    assert client.get(reverse("reports:published-file", args=[report.pk, "pdf"])).status_code == 404
    assert client.get(reverse("reports:check", args=[report.code])).status_code == 200


def test_the_same_list_asked_for_again_is_made_and_not_pointed_to_an_empty_one(
    closed: Counted, django_capture_on_commit_callbacks: Any
) -> None:
    first = make()
    forget(timezone.now() + NEXT_YEAR, django_capture_on_commit_callbacks)
    second = make()
    assert (second.state, second.version, second.previous_id, second.changes) == ("ready", 2, first.pk, [])
    assert second.has_contents


def test_the_period_is_a_row_that_is_delivered_and_can_be_edited() -> None:
    (row,) = [row for row in read_rows("retention_rules.csv") if row["record_type"] == KIND]
    assert (row["amount"], row["unit"]) == ("3", "years")
    assert row["action"] in retention.get(KIND).actions
