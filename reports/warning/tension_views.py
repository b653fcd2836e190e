"""The public page of the social-tension index: value, formula, parts and history. No texts, no places."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import dictionary, sources
from reports.models import TensionComponent, TensionDay
from reports.warning import tension_days
from reports.warning.tension_days import CITY, Part
from reports.warning.thresholds import is_default
from ui import dates


@require_safe
def tension(request: HttpRequest) -> HttpResponse:
    areas = [choice for choice in sources.choices("area") if choice.is_active]
    chosen = next((one for one in areas if one.slug == request.GET.get("area")), None)
    newest = tension_days.latest([int(one.key) for one in areas])
    here = newest.get(int(chosen.key) if chosen else CITY)
    changed = {row.metric for row in TensionComponent.objects.all() if not is_default(row)}
    context = {
        "here": here,
        "stats": [{"label": _("Index, 0 to 100"), "value": here.value, "tone": "warn"}] if here else [],
        "place": chosen.name if chosen else _("whole city"),
        "parts": [(part, name_of(part.metric), part.metric not in changed) for part in _parts(here)],
        "tabs": [
            {"label": _("Whole city"), "url": "?", "current": chosen is None},
            *({"label": one.name, "url": f"?area={one.slug}", "current": one == chosen} for one in areas),
        ],
        "areas": [(one.name, newest.get(int(one.key))) for one in areas],
        "history_rows": _history(here),
        "all_default": not changed,
        "period_days": tension_days.PERIOD_DAYS,
    }
    return render(request, "reports/warning/tension.html", context)


def _history(row: TensionDay | None) -> list[tuple[str, float]]:
    if row is None:
        return []
    known = tension_days.history(row.area_id, row.day)
    return [(dates.short_date(one.day), one.value) for one in known if one.value is not None]


def name_of(metric: str) -> str:
    try:
        return str(dictionary.entry(metric).name)
    except KeyError:
        return metric


def _parts(row: TensionDay | None) -> list[Part]:
    return tension_days.parts_of(row) if row else []
