"""What a day and a week of one cell (a topic, a city sector, both) should bring, and how surprising what came is.

The method is Farrington's in its flexible form (Noufaily et al. 2013): a regression over the weeks of the past with
outbreaks weighted down, and a quantile of the negative binomial as the upper bound. What is ours: the exposure of a
week is the sum of the weights of its days by the work calendar and the season, and the same weights divide an
expected week into its days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from common.workcalendar import WorkCalendar
from reports.warning.chances import Counts
from reports.warning.regression import Fit, fit
from reports.warning.rhythm import ONE_DAY, WEEK, History, Rhythm

BASELINE_WEEKS = 26
GUARD_WEEKS = 1  # between the past and what is looked at, or a slow outbreak would make itself expected
LEAST_WEEKS = 8
LOWER, UPPER = 0.025, 0.975


@dataclass(frozen=True)
class Span:
    """Some days that are looked at together, what came in them, and what should have."""

    days: int
    observed: int
    expected: Counts

    @property
    def p_value(self) -> float:
        return self.expected.at_least(self.observed)

    @property
    def low(self) -> int:
        return self.expected.quantile(LOWER)

    @property
    def high(self) -> int:
        return self.expected.quantile(UPPER)

    @property
    def ratio(self) -> float:
        return self.observed / max(self.expected.mean, 0.01)


@dataclass(frozen=True)
class Expectation:
    """The model of one cell as it stood on one day; tells any day near it what to expect."""

    day: dt.date
    weekly: Fit
    daily_overdispersion: float
    rhythm: Rhythm
    calendar: WorkCalendar
    cap: float  # of the rate: a trend is followed, never beyond the highest week there was

    def counts(self, first: dt.date, last: dt.date) -> Counts:
        days = (last - first).days + 1
        share = sum(self.rhythm.weight(first + ONE_DAY * place, self.calendar) for place in range(days))
        time = (last - self.day).days / WEEK
        mean = share * min(self.weekly.rate(time), self.cap)
        # A few days vary as days do, a week as weeks do: slow ups and downs show only in the latter.
        part = min(days, WEEK) / WEEK
        spread = self.daily_overdispersion + (self.weekly.overdispersion - self.daily_overdispersion) * part
        return Counts.spread(mean, max(spread, 1.0), self.weekly.uncertainty(time))


def expectation(history: History, day: dt.date, rhythm: Rhythm, calendar: WorkCalendar) -> Expectation | None:
    """Fit the model to the weeks that end before the guard week; None while the past is too short."""
    ends = day - ONE_DAY * WEEK * (1 + GUARD_WEEKS)
    weeks = min(BASELINE_WEEKS, ((ends - history.start).days + 1) // WEEK)
    if weeks < LEAST_WEEKS:
        return None
    first = ends - ONE_DAY * (WEEK * weeks - 1)
    daily = history.between(first, ends)
    weights = [rhythm.weight(first + ONE_DAY * place, calendar) for place in range(len(daily))]
    counts = [float(sum(daily[begin : begin + WEEK])) for begin in range(0, len(daily), WEEK)]
    exposures = [sum(weights[begin : begin + WEEK]) for begin in range(0, len(daily), WEEK)]
    # Week 0 is the one that ends on the day that is looked at.
    times = [float(place - weeks - GUARD_WEEKS) for place in range(weeks)]
    found = fit(counts, exposures, times)
    highest = max((count + 0.5) / max(part, 0.1) for count, part in zip(counts, exposures, strict=True))
    return Expectation(day, found, _daily_spread(daily, weights, found, times), rhythm, calendar, highest)


def _daily_spread(daily: Sequence[int], weights: Sequence[float], found: Fit, times: Sequence[float]) -> float:
    """Pearson's statistic of single days around the fitted weeks, outbreaks cut at three deviations."""
    total = 0.0
    for place, (count, weight) in enumerate(zip(daily, weights, strict=True)):
        mean = max(weight * found.rate(times[place // WEEK]), 1e-6)
        total += min((count - mean) ** 2 / mean, 9.0 * found.overdispersion) if mean > 0.02 else 1.0
    return max(1.0, total / max(len(daily) - 2, 1))


def spans(history: History, day: dt.date, model: Expectation) -> tuple[Span, Span]:
    """The day itself and the week that ends with it."""
    week = day - ONE_DAY * (WEEK - 1)
    return (
        Span(1, sum(history.between(day, day)), model.counts(day, day)),
        Span(WEEK, sum(history.between(week, day)), model.counts(week, day)),
    )
