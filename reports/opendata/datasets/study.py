"""The years before the hub: the series of the study, as printed and as they are to be used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from reports.opendata.dataset import Build, Dataset, Every, Field, Row, Type, publish
from reports.study.contents import Status
from reports.study.trends import Point, Series, series, series_keys

STATES = (
    (str(Status.OK), _("as printed")),
    (str(Status.CORRECTED), _("a misprint, corrected")),
    (str(Status.RECOMPUTED), _("recomputed from other printed figures")),
    (str(Status.UNRESOLVED), _("printed figures contradict each other")),
)


def rows(build: Build) -> Iterator[Row]:
    for key, by in sorted(series_keys()):
        for line in series(key, by):
            for point in line.points:
                build.cover(dt.date(point.year, 1, 1), dt.date(point.year, 12, 31))
                yield _row(line, point)


def _row(line: Series, point: Point) -> Row:
    return {
        "series": line.key,
        "by": line.by,
        "part": line.part,
        "year": point.year,
        "title_kk": line.title.kk,
        "title_ru": line.title.ru,
        "title_en": line.title.en,
        "name_kk": line.name.kk,
        "name_ru": line.name.ru,
        "name_en": line.name.en,
        "value": _number(point.value.number),
        "printed": _number(point.value.printed),
        "status": str(point.value.status),
        "unit": line.unit,
        "whole_year": point.partial is None,
        "table": line.table,
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


publish(
    Dataset(
        slug="years-before-the-hub",
        title=_("The years before the hub"),
        description=_(
            "Yearly figures of the contact centres, e-Otinish, Open Akimat and the akimat from 2011 to 2024 out of a "
            "study, with what was printed and what is to be used."
        ),
        keywords=(_("history"), _("statistics")),
        fields=(
            Field("series", Type.STRING, _("Series")),
            Field("by", Type.STRING, _("Told apart by"), _("Empty: the whole."), is_required=False),
            Field("part", Type.STRING, _("Part"), _("Empty: the whole."), is_required=False),
            Field("year", Type.INTEGER, _("Year")),
            Field("title_kk", Type.STRING, _("Name of the series in Kazakh")),
            Field("title_ru", Type.STRING, _("Name of the series in Russian")),
            Field("title_en", Type.STRING, _("Name of the series in English")),
            Field("name_kk", Type.STRING, _("Name of the part in Kazakh"), is_required=False),
            Field("name_ru", Type.STRING, _("Name of the part in Russian"), is_required=False),
            Field("name_en", Type.STRING, _("Name of the part in English"), is_required=False),
            Field("value", Type.NUMBER, _("Value to use"), _("Empty where no right one is known."), is_required=False),
            Field("printed", Type.NUMBER, _("As printed"), is_required=False),
            Field("status", Type.STRING, _("State of the figure"), codes=STATES),
            Field("unit", Type.STRING, _("Unit of measure")),
            Field("whole_year", Type.BOOLEAN, _("Whole year")),
            Field("table", Type.STRING, _("Table of the study")),
        ),
        rows=rows,
        every=Every.WEEK,
        order=25,
    )
)
