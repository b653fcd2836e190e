"""Histories of daily counts by topic and city sector, as the rollups have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Sum

from reports import sources
from reports.dimensions import mask
from reports.models import Rollup
from reports.warning.expectation import BASELINE_WEEKS, GUARD_WEEKS
from reports.warning.growth import Cell
from reports.warning.rhythm import ONE_DAY, WEEK, History

# Of single city sectors just what the baseline needs; of the whole city years, for the season.
NEAR = ONE_DAY * WEEK * (BASELINE_WEEKS + GUARD_WEEKS + 1)
FAR = ONE_DAY * 3 * 366

Rows = Iterable[tuple[dt.date, int, int, int]]
Counts = dict[Cell, dict[dt.date, int]]


def histories(day: dt.date, *, narrow: bool = True) -> dict[Cell, History]:
    """Counts until the day; `narrow=False`: only the city and its sectors."""
    counts: Counts = {}
    spheres = spheres_of_topics()
    scopes: list[tuple[str, ...]] = [(), ("area",)]
    if narrow:
        scopes += [("sector",), ("topic",), ("area", "sector"), ("area", "topic")]
    for scope in scopes:
        for on, area, sector, topic, told in _rows(scope, day):
            cell = Cell(spheres.get(topic, sector), topic, area)
            if _is_given(scope, area, sector, topic):
                _add(counts.setdefault(cell, {}), on, told)
    return _dense(counts, day)


def of_cell(cell: Cell, day: dt.date) -> tuple[History, History, History] | None:
    """One cell, its topic or sphere in the whole city, and the whole city: what one chart is drawn from."""
    counts: Counts = {cell: {}, cell.everywhere: {}, Cell(): {}}
    for one in counts:
        for on, told in _of_one(one, day):
            _add(counts[one], on, told)
    dense = _dense(counts, day)
    if not dense:
        return None
    return dense[cell], dense[cell.everywhere], dense[Cell()]


def _add(days: dict[dt.date, int], on: dt.date, told: int) -> None:
    """A topic may have several rows of a day: of appeals that were given another sector than its own."""
    days[on] = days.get(on, 0) + told


def spheres_of_topics() -> Mapping[int, int]:
    return {int(choice.key): int(choice.parent or 0) for choice in sources.choices("topic")}


def _is_given(scope: tuple[str, ...], area: int, sector: int, topic: int) -> bool:
    """Appeals without a topic or a city sector are in the sums, and make no cell of their own."""
    values = {"area": area, "sector": sector, "topic": topic}
    return all(values[slug] for slug in scope)


def _rows(scope: tuple[str, ...], day: dt.date) -> Iterable[tuple[dt.date, int, int, int, int]]:
    begin = day - (NEAR if "area" in scope else FAR)
    rows = Rollup.objects.filter(
        grain=Rollup.Grain.DAY, scope=mask(scope), start_on__range=(begin, day), received__gt=0
    )
    told = rows.values("start_on", *(f"{slug}_id" for slug in scope)).annotate(count=Sum("received"))
    for row in told.iterator(5000):
        yield row["start_on"], row.get("area_id", 0), row.get("sector_id", 0), row.get("topic_id", 0), row["count"]


def _of_one(cell: Cell, day: dt.date) -> Iterable[tuple[dt.date, int]]:
    keys = {"area": cell.area, "topic": cell.topic, "sector": 0 if cell.topic else cell.sphere}
    given = {slug: key for slug, key in keys.items() if key}
    rows = Rollup.objects.filter(
        grain=Rollup.Grain.DAY,
        scope=mask(given),
        start_on__range=(day - (NEAR if cell.area else FAR), day),
        received__gt=0,
        **{f"{slug}_id": key for slug, key in given.items()},
    )
    return rows.values_list("start_on").annotate(Sum("received")).order_by("start_on")


def _dense(counts: Counts, day: dt.date) -> dict[Cell, History]:
    """Days without appeals are zeros from the first day on that the hub has; no cell is older than the hub."""
    whole = counts.get(Cell())
    if not whole:
        return {}
    first, near = min(whole), day - NEAR
    found = {}
    for cell, told in counts.items():
        start = max(first, near) if cell.area else first
        length = (day - start).days + 1
        found[cell] = History(start, [told.get(start + ONE_DAY * place, 0) for place in range(length)])
    return found
