"""Problems that were told many times: a topic in a city sector, or an incident that several appeals are joined to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Max, Min
from django.utils import timezone

from reports import figures, periods, sources
from reports.dictionary import metric
from reports.dimensions import mask
from reports.figures import Figure, Filters, Point
from reports.measures import ANSWERED, DONE, RECEIVED, Basis
from reports.models import AnswerFact, AppealFact, Rollup
from reports.periods import Period
from reports.problems.rules import SMALLEST_SHOWN

LISTED_FROM = 10  # appeals in twelve months, and a topic in a sector is a problem told many times
LISTED = 50
MONTHS_SHOWN = 24
KEYS_LISTED = ("received", "repeated", "disputed", "mended")
KEYS = ("received", "repeated", "answered", "forwarded", "mended", "disputed")
INCIDENT = "incident-"
BETWEEN = "--"


@dataclass(frozen=True)
class Problem:
    """What is the matter and where, without a word of those who told it."""

    slug: str
    topic: int
    area: int
    incident: sources.Incident | None = None

    @property
    def topic_name(self) -> str:
        return sources.name("topic", self.topic) if self.topic else ""

    @property
    def area_name(self) -> str:
        return sources.name("area", self.area) if self.area else ""

    @property
    def filters(self) -> Filters:
        return Filters(topic=self.topic, area=self.area)


@dataclass(frozen=True)
class Listed:
    """An incident as the list shows it."""

    problem: Problem
    received: int
    last: dt.date


@dataclass(frozen=True)
class History:
    """From the first month in which it was told to this one."""

    problem: Problem
    first: dt.date
    points: Sequence[Point]
    totals: Mapping[str, int]

    @property
    def shown(self) -> Sequence[Point]:
        return self.points[-MONTHS_SHOWN:]


def year(now: dt.date) -> Period:
    return Period(periods.last_months(now, 12).start, now)


# Topics in city sectors


def pairs(period: Period, filters: Filters = figures.ALL) -> list[tuple[Problem, Mapping[str, Figure]]]:
    """The topics and sectors told most often in the period, with their figures."""
    found = figures.by_two(KEYS_LISTED, period, "topic", "area", filters, exact=True)
    rows = [
        (pair(int(topic), int(place)), row)
        for (topic, place), row in found.items()
        if topic and place and row["received"].numerator >= LISTED_FROM
    ]
    return sorted(rows, key=lambda row: -row[1]["received"].numerator)[:LISTED]


def pair(topic: int, area: int) -> Problem:
    names = sources.by_key("topic").get(topic), sources.by_key("area").get(area)
    slug = BETWEEN.join(choice.slug for choice in names if choice)
    return Problem(slug, topic, area)


def find(slug: str) -> Problem | None:
    """The problem of an address; None where there is none, or too little of it to be told apart from a person."""
    if slug.startswith(INCIDENT):
        number = slug.removeprefix(INCIDENT)
        rows = incidents(int(number)) if number.isdigit() and len(number) < 10 else []
        return rows[0].problem if rows else None
    topic_slug, _between, area_slug = slug.partition(BETWEEN)
    topic, area = sources.by_slug("topic").get(topic_slug), sources.by_slug("area").get(area_slug)
    if topic is None or area is None or not topic.key or not area.key:
        return None
    return Problem(slug, int(topic.key), int(area.key))


def history(problem: Problem) -> History | None:
    """None where it was told less often than may be shown."""
    if problem.incident is not None:
        return _of_incident(problem, problem.incident.id)
    first = _first_month(problem)
    if first is None:
        return None
    today = timezone.localdate()
    points = figures.series(KEYS, Period(first, today), "month", problem.filters, exact=True)
    return _history(problem, first, points)


def _first_month(problem: Problem) -> dt.date | None:
    rows = Rollup.objects.filter(
        scope=mask(("topic", "area")), grain="m", topic_id=problem.topic, area_id=problem.area, received__gt=0
    )
    found: dt.date | None = rows.aggregate(first=Min("start_on"))["first"]
    return found


def _history(problem: Problem, first: dt.date, points: Sequence[Point]) -> History | None:
    totals = {key: sum(point.figures[key].numerator for point in points) for key in KEYS}
    return History(problem, first, points, totals) if totals["received"] >= SMALLEST_SHOWN else None


def units(problem: Problem) -> list[tuple[str, Figure, Figure]]:
    """Which units answered it in the last twelve months, how often, and what they mended; by whole months."""
    rows = figures.by(("answered", "mended"), year(timezone.localdate()), "department", problem.filters, exact=True)
    found = [
        (sources.name("department", row.key), row.figures["answered"], row.figures["mended"]) for row in rows if row.key
    ]
    return sorted((row for row in found if row[1].numerator), key=lambda row: -row[1].numerator)


# Incidents


def incidents(number: int | None = None) -> list[Listed]:
    """Incidents to which enough appeals are joined; the newest first."""
    facts = AppealFact.objects.filter(incident_id__gt=0) if number is None else AppealFact.objects.filter(
        incident_id=number
    )  # fmt: skip
    counted = facts.values("incident_id").annotate(received=Count("pk"), last=Max("received_on"))
    rows = list(counted.filter(received__gte=SMALLEST_SHOWN).order_by("-last", "-incident_id")[:LISTED])
    known = sources.incidents([row["incident_id"] for row in rows])
    found = []
    for row in rows:
        if incident := known.get(row["incident_id"]):
            problem = Problem(f"{INCIDENT}{incident.id}", incident.topic_id, incident.area_id, incident)
            found.append(Listed(problem, row["received"], row["last"]))
    return found


def outcomes(incident: int) -> list[tuple[str, int]]:
    """How the answers to an incident ended, in words."""
    appeals = AppealFact.objects.filter(incident_id=incident).values("appeal_id")
    rows = AnswerFact.objects.filter(appeal_id__in=appeals).values_list("outcome")
    counts = dict(rows.annotate(n=Count("pk")).order_by("outcome"))
    return [(words, counts[slug]) for slug, words in sources.outcomes() if slug in counts]


def _of_incident(problem: Problem, incident: int) -> History | None:
    """The measures of the dictionary, counted over the appeals of the incident."""
    counts: dict[dt.date, dict[str, int]] = {}
    for basis in (RECEIVED, DONE, ANSWERED):
        for month, values in _months(basis, incident):
            counts.setdefault(month, {}).update(values)
    told = [month for month, values in counts.items() if values.get("received")]
    if not told:
        return None
    first = min(told)
    points, start = [], first
    while start <= timezone.localdate():
        made = {key: figures.make(metric(key), counts.get(start, {})) for key in KEYS}
        points.append(Point(start, made))
        start = periods.add_months(start, 1)
    return _history(problem, first, points)


def _months(basis: Basis, incident: int) -> list[tuple[dt.date, dict[str, int]]]:
    wanted = [name for name in basis.measures if name in KEYS]
    sums = ", ".join(f"sum({basis.measures[name]})" for name in wanted)
    tables = "reports_appealfact f"
    if basis is ANSWERED:
        tables = "reports_answerfact a JOIN reports_appealfact f USING (appeal_id)"
    statement = (
        f"SELECT date_trunc('month', {basis.day})::date, {sums} FROM {tables} "
        f"WHERE f.incident_id = %(incident)s AND {basis.where} GROUP BY 1 ORDER BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"incident": incident})
        return [(row[0], dict(zip(wanted, map(int, row[1:]), strict=True))) for row in cursor.fetchall()]
