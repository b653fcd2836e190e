"""What a figure is: its words, its numerator and denominator, the day on which it counts, and who answers for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = str | Promise

EVENTS = _("Events and clocks of the appeals in the hub")
METHODOLOGIST = _("Methodologist of the hub")


class Kind(TextChoices):
    """How the figure is made of the counts."""

    COUNT = "count", _("Count within the period")
    STOCK = "stock", _("State at the end of the period")
    SHARE = "share", _("Share")
    MEAN = "mean", _("Mean")
    PERCENTILE = "percentile", _("Percentile")
    COMPUTED = "computed", _("Computed from other figures")


class Unit(TextChoices):
    APPEALS = "appeals", pgettext_lazy("unit", "appeals")
    ANSWERS = "answers", pgettext_lazy("unit", "answers")
    TERMS = "terms", pgettext_lazy("unit", "terms")
    PERCENT = "percent", pgettext_lazy("unit", "per cent")
    DAYS = "days", _("calendar days")
    POINTS = "points", _("points of 5")
    OFFICIALS = "officials", pgettext_lazy("unit", "officials")
    PERCENTAGE_POINTS = "percentage_points", _("percentage points")
    TIMES = "times", _("times")
    PLACES = "places", _("places in the ranking")
    POINTS_OF_HUNDRED = "points_of_100", _("points of 100")


class Basis(TextChoices):
    """The day that decides in which period something is counted."""

    RECEIVED = "received", _("day of filing")
    TERM = "term", _("day on which the term ended")
    DONE = "done", _("day on which the appeal left the work of the hub")
    ANSWERED = "answered", _("day of the answer")
    STATE = "state", _("last day of the period")
    RATED = "rated", _("day of the rating")
    AS_RANKED = "as_ranked", _("the day that decides for the figure ranked by")


class Tendency(TextChoices):
    """Which way is better; where neither is, a change is only a change."""

    MORE = "more", _("more is better")
    LESS = "less", _("less is better")
    NEITHER = "neither", _("neither way is better")


# Whom a figure is about: everything that counts on the same day. What is overdue is part of what is in work.
_GROUPS = {
    Basis.RECEIVED: "received",
    Basis.TERM: "due",
    Basis.DONE: "done",
    Basis.ANSWERED: "answered",
    Basis.STATE: "in_work",
}


@dataclass(frozen=True)
class Place:
    """Where a figure stands: the name of its page's address, and the operation of the API that answers with it."""

    page: str = ""
    operation: str = "get_figures"


@dataclass(frozen=True)
class Metric:
    """One figure.

    `numerator` and `denominator` are sums of measures of the rollups (`reports.measures`); `subtracted` is taken off
    the numerator. Of a percentile `share` says which: 50 is the median. `version` grows whenever the definition
    changes, `since` is the first day for which this version holds. A figure of another source than the rollups says
    by `place` where it is found; the names of its counts are then those of that source.
    """

    key: str
    name: Words
    definition: Words
    kind: Kind
    unit: Unit
    basis: Basis
    numerator: tuple[str, ...]
    numerator_words: Words
    denominator: tuple[str, ...] = ()
    denominator_words: Words = ""
    subtracted: tuple[str, ...] = ()
    better: Tendency = Tendency.NEITHER
    law: Words = ""
    share: int = 0
    source: Words = EVENTS
    owner: Words = METHODOLOGIST
    version: int = 1
    since: dt.date = dt.date(2026, 11, 27)
    place: Place = Place()
    digits: int | None = None

    def __str__(self) -> str:
        return str(self.name)

    @property
    def measures(self) -> tuple[str, ...]:
        """Every column that it needs."""
        return tuple(dict.fromkeys((*self.numerator, *self.subtracted, *self.denominator)))

    @property
    def group(self) -> str:
        """The key of the figure that counts whom it is about: late terms are about the terms that ended."""
        return _GROUPS[self.basis]

    @property
    def decimals(self) -> int:
        """Digits after the point with which it is published."""
        return {Kind.SHARE: 1, Kind.COMPUTED: 1, Kind.MEAN: 2}.get(self.kind, 0) if self.digits is None else self.digits
