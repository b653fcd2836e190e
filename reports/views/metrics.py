"""The metric dictionary as pages, as a table and as JSON: what every figure means, and what it is now."""

from __future__ import annotations

import json
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from common import csv_lines
from common.address_language import in_language_of_address
from reports import catalog, figures, periods, wording  # noqa: F401  # fills the catalogue
from reports.building import over_time
from reports.dictionary import ENTRIES, METRICS, Basis, Metric, entries
from reports.questions import Question, usual
from reports.tables import Report, Table, reports
from reports.views.cards import Card
from reports.views.kept import holds_invented, until_counted_anew
from reports.views.navigation import local

_FIELDS = (
    "key", "name", "definition", "kind", "unit", "basis", "numerator", "numerator_words", "denominator",
    "denominator_words", "subtracted", "better", "law", "source", "owner", "version", "since", "address",
)  # fmt: skip


@require_safe
@until_counted_anew
def all_metrics(request: HttpRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:80]
    found = [entry for entry in entries() if fits(entry, wanted)]
    groups = [(basis.label, [entry for entry in found if entry.basis == basis]) for basis in Basis]
    context = {
        "groups": [(words, entries) for words, entries in groups if entries],
        "wanted": wanted,
        "count": len(found),
        "local": local(request, "", ""),
    }
    return render(request, "reports/metrics.html", context)


def fits(entry: Metric, wanted: str) -> bool:
    """Every word of the search stands somewhere in the entry."""
    said = f"{entry.key} {entry.name} {entry.definition} {entry.law}".lower()
    return all(word in said for word in wanted.lower().split())


@require_safe
@until_counted_anew
def metric_page(request: HttpRequest, metric: str) -> HttpResponse:
    if metric not in ENTRIES:
        raise Http404
    context = {
        "metric": ENTRIES[metric],
        "has_invented": holds_invented(),
        "used": [each for _, each in reports if metric in each.metrics],
        "address": request.build_absolute_uri(reverse("reports:metric", args=[metric])),
        "local": local(request, "", ""),
        **(_counted(METRICS[metric]) if metric in METRICS else {}),
    }
    return render(request, "reports/metric.html", context)


def _counted(entry: Metric) -> dict[str, object]:
    """What it is now, and month by month."""
    month, table = periods.last_days(timezone.localdate(), 30), _twelve_months(entry)
    current = figures.figure(entry.key, month)
    return {
        "value": wording.value(current),
        "counts": wording.counts(current),
        "period": wording.days(month),
        "drawing": Card(entry.key, _AS_REPORT, table, str(entry.name)).drawing,
        "rows": [(row.label, wording.full(row.figures[entry.key])) for row in reversed(table.rows)],
    }


def _answer(report: Report, asked: Question) -> Table:
    return over_time(report, asked, drawn=report.metrics)


# Not in the catalogue: each figure is drawn alone on its own page.
_AS_REPORT = Report("metric", "", "", (), _answer)


def _twelve_months(entry: Metric) -> Table:
    return replace(_AS_REPORT, title=entry.name, metrics=(entry.key,))(usual("12-months"))


@require_safe
@in_language_of_address
@until_counted_anew
def metrics_csv(request: HttpRequest) -> HttpResponseBase:
    rows = [list(_as_dict(request, entry).values()) for entry in entries()]
    lines = csv_lines.lines(_FIELDS, rows)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="metrics.csv"'
    return response


@require_safe
@in_language_of_address
@until_counted_anew
def metrics_json(request: HttpRequest) -> HttpResponse:
    body = {"metrics": [_as_dict(request, entry) for entry in entries()]}
    return HttpResponse(json.dumps(body, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8")


def _as_dict(request: HttpRequest, entry: Metric) -> dict[str, str | int]:
    address = request.build_absolute_uri(reverse("reports:metric", args=[entry.key]))
    said = {name: getattr(entry, name) for name in _FIELDS if name != "address"} | {"address": address}
    return {name: _plain(value) for name, value in said.items()}


def _plain(value: object) -> str | int:
    if isinstance(value, int):
        return value
    if isinstance(value, tuple):
        return " + ".join(value)
    return str(value)
