"""The pages of the staff: make, read, download, plan; each only for whom the form is."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from audit.models import AuditRecord
from reports.models import PublishedReport, ReportSchedule
from reports.periodic import making
from reports.periodic.form import forms
from tests.factories import make_department, make_user
from tests.reports.periodic import worlds
from tests.reports.periodic.worlds import FORM, MONDAY, Counted, make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Any:
    with time_machine.travel(MONDAY, tick=False):
        yield


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def analyst() -> Client:
    return signed_in(worlds.analyst())


def url(name: str, *args: Any) -> str:
    return reverse(f"reports:{name}", args=args)


def test_the_list_names_every_form_and_what_was_made(counted: Counted, analyst: Client) -> None:
    empty = analyst.get(url("periodic"))
    assert {form.slug for form, _count in empty.context["forms"]} == {slug for slug, _form in forms}
    report = make()
    assert [line["report"].pk for line in analyst.get(url("periodic")).context["lines"]] == [report.pk]


def test_a_report_is_made_of_a_chosen_period_and_language(counted: Counted, analyst: Client) -> None:
    answer = analyst.post(url("periodic-make", FORM), {"period": "week:2026-11-09", "languages": ["kk", "en"]})
    rows = PublishedReport.objects.order_by("id")
    assert [(f"{row.starts_on}", row.language, row.state) for row in rows] == [
        ("2026-11-09", "kk", "waiting"), ("2026-11-09", "en", "waiting"),
    ]  # fmt: skip
    page = analyst.get(answer["Location"])
    assert url("published-state", rows[0].pk) in page.content.decode()
    making.make_due()
    state = analyst.get(url("published-state", rows[0].pk))
    assert state["HX-Refresh"] == "true"
    assert "Бөлім" in analyst.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("data", [{}, {"period": "week:2026-11-10", "languages": ["kk"]}, {"period": "x"}])
def test_a_period_that_is_not_offered_is_refused(counted: Counted, analyst: Client, data: dict[str, Any]) -> None:
    assert analyst.post(url("periodic-make", FORM), data).status_code == 422
    assert not PublishedReport.objects.exists()


def test_a_deep_link_chooses_the_period(counted: Counted, analyst: Client) -> None:
    page = analyst.get(url("periodic-form", FORM), {"period": "week:2026-11-09"})
    assert page.context["make"]["period"].value() == "week:2026-11-09"


def test_a_version_shows_what_changed_and_that_there_is_a_later_one(counted: Counted, analyst: Client) -> None:
    first = make()
    counted.number = 9
    second = make()
    assert analyst.get(url("published", first.pk)).context["newer"] == second
    page = analyst.get(url("published", second.pk))
    assert [change["now"] for change in page.context["changes"]] == ["9"]
    same = make()
    assert analyst.get(url("published", same.pk))["Location"] == url("published", second.pk)


def test_a_failure_is_shown_and_can_be_tried_again(counted: Counted, analyst: Client) -> None:
    from common.errors import ValidationFailed

    counted.why = ValidationFailed("Тым көп өтініш.")
    failed = make()
    assert "Тым көп өтініш." in analyst.get(url("published", failed.pk)).content.decode()
    counted.why = None
    answer = analyst.post(url("published-again", failed.pk))
    making.make_due()
    assert "Бөлім" in analyst.get(answer["Location"]).content.decode()


def test_files_are_saved_under_a_name_that_says_what_they_are(counted: Counted, analyst: Client) -> None:
    report = make()
    answer = analyst.get(url("published-file", report.pk, "pdf"))
    assert b"".join(answer)[:5] == b"%PDF-"  # type: ignore[arg-type]
    assert answer["Content-Disposition"] == f'attachment; filename="{FORM}-2026-11-16-kk-v1.pdf"'
    assert analyst.get(url("published-file", report.pk, "docx")).status_code == 404


def test_a_list_of_appeals_is_for_those_who_may_export_everything() -> None:
    """And every download of it is recorded."""
    worlds.with_form(Counted(), is_public=False)
    try:
        report = make()
        head = signed_in(make_user(Role.HEAD, department=make_department()))
        inspector = signed_in(make_user(Role.INSPECTOR))
        address = url("published-file", report.pk, "xlsx")
        assert head.get(address).status_code == 403
        assert head.get(url("published", report.pk)).status_code == 403
        assert head.get(url("periodic-form", FORM)).status_code == 403
        assert inspector.get(address).status_code == 200
        assert inspector.post(url("periodic-make", FORM)).status_code == 403
        assert AuditRecord.objects.filter(action="exported", subject_ref=f"report:{report.pk}").count() == 1
    finally:
        forms._entries.pop(FORM)


def plan(**values: Any) -> dict[str, Any]:
    return {"period_kind": "week", "weekday": 2, "hour": 9, "languages": ["kk"], "emails": "a@example.kz"} | values


def test_a_schedule_is_set_up_changed_paused_and_deleted(counted: Counted, analyst: Client) -> None:
    answer = analyst.post(url("schedule-new", FORM), plan())
    row = ReportSchedule.objects.get()
    assert answer["Location"] == url("schedule", row.pk)
    assert (row.day, row.hour, row.next_run_at.astimezone(worlds.ALMATY).strftime("%a %H")) == (2, 9, "Tue 09")
    analyst.post(url("schedule-edit", row.pk), plan(weekday=3, emails="a@example.kz\nB@example.kz, a@example.kz"))
    row.refresh_from_db()
    assert row.day == 3 and [one.email for one in row.recipients.order_by("id")] == ["a@example.kz", "b@example.kz"]
    analyst.post(url("schedule-pause", row.pk))
    assert "Тоқтатылды" in analyst.get(url("schedule", row.pk)).content.decode()
    analyst.post(url("schedule-resume", row.pk))
    assert analyst.get(url("schedule-delete", row.pk)).status_code == 200
    assert analyst.get(url("schedules")).context["rows"]
    analyst.post(url("schedule-delete", row.pk))
    assert analyst.get(url("schedule", row.pk)).status_code == 404
    assert not analyst.get(url("schedules")).context["rows"]
    assert AuditRecord.objects.filter(action="configured", subject_ref=f"report_schedule:{row.pk}").count() == 5


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (plan(emails="", users=[]), "users"),
        (plan(emails="nobody"), "emails"),
        (plan(languages=[]), "languages"),
        (plan(hour=24), "hour"),
        (plan(period_kind="year"), "period_kind"),
        (plan(users=["999999"]), "users"),
        (plan(emails="\n".join(f"a{number}@example.kz" for number in range(60))), "users"),
    ],
)
def test_a_bad_plan_is_told_at_its_field(counted: Counted, analyst: Client, data: dict[str, Any], field: str) -> None:
    page = analyst.post(url("schedule-new", FORM), data)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not ReportSchedule.objects.exists()


def test_a_monthly_plan_needs_its_day(analyst: Client) -> None:
    data = {"period_kind": "month", "hour": 9, "languages": ["kk"], "emails": "a@example.kz"}
    assert "day" in analyst.post(url("schedule-new", "monthly-channels"), data).context["form"].errors
    analyst.post(url("schedule-new", "monthly-channels"), data | {"day": 5})
    assert ReportSchedule.objects.get().day == 5


def test_a_schedule_is_run_by_hand(counted: Counted, analyst: Client) -> None:
    analyst.post(url("schedule-new", FORM), plan())
    row = ReportSchedule.objects.get()
    analyst.post(url("schedule-run", row.pk))
    (run, lines) = analyst.get(url("schedule", row.pk)).context["runs"][0]
    assert run.by_hand and [line["report"].state for line in lines] == ["waiting"]
