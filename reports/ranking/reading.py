"""What is ranked: the figures of the dictionary by body and topic, and the QR Score of the bodies' service points."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.models import Department, Organization
from reports import disclosure, figures, sources
from reports.dictionary import Metric, Tendency, entry
from reports.figures import Figure
from reports.intervals import Counts
from reports.models import ServicePoint
from reports.periods import Period
from reports.qr import results
from reports.ranking.rules import Cells, Ranking, rank, reference, together

Words = str | Promise
Bodies = dict[int, dict[Hashable, Counts]]

UNITS, ORGANIZATIONS = "units", "organizations"
KINDS: Mapping[str, Words] = {UNITS: _("Units"), ORGANIZATIONS: _("Organizations")}
TOPICS, CATEGORIES, NO_MIX = "topic", "category", "none"
MIXES: Mapping[str, Words] = {
    CATEGORIES: pgettext_lazy("mix", "Categories"),
    TOPICS: pgettext_lazy("mix", "Topics"),
    NO_MIX: pgettext_lazy("mix", "Not taken into account"),
}
QR = "qr"


@dataclass(frozen=True)
class Measure:
    """A share by which bodies are ranked: a figure of the dictionary under the word that the address says."""

    key: str
    metric: Metric

    @property
    def name(self) -> Words:
        return self.metric.name

    @property
    def more_is_better(self) -> bool:
        return self.metric.better == Tendency.MORE


MEASURES: Mapping[str, Measure] = {
    key: Measure(key, entry(metric))
    for key, metric in (
        ("disputed", "disputed_share"),
        ("terms", "kept_share"),
        ("satisfaction", "solved_share"),
        ("formal", "formal_share"),
        (QR, "qr_good_share"),
    )
}


@dataclass(frozen=True)
class Asked:
    """What a page of the ranking shows."""

    measure: Measure
    period: Period
    kind: str = UNITS
    mix: str = CATEGORIES

    @property
    def has_mix(self) -> bool:
        return self.mix != NO_MIX and self.measure.key != QR


@dataclass(frozen=True)
class Answer:
    """The ranking, what it was made of, and the names of the bodies.

    `hidden` are bodies of which so little is known that it may not be told, and those that would give it away.
    """

    asked: Asked
    ranking: Ranking
    bodies: Bodies
    city: Cells
    names: Mapping[int, str]
    slugs: Mapping[int, str] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()


def answer(asked: Asked) -> Answer:
    inside = _inside(asked.kind)
    names = {row.pk: row.name for row in inside}
    found = _ratings(asked) if asked.measure.key == QR else _shares(asked)
    city = reference(found)
    hidden = _hidden(asked, found)
    bodies = {key: cells for key, cells in found.items() if key in names and key not in hidden}
    ranking = rank(bodies, more_is_better=asked.measure.more_is_better, city=city)
    slugs = {row.pk: row.slug for row in inside}
    return Answer(asked, ranking, bodies, city, names, slugs, tuple(sorted(hidden & names.keys())))


def _hidden(asked: Asked, found: Bodies) -> frozenset[int]:
    """As wherever figures are told apart by unit; of ratings no share is shown below their own minimum."""
    counts = {key: together(cells).whole for key, cells in found.items()}
    if asked.measure.key == QR:
        return frozenset(key for key, count in counts.items() if 0 < count < results.MINIMUM)
    return disclosure.hidden(counts, ("department",))


def told_parts(asked: Asked, cells: Cells) -> Cells:
    """The parts of a mix of which enough is known to be told."""
    hidden = disclosure.hidden({part: counts.whole for part, counts in cells.items()}, (asked.mix,))
    return {part: counts for part, counts in cells.items() if part not in hidden}


def _inside(kind: str) -> list[Department | Organization]:
    """Bodies that answer in the hub; those outside it get appeals forwarded and answer elsewhere."""
    departments = Department.objects.filter(is_external=False)
    if kind == ORGANIZATIONS:
        return list(Organization.objects.filter(pk__in=departments.values("organization")))
    return list(departments)


def _shares(asked: Asked) -> Bodies:
    key = asked.measure.metric.key
    if not asked.has_mix:
        rows = figures.by((key,), asked.period, "department", exact=True)
        return _added(((int(row.key), "", row.figures[key]) for row in rows), asked.kind)
    pairs = figures.by_two((key,), asked.period, "department", asked.mix, exact=True)
    return _added(((int(unit), part, found[key]) for (unit, part), found in pairs.items()), asked.kind)


def _added(cells: Iterable[tuple[int, Hashable, Figure]], kind: str) -> Bodies:
    body_of = _body_of(kind)
    found: Bodies = {}
    for unit, part, figure in cells:
        own = found.setdefault(body_of(unit), {})
        own[part] = own.get(part, Counts(0, 0)).plus(Counts(figure.numerator, figure.denominator or 0))
    return found


def _body_of(kind: str) -> Callable[[int], int]:
    if kind == UNITS:
        return lambda unit: unit
    owners = dict(Department.objects.values_list("pk", "organization"))
    return lambda unit: owners.get(unit, 0)


def _ratings(asked: Asked) -> Bodies:
    points = list(ServicePoint.objects.all())
    summaries = results.by_point(points, since=asked.period.start, until=asked.period.end)
    found: Bodies = {}
    for point in points:
        body = point.organization_id if asked.kind == ORGANIZATIONS else point.department_id
        own = found.setdefault(body or 0, {})
        summary = summaries[point.pk]
        own[""] = own.get("", Counts(0, 0)).plus(Counts(summary.good, summary.count))
    return found


def part_name(mix: str, part: Hashable) -> str:
    return sources.name(mix, part) if isinstance(part, int | str) else ""
