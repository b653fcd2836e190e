"""Repeated addresses: the same house told by several people within some days, and more often than it used to be."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from reports.warning.chances import Counts, discoveries

PAST_DAYS = 365
PRIOR = 0.5


@dataclass(frozen=True)
class Told:
    """One appeal about one place. `person` is a pseudonym that says only whether two were told by the same person."""

    appeal: int
    person: str
    place: str
    day: dt.date
    area: int = 0


@dataclass(frozen=True)
class RepeatLimits:
    window: int = 14
    least_people: int = 4
    rate: float = 0.05


@dataclass(frozen=True)
class Repeat:
    """A place that several people told about, with what its own past let expect."""

    place: str
    area: int
    people: int
    appeals: tuple[int, ...]
    expected: Counts
    first: dt.date
    p_value: float


def repeats(told: Iterable[Told], day: dt.date, limits: RepeatLimits | None = None) -> list[Repeat]:
    """Places where more people told of something in the window than a year of the same place explains.

    The people of a window given those of the past: the predictive distribution of a Poisson rate with Jeffreys' prior
    is negative binomial with size past + 1/2 (Gelman et al., "Bayesian Data Analysis", section 2.6). All places of the
    year count as tests.
    """
    limits = limits or RepeatLimits()
    since, begin = day - dt.timedelta(days=limits.window - 1), day - dt.timedelta(days=PAST_DAYS)
    recent: dict[str, list[Told]] = defaultdict(list)
    past: dict[str, set[tuple[str, int]]] = defaultdict(set)
    earliest = day
    for one in told:
        if since <= one.day <= day:
            recent[one.place].append(one)
        elif begin <= one.day < since:
            # Somebody counts once in each window of the past, as he does in this one.
            past[one.place].add((one.person, (since - one.day).days // limits.window))
            earliest = min(earliest, one.day)
    length = max((since - earliest).days, limits.window)
    found = {}
    for place, rows in recent.items():
        if len({row.person for row in rows}) >= limits.least_people:
            found[place] = _repeat(place, rows, len(past[place]), length, limits)
    p_values = {place: one.p_value for place, one in found.items()}
    known = discoveries(p_values, limits.rate, tests=len(recent.keys() | past.keys()))
    return sorted((found[place] for place in known), key=lambda one: (one.p_value, one.place))


def _repeat(place: str, rows: list[Told], before: int, length: int, limits: RepeatLimits) -> Repeat:
    rows = sorted(rows, key=lambda row: (row.day, row.appeal))
    size = before + PRIOR
    expected = Counts(size * limits.window / length, size)
    people = len({row.person for row in rows})
    areas = [row.area for row in rows]
    return Repeat(
        place=place,
        area=max(set(areas), key=areas.count),
        people=people,
        appeals=tuple(row.appeal for row in rows),
        expected=expected,
        first=rows[0].day,
        p_value=expected.at_least(people),
    )
