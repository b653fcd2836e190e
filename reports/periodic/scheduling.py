"""Schedules: what is due is made once, sent once to each recipient, and a failure is told."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.models import AuditRecord
from common.errors import Conflict, NotFound
from common.events import publish
from reports import spans
from reports.models import PublishedReport, ReportSchedule, ScheduleRecipient, ScheduleRun
from reports.periodic import mailing, making
from reports.periodic.form import forms
from reports.periods import Period

logger = logging.getLogger(__name__)

TASK = "reports.periodic.tasks.run_schedules"
STATE = ScheduleRun.State


@dataclass(frozen=True)
class Plan:
    """A schedule as somebody enters it."""

    form: str
    period_kind: str
    day: int
    hour: int
    languages: Sequence[str]
    users: Sequence[User] = ()
    emails: Sequence[str] = ()


@transaction.atomic
def save(plan: Plan, *, by: User, schedule: ReportSchedule | None = None) -> ReportSchedule:
    """Set up a schedule or change it. It begins with the next time that is due, never with one that has passed."""
    row = _locked(schedule.pk) if schedule else ReportSchedule(created_by=by)
    row.form, row.period_kind, row.day, row.hour = plan.form, plan.period_kind, plan.day, plan.hour
    row.languages = list(plan.languages)
    row.next_run_at = _next(row, timezone.now())
    row.save()
    row.recipients.all().delete()
    ScheduleRecipient.objects.bulk_create([
        *(ScheduleRecipient(schedule=row, user=user) for user in plan.users),
        *(ScheduleRecipient(schedule=row, email=email) for email in dict.fromkeys(plan.emails)),
    ])  # fmt: skip
    outside = sorted({email.rpartition("@")[2] for email in plan.emails})
    _record(row, by, "changed" if schedule else "set up", {"colleagues": len(plan.users), "outside": outside})
    return row


@transaction.atomic
def pause(schedule_id: int, *, by: User) -> None:
    row = _locked(schedule_id)
    if not row.is_active:
        raise Conflict(_("The schedule is paused already."))
    row.is_active = False
    row.save(update_fields=["is_active"])
    _record(row, by, "paused")


@transaction.atomic
def resume(schedule_id: int, *, by: User) -> None:
    """What fell into the pause is not made up for."""
    row = _locked(schedule_id)
    if row.is_active:
        raise Conflict(_("The schedule runs already."))
    row.is_active, row.next_run_at = True, _next(row, timezone.now())
    row.save(update_fields=["is_active", "next_run_at"])
    _record(row, by, "resumed")


@transaction.atomic
def delete(schedule_id: int, *, by: User) -> None:
    row = _locked(schedule_id)
    row.deleted_at = timezone.now()
    row.save(update_fields=["deleted_at"])
    row.recipients.all().delete()
    _record(row, by, "deleted")


def _locked(schedule_id: int) -> ReportSchedule:
    row = ReportSchedule.objects.select_for_update().filter(pk=schedule_id, deleted_at=None).first()
    if row is None:
        raise NotFound
    return row


def _next(row: ReportSchedule, after: dt.datetime) -> dt.datetime:
    return spans.next_run(row.period_kind, row.day, row.hour, after)


def _record(row: ReportSchedule, by: User, what: str, details: Mapping[str, object] | None = None) -> None:
    trail.record(
        action=AuditRecord.Action.CONFIGURED, actor=by, subject_ref=f"report_schedule:{row.pk}", reason=what,
        fields=["schedule"], details=details,
    )  # fmt: skip


# By the clock and by hand


@transaction.atomic
def run_now(schedule_id: int, *, by: User) -> ScheduleRun:
    """The last period that has ended, at once; whoever has this version already gets nothing again."""
    row = _locked(schedule_id)
    run = _start(row, spans.before(row.period_kind, timezone.localdate()), by=by)
    _record(row, by, "run by hand")
    return run


def run_due() -> int:
    """Begin everything that is due, the periods that were missed while the hub stood still among them."""
    begun = 0
    due = ReportSchedule.objects.filter(is_active=True, deleted_at=None, next_run_at__lte=timezone.now())
    for schedule_id in due.values_list("pk", flat=True):
        begun += _run_if_due(schedule_id)
    return begun


@transaction.atomic
def _run_if_due(schedule_id: int) -> int:
    now, begun = timezone.now(), 0
    rows = ReportSchedule.objects.select_for_update(skip_locked=True)
    row = rows.filter(pk=schedule_id, is_active=True, deleted_at=None, next_run_at__lte=now).first()
    if row is None:
        return 0
    while row.next_run_at <= now:
        _start(row, spans.before(row.period_kind, timezone.localdate(row.next_run_at)))
        row.next_run_at = _next(row, row.next_run_at)
        begun += 1
    row.save(update_fields=["next_run_at"])
    return begun


def _start(row: ReportSchedule, period: Period, *, by: User | None = None) -> ScheduleRun:
    """A period has one run by the clock, whatever ticks twice."""
    if by is None:
        run, is_new = ScheduleRun.objects.get_or_create(
            schedule=row, starts_on=period.start, by_hand=False, defaults={"ends_on": period.end}
        )
        if not is_new:
            return run
    else:
        run = ScheduleRun.objects.create(
            schedule=row, starts_on=period.start, ends_on=period.end, by_hand=True, started_by=by
        )
    if row.form not in forms:
        _end(run, STATE.FAILED, error=_("The hub has no such form any more."))
        return run
    form = forms.get(row.form)
    run.reports.set([making.ask(form, row.period_kind, period, language, by=by) for language in row.languages])
    publish(TASK)
    return run


def settle_runs() -> int:
    """Send what is ready and end the runs that wait for nothing any more."""
    settled = 0
    for run_id in ScheduleRun.objects.filter(state=STATE.RUNNING).order_by("id").values_list("pk", flat=True):
        settled += _settle(run_id)
    return settled


@transaction.atomic
def _settle(run_id: int) -> int:
    run = ScheduleRun.objects.select_for_update(skip_locked=True).filter(pk=run_id, state=STATE.RUNNING).first()
    if run is None:
        return 0
    reports = list(run.reports.select_related("previous").order_by("id"))
    if any(report.is_unfinished for report in reports):
        return 0
    failed = [report for report in reports if report.state == PublishedReport.State.FAILED]
    run.sent = mailing.send(run, [report.outcome for report in reports if report.outcome])
    why = "; ".join(dict.fromkeys(report.error for report in failed))
    _end(run, STATE.FAILED if failed else STATE.DONE, error=why)
    return 1


def _end(run: ScheduleRun, state: str, *, error: str) -> None:
    run.state, run.error, run.finished_at = state, error[:2000], timezone.now()
    run.save()
    if state == STATE.FAILED:
        logger.error("report_schedule_failed", extra={"schedule": run.schedule_id, "run": run.pk})
        mailing.tell_of_failure(run)
