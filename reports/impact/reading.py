"""What was mended, from the figures of the dictionary, and examples that the public list shows already."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from reports import figures, sources
from reports.figures import Figure, Filters, Point
from reports.models import AnswerFact
from reports.periods import Period
from reports.sources import Published

KEYS = ("mended", "answered", "mended_share", "solved", "partly_share", "disputed_share")
LEAST = 5  # answers of a topic or a sector; below them it is not told apart
TOPICS = 20
EXAMPLES = 12
LOOKED_AT = 200


@dataclass(frozen=True)
class Part:
    """A topic or a city sector."""

    name: str
    slug: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Example:
    appeal: Published
    answered_on: dt.date


def headline(period: Period, filters: Filters) -> Mapping[str, Figure]:
    return figures.figures(KEYS, period, filters)


def months(period: Period, filters: Filters) -> list[Point]:
    return figures.series(("mended", "answered", "mended_share"), period, "month", filters)


def parts(dimension: str, period: Period, filters: Filters) -> list[Part]:
    """Those with most that was mended first; those with few answers are left out."""
    known = sources.by_key(dimension)
    rows = figures.by(("mended", "answered", "mended_share"), period, dimension, filters)
    found = [
        Part(known[row.key].name, known[row.key].slug, row.figures)
        for row in rows
        if row.key in known and row.figures["answered"].numerator >= LEAST
    ]
    return sorted(found, key=lambda part: -part.figures["mended"].numerator)


def examples(filters: Filters) -> Sequence[Example]:
    """The newest mended appeals among those that everybody finds in the public list."""
    mended = Q(verdict="solved") | Q(verdict="", outcome="satisfied", is_formal=False)
    rows = AnswerFact.objects.filter(mended, is_disputed=False).order_by("-answered_on", "-reply_id")
    newest = list(rows.values_list("appeal_id", "answered_on")[:LOOKED_AT])
    shown = sources.published(appeal_id for appeal_id, _day in newest)
    found = [Example(shown[appeal_id], day) for appeal_id, day in newest if appeal_id in shown]
    if filters.area is not None:
        found = [example for example in found if example.appeal.area_id == filters.area]
    return found[:EXAMPLES]
