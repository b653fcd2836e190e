"""Open Impact: what was mended because people asked, by month, topic and city sector."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import periods, sources
from reports.figures import Filters
from reports.impact import reading
from reports.periods import Period


@require_safe
def impact(request: HttpRequest) -> HttpResponse:
    """The last twelve months, of the city or of one sector of it."""
    areas = {choice.slug: choice for choice in sources.choices("area") if choice.is_active}
    area = areas.get(request.GET.get("area", ""))
    filters = Filters(area=int(area.key) if area else None)
    today = timezone.localdate()
    period = Period(periods.last_months(today, 12).start, today)
    chips = [{"label": _("The whole city"), "url": "?", "current": area is None}]
    chips += [{"label": each.name, "url": f"?area={each.slug}", "current": each == area} for each in areas.values()]
    found = reading.months(period, filters)
    examples = reading.examples(filters)
    page = {
        "chips": chips,
        "area": area,
        "period": period,
        "figures": reading.headline(period, filters),
        "before": reading.headline(period.a_year_earlier(), filters)["mended"],
        "months": found,
        "columns": [(f"{point.start:%m.%Y}", point.figures["mended"].numerator) for point in found],
        "topics": reading.parts("topic", period, filters)[: reading.TOPICS],
        "areas": reading.parts("area", period, filters) if area is None else [],
        "examples": [(row, *_named(row)) for row in examples],
        "has_demo": any(row.appeal.is_demo for row in examples),
        "least": reading.LEAST,
    }
    return render(request, "reports/impact/impact.html", page)


def _named(row: reading.Example) -> tuple[str, str]:
    """Topic and city sector in words."""
    appeal = row.appeal
    return sources.name("topic", appeal.topic_id), sources.name("area", appeal.area_id) if appeal.area_id else ""
