"""The tension index day by day, for the city and its sectors, from figures of the dictionary and the growth."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from common.calendar_rows import calendar
from reports import figures, sources
from reports.figures import Figure
from reports.models import TensionComponent, TensionDay
from reports.periods import Period
from reports.warning.counts import histories
from reports.warning.growth import Cell, Tested, measure
from reports.warning.tension import Index, Measured, index

PERIOD_DAYS = 28  # of the figures; growth is that of a week
CITY = 0
HISTORY_WEEKS = 26
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """A figure in the index of one day, as it is stored and shown."""

    metric: str
    weight: float
    calm: float
    tense: float
    value: float | None
    numerator: float | None
    denominator: float | None
    points: float | None
    most: float


def measure_missing(today: dt.date) -> int:
    """Yesterday, and the same weekday of each week before that has no index yet: a young hub gets its history."""
    last = today - ONE_DAY
    wanted = [last - ONE_DAY * 7 * week for week in range(HISTORY_WEEKS)]
    known = set(TensionDay.objects.filter(area_id=CITY, day__in=wanted).values_list("day", flat=True))
    return sum(measure_day(day) for day in wanted if day == last or day not in known)


def measure_day(day: dt.date) -> int:
    """Write the index of the day anew, for the city and each of its sectors."""
    components = list(TensionComponent.objects.all())
    areas = [CITY, *(int(choice.key) for choice in sources.choices("area") if choice.is_active)]
    tested = measure(histories(day, narrow=False), day, calendar())
    told = _figures([row.metric for row in components if row.metric != TensionComponent.GROWTH], day)
    with transaction.atomic():
        for area in areas:
            found = index([_measured(row, area, told, tested) for row in components])
            TensionDay.objects.update_or_create(
                area_id=area, day=day, defaults={"value": _rounded(found.value), "parts": _stored(found)}
            )
    return len(areas)


def _figures(keys: Sequence[str], day: dt.date) -> Mapping[int, Mapping[str, Figure]]:
    """The figures of the last weeks, for the city and by sector."""
    if not keys:
        return {}
    period = Period(day - ONE_DAY * (PERIOD_DAYS - 1), day)
    by_area = {int(row.key): row.figures for row in figures.by(keys, period, "area", exact=True)}
    return {**by_area, CITY: figures.figures(keys, period)}


def _measured(
    row: TensionComponent, area: int, told: Mapping[int, Mapping[str, Figure]], tested: Mapping[Cell, Tested]
) -> Measured:
    value = numerator = denominator = None
    if row.metric == TensionComponent.GROWTH:
        cell = tested.get(Cell(area=area))
        if cell is not None:
            numerator, denominator = float(cell.week.observed), round(cell.week.expected.mean, 1)
            value = numerator / denominator if denominator and denominator >= row.least else None
    elif found := told.get(area, {}).get(row.metric):
        numerator, denominator = float(found.numerator), float(found.denominator or 0)
        value = float(found.value) if found.value is not None and denominator >= row.least else None
    return Measured(row.metric, row.weight, row.calm, row.tense, value, numerator, denominator)


def _stored(found: Index) -> list[dict[str, object]]:
    return [
        asdict(
            Part(
                metric=part.measured.key,
                weight=part.measured.weight,
                calm=part.measured.calm,
                tense=part.measured.tense,
                value=_rounded(part.measured.value, 3),
                numerator=part.measured.numerator,
                denominator=part.measured.denominator,
                points=_rounded(part.points),
                most=round(part.most, 1),
            )
        )
        for part in found.parts
    ]


def _rounded(value: float | None, places: int = 1) -> float | None:
    return None if value is None else round(value, places)


def parts_of(row: TensionDay) -> list[Part]:
    return [Part(**part) for part in row.parts]


# Read


def latest(areas: Sequence[int]) -> Mapping[int, TensionDay]:
    """The newest index of the city and of each of these sectors."""
    rows = TensionDay.objects.filter(area_id__in=[CITY, *areas]).order_by("area_id", "-day").distinct("area_id")
    return {row.area_id: row for row in rows}


def history(area: int, until: dt.date) -> list[TensionDay]:
    """One value a week, the last of them that of the day; weeks without one are missing."""
    days = [until - ONE_DAY * 7 * week for week in range(HISTORY_WEEKS)]
    return list(TensionDay.objects.filter(area_id=area, day__in=days).order_by("day"))
