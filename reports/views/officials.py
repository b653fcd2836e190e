"""The load of officials by name: for those who oversee, of the units that they oversee."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import grants_of
from accounts.rights import Action, reaches_beyond
from reports import figures, sources, wording
from reports.building import MONTHS_ONLY, counted_period
from reports.dictionary import metric
from reports.figures import Figure
from reports.periods import Period
from reports.questions import USUAL
from reports.views.asking import ask
from reports.views.navigation import local

METRICS = ("answered", "answer_days_median", "disputed_share", "formal_share", "solved_share")


@dataclass(frozen=True)
class Line:
    """An official in a unit, with his figures in the order of the columns."""

    unit: str
    name: str
    figures: tuple[Figure, ...]

    @property
    def cells(self) -> list[tuple[str, str]]:
        return [(wording.value(each), wording.counts(each)) for each in self.figures]


@require_safe
def officials(request: HttpRequest) -> HttpResponse:
    asking = ask(request, ("department",), USUAL)
    assert isinstance(request.user, User)  # config.access lets nobody else in
    lines = _lines(asking.question.period, asking.question.filters.department, units_of(request.user))
    counted = counted_period(asking.question, "department", "executor")
    context = {
        "asking": asking,
        "period": wording.days(counted or asking.question.period),
        "note": MONTHS_ONLY if counted else "",
        "columns": [metric(key) for key in METRICS],
        "lines": lines,
        "local": local(request, "", ""),
    }
    return render(request, "reports/officials.html", context)


def units_of(user: User) -> frozenset[int] | None:
    """The units whose officials the user may see by name; None for all."""
    found: set[int] = set()
    for grant in grants_of(user):
        if not reaches_beyond(grant, Action.OVERSEE):
            continue
        if grant.department_id:
            found.add(grant.department_id)
        elif grant.organization_id:
            found |= _of_organization(grant.organization_id)
        elif not grant.area_id:
            return None
    return frozenset(found)


def _of_organization(organization_id: int) -> set[int]:
    return {int(choice.key) for choice in sources.choices("department") if choice.parent == organization_id}


def _lines(period: Period, unit: int | None, allowed: frozenset[int] | None) -> list[Line]:
    """The most loaded first within each unit; whoever is not known any more is named by his number."""
    filters = figures.ALL if unit is None else figures.Filters(department=unit)
    found = figures.by_two(METRICS, period, "department", "executor", filters, exact=True)
    units, people = sources.by_key("department"), sources.by_key("executor")
    lines = [
        Line(
            units[department].name if department in units else f"№ {department}",
            people[person].name if person in people else f"№ {person}",
            tuple(each[key] for key in METRICS),
        )
        for (department, person), each in found.items()
        if person and each["answered"].numerator and (allowed is None or department in allowed)
    ]
    return sorted(lines, key=lambda line: (line.unit, -line.figures[0].numerator, line.name))
