"""Repeated addresses: the same house told by several people within some days, and more often than it used to be."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from reports.warning.chances import Counts, discoveries

PAST_DAYS = 365
PRIOR = 0.5
MOST_PLACES = 200_000  # that are told apart; a city has fewer houses


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


def repeats(
    recent: Iterable[Told], past: Iterable[Told], day: dt.date, limits: RepeatLimits | None = None
) -> list[Repeat]:
    """Places where more people told of something in the window than a year of the same place explains.

    The people of a window given those of the past: the predictive distribution of a Poisson rate with Jeffreys' prior
    is negative binomial with size past + 1/2 (Gelman et al., "Bayesian Data Analysis", section 2.6). All places of the
    year count as tests. The past is read once; of it only what concerns the candidates is kept.
    """
    limits = limits or RepeatLimits()
    since = day - dt.timedelta(days=limits.window - 1)
    told: dict[str, list[Told]] = defaultdict(list)
    for one in recent:
        if since <= one.day <= day:
            told[one.place].append(one)
    wanted = {place for place, rows in told.items() if len({row.person for row in rows}) >= limits.least_people}
    before = _before(past, wanted, since, limits) if wanted else _Before(since, defaultdict(set), set())
    length = max((since - before.earliest).days, limits.window)
    found = {place: _repeat(place, told[place], len(before.people[place]), length, limits) for place in wanted}
    p_values = {place: one.p_value for place, one in found.items()}
    known = discoveries(p_values, limits.rate, tests=len(told.keys() | before.places))
    return sorted((found[place] for place in known), key=lambda one: (one.p_value, one.place))


@dataclass
class _Before:
    """The past of the candidates; and which places there are at all, as far as they are counted."""

    earliest: dt.date
    people: dict[str, set[tuple[str, int]]]
    places: set[str]


def _before(past: Iterable[Told], wanted: set[str], since: dt.date, limits: RepeatLimits) -> _Before:
    found = _Before(since, defaultdict(set), set())
    for one in past:
        if not since - dt.timedelta(days=PAST_DAYS) <= one.day < since:
            continue
        found.earliest = min(found.earliest, one.day)
        if len(found.places) < MOST_PLACES:
            found.places.add(one.place)
        if one.place in wanted:
            # Somebody counts once in each window of the past, as he does in this one.
            found.people[one.place].add((one.person, (since - one.day).days // limits.window))
    return found


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
