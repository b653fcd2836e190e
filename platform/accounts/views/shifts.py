"""The duty roster of a unit by weeks: who is on duty, make it, copy a week, change, swap and delete shifts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import shifts as step
from accounts.duty_forms import RosterForm, ShiftForm, SwapForm
from accounts.models import Shift
from accounts.rosters import week_of
from accounts.views.tabs import me, tabs
from common.errors import DomainError, NotAllowed, NotFound
from organizations.models import Department
from ui import dates

DELETED = "deleted_shift"  # in the session, until the next one
WEEK = dt.timedelta(days=7)
Form = RosterForm | ShiftForm | SwapForm


@never_cache
@require_safe
def shifts(request: HttpRequest) -> HttpResponse:
    """One unit's week, day by day, and who is on duty everywhere at this moment."""
    user, departments = me(request), _departments()
    managed = set(step.managed_departments(user).values_list("pk", flat=True))
    department = _chosen(request, departments, managed)
    monday = week_of(_day(request.GET.get("week", "")))[0]
    context: dict[str, Any] = {
        "tabs": tabs("accounts:shifts"),
        "departments": departments,
        "department": department,
        "monday": monday,
        "sunday": monday + dt.timedelta(days=6),
        "previous": monday - WEEK,
        "next": monday + WEEK,
        "on_duty": list(step.on_duty()),
        "days": _days(department, monday) if department else [],
        "may_manage": department is not None and department.pk in managed,
        "may_begin": [one for one in step.managed_departments(user) if one not in departments],
        "deleted": request.session.get(DELETED),
    }
    return render(request, "accounts/shifts.html", context)


def _departments() -> list[Department]:
    """The units that have a roster, whether for the past or the future."""
    return list(Department.objects.filter(pk__in=Shift.objects.values("department_id")).order_by("name_kk"))


