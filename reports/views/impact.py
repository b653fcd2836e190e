"""Open Impact: what was mended because people asked, by month, topic and city sector."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import catalog, sources, wording  # noqa: F401  # fills the catalogue
from reports.dashboards import DASHBOARDS
from reports.figures import Filters
from reports.impact import reading
from reports.questions import Question, preset_period
from reports.views.cards import card
from reports.views.kept import holds_invented, moment_counted
from reports.views.navigation import local


@require_safe
def impact(request: HttpRequest) -> HttpResponse:
    """The last twelve months, of the city or of one sector of it: the reports of its dashboard, and examples."""
    areas = {choice.slug: choice for choice in sources.choices("area") if choice.is_active}
    area = areas.get(request.GET.get("area", ""))
    board = DASHBOARDS["impact"]
    asked = Question(preset_period(board.preset), Filters(area=int(area.key) if area else None), preset=board.preset)
    chips = [{"label": _("The whole city"), "url": "?", "current": area is None}]
    chips += [{"label": each.name, "url": f"?area={each.slug}", "current": each == area} for each in areas.values()]
    cards = [card(shown, asked, place) for place, shown in enumerate(board.shown) if area is None or shown.by != "area"]
    examples = reading.examples(asked.filters)
    page = {
        "board": board,
        "chips": chips,
        "area": area,
        "mended": cards[0].table.rows[0].figures["mended"],
        "local": local(request, board.slug, ""),
        "counted_at": moment_counted(request),
        "period": wording.days(asked.period),
        "cards": cards,
        "examples": [(row, *_named(row)) for row in examples],
        "has_demo": any(row.appeal.is_demo for row in examples),
        "has_invented": holds_invented(),
    }
    return render(request, "reports/impact/impact.html", page)


def _named(row: reading.Example) -> tuple[str, str]:
    """Topic and city sector in words."""
    appeal = row.appeal
    return sources.name("topic", appeal.topic_id), sources.name("area", appeal.area_id) if appeal.area_id else ""
