"""Unusual growth: every cell of topics and city sectors tested for the day and the week, all of them together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from common.workcalendar import WorkCalendar
from reports.warning.chances import discoveries
from reports.warning.expectation import Expectation, Span, expectation, spans
from reports.warning.rhythm import History, Rhythm, rhythm_of

RATE = 0.05
LEAST_OBSERVED = 5
LEAST_RATIO = 1.5
# Appeals by which the growth around a cell is drawn towards none: a gamma prior (DuMouchel 1999, The American
# Statistician 53, "Bayesian data mining in large frequency tables"), so that two appeals do not make a tide.
STEADY_TIDE = 2.0


@dataclass(frozen=True, order=True)
class Cell:
    """What is counted: a topic with its sphere, a sphere, a city sector, a topic in a city sector; 0 = all of them."""

    sphere: int = 0
    topic: int = 0
    area: int = 0

    @property
    def everywhere(self) -> Cell:
        """The same in all of the city."""
        return Cell(self.sphere, self.topic)

    def wider(self) -> set[Cell]:
        """The cells that count the same appeals and others."""
        cells = {Cell(*parts) for parts in ((self.sphere, self.topic, 0), (self.sphere, 0, self.area))}
        cells |= {Cell(self.sphere), Cell(area=self.area), Cell()}
        return cells - {self}


@dataclass(frozen=True)
class Limits:
    """What the analyst may set: the share of false alarms among alarms, and what is too little to speak of."""

    rate: float = RATE
    least_observed: int = LEAST_OBSERVED
    least_ratio: float = LEAST_RATIO


@dataclass(frozen=True)
class Alarm:
    """A cell beyond its expected range, with the span that says so most clearly."""

    cell: Cell
    span: Span
    p_value: float
    adjusted: float


@dataclass(frozen=True)
class Tested:
    """One cell on one day: the day and the week that ends with it."""

    cell: Cell
    day: Span
    week: Span

    def spans(self) -> tuple[Span, Span]:
        return (self.day, self.week)


def rhythms(
    histories: Mapping[Cell, History], day: dt.date, calendar: WorkCalendar
) -> tuple[Rhythm, dict[Cell, Rhythm]]:
    """The rhythm of the whole city, and of each topic and sphere over all of the city."""
    whole = rhythm_of(histories[Cell()].until(day), calendar)
    wide = {cell: rhythm_of(past.until(day), calendar, whole) for cell, past in histories.items() if not cell.area}
    return whole, wide


def model_of(
    cell: Cell, history: History, day: dt.date, whole: Rhythm, wide: Mapping[Cell, Rhythm], calendar: WorkCalendar
) -> Expectation | None:
    """A topic in a city sector keeps the rhythm of the topic."""
    rhythm = wide.get(cell.everywhere, whole) if cell != Cell() else whole
    return expectation(history, day, rhythm, calendar)


def measure(histories: Mapping[Cell, History], day: dt.date, calendar: WorkCalendar) -> dict[Cell, Tested]:
    """All cells that have a past long enough; `histories` must hold the whole city as `Cell()`."""
    if Cell() not in histories:
        return {}
    whole, wide = rhythms(histories, day, calendar)
    found = {}
    for cell, history in histories.items():
        model = model_of(cell, history, day, whole, wide, calendar)
        if model is not None:
            found[cell] = Tested(cell, *spans(history, day, model))
    return found


def alarms(tested: Mapping[Cell, Tested], limits: Limits | None = None) -> list[Alarm]:
    """What stands out when all days and weeks of all cells are looked at together.

    What grows only as much as something wider does (a snowfall everywhere) is told once, as the wider one; a wider
    cell that is high only because a narrower one is (a burst pipe in one city sector) is not told at all.
    """
    limits = limits or Limits()
    p_values = {(cell, span.days): span.p_value for cell, one in tested.items() for span in one.spans()}
    adjusted = discoveries(p_values, limits.rate)
    cut = max((p_values[key] for key in adjusted), default=0.0)
    found: dict[Cell, Alarm] = {}
    for cell in sorted({cell for cell, _days in adjusted}, key=_narrow_first):
        candidates = [
            Alarm(cell, span, p_values[cell, span.days], adjusted[cell, span.days])
            for span in tested[cell].spans()
            if (cell, span.days) in adjusted and is_enough(span, limits)
        ]
        for alarm in sorted(candidates, key=lambda alarm: (alarm.p_value, alarm.span.days)):
            if not _follows(alarm, tested, cut) and not _is_explained(alarm, found, tested, cut):
                found[cell] = alarm
                break
    return list(found.values())


def _narrow_first(cell: Cell) -> tuple[int, Cell]:
    return (-2 * bool(cell.topic) - bool(cell.sphere) - 2 * bool(cell.area), cell)


def is_enough(span: Span, limits: Limits) -> bool:
    return span.observed >= limits.least_observed and span.ratio >= limits.least_ratio


def _span(tested: Mapping[Cell, Tested], cell: Cell, days: int) -> Span:
    return tested[cell].day if days == 1 else tested[cell].week


def _follows(alarm: Alarm, tested: Mapping[Cell, Tested], cut: float) -> bool:
    """Whether the cell only rises with the tide: it would be ordinary had it grown as everything around it."""
    own = alarm.span
    tide = 1.0
    for cell in alarm.cell.wider() & tested.keys():
        around = _span(tested, cell, own.days)
        told = around.observed - own.observed
        usual = max(around.expected.mean - own.expected.mean, 0.0)
        tide = max(tide, (told + STEADY_TIDE) / (usual + STEADY_TIDE))
    return tide > 1.0 and own.expected.times(tide).at_least(own.observed) > cut


def _is_explained(alarm: Alarm, found: Mapping[Cell, Alarm], tested: Mapping[Cell, Tested], cut: float) -> bool:
    """Whether the cell would be ordinary without what its alarming parts have too much."""
    excess = 0.0
    for cell in _apart(cell for cell in found if alarm.cell in cell.wider()):
        part = _span(tested, cell, alarm.span.days)
        excess += max(part.observed - part.expected.mean, 0.0)
    return excess > 0 and alarm.span.expected.at_least(max(round(alarm.span.observed - excess), 0)) > cut


def _apart(cells: Iterable[Cell]) -> list[Cell]:
    """The narrowest of the cells, so that no appeal is taken away twice."""
    kept = list(cells)
    return [cell for cell in kept if not any(cell in other.wider() for other in kept)]
