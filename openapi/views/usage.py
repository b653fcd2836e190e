"""How the keys of an application are used: for its owner, and for whoever manages the API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import csv_lines
from common.text import storable
from openapi import usage, usage_hours, usage_names, usage_report
from openapi.models import ApiKey, Application
from openapi.usage_report import Figures, Line
from openapi.views.developers import own
from ui import dates


@dataclass(frozen=True)
class Period:
    """A choice of the page; by hours, or by days."""

    slug: str
    label: str | Promise
    hours: int = 0
    days: int = 0

    def begin(self, now: datetime) -> datetime:
        return usage_report.begin_of(now, hours=self.hours, days=self.days)


PERIODS = (
    Period("day", gettext_lazy("24 hours"), hours=24),
    Period("week", gettext_lazy("7 days"), days=7),
    Period("month", gettext_lazy("30 days"), days=30),
    Period("quarter", gettext_lazy("90 days"), days=90),
)


@never_cache
@require_safe
def of_own(request: HttpRequest, application_id: int) -> HttpResponse:
    row = own(request, application_id)
    return _page(request, row, "openapi/usage.html", reverse("openapi:application", args=[row.pk]))


@never_cache
@require_safe
def of_any(request: HttpRequest, program_id: int) -> HttpResponse:
    """For whoever approves applications: whether one is used, and whether it goes wrong."""
    row = get_object_or_404(Application, pk=program_id)
    return _page(request, row, "openapi/staff_usage.html", reverse("openapi:staff_application", args=[row.pk]))


def _page(request: HttpRequest, row: Application, template: str, back_url: str) -> HttpResponse:
    period, key = _period(request), _key(request, row)
    now = timezone.now()
    if request.GET.get("format") == "csv":
        return _csv(row, period.begin(now), now, key)
    hourly = bool(period.hours)
    found = usage_report.report(row.pk, since=period.begin(now), now=now, hourly=hourly, key_id=key.pk if key else None)
    words = dates.short_datetime if hourly else dates.short_date
    page = {
        "application": row,
        "back_url": back_url,
        "key": key,
        "keys": [(line, _query(period, line.name)) for line in found.by_key],
        "all_keys_url": _query(period, None),
        "tabs": [{"label": one.label, "url": _query(one, key), "current": one == period} for one in PERIODS],
        "csv_url": f"{_query(period, key)}&format=csv",
        "stats": _stats(found.totals),
        "calls": [(words(line.name), line.figures.calls) for line in found.series],
        "errors": [(words(line.name), line.figures.errors) for line in found.series],
        "operations": [_named(line) for line in found.by_operation],
        "refusals": [(*line.name, line.figures.calls) for line in found.by_code],
        "has_calls": found.totals.calls > 0,
    }
    return render(request, template, page)


def _period(request: HttpRequest) -> Period:
    wanted = request.GET.get("period", "")
    return next((one for one in PERIODS if one.slug == wanted), PERIODS[1])


def _key(request: HttpRequest, row: Application) -> ApiKey | None:
    """The key that is asked about, if it is one of this application; else all of them."""
    wanted = storable(request.GET.get("key", ""))
    return row.keys.filter(prefix=wanted).first() if wanted else None


def _query(period: Period, key: ApiKey | None) -> str:
    return f"?period={period.slug}" + (f"&key={key.prefix}" if key else "")


def _stats(totals: Figures) -> list[dict[str, Any]]:
    share = f"{dates.number(round(100 * totals.errors / totals.calls, 1), 1)}\u00a0%" if totals.calls else ""
    return [
        {"label": _("Calls"), "value": totals.calls, "tone": "info"},
        {"label": _("Refused or failed"), "value": totals.errors, "note": share},
        {
            "label": _("Failed on the hub's side"),
            "value": totals.failures,
            "tone": "bad" if totals.failures else "good",
        },
        {"label": _("Beyond the limit"), "value": totals.limited, "tone": "warn" if totals.limited else ""},
        {"label": _("Half of the calls took"), "value": latency_words(totals.median)},
        {"label": _("95 of 100 calls took"), "value": latency_words(totals.p95)},
    ]


def latency_words(bound: int | None) -> str:
    """At most so many milliseconds: the latencies are counted in classes."""
    if bound is None:
        return "–"
    if bound == usage_report.TOO_SLOW:
        return _unbroken(_("> %(count)s ms") % {"count": dates.number(usage.BOUNDS[-1])})
    return _unbroken(_("≤ %(count)s ms") % {"count": dates.number(bound)})


def _unbroken(words: str) -> str:
    """A figure stays in one line."""
    return words.replace(" ", "\u00a0")


def _named(line: Line) -> dict[str, Any]:
    figures = line.figures
    return {
        "name": usage_names.name_of(line.name),
        "figures": figures,
        "median": latency_words(figures.median),
        "p95": latency_words(figures.p95),
    }


def _csv(row: Application, since: datetime, now: datetime, key: ApiKey | None) -> HttpResponse:
    """Hour by hour with the classes of latency, for programs; codes and times, no words."""
    classes = [f"ms_{bound}" for bound in usage.BOUNDS] + ["ms_more"]
    header = ["hour", "key", "operation", "status", "code", "calls", *classes]
    table = "".join(csv_lines.lines(header, _lines(row, since, now, key)))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="usage-{row.pk}.csv"'
    return response


def _lines(row: Application, since: datetime, now: datetime, key: ApiKey | None) -> Iterator[list[object]]:
    prefixes = dict(row.keys.values_list("pk", "prefix"))
    for line in usage_hours.rows_of(row.pk, since, now):
        if key is not None and line.key_id != key.pk:
            continue
        name = usage_names.name_of(line.operation)
        yield [
            line.hour.isoformat(), prefixes[line.key_id], name, line.status, line.code, line.calls, *line.latency
        ]  # fmt: skip
