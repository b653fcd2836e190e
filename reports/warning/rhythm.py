"""The rhythm of a city: how many appeals a kind of day brings, and how the season moves them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from common.workcalendar import WorkCalendar

ONE_DAY = dt.timedelta(days=1)
WEEK = 7
HOLIDAY = 7  # a day off in the week
EXTRA_WORK = 8  # a worked Saturday or Sunday
KINDS = tuple(range(9))
STEADY = 60.0  # appeals that the rhythm of the whole city weighs against those of one topic
YEARS_FOR_SEASON = 2
YEAR = 365.25


def kind_of(day: dt.date, calendar: WorkCalendar) -> int:
    """The weekday, or what the calendar makes of the day."""
    works, in_week = calendar.is_working_day(day), day.weekday() in calendar.office_hours
    if works == in_week:
        return day.weekday()
    return EXTRA_WORK if works else HOLIDAY


@dataclass(frozen=True)
class History:
    """Counts of consecutive days, the first of which is `start`."""

    start: dt.date
    counts: Sequence[int]

    @property
    def end(self) -> dt.date:
        return self.start + ONE_DAY * (len(self.counts) - 1)

    def between(self, first: dt.date, last: dt.date) -> Sequence[int]:
        begin = (first - self.start).days
        return self.counts[max(begin, 0) : max((last - self.start).days + 1, 0)]

    def until(self, day: dt.date) -> History:
        return History(self.start, self.counts[: max((day - self.start).days + 1, 0)])


@dataclass(frozen=True)
class Rhythm:
    """Relative weight of each day: 1 is an average one."""

    factors: Mapping[int, float] = field(default_factory=dict)
    wave: tuple[float, float] = (0.0, 0.0)  # cosine and sine of the year

    def weight(self, day: dt.date, calendar: WorkCalendar) -> float:
        return self.factors.get(kind_of(day, calendar), 1.0) * self.season(day)

    def season(self, day: dt.date) -> float:
        if self.wave == (0.0, 0.0):
            return 1.0
        angle = 2 * math.pi * day.timetuple().tm_yday / YEAR
        return math.exp(self.wave[0] * math.cos(angle) + self.wave[1] * math.sin(angle))


def rhythm_of(history: History, calendar: WorkCalendar, whole: Rhythm | None = None) -> Rhythm:
    """The weights of the kinds of days as ratios to the mean of the week around each day, and the wave of the year.

    The ratio-to-moving-average method (Macaulay 1931, "The Smoothing of Time Series"). Weeks count by their square
    root, so that one outbreak does not set the rhythm of a year. A topic with few appeals leans on the whole city's.
    """
    told, usual = dict.fromkeys(KINDS, 0.0), dict.fromkeys(KINDS, 0.0)
    kinds = [kind_of(history.start + ONE_DAY * place, calendar) for place in range(len(history.counts))]
    for place in range(3, len(history.counts) - 3):
        around = sum(history.counts[place - 3 : place + 4])
        if around:
            told[kinds[place]] += history.counts[place] / math.sqrt(around)
            usual[kinds[place]] += math.sqrt(around) / WEEK
    factors: dict[int, float] = {}
    for kind in KINDS:
        base = whole.factors.get(kind, 1.0) if whole else _default(kind, factors)
        lean = STEADY / WEEK if whole else 1.0
        factors[kind] = (told[kind] + lean * base) / (usual[kind] + lean)
    wave = _wave(history, factors, kinds) if sum(history.counts) >= 500 else (whole.wave if whole else (0.0, 0.0))
    return Rhythm(factors, wave)


def _default(kind: int, known: Mapping[int, float]) -> float:
    """A holiday is like a Sunday, an extra working day like a Monday, until some have been seen."""
    return known.get(6, 1.0) if kind == HOLIDAY else known.get(0, 1.0) if kind == EXTRA_WORK else 1.0


def _wave(history: History, factors: Mapping[int, float], kinds: Sequence[int]) -> tuple[float, float]:
    """One wave a year, by least squares on the logarithms of the weeks with a straight trend beside it.

    Serfling (1963), "Methods for current statistical analysis of excess pneumonia-influenza deaths".
    """
    if len(history.counts) < YEARS_FOR_SEASON * YEAR:
        return (0.0, 0.0)
    rows: list[tuple[float, float, float, float]] = []
    values: list[float] = []
    for begin in range(0, len(history.counts) - WEEK + 1, WEEK):
        share = sum(factors[kind] for kind in kinds[begin : begin + WEEK])
        day = history.start + ONE_DAY * (begin + 3)
        angle = 2 * math.pi * day.timetuple().tm_yday / YEAR
        rows.append((1.0, begin / YEAR, math.cos(angle), math.sin(angle)))
        values.append(math.log((sum(history.counts[begin : begin + WEEK]) + 0.5) / max(share, 0.1)))
    solved = least_squares(rows, values)
    return (solved[2], solved[3])


def least_squares(rows: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
    """Solve the normal equations by elimination; a column that says nothing gets nothing."""
    size = len(rows[0])
    grid = [[sum(row[one] * row[two] for row in rows) for two in range(size)] for one in range(size)]
    right = [sum(row[one] * value for row, value in zip(rows, values, strict=True)) for one in range(size)]
    for one in range(size):
        pivot = grid[one][one] or 1e-12
        for other in range(size):
            if other != one:
                share = grid[other][one] / pivot
                right[other] -= share * right[one]
                grid[other] = [a - share * b for a, b in zip(grid[other], grid[one], strict=True)]
    return [right[one] / (grid[one][one] or 1e-12) for one in range(size)]
