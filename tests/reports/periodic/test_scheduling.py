"""Schedules: each period is made once, each version sent once to each recipient, and failures are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core import mail

from accounts.models import Role, User
from audit.models import AuditRecord
from common.errors import Conflict, NotFound, ValidationFailed
from notifications.models import Notification
from reports.models import PublishedReport, ReportSchedule, ScheduleRun
from reports.periodic import scheduling, tasks
from reports.periodic.form import forms
from tests.factories import make_user
from tests.reports.periodic import worlds
from tests.reports.periodic.worlds import FORM, MONDAY, WEEK, Counted, analyst, schedule

pytestmark = pytest.mark.django_db
EARLIER = MONDAY - dt.timedelta(days=2)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(EARLIER, tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(counted: Counted, clock: time_machine.Traveller) -> User:
    return analyst(language="ru")


def tick() -> None:
    """As the clock of the hub does it."""
    tasks.run_schedules()
    tasks.make_reports()


def messages(transport: str = "email") -> list[Notification]:
    return list(Notification.objects.filter(transport=transport, template="report.ready").order_by("id"))


def test_before_its_time_nothing_is_made(owner: User) -> None:
    schedule(owner, users=[owner])
    tick()
    assert not PublishedReport.objects.exists()


def test_at_its_time_the_week_that_is_over_is_made_and_sent(owner: User, clock: time_machine.Traveller) -> None:
    row = schedule(owner, users=[owner], emails=["region@example.kz"], languages=["kk", "ru"])
    clock.move_to(MONDAY)
    tick()
    assert sorted(PublishedReport.objects.values_list("starts_on", "language", "state", "version")) == [
        (WEEK.start, "kk", "ready", 1), (WEEK.start, "ru", "ready", 1),
    ]  # fmt: skip
    run = row.runs.get()
    assert (run.state, run.sent, run.by_hand) == ("done", 4, False)
    assert {(one.address, one.language) for one in messages()} == {
        (owner.email, "ru"), ("region@example.kz", "kk"), ("region@example.kz", "ru"),
    }  # fmt: skip
    assert [one.user_id for one in messages("inbox")] == [owner.pk]
    row.refresh_from_db()
    assert row.next_run_at == dt.datetime(2026, 11, 30, 8, tzinfo=worlds.ALMATY)


def test_the_mail_carries_the_files_and_the_address_to_check_them(
    owner: User, clock: time_machine.Traveller, run_tasks: Callable[[], list[str]]
) -> None:
    schedule(owner, emails=["region@example.kz"])
    clock.move_to(MONDAY)
    tick()
    run_tasks()
    (letter,) = mail.outbox
    report = PublishedReport.objects.get()
    names = [attachment[0] for attachment in letter.attachments]
    assert names == [f"{FORM}-2026-11-16-kk-v1.pdf", f"{FORM}-2026-11-16-kk-v1.xlsx"]
    assert report.code in letter.body and report.data_sha256 in letter.body


def test_ticks_that_come_twice_make_and_send_nothing_twice(owner: User, clock: time_machine.Traveller) -> None:
    row = schedule(owner, users=[owner])
    clock.move_to(MONDAY)
    for _time in range(3):
        tick()
    ReportSchedule.objects.update(next_run_at=MONDAY)  # as a tick whose last write was lost
    tick()
    assert row.runs.count() == 1 and PublishedReport.objects.count() == 1
    assert len(messages()) == 1


def test_periods_missed_while_the_hub_stood_still_are_made_up_for(owner: User, clock: time_machine.Traveller) -> None:
    row = schedule(owner, users=[owner])
    clock.move_to(MONDAY + dt.timedelta(days=15))
    tick()
    starts = [WEEK.start + dt.timedelta(days=7 * number) for number in range(3)]
    assert sorted(row.runs.values_list("starts_on", flat=True)) == starts
    assert sorted(PublishedReport.objects.values_list("starts_on", flat=True)) == starts


def test_a_run_by_hand_sends_the_same_version_to_nobody_again(owner: User, clock: time_machine.Traveller) -> None:
    row = schedule(owner, users=[owner])
    clock.move_to(MONDAY)
    tick()
    run = scheduling.run_now(row.pk, by=owner)
    tick()
    run.refresh_from_db()
    assert (run.state, run.sent, run.by_hand) == ("done", 0, True)
    assert len(messages()) == 1


def test_a_new_version_is_sent_again(owner: User, counted: Counted, clock: time_machine.Traveller) -> None:
    row = schedule(owner, users=[owner])
    clock.move_to(MONDAY)
    tick()
    counted.number = 8
    scheduling.run_now(row.pk, by=owner)
    tick()
    assert [one.subject_ref for one in messages()] == [
        f"report:{pk}" for pk in PublishedReport.objects.order_by("id").values_list("pk", flat=True)
    ]
    assert "1 көрсеткіш" in messages()[1].body


def test_a_failed_run_is_told_to_whoever_set_it_up(
    owner: User, counted: Counted, clock: time_machine.Traveller
) -> None:
    row = schedule(owner, users=[owner])
    counted.why = ValidationFailed("Тым көп.")
    clock.move_to(MONDAY)
    tick()
    run = row.runs.get()
    assert (run.state, run.error, run.sent) == ("failed", "Тым көп.", 0)
    told = Notification.objects.filter(template="report.failed")
    assert {(one.transport, one.language) for one in told} == {("inbox", "ru"), ("email", "ru")}
    assert all("Тым көп." in one.body for one in told)


def test_a_failure_of_one_who_has_left_is_told_to_those_who_could_have_set_it_up(
    owner: User, counted: Counted, clock: time_machine.Traveller
) -> None:
    schedule(owner, users=[owner])
    User.objects.filter(pk=owner.pk).update(is_active=False)
    colleague = worlds.analyst(email="colleague@example.kz")
    counted.why = ValidationFailed("Тым көп.")
    clock.move_to(MONDAY)
    tick()
    told = Notification.objects.filter(template="report.failed")
    assert {(one.user, one.transport) for one in told} == {(colleague, "inbox"), (colleague, "email")}


def test_the_log_says_to_which_houses_reports_go(owner: User) -> None:
    row = schedule(owner, users=[owner], emails=["a@oblys.example.kz", "b@oblys.example.kz"])
    record = AuditRecord.objects.get(subject_ref=f"report_schedule:{row.pk}")
    assert record.details == {"colleagues": 1, "outside": ["oblys.example.kz"]}


def test_one_language_that_fails_does_not_keep_the_other_back(
    owner: User, counted: Counted, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = schedule(owner, emails=["a@example.kz"], languages=["kk", "ru"])
    clock.move_to(MONDAY)
    tasks.run_schedules()
    PublishedReport.objects.filter(language="ru").update(state="failed", error="x")
    tick()
    run = row.runs.get()
    assert (run.state, run.sent) == ("failed", 1)


def test_a_form_that_is_gone_is_told(owner: User, clock: time_machine.Traveller) -> None:
    row = schedule(owner, users=[owner])
    forms._entries.pop(FORM)
    clock.move_to(MONDAY)
    tick()
    assert row.runs.get().state == "failed"
    assert Notification.objects.filter(template="report.failed").count() == 2


def test_a_pause_is_not_made_up_for(owner: User, clock: time_machine.Traveller) -> None:
    row = schedule(owner, users=[owner])
    scheduling.pause(row.pk, by=owner)
    clock.move_to(MONDAY)
    tick()
    assert not row.runs.exists()
    scheduling.resume(row.pk, by=owner)
    tick()
    assert not row.runs.exists()
    with pytest.raises(Conflict):
        scheduling.resume(row.pk, by=owner)


def test_what_was_deleted_runs_no_more_and_keeps_its_reports(owner: User, clock: time_machine.Traveller) -> None:
    row = schedule(owner, users=[owner])
    clock.move_to(MONDAY)
    tick()
    scheduling.delete(row.pk, by=owner)
    clock.move_to(MONDAY + dt.timedelta(days=7))
    tick()
    assert PublishedReport.objects.count() == 1 and ScheduleRun.objects.count() == 1
    with pytest.raises(NotFound):
        scheduling.run_now(row.pk, by=owner)


def test_whoever_may_not_see_the_report_any_more_gets_nothing(owner: User, clock: time_machine.Traveller) -> None:
    gone, demoted = analyst(), make_user(Role.EXECUTOR)
    schedule(owner, users=[owner, gone, demoted])
    User.objects.filter(pk=gone.pk).update(is_active=False)
    clock.move_to(MONDAY)
    tick()
    assert [one.address for one in messages()] == [owner.email]


def test_a_list_of_appeals_never_leaves_by_mail(clock: time_machine.Traveller) -> None:
    worlds.with_form(Counted(), is_public=False)
    try:
        owner = analyst()
        schedule(owner, users=[owner], emails=["outside@example.kz"])
        clock.move_to(MONDAY)
        tick()
    finally:
        forms._entries.pop(FORM)
    assert [one.address for one in messages()] == [owner.email]
    assert "files" not in messages()[0].headers or messages()[0].headers["files"] == []