def _chosen(request: HttpRequest, departments: list[Department], managed: set[int]) -> Department | None:
    wanted = request.GET.get("unit", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
        found = Department.objects.filter(pk=int(wanted), is_external=False).first()
        if found is not None and (found in departments or found.pk in managed):
            return found
    own = [one for one in departments if one.pk in managed]
    return next(iter(own or departments), None)


def _day(text: str) -> dt.date:
    """What is no day, or one at whose side no other week lies, is today."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if 2000 <= day.year <= 2100 else timezone.localdate()


def _days(department: Department, monday: dt.date) -> list[dict[str, Any]]:
    found: dict[dt.date, list[Shift]] = {monday + dt.timedelta(days=number): [] for number in range(7)}
    for shift in step.shifts_of_week(department, monday):
        found[timezone.localtime(shift.starts_at).date()].append(shift)
    today = timezone.localdate()
    return [{"day": day, "shifts": rows, "is_today": day == today} for day, rows in found.items()]


def _managed(request: HttpRequest, department_id: int) -> Department:
    found = step.managed_departments(me(request)).filter(pk=department_id).first()
    if found is None:
        raise NotFound
    return found


def _shift(request: HttpRequest, shift_id: int) -> Shift:
    row = Shift.objects.filter(pk=shift_id).select_related("user", "department").first()
    if row is None:
        raise NotFound
    _managed(request, row.department_id)
    return row


def _week_url(department_id: int, day: dt.date) -> str:
    return f"{reverse('accounts:shifts')}?unit={department_id}&week={week_of(day)[0]:%Y-%m-%d}"


def _refused(form: Form, error: DomainError) -> int:
    form.add_error(error.field if error.field in form.fields else None, str(error))
    return error.status


def _form_page(request: HttpRequest, form: Form, *, title: str, button: str, back: str, status: int) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "cancel_url": back}
    return render(request, "accounts/duty_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def make_roster(request: HttpRequest, department_id: int) -> HttpResponse:
    department = _managed(request, department_id)
    monday = week_of(timezone.localdate())[0] + WEEK
    start = {"pattern": "2/2", "first": monday, "last": monday + 2 * WEEK - dt.timedelta(days=1)}
    hours = {"begins": dt.time(8), "ends": dt.time(19)}
    data = request.POST if request.method == "POST" else None
    form = RosterForm(data, department=department, initial=start | hours)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            made = step.make_roster(department, step.Roster(**form.cleaned_data), actor=me(request))
        except NotAllowed:
            raise
        except DomainError as error:
            status = _refused(form, error)
        else:
            text = ngettext("%(count)s shift was made.", "%(count)s shifts were made.", made)
            messages.success(request, text % {"count": made})
            return redirect(_week_url(department.pk, form.cleaned_data["first"]))
    title = _("Make a roster: %(unit)s") % {"unit": department.name}
    back = _week_url(department.pk, timezone.localdate())
    return _form_page(request, form, title=title, button=_("Make the shifts"), back=back, status=status)


@require_POST
def copy_week(request: HttpRequest, department_id: int) -> HttpResponse:
    department, monday = _managed(request, department_id), week_of(_day(request.POST.get("week", "")))[0]
    try:
        made = step.copy_week(department, monday, actor=me(request))
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(_week_url(department.pk, monday))
    text = ngettext("%(count)s shift was copied.", "%(count)s shifts were copied.", made)
    messages.success(request, text % {"count": made})
    return redirect(_week_url(department.pk, monday + WEEK))


@require_http_methods(["GET", "POST"])
def change_shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    row = _shift(request, shift_id)
    starts, ends = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    present = {"user": row.user_id, "day": starts.date(), "begins": starts.time(), "ends": ends.time()}
    data = request.POST if request.method == "POST" else None
    form = ShiftForm(data, department=row.department, initial=present)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            step.change_shift(row.pk, actor=me(request), **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            status = _refused(form, error)
        else:
            messages.success(request, _("Changes saved"))
            return redirect(_week_url(row.department_id, form.cleaned_data["day"]))
    back = _week_url(row.department_id, starts.date())
    return _form_page(request, form, title=_("Change the shift"), button=_("Save"), back=back, status=status)


@require_http_methods(["GET", "POST"])
def swap_shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    row = _shift(request, shift_id)
    data = request.POST if request.method == "POST" else None
    form = SwapForm(data, others=_others(row))
    status = 422 if form.is_bound else 200
    day = timezone.localtime(row.starts_at).date()
    if form.is_bound and form.is_valid():
        try:
            step.swap_shifts(row.pk, int(form.cleaned_data["other"]), actor=me(request))
        except NotAllowed:
            raise
        except DomainError as error:
            status = _refused(form, error)
        else:
            messages.success(request, _("The shifts have been exchanged."))
            return redirect(_week_url(row.department_id, day))
    title = _("Exchange the shift: %(shift)s") % {"shift": _words(row)}
    back = _week_url(row.department_id, day)
    return _form_page(request, form, title=title, button=_("Exchange"), back=back, status=status)


def _others(row: Shift) -> list[tuple[int, str]]:
    """The shifts of colleagues in the two weeks around."""
    near = {"starts_at__gte": row.starts_at - WEEK, "starts_at__lte": row.starts_at + WEEK}
    rows = Shift.objects.filter(department=row.department_id, **near).exclude(user=row.user_id)
    return [(one.pk, _words(one)) for one in rows.select_related("user").order_by("starts_at", "pk")]


def _words(shift: Shift) -> str:
    starts, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    return f"{shift.user}, {dates.short_date(starts)}, {starts:%H:%M}–{ends:%H:%M}"


@require_POST
def delete_shift(request: HttpRequest, shift_id: int) -> HttpResponse:
    """At once; the page that follows offers to put it back."""
    row = _shift(request, shift_id)
    day = timezone.localtime(row.starts_at).date()
    request.session[DELETED] = step.delete_shift(row.pk, actor=me(request)) | {"words": _words(row)}
    return redirect(_week_url(row.department_id, day))


@require_POST
def restore_shift(request: HttpRequest) -> HttpResponse:
    told = request.session.pop(DELETED, None)
    if told is None:
        return redirect("accounts:shifts")
    try:
        row = step.restore_shift(told, actor=me(request))
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("accounts:shifts")
    messages.success(request, _("The shift is back."))
    return redirect(_week_url(row.department_id, timezone.localtime(row.starts_at).date()))
