"""The public results: all institutions, one institution with its points, one point."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.models import Organization
from reports.models import ServicePoint
from reports.qr import limits, results
from reports.qr.reasons import SCORES, THEMES
from reports.qr.results import Summary
from ui.dates import number


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    rows = results.institutions()
    page = {
        "rows": rows,
        "city": results.together(summary for _body, _count, summary in rows),
        "minimum": results.MINIMUM,
        "bursts": _bursts(),
        "is_demo": ServicePoint.objects.filter(is_demo=True).exists(),
    }
    return render(request, "reports/qr/results.html", page)


@require_safe
def institution(request: HttpRequest, body: str) -> HttpResponse:
    organization = get_object_or_404(Organization, slug=body)
    points = list(results.points_of(organization))
    if not points:
        raise Http404
    found = results.by_point(points)
    page = {
        "organization": organization,
        "rows": [(point, found[point.pk]) for point in points],
        **_shown(points, results.together(found.values())),
    }
    return render(request, "reports/qr/institution.html", page)


@require_safe
def point(request: HttpRequest, body: str, point_id: int) -> HttpResponse:
    rows = ServicePoint.objects.select_related("organization", "department")
    row = get_object_or_404(rows, pk=point_id, organization__slug=body)
    page = {"point": row, "organization": row.organization, **_shown([row], results.by_point([row])[row.pk])}
    return render(request, "reports/qr/point.html", page)


def _shown(points: list[ServicePoint], summary: Summary) -> dict[str, Any]:
    """What both pages show of a summary."""
    trend = results.months(points)
    return {
        "summary": summary,
        "is_demo": any(row.is_demo for row in points),
        "minimum": results.MINIMUM,
        "distribution": [(f"{score} · {SCORES[score]}", count) for score, count in summary.by_score],
        "months": trend,
        "columns": [(f"{month.start:%m.%Y}", round(month.summary.average or 0, 2)) for month in trend],
        "has_trend": any(month.summary.is_enough for month in trend),
        "themes": [(THEMES[row.theme].name, row.good, row.bad) for row in results.themes(points)],
        "comments": results.comments(points),
        "bursts": _bursts(),
    }


def _bursts() -> str:
    short, day = limits.BURSTS
    return _(
        "More than %(few)s ratings of one point from one network within %(minutes)s minutes, or more than %(many)s"
        " within a day, are set aside until a person has looked at them."
    ) % {
        "few": number(short.most), "minutes": number(int(short.within.total_seconds() // 60)),
        "many": number(day.most),
    }  # fmt: skip
