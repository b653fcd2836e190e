"""Problem Report: the problems told most often, and one of them with its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import catalog, sources, wording  # noqa: F401  # fills the catalogue
from reports.dashboards import DASHBOARDS
from reports.figures import Filters
from reports.problems import reading
from reports.problems.reading import KEYS, History, Problem
from reports.problems.rules import Cell, Episode, alone, episodes, hide
from reports.questions import Question, preset_period
from reports.views.cards import card
from reports.views.kept import holds_invented, moment_counted
from reports.views.navigation import local
from ui.dates import number


@dataclass(frozen=True)
class Month:
    start: dt.date
    cells: Sequence[Cell]  # in the order of KEYS


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    areas = {choice.slug: choice for choice in sources.choices("area") if choice.is_active}
    area = areas.get(request.GET.get("area", ""))
    chips = [{"label": _("The whole city"), "url": "?", "current": area is None}]
    chips += [{"label": each.name, "url": f"?area={each.slug}", "current": each == area} for each in areas.values()]
    board = DASHBOARDS["problems"]
    asked = Question(preset_period(board.preset), Filters(area=int(area.key) if area else None), preset=board.preset)
    page = {
        "board": board,
        "chips": chips,
        "cards": [card(shown, asked, place) for place, shown in enumerate(board.shown)],
        "local": local(request, board.slug, ""),
        "counted_at": moment_counted(request),
        "period": wording.days(asked.period),
        "has_invented": holds_invented(),
    }
    return render(request, "reports/problems/problems.html", page)


@require_safe
def problem(request: HttpRequest, problem: str) -> HttpResponse:
    found = reading.find(problem)
    history = reading.history(found) if found else None
    if found is None or history is None:
        raise Http404
    page = {
        "problem": found,
        "totals": {key: alone(count) for key, count in history.totals.items()},
        "is_cut": len(history.points) > len(history.shown),
        "months": _months(history),
        "columns": _columns(history),
        "story": _story(history),
        **_answers(found),
        "public_url": _public_url(found),
    }
    return render(request, "reports/problems/problem.html", page)


def _months(history: History) -> list[Month]:
    """The newest first. Hidden over the whole history, so that the sum gives none away."""
    hidden = [hide([point.figures[key].numerator for point in history.points]) for key in KEYS]
    rows = [Month(point.start, cells) for point, *cells in zip(history.points, *hidden, strict=True)]
    return rows[-len(history.shown) :][::-1]


def _columns(history: History) -> list[tuple[str, int]]:
    """For the chart: a month that is hidden in the table has no column."""
    cells = hide([point.figures["received"].numerator for point in history.points])[-len(history.shown) :]
    return [(f"{point.start:%m.%Y}", cell.value or 0) for point, cell in zip(history.shown, cells, strict=True)]


def _story(history: History) -> list[dict[str, Any]]:
    """First told, quiet, back again, and what the staff did with an incident."""
    told = episodes([(point.start, point.figures["received"].numerator) for point in history.points])
    found = [{"month": told[0].first, "title": _("Told for the first time"), "icon": "flag"}]
    for before, episode in pairwise(told):
        found.append({"month": before.last, "title": _("The last time before it was quiet"), "icon": "pause"})
        found.append({"month": episode.first, "title": _back(before, episode), "icon": "refresh"})
    found.append({"month": told[-1].last, "title": _("Told for the last time"), "icon": "chat"})
    incident = history.problem.incident
    if incident is not None:
        found.append({"month": incident.opened_on, "title": _("Appeals were joined as one incident"), "icon": "link"})
        if incident.closed_on:
            found.append({"month": incident.closed_on, "title": _("The incident was closed"), "icon": "check"})
    return sorted(found, key=lambda row: (row["month"].year, row["month"].month))


def _back(before: Episode, episode: Episode) -> str:
    quiet = (episode.first.year - before.last.year) * 12 + episode.first.month - before.last.month - 1
    return _("Came back after %(months)s quiet months") % {"months": number(quiet)}


def _answers(found: Problem) -> dict[str, Any]:
    """Who answered a topic in a sector; how answers to an incident ended. The months give away their sums."""
    if found.incident is not None:
        ended = reading.outcomes(found.incident.id)
        cells = hide([count for _words, count in ended])
        return {"outcomes": [(words, cell) for (words, _count), cell in zip(ended, cells, strict=True)]}
    rows = reading.units(found)
    answered = hide([figure.numerator for _name, figure, _mended in rows])
    mended = hide([figure.numerator for _name, _answered, figure in rows])
    return {"units": list(zip((name for name, _answered, _mended in rows), answered, mended, strict=True))}


def _public_url(found: Problem) -> str:
    """The public list of appeals, narrowed to this problem."""
    if not found.topic or not found.area:
        return ""
    return f"{reverse('appeals:public_list')}?topic={found.topic}&area={found.area}"
