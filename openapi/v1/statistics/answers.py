"""What answers of the statistics look like: figures as they are published, and of when they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from openapi.v1.fields import ValueField
from openapi.v1.statistics import freshness
from openapi.v1.statistics.asking import Question
from reports import figures, sources
from reports.dictionary import Unit
from reports.figures import Figure, Key
from reports.periods import Period


class StatisticsPeriodSerializer(serializers.Serializer[Period]):
    """From the first day to the last, both included."""

    since = serializers.DateField(source="start", help_text=_("The first day."))
    until = serializers.DateField(source="end", help_text=_("The last day, included."))


class StatisticsKeySerializer(serializers.Serializer[Any]):
    """An entry of a dimension."""

    dimension = serializers.CharField(help_text=_("What it is an entry of: area, sector, topic, channel and so on."))
    key = serializers.CharField(help_text=_("Its key in the reference data; `none` for what has none."))
    name = serializers.CharField(help_text=_("In the language of the request."))


class ReportFigureSerializer(serializers.Serializer[Any]):
    """A figure as it is published everywhere: rounded once, with its counts."""

    value = serializers.CharField(
        allow_null=True,
        help_text=_("The figure, with all its digits; null where it is hidden or there is nothing to divide by."),
    )
    numerator = serializers.IntegerField(allow_null=True, help_text=_("What was counted; null where it is hidden."))
    denominator = serializers.IntegerField(allow_null=True, help_text=_("Of how many; null where it is no share."))
    hidden = serializers.BooleanField(
        help_text=_("Whether it is kept back because it is about very few appeals, or would give such a figure away.")
    )


class StatisticsFigureSerializer(ReportFigureSerializer):
    metric = serializers.CharField(help_text=_("Its key in the dictionary."))
    version = serializers.IntegerField(help_text=_("The version of the definition by which it was counted."))
    unit = ValueField(Unit.choices, help_text=_("What it is counted in."))


class StatisticsRowSerializer(serializers.Serializer[Any]):
    """The figures of one entry of the dimensions that were asked for, or of everything."""

    keys = StatisticsKeySerializer(many=True, help_text=_("The entries it is about; empty for everything."))
    figures = StatisticsFigureSerializer(many=True, help_text=_("In the order in which they were asked for."))


class StatisticsPointSerializer(serializers.Serializer[Any]):
    """One stretch of a series."""

    start = serializers.DateField(help_text=_("The first day of the stretch."))
    figures = StatisticsFigureSerializer(many=True, help_text=_("In the order in which they were asked for."))


class StatisticsAnswerSerializer(serializers.Serializer[Any]):
    """What an answer is about."""

    counted_at = serializers.DateTimeField(
        allow_null=True, help_text=_("The moment up to which everything is counted; null before the first count.")
    )
    asked = StatisticsPeriodSerializer(help_text=_("The days that were asked for."))
    counted = StatisticsPeriodSerializer(help_text=_("The days that the answer is about, widened where it must be."))
    by_months = serializers.BooleanField(
        help_text=_("Whether these filters and dimensions together are kept by whole months only.")
    )
    filters = StatisticsKeySerializer(many=True, help_text=_("The filters that were set."))


class FigureTableSerializer(StatisticsAnswerSerializer):
    """Figures of a period; without a breakdown there is one row."""

    by = serializers.ListField(child=serializers.CharField(), help_text=_("The dimensions of the rows."))
    rows = StatisticsRowSerializer(many=True, help_text=_("Entries that have nothing to count are missing."))


class FigureSeriesSerializer(StatisticsAnswerSerializer):
    """Figures of each stretch that touches the period, up to today."""

    grain = ValueField([(grain, "") for grain in figures.GRAINS], help_text=_("How long each stretch is."))
    points = StatisticsPointSerializer(many=True, help_text=_("The oldest first."))


def frame(asked: Question, counted_at: dt.datetime | None) -> dict[str, Any]:
    """What every answer says of the question."""
    return {
        "counted_at": freshness.said(counted_at),
        "asked": _days(asked.period),
        "counted": _days(asked.counted),
        "by_months": asked.is_by_months,
        "filters": entries(asked.filters.set.items()),
    }


def _days(period: Period) -> dict[str, str]:
    return {"since": period.start.isoformat(), "until": period.end.isoformat()}


def entries(keys: Iterable[tuple[str, Key]]) -> list[dict[str, str]]:
    """Entries of dimensions with their names in the reader's language."""
    found = []
    for dimension, key in keys:
        choice = sources.by_key(dimension).get(key)
        slug = choice.slug if choice else str(key)
        found.append({"dimension": dimension, "key": slug, "name": sources.name(dimension, key)})
    return found


def one(figure: Figure) -> dict[str, Any]:
    entry = figure.metric
    return {
        "metric": entry.key,
        "version": entry.version,
        "unit": str(entry.unit),
        "value": None if figure.value is None else str(figure.value),
        "numerator": None if figure.is_hidden else figure.numerator,
        "denominator": figure.denominator,
        "hidden": figure.is_hidden,
    }


def listed(metrics: Sequence[str], found: Mapping[str, Figure]) -> list[dict[str, Any]]:
    return [one(found[key]) for key in metrics]


def table(asked: Question) -> list[dict[str, Any]]:
    """The rows, from two or three statements however many there are."""
    names = _Names(asked.by)
    cells = sorted(_cells(asked), key=lambda cell: names.place(cell[0]))  # as the dimensions list their entries
    return [{"keys": names.of(keys), "figures": listed(asked.metrics, found)} for keys, found in cells]


def _cells(asked: Question) -> list[tuple[tuple[Key, ...], Mapping[str, Figure]]]:
    """Figures of officials are asked for by those who oversee them, and exact as on their page."""
    metrics, period, filters, exact = asked.metrics, asked.period, asked.filters, asked.is_of_officials
    if not asked.by:
        return [((), figures.figures(metrics, period, filters, exact=exact))]
    if len(asked.by) == 1:
        return [((row.key,), row.figures) for row in figures.by(metrics, period, asked.by[0], filters, exact=exact)]
    rows, columns = asked.by
    return [*figures.by_two(metrics, period, rows, columns, filters, exact=exact).items()]


class _Names:
    """Places and names of the entries of some dimensions, read once for a table."""

    def __init__(self, dimensions: Sequence[str]) -> None:
        self.dimensions = dimensions
        self.choices = [sources.by_key(dimension) for dimension in dimensions]
        self.places = [{key: number for number, key in enumerate(choices)} for choices in self.choices]

    def place(self, keys: Sequence[Key]) -> tuple[int, ...]:
        return tuple(places.get(key, len(places)) for key, places in zip(keys, self.places, strict=True))

    def of(self, keys: Sequence[Key]) -> list[dict[str, str]]:
        found = []
        for dimension, key, choices in zip(self.dimensions, keys, self.choices, strict=True):
            choice = choices.get(key)
            slug, name = (choice.slug, choice.name) if choice else (str(key), f"№ {key}")
            found.append({"dimension": dimension, "key": slug, "name": name})
        return found


def points(asked: Question) -> list[dict[str, Any]]:
    found = figures.series(asked.metrics, asked.period, asked.grain, asked.filters, exact=asked.is_of_officials)
    return [{"start": point.start.isoformat(), "figures": listed(asked.metrics, point.figures)} for point in found]
