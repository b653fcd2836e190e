"""What visitors said, as everybody may see it: per institution and per service point, never below the minimum."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from organizations.models import Organization
from reports.intervals import Counts, Interval, of_average, wilson
from reports.models import PointRating, RatingComment, ServicePoint
from reports.qr.reasons import SCORES, THEMES, Tone, tone_of

MINIMUM = 10  # below it neither an average nor a distribution is shown
MONTHS = 12
COMMENTS = 20
Outcome = PointRating.Outcome


@dataclass(frozen=True)
class Summary:
    """Counted ratings by score, and how many were set aside or left out beside them."""

    scores: Counter[int] = field(default_factory=Counter)
    set_aside: int = 0
    refused: int = 0

    @property
    def count(self) -> int:
        return sum(self.scores.values())

    @property
    def is_enough(self) -> bool:
        return self.count >= MINIMUM

    @property
    def total(self) -> int:
        return sum(score * count for score, count in self.scores.items())

    @property
    def average(self) -> float | None:
        return self.total / self.count if self.is_enough else None

    @property
    def interval(self) -> Interval | None:
        return of_average(self.total, self.count, lowest=1, highest=5) if self.is_enough else None

    @property
    def good(self) -> int:
        return self.scores[4] + self.scores[5]

    @property
    def good_share(self) -> Decimal | None:
        return Counts(self.good, self.count).published if self.is_enough else None

    @property
    def good_interval(self) -> Interval | None:
        return wilson(self.good, self.count) if self.is_enough else None

    @property
    def by_score(self) -> list[tuple[int, int]]:
        """Best first."""
        return [(score, self.scores[score]) for score in SCORES]

    def plus(self, other: Summary) -> Summary:
        scores = self.scores + other.scores
        return Summary(scores, self.set_aside + other.set_aside, self.refused + other.refused)


@dataclass(frozen=True)
class Month:
    start: dt.date
    summary: Summary


@dataclass(frozen=True)
class Praise:
    """How often a theme was chosen with good scores and with bad ones."""

    theme: str
    good: int
    bad: int


def by_point(
    points: Iterable[ServicePoint], *, since: dt.date | None = None, until: dt.date | None = None
) -> dict[int, Summary]:
    keys = [point.pk for point in points]
    rows = PointRating.objects.filter(point__in=keys).exclude(outcome=Outcome.CHANGED)
    if since is not None:
        rows = rows.filter(given_on__gte=since)
    if until is not None:
        rows = rows.filter(given_on__lte=until)
    counted = rows.values_list("point", "score", "outcome").annotate(n=Count("pk"))
    found: dict[int, Summary] = dict.fromkeys(keys, Summary())
    for point, score, outcome, n in counted:
        found[point] = found[point].plus(_one(score, outcome, n))
    return found


def _one(score: int, outcome: str, n: int) -> Summary:
    if outcome == Outcome.COUNTED:
        return Summary(Counter({score: n}))
    return Summary(set_aside=n) if outcome == Outcome.SET_ASIDE else Summary(refused=n)


def together(summaries: Iterable[Summary]) -> Summary:
    found = Summary()
    for summary in summaries:
        found = found.plus(summary)
    return found


def points_of(organization: Organization) -> QuerySet[ServicePoint]:
    return ServicePoint.objects.filter(organization=organization).select_related("organization", "department")


def institutions() -> list[tuple[Organization, int, Summary]]:
    """Every organization with points, how many there are, and what was said of them together; by name."""
    points = list(ServicePoint.objects.select_related("organization"))
    found = by_point(points)
    bodies: dict[Organization, list[ServicePoint]] = {}
    for point in points:
        bodies.setdefault(point.organization, []).append(point)
    rows = [(body, len(own), together(found[point.pk] for point in own)) for body, own in bodies.items()]
    return sorted(rows, key=lambda row: row[0].name.casefold())


def _counted(points: Iterable[ServicePoint]) -> QuerySet[PointRating]:
    return PointRating.objects.filter(point__in=list(points), outcome=Outcome.COUNTED)


def months(points: Iterable[ServicePoint], today: dt.date | None = None) -> list[Month]:
    """The last twelve months with this one, those without ratings too."""
    today = today or timezone.localdate()
    starts = [_months_before(today, back) for back in range(MONTHS - 1, -1, -1)]
    rows = _counted(points).filter(given_on__gte=starts[0]).annotate(month=TruncMonth("given_on"))
    found: dict[dt.date, Counter[int]] = {start: Counter() for start in starts}
    for month, score, n in rows.values_list("month", "score").annotate(n=Count("pk")):
        if month in found:
            found[month][score] += n
    return [Month(start, Summary(found[start])) for start in starts]


def _months_before(day: dt.date, back: int) -> dt.date:
    years, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return dt.date(years, month + 1, 1)


def themes(points: Iterable[ServicePoint]) -> list[Praise]:
    """What good and bad ratings were about, the most named first."""
    counts: Counter[tuple[str, Tone]] = Counter()
    for score, reasons, n in _counted(points).values_list("score", "reasons").annotate(n=Count("pk")):
        for slug in reasons:
            counts[slug, tone_of(score)] += n
    rows = [Praise(slug, counts[slug, Tone.GOOD], counts[slug, Tone.BAD]) for slug in THEMES]
    return sorted((row for row in rows if row.good + row.bad), key=lambda row: -(row.good + row.bad))


def comments(points: Iterable[ServicePoint]) -> list[RatingComment]:
    """The newest approved ones of ratings that count."""
    shown = Q(state=RatingComment.State.APPROVED, rating__outcome=Outcome.COUNTED)
    rows = RatingComment.objects.filter(shown, rating__point__in=list(points)).select_related("rating__point")
    return list(rows.order_by("-rating__given_at", "-pk")[:COMMENTS])
