"""The dashboards, and each report of the catalogue on a page of its own with its downloads."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import csv_lines
from common.address_language import in_language_of_address
from reports import catalog, dashboards, forms, pictures, tables_written  # noqa: F401  # fills the catalogue
from reports.dashboards import DASHBOARDS, START, Dashboard
from reports.questions import USUAL
from reports.tables import Report, Table, reports
from reports.views.asking import Asking, ask
from reports.views.cards import Card, card
from reports.views.kept import holds_invented, moment_counted, until_counted_anew
from reports.views.navigation import local


@require_safe
@until_counted_anew
def start(request: HttpRequest) -> HttpResponse:
    return _dashboard(request, DASHBOARDS[START])


@require_safe
@until_counted_anew
def dashboard(request: HttpRequest, board: str) -> HttpResponse:
    if board == START:
        return redirect("reports:start")
    if board not in DASHBOARDS:
        raise Http404
    return _dashboard(request, DASHBOARDS[board])


def _dashboard(request: HttpRequest, entry: Dashboard) -> HttpResponse:
    asking = ask(request, dashboards.FILTERS, entry.preset)
    if forms.is_untidy(request.GET) and not asking.is_wrong:
        return redirect(f"{request.path}{asking.kept}")
    cards = [card(shown, asking.question, place) for place, shown in enumerate(entry.shown)]
    context = {
        "dashboard": entry,
        "cards": cards,
        "asking": asking,
        "local": local(request, entry.slug, asking.kept),
        "counted_at": moment_counted(request),
        "has_invented": holds_invented(),
    }
    return render(request, "reports/dashboard.html", context)


@require_safe
@until_counted_anew
def all_reports(request: HttpRequest) -> HttpResponse:
    """Every report of the catalogue by the dashboards on which it stands."""
    asking = ask(request, (), USUAL)
    groups = [(each, [reports.get(slug) for slug in _slugs(each)]) for each in DASHBOARDS.values()]
    return render(request, "reports/all_reports.html", {"groups": groups, "local": local(request, "", asking.kept)})


def _slugs(entry: Dashboard) -> list[str]:
    return list(dict.fromkeys(shown.report for shown in entry.shown))


@require_safe
@until_counted_anew
def report(request: HttpRequest, chart: str) -> HttpResponse:
    entry = _found(chart)
    asking = _asked(request, entry)
    if forms.is_untidy(request.GET) and not asking.is_wrong:
        return redirect(f"{request.path}{asking.kept}")
    table = entry(asking.question)
    shown = Card(chart, entry, table, str(entry.title))
    context = {
        "report": entry,
        "card": shown,
        "asking": asking,
        "address": request.build_absolute_uri(shown.url),
        "local": local(request, "", asking.kept),
        "counted_at": moment_counted(request),
        "has_invented": holds_invented(),
        "dashboards": dashboards.containing(chart),
    }
    return render(request, "reports/report.html", context)


@require_safe
@in_language_of_address
@until_counted_anew
def report_csv(request: HttpRequest, chart: str) -> HttpResponseBase:
    """Decimal points and commas between the cells, as programs read them; the first line has the names."""
    answered = _answered(request, chart)
    if isinstance(answered, HttpResponse):
        return answered
    lines = csv_lines.lines(tables_written.header(answered), list(tables_written.lines(answered)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = _named(chart, answered, "csv")
    return response


@require_safe
@in_language_of_address
@until_counted_anew
def report_json(request: HttpRequest, chart: str) -> HttpResponse:
    answered = _answered(request, chart)
    if isinstance(answered, HttpResponse):
        return answered
    body = {"report": chart, "address": request.build_absolute_uri(), **tables_written.as_json(answered)}
    return HttpResponse(json.dumps(body, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8")


@require_safe
@in_language_of_address
@until_counted_anew
def report_svg(request: HttpRequest, chart: str) -> HttpResponse:
    """The picture to keep and to pass on: it carries its title, unit, source and address with it."""
    answered = _answered(request, chart)
    if isinstance(answered, HttpResponse):
        return answered
    shown = Card(chart, reports.get(chart), answered, str(answered.title))
    drawn = pictures.picture(answered, request.build_absolute_uri(shown.url))
    response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Disposition"] = _named(chart, answered, "svg")
    return response


def _found(slug: str) -> Report:
    if slug not in reports:
        raise Http404
    return reports.get(slug)


def _asked(request: HttpRequest, entry: Report) -> Asking:
    filters = tuple(slug for slug in dashboards.FILTERS if slug in entry.filters)
    return ask(request, filters, entry.preset or USUAL, entry.dimensions, entry.options)


def _answered(request: HttpRequest, slug: str) -> Table | HttpResponse:
    """The table; an address that is not understood is refused, for a program would not read a note."""
    entry = _found(slug)
    asking = _asked(request, entry)
    if asking.is_wrong:
        body = {"error": _("The address was not understood."), "wrong": dict(asking.form.asked.wrong)}
        return JsonResponse(body, status=400, json_dumps_params={"ensure_ascii": False})
    return entry(asking.question)


def _named(slug: str, table: Table, ending: str) -> str:
    """With the days that the figures are about."""
    period = table.period
    return f'attachment; filename="{slugify(slug)}-{period.start}-{period.end}.{ending}"'
