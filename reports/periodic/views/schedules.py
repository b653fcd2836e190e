"""Pages of the schedules: what is sent when and to whom, how it went, run now, pause, change, delete."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import has_right
from accounts.rights import Action
from common.errors import Conflict
from reports.models import ReportSchedule, ScheduleRun
from reports.periodic import rights, scheduling
from reports.periodic.form import Form
from reports.periodic.inputs import ScheduleForm, initial_of
from reports.periodic.views.pages import tabs
from reports.periodic.views.shared import form_or_404, line, user_of

MOST_RUNS = 30


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    forms = {form.slug: form for form in rights.visible(user)}
    rows = ReportSchedule.objects.filter(deleted_at=None, form__in=forms).prefetch_related("recipients")
    newest = ScheduleRun.objects.filter(schedule__in=rows).order_by("schedule", "-id").distinct("schedule")
    last = {run.schedule_id: run for run in newest}
    found = [
        {"schedule": row, "form": forms[row.form], "recipients": len(row.recipients.all()), "last": last.get(row.pk)}
        for row in rows.order_by("form", "id")
    ]
    may_manage = has_right(user, Action.MANAGE_REPORTS)
    page = {
        "rows": found,
        "tabs": tabs("schedules"),
        "may_manage": may_manage,
        "forms": [form for form in forms.values() if rights.may_make(user, form)] if may_manage else [],
    }
    return render(request, "reports/periodic/schedules.html", page)


def _visible(request: HttpRequest, schedule_id: int, *, managing: bool = False) -> tuple[ReportSchedule, Form]:
    row = get_object_or_404(ReportSchedule.objects.select_related("created_by"), pk=schedule_id, deleted_at=None)
    form = form_or_404(row.form)
    rights.require(user_of(request), form, making=managing)
    return row, form


@never_cache
@require_safe
def schedule(request: HttpRequest, schedule_id: int) -> HttpResponse:
    row, form = _visible(request, schedule_id)
    runs = row.runs.order_by("-id").select_related("started_by").prefetch_related("reports__previous")[:MOST_RUNS]
    page = {
        "schedule": row,
        "form": form,
        "recipients": row.recipients.select_related("user").order_by("id"),
        "runs": [(run, [line(report.outcome or report) for report in run.reports.all()]) for run in runs],
        "may_manage": rights.may_make(user_of(request), form),
        "languages": [label for code, label in settings.LANGUAGES if code in row.languages],
    }
    return render(request, "reports/periodic/schedule.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, form_slug: str) -> HttpResponse:
    form, user = form_or_404(form_slug), user_of(request)
    rights.require(user, form, making=True)
    initial = {"languages": [user.language], "users": [str(user.pk)]}
    filled = ScheduleForm(form, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and filled.is_valid():
        row = scheduling.save(filled.plan(), by=user)
        messages.success(request, _("The schedule is set up."))
        return redirect("reports:schedule", row.pk)
    return _edit_page(request, form, filled, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, schedule_id: int) -> HttpResponse:
    row, form = _visible(request, schedule_id, managing=True)
    filled = ScheduleForm(form, request.POST if request.method == "POST" else None, initial=initial_of(row))
    if request.method == "POST" and filled.is_valid():
        scheduling.save(filled.plan(), by=user_of(request), schedule=row)
        messages.success(request, _("The schedule was changed."))
        return redirect("reports:schedule", row.pk)
    return _edit_page(request, form, filled, row)


def _edit_page(request: HttpRequest, form: Form, filled: ScheduleForm, row: ReportSchedule | None) -> HttpResponse:
    page = {"form": filled, "report": form, "schedule": row}
    status = 422 if filled.is_bound else 200
    return render(request, "reports/periodic/schedule_form.html", page, status=status)


@require_POST
def run_now(request: HttpRequest, schedule_id: int) -> HttpResponse:
    row, _form = _visible(request, schedule_id, managing=True)
    scheduling.run_now(row.pk, by=user_of(request))
    messages.success(request, _("Started. Whoever has this version already gets no second message."))
    return redirect("reports:schedule", row.pk)


@require_POST
def pause(request: HttpRequest, schedule_id: int) -> HttpResponse:
    row, _form = _visible(request, schedule_id, managing=True)
    try:
        scheduling.pause(row.pk, by=user_of(request))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Paused: nothing is made or sent until you resume it."))
    return redirect("reports:schedule", row.pk)


@require_POST
def resume(request: HttpRequest, schedule_id: int) -> HttpResponse:
    row, _form = _visible(request, schedule_id, managing=True)
    try:
        scheduling.resume(row.pk, by=user_of(request))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Resumed. What fell into the pause is not made up for."))
    return redirect("reports:schedule", row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, schedule_id: int) -> HttpResponse:
    row, form = _visible(request, schedule_id, managing=True)
    if request.method == "POST":
        scheduling.delete(row.pk, by=user_of(request))
        messages.success(request, _("The schedule was deleted. The reports it made stay."))
        return redirect("reports:schedules")
    page = {
        "title": _("Delete the schedule?"),
        "text": _("“%(form)s” will not be made and sent by itself any more. The reports it made stay.")
        % {"form": form.title},
        "action": reverse("reports:schedule-delete", args=[row.pk]),
        "confirm": _("Delete"),
        "cancel_url": reverse("reports:schedule", args=[row.pk]),
        "danger": True,
    }
    return render(request, "ui/confirm.html", page)
