"""What is asked of the statistics: which figures, of which days, of which appeals, told apart by what."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from common.errors import ValidationFailed
from openapi.v1.fields import TextField
from reports import figures, periods, sources
from reports.dictionary import ELSEWHERE, METRICS
from reports.dimensions import DIMENSIONS
from reports.figures import Filters
from reports.periods import Period
from reports.questions import PRESETS

MOST_FIGURES = 20_000  # of one answer: rows or points, times metrics
MOST_DIMENSIONS = 2
FARTHEST_AHEAD = dt.timedelta(days=366)
USUAL_DAYS = 30
WORDS = r"^[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*){0,49}$"


PERIODS: Mapping[str, Callable[[dt.date], Period]] = {name: made for name, (_label, made) in PRESETS.items()}
STRETCHES: Mapping[str, Callable[[dt.date], Period]] = {
    "day": periods.today,
    "week": periods.week,
    "month": periods.month,
    "quarter": periods.quarter,
    "year": periods.year,
}


class NarrowingSerializer(serializers.Serializer[Any]):
    """Of which days and which appeals. A filter is the key of an entry; `none` asks for what has none."""

    period = serializers.ChoiceField(
        choices=[(name, label) for name, (label, _made) in PRESETS.items()],
        required=False,
        help_text=_("Days by name, in place of `since` and `until`."),
    )
    since = serializers.DateField(
        required=False, help_text=_("The first day; without any period the last 30 days are meant.")
    )
    until = serializers.DateField(required=False, help_text=_("The last day, included; today if left out."))
    area = TextField(max_length=80, required=False, help_text=_("Only of this part of the city."))
    sector = TextField(max_length=80, required=False, help_text=_("Only of this sector."))
    topic = TextField(max_length=80, required=False, help_text=_("Only of this topic."))
    channel = TextField(max_length=80, required=False, help_text=_("Only what came in by this way."))
    category = TextField(max_length=80, required=False, help_text=_("Only of this category."))
    applicant = TextField(max_length=80, required=False, help_text=_("Only of applicants of this type."))
    regime = TextField(max_length=80, required=False, help_text=_("Only what runs by these rules."))
    department = TextField(max_length=80, required=False, help_text=_("Only of this unit."))


class QuestionSerializer(NarrowingSerializer):
    """What figures and series are asked by."""

    metrics = serializers.RegexField(
        WORDS, max_length=2000, help_text=_("Keys of the dictionary, with commas between them, at most 50.")
    )
    executor = TextField(
        max_length=80, required=False,
        help_text=_("Only of this official, by number: for keys of members of the staff who oversee the unit."),
    )  # fmt: skip


class FiguresQuerySerializer(QuestionSerializer):
    by = serializers.RegexField(
        WORDS, max_length=80, required=False,
        help_text=_("One dimension or two, with a comma between them, by which the figures are told apart."),
    )  # fmt: skip


class SeriesQuerySerializer(QuestionSerializer):
    grain = serializers.ChoiceField(
        choices=figures.GRAINS, default="month", help_text=_("How long each stretch of the series is.")
    )


@dataclass(frozen=True)
class Question:
    """A question that makes sense and is not too large; who may ask it is decided elsewhere."""

    metrics: tuple[str, ...]
    period: Period
    filters: Filters
    by: tuple[str, ...] = ()
    grain: str = ""

    @property
    def dimensions(self) -> set[str]:
        return {*self.filters.set, *self.by}

    @property
    def is_of_officials(self) -> bool:
        return "executor" in self.dimensions

    @property
    def is_by_months(self) -> bool:
        """Whether the answer can only be of whole months: for these properties ever, or for days so long ago."""
        return figures.is_by_months(self.filters, *self.by) or self._kept != self.period

    @property
    def _kept(self) -> Period:
        return figures.actual_period(self.period, self.filters, *self.by)

    @property
    def counted(self) -> Period:
        """The days that the answer is about."""
        if self.grain:
            stretch = STRETCHES[self.grain]
            return Period(stretch(self.period.start).start, stretch(self.period.end).end)
        return self._kept


def question(data: Mapping[str, Any]) -> Question:
    """Checked before anything is read: unknown words, days that are none, more figures than one answer holds."""
    found = Question(
        metrics=known_metrics(data["metrics"]),
        period=period_of(data),
        filters=filters_of(data),
        by=_dimensions(data.get("by", "")),
        grain=data.get("grain", ""),
    )
    _check_officials(found)
    if found.grain in ("day", "week") and found.is_by_months:
        raise ValidationFailed(
            _("These filters together are kept by months: ask by month, quarter or year."),
            code="months_only",
            field="grain",
        )
    _check_size(found)
    return found


def known_metrics(text: str) -> tuple[str, ...]:
    """Keys of figures made of the rollups, with commas between them; another is refused."""
    keys = tuple(dict.fromkeys(text.split(",")))
    for key in keys:
        if key in ELSEWHERE:
            raise ValidationFailed(
                _("“%(key)s” is not counted from the appeals: ask the operation %(operation)s for it.")
                % {"key": key, "operation": ELSEWHERE[key].place.operation},
                code="asked_elsewhere",
                field="metrics",
            )
        if key not in METRICS:
            raise unknown_metric(key)
    return keys


def unknown_metric(key: str) -> ValidationFailed:
    message = _("The dictionary has no metric “%(key)s”.") % {"key": key}
    return ValidationFailed(message, code="unknown", field="metrics")


def _dimensions(text: str) -> tuple[str, ...]:
    slugs = tuple(text.split(",")) if text else ()
    for slug in slugs:
        if slug not in DIMENSIONS:
            raise ValidationFailed(
                _("There is no dimension “%(given)s”. There are: %(known)s.")
                % {"given": slug, "known": ", ".join(DIMENSIONS)},
                code="unknown",
                field="by",
            )
    if len(slugs) > MOST_DIMENSIONS or len(set(slugs)) < len(slugs):
        raise ValidationFailed(_("Name one dimension, or two different ones."), code="unknown", field="by")
    return slugs


def filters_of(data: Mapping[str, Any]) -> Filters:
    found = Filters()
    for dimension in DIMENSIONS:
        given = data.get(dimension)
        if given is None:
            continue
        choice = sources.by_slug(dimension).get(given)
        if choice is None:
            raise ValidationFailed(
                _("There is no entry with the key “%(given)s”.") % {"given": given}, code="unknown", field=dimension
            )
        found = found.with_(dimension, choice.key)
    return found


def period_of(data: Mapping[str, Any]) -> Period:
    now, since, until = timezone.localdate(), data.get("since"), data.get("until")
    if preset := data.get("period"):
        if since or until:
            raise _bad_period("period", _("Give either a period by name or its days."))
        return PERIODS[preset](now)
    if since is None:
        if until is not None:
            raise _bad_period("since", _("Give the first day, too."))
        return periods.last_days(now, USUAL_DAYS)
    until = until or now
    if since > until:
        raise _bad_period("until", _("The period ends before it begins."))
    if since < periods.FIRST_DAY or until > now + FARTHEST_AHEAD:
        raise _bad_period("since", _("Figures begin with the year 2000 and end a year from now."))
    return Period(since, until)


def _bad_period(field: str, message: Any) -> ValidationFailed:
    return ValidationFailed(message, code="period", field=field)


def _check_officials(asked: Question) -> None:
    """Figures of officials are kept with their unit and nothing else."""
    if "executor" in asked.dimensions and asked.dimensions != {"executor", "department"}:
        raise ValidationFailed(
            _("Figures of officials are kept by unit: name the department as well, and nothing else."),
            code="officials",
            field="executor",
        )


def _check_size(asked: Question) -> None:
    rows = math.prod(1 if slug in asked.filters.set else len(sources.by_key(slug)) for slug in asked.by)
    if asked.grain:
        rows = asked.counted.days // STRETCHES[asked.grain](asked.period.start).days + 1
    if rows * len(asked.metrics) > MOST_FIGURES:
        raise ValidationFailed(
            _("That may be %(count)d figures; one answer holds %(most)d. Ask for fewer metrics, days or dimensions.")
            % {"count": rows * len(asked.metrics), "most": MOST_FIGURES},
            code="too_many_figures",
            field="by" if asked.by else "metrics",
        )
