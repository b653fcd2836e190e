"""For heads and the akim: load, age, lateness and disputes by unit and person, each figure one click from its cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import grants_of
from accounts.rights import Action, reaches_beyond
from appeals.filters import QueueFilters, Sort, Tab
from appeals.policies import visible_to
from appeals.selectors import names
from appeals.selectors import oversight as figures
from appeals.selectors.conditions import QueueTimes
from appeals.selectors.oversight import Load, Results, Week
from appeals.views.staff.base import queue_times, staff_of, staff_required
from appeals.views.staff.queue import queue_url
from audit import trail
from audit.models import AuditRecord
from common import csv_lines
from ui import dates

PERIODS = (7, 30, 90)
WEEKS = 12
KEPT_SECONDS = 300  # the figures of a period move slowly and read tens of thousands of rows
FEWEST = 10  # answers below which a share says nothing


@dataclass(frozen=True)
class Scope:
    """Whose work the page shows: all units, or the given ones by person."""

    department_ids: tuple[int, ...] | None
    by_person: bool

    @property
    def load_key(self) -> str:
        return "executor_id" if self.by_person else "department_id"

    @property
    def result_key(self) -> str:
        return "author_id" if self.by_person else "department_id"


@dataclass(frozen=True)
class Line:
    """A unit or a person: what waits now and what came of the period. Addresses lead to the same cases."""

    name: str
    load: Load
    results: Results
    url: str
    overdue_url: str
    soon_url: str
    people_url: str

    @property
    def on_time(self) -> str:
        return _share(self.results.on_time_share, self.results.answered)

    @property
    def disputed(self) -> str:
        return _share(self.results.disputed_share, self.results.answered)

    @property
    def mean_age(self) -> str:
        return dates.number(self.load.mean_age, 1) if self.load.waiting else "–"


@require_safe
@staff_required(Action.OVERSEE)
def oversight(request: HttpRequest) -> HttpResponse:
    user, days = staff_of(request), _days(request)
    scope = scope_of(user, request.GET.get("unit", ""))
    lines, weeks, passed_on = read(user, scope, days, queue_times())
    context = {
        "lines": lines,
        "days": days,
        "by_person": scope.by_person,
        "unit": _unit_name(scope),
        "unit_id": scope.department_ids[0] if scope.department_ids and len(scope.department_ids) == 1 else "",
        "may_go_up": _units(user) is None,
        "periods": [
            {"label": dates.count_of("day", number), "url": _url(request, number), "current": number == days}
            for number in PERIODS
        ],
        "stats": _stats(lines, passed_on),
        "chart_load": [(line.name, line.load.waiting, line.url) for line in lines if line.load.waiting][:12],
        "chart_overdue": [(line.name, line.load.overdue, line.overdue_url) for line in _worst(lines)],
        "received": [(dates.short_date(week.starts_on), week.received) for week in weeks],
        "answered": [(dates.short_date(week.starts_on), week.answered) for week in weeks],
        "export_url": f"{reverse('appeals:oversight-export')}?{request.GET.urlencode()}",
        "fewest": FEWEST,
        "now": timezone.now(),
    }
    return render(request, "appeals/staff/oversight.html", context)


@require_safe
@staff_required(Action.OVERSEE)
def export(request: HttpRequest) -> HttpResponse:
    """The table of the page as CSV."""
    user, days = staff_of(request), _days(request)
    lines, _weeks, _passed_on = read(user, scope_of(user, request.GET.get("unit", "")), days, queue_times())
    trail.record(
        action=AuditRecord.Action.EXPORTED, actor=user, subject_ref="oversight", fields=["oversight"], request=request
    )
    header = [
        _("Unit or person"), _("Waiting"), _("Overdue"), _("Due soon"), _("Clock paused"), _("Without executor"),
        _("Mean age, days"), _("Answered in the period"), _("Of these late"), _("Of these not done"),
        _("Disputed in the period"),
    ]  # fmt: skip
    table = "".join(csv_lines.lines(header, map(_cells, lines)))
    response = HttpResponse(table, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="oversight-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


def _cells(line: Line) -> list[object]:
    load, done = line.load, line.results
    return [
        line.name, load.waiting, load.overdue, load.soon, load.paused, load.unclaimed, round(load.mean_age, 1),
        done.answered, done.late, done.not_done, done.disputed,
    ]  # fmt: skip


def read(user: User, scope: Scope, days: int, times: QueueTimes) -> tuple[list[Line], list[Week], int | None]:
    """What waits is counted anew each time; the figures of the period are kept for some minutes."""
    rows = visible_to(user, Action.OVERSEE, elsewhere=False)
    if scope.department_ids is not None:
        rows = rows.filter(department_id__in=scope.department_ids)
    loads = figures.loads(rows, times, by=scope.load_key)
    until = times.now
    since = until - dt.timedelta(days=days)
    kept = f"oversight:{scope.department_ids}:{scope.by_person}:{days}"
    period = cache.get(kept)
    if period is None:
        done = figures.results(since, until, by=scope.result_key, department_ids=scope.department_ids)
        weeks = figures.trend(
            _monday(times) - dt.timedelta(weeks=WEEKS - 1), until, department_ids=scope.department_ids
        )
        passed_on = figures.forwarded(since, until) if scope.department_ids is None else None
        period = (done, weeks, passed_on)
        cache.set(kept, period, KEPT_SECONDS)
    done, weeks, passed_on = period
    return _lines(scope, loads, done), weeks, passed_on


def _lines(scope: Scope, loads: Sequence[Load], done: Sequence[Results]) -> list[Line]:
    """A line for each unit or person. Answers without a unit were given at first contact: what waits has none yet."""
    by_load, by_done = {load.key: load for load in loads}, {one.key: one for one in done}
    at_first_contact = None if scope.by_person else by_done.pop(None, None)
    lines = [
        _line(scope, key, by_load.get(key) or _no_load(key), by_done.get(key) or Results(key))
        for key in {*by_load, *by_done}
    ]
    if at_first_contact is not None:
        line = _line(scope, None, _no_load(None), at_first_contact)
        lines.append(replace(line, name=_("Consultations at first contact")))
    return sorted(lines, key=lambda line: (-line.load.overdue, -line.load.waiting, line.name))


def _no_load(key: int | None) -> Load:
    return Load(key, 0, 0, 0, 0, 0, 0.0, None)


def _line(scope: Scope, key: int | None, load: Load, done: Results) -> Line:
    where = {"unit": str(scope.department_ids[0])} if scope.by_person and scope.department_ids else {}
    if scope.by_person:
        person = names.colleagues().get(key or 0)
        name = person.name if person else _("Nobody yet") if key is None else _("Former colleague")
        filters = QueueFilters(tab=Tab.ALL, executor=str(key or "none"), sort=Sort.DUE, **where)
        people_url = ""
    else:
        unit = names.departments().get(key or 0)
        name = unit.name if unit else _("No unit yet")
        filters = QueueFilters(tab=Tab.ALL, unit=str(key or "none"), sort=Sort.DUE)
        people_url = f"{reverse('appeals:oversight')}?unit={key}" if key else ""
    return Line(
        name=name,
        load=load,
        results=done,
        url=queue_url(filters),
        overdue_url=queue_url(filters, tab=Tab.OVERDUE),
        soon_url=queue_url(filters, tab=Tab.SOON),
        people_url=people_url,
    )


def _stats(lines: Sequence[Line], passed_on: int | None) -> list[dict[str, Any]]:
    loads, done = [line.load for line in lines], [line.results for line in lines]
    overdue, answered = sum(load.overdue for load in loads), sum(one.answered for one in done)
    late, disputed = sum(one.late for one in done), sum(one.disputed for one in done)
    stats = [
        {"label": _("Waiting now"), "value": sum(load.waiting for load in loads), "tone": "info"},
        {"label": _("Overdue now"), "value": overdue, "tone": "bad" if overdue else "good"},
        {"label": _("Due soon"), "value": sum(load.soon for load in loads), "tone": "warn"},
        {"label": _("Answered in the period"), "value": answered, "note": _("late: %(n)s") % {"n": dates.number(late)}},
        {
            "label": _("Disputed in the period"),
            "value": disputed,
            "note": _share(disputed / answered if answered else None, answered),
        },
    ]
    if passed_on is not None:
        stats.append({"label": _("Forwarded in the period"), "value": passed_on, "note": _("never counted as late")})
    return stats


def _worst(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.load.overdue][:12]


def _share(value: float | None, of: int) -> str:
    """A share in words; a dash where too few answers stand behind it."""
    if value is None or of < FEWEST:
        return "–"
    return f"{dates.number(round(value * 100, 1), 1)}\u00a0%"


def _units(user: User) -> tuple[int, ...] | None:
    """The units the user oversees; None for all."""
    grants = [grant for grant in grants_of(user) if reaches_beyond(grant, Action.OVERSEE)]
    found: set[int] = set()
    for grant in grants:
        if grant.department_id is not None:
            found.add(grant.department_id)
        elif grant.organization_id is not None:
            found |= {row.id for row in names.departments().values() if row.parent_id == grant.organization_id}
        else:
            return None
    return tuple(sorted(found))


def scope_of(user: User, unit: str) -> Scope:
    """One unit is shown by person; several, or the whole city, by unit."""
    own = _units(user)
    if unit.isascii() and unit.isdigit() and len(unit) < 19 and (own is None or int(unit) in own):
        return Scope((int(unit),), by_person=True)
    return Scope(own, by_person=own is not None and len(own) == 1)


def _unit_name(scope: Scope) -> str:
    if not scope.by_person or not scope.department_ids:
        return ""
    unit = names.departments().get(scope.department_ids[0])
    return unit.name if unit else ""


def _days(request: HttpRequest) -> int:
    given = request.GET.get("days", "")
    return int(given) if given in {str(number) for number in PERIODS} else 30


def _url(request: HttpRequest, days: int) -> str:
    query = request.GET.copy()
    query["days"] = str(days)
    return f"{reverse('appeals:oversight')}?{query.urlencode()}"


def _monday(times: QueueTimes) -> dt.datetime:
    today = timezone.localtime(times.now).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - dt.timedelta(days=today.weekday())
