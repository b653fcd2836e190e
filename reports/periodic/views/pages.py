"""Pages of the staff: the forms, the reports of one form, a report as it was made, making one now."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from reports.documents.model import Document, Table, from_data
from reports.models import PublishedReport, ReportSchedule
from reports.periodic import handing_out, making, rights
from reports.periodic.form import Form
from reports.periodic.inputs import MakeForm
from reports.periodic.views.shared import form_or_404, line, lines, user_of

ON_A_PAGE = 30
ON_THE_FIRST = 10
LONGEST_SHOWN = 200
MOST_CHANGES = 60


def _shown(forms: list[Form]) -> QuerySet[PublishedReport]:
    """Finished ones with a version, and those that are on their way or have failed."""
    return (
        PublishedReport.objects.filter(form__in=[form.slug for form in forms])
        .exclude(state=PublishedReport.State.SAME)
        .defer("data", "changes")
    )


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    forms = rights.visible(user)
    schedules = ReportSchedule.objects.filter(deleted_at=None, form__in=[form.slug for form in forms])
    counts: dict[str, int] = {}
    for slug in schedules.filter(is_active=True).values_list("form", flat=True):
        counts[slug] = counts.get(slug, 0) + 1
    page = {
        "forms": [(form, counts.get(form.slug, 0)) for form in forms],
        "lines": lines(list(_shown(forms).order_by("-id")[:ON_THE_FIRST])),
        "tabs": tabs("list"),
    }
    return render(request, "reports/periodic/list.html", page)


def tabs(current: str) -> list[dict[str, Any]]:
    return [
        {"label": _("Reports"), "url": reverse("reports:periodic"), "current": current == "list"},
        {"label": _("Schedules"), "url": reverse("reports:schedules"), "current": current == "schedules"},
        {"label": _("Report builder"), "url": reverse("reports:builder"), "current": current == "builder"},
    ]


@never_cache
@require_safe
def of_form(request: HttpRequest, form_slug: str) -> HttpResponse:
    """The reports of one form, the newest period first; making one of any period."""
    form, user = form_or_404(form_slug), user_of(request)
    rights.require(user, form)
    may_make = rights.may_make(user, form)
    return render(request, "reports/periodic/form.html", _page_of(request, form, _make_form(request, form), may_make))


def _make_form(request: HttpRequest, form: Form) -> MakeForm:
    initial: dict[str, Any] = {"languages": [get_language() or "kk"]}
    if request.GET.get("period"):
        initial["period"] = request.GET["period"]
    return MakeForm(form, initial=initial)


def _page_of(request: HttpRequest, form: Form, make: MakeForm, may_make: bool) -> dict[str, Any]:
    rows, next_url = _by_key(request, _shown([form]))
    return {
        "form": form,
        "make": make,
        "may_make": may_make,
        "lines": lines(rows),
        "next_url": next_url,
        "kinds": form.kinds,
    }


def _by_key(request: HttpRequest, rows: QuerySet[PublishedReport]) -> tuple[list[PublishedReport], str]:
    """A page after the last row of the one before: day and number."""
    rows = rows.order_by("-starts_on", "-id")
    day, _dot, number = request.GET.get("after", "").partition(".")
    try:
        start, key = dt.date.fromisoformat(day), int(number)
    except ValueError:
        pass
    else:
        rows = rows.filter(Q(starts_on__lt=start) | Q(starts_on=start, pk__lt=key))
    found = list(rows[: ON_A_PAGE + 1])
    more = len(found) > ON_A_PAGE
    last = found[ON_A_PAGE - 1] if more else None
    return found[:ON_A_PAGE], f"?after={last.starts_on.isoformat()}.{last.pk}" if last else ""


@require_POST
def make(request: HttpRequest, form_slug: str) -> HttpResponse:
    form, user = form_or_404(form_slug), user_of(request)
    rights.require(user, form, making=True)
    filled = MakeForm(form, request.POST)
    if not filled.is_valid():
        page = _page_of(request, form, filled, may_make=True)
        return render(request, "reports/periodic/form.html", page, status=422)
    kind, period = filled.asked()
    made = [making.ask(form, kind, period, language, by=user) for language in filled.cleaned_data["languages"]]
    return redirect("reports:published", made[0].pk)


def _visible(request: HttpRequest, report_id: int) -> tuple[PublishedReport, Form]:
    report = get_object_or_404(PublishedReport.objects.select_related("asked_by", "previous"), pk=report_id)
    form = form_or_404(report.form)
    rights.require(user_of(request), form)
    return report, form


@never_cache
@require_safe
def published(request: HttpRequest, report_id: int) -> HttpResponse:
    """The report as it was made; while it is being made, how far it is."""
    report, form = _visible(request, report_id)
    if report.state == PublishedReport.State.SAME and report.previous_id:
        messages.info(request, _("Nothing has changed since this version was made."))
        return redirect("reports:published", report.previous_id)
    page: dict[str, Any] = {**line(report), "form": form, "may_make": rights.may_make(user_of(request), form)}
    if report.state == PublishedReport.State.READY:
        page |= _contents(request, report)
    return render(request, "reports/periodic/published.html", page)


def _contents(request: HttpRequest, report: PublishedReport) -> dict[str, Any]:
    versions = list(making.versions(report).defer("data", "changes"))
    others = PublishedReport.objects.filter(
        form=report.form, starts_on=report.starts_on, ends_on=report.ends_on, state=PublishedReport.State.READY
    ).exclude(language=report.language)
    newest = {one.language: one for one in others.order_by("version").defer("data", "changes")}
    return {
        **(_part(request, from_data(report.data)) if report.has_contents else {}),
        "versions": versions,
        "newer": versions[0] if versions and versions[0].pk != report.pk else None,
        "languages": sorted(newest.values(), key=lambda one: one.language),
        "changes": report.changes[:MOST_CHANGES],
        "left_out": max(0, len(report.changes) - MOST_CHANGES),
    }


def _part(request: HttpRequest, document: Document) -> dict[str, Any]:
    """A long list is read page by page; the files hold it whole."""
    longest = max(len(table.rows) for table in document.tables)
    page = Paginator(range(longest), LONGEST_SHOWN).get_page(request.GET.get("page"))
    first = (page.number - 1) * LONGEST_SHOWN
    sections = tuple(
        replace(section, tables=tuple(_cut(table, first) for table in section.tables)) for section in document.sections
    )
    return {
        "document": replace(document, sections=sections),
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }


def _cut(table: Table, first: int) -> Table:
    return replace(table, rows=table.rows[first : first + LONGEST_SHOWN]) if len(table.rows) > LONGEST_SHOWN else table


@never_cache
@require_safe
def state(request: HttpRequest, report_id: int) -> HttpResponse:
    """The part of the page that tells how far the report is; once it is there the page is opened anew."""
    report, _form = _visible(request, report_id)
    response = render(request, "reports/periodic/state.html", line(report))
    if not report.is_unfinished:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
def again(request: HttpRequest, report_id: int) -> HttpResponse:
    """The same period once more: a new version where the figures have changed, or another try after a failure."""
    report, form = _visible(request, report_id)
    user = user_of(request)
    rights.require(user, form, making=True)
    made = making.ask(form, report.period_kind, making.period_of(report), report.language, by=user)
    return redirect("reports:published", made.pk)


@never_cache
@require_safe
def file(request: HttpRequest, report_id: int, file_kind: str) -> FileResponse:
    report, form = _visible(request, report_id)
    response = handing_out.file_response(report, file_kind)
    handing_out.record(report, form, by=user_of(request), request=request)
    return response
