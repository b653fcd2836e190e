"""By when: pure date rules over policy values, the work calendar and an instant that is given."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeVar

from appeals.models.choices import TermUnit
from common.workcalendar import WorkCalendar

AFTER, INCLUSIVE = "after", "inclusive"
DAY_UNITS = {TermUnit.CALENDAR_DAYS, TermUnit.WORKING_DAYS, TermUnit.MONTHS}
WORKING_UNITS = {TermUnit.WORKING_HOURS, TermUnit.WORKING_DAYS}
NO_TIME = dt.timedelta(0)


@dataclass(frozen=True)
class Term:
    """How long: an amount of a unit. `day_count` says whether the day of the start is day 0 or day 1."""

    amount: int
    unit: str
    day_count: str = AFTER


@dataclass(frozen=True)
class Pause:
    """A finished stretch in which the clock stood still."""

    started_at: dt.datetime
    ended_at: dt.datetime


@dataclass(frozen=True)
class Clock:
    """One timer as values; `due_at` already holds what finished pauses and extensions gave back."""

    unit: str
    started_at: dt.datetime
    due_at: dt.datetime
    day_count: str = AFTER
    pauses: tuple[Pause, ...] = ()
    paused_at: dt.datetime | None = None
    stopped_at: dt.datetime | None = None


class ClockState(StrEnum):
    RUNNING = "running"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"


# The term


def due_at(term: Term, start: dt.datetime, calendar: WorkCalendar, *, day_count: str | None = None) -> dt.datetime:
    """The last instant of the term; for terms in days, weeks or months the end of their last day in local time."""
    if term.unit == TermUnit.FIRST_CONTACT:
        return start
    if term.unit == TermUnit.MINUTES:
        return start + dt.timedelta(minutes=term.amount)
    if term.unit == TermUnit.CLOCK_HOURS:
        return start + dt.timedelta(hours=term.amount)
    if term.unit == TermUnit.WORKING_HOURS:
        return calendar.add_working_hours(start, term.amount)
    return calendar.end_of_day(_last_day(term, calendar.local_date(start), calendar, day_count or term.day_count))


def _last_day(term: Term, first: dt.date, calendar: WorkCalendar, day_count: str) -> dt.date:
    if term.unit == TermUnit.MONTHS:
        return add_months(first, term.amount)
    amount = max(term.amount - (day_count == INCLUSIVE), 0)
    if term.unit == TermUnit.CALENDAR_DAYS:
        return first + dt.timedelta(days=amount)
    if term.unit != TermUnit.WORKING_DAYS:
        raise ValueError(f"No such unit of a term: {term.unit}")
    if day_count == INCLUSIVE and not calendar.is_working_day(first):
        amount = term.amount
    return calendar.add_working_days(first, amount)


def first_day(term: Term, start: dt.datetime, calendar: WorkCalendar) -> dt.date:
    """Day 1 of the term: the day of the start itself or the one after, a working day for terms in working days."""
    day = calendar.local_date(start)
    if term.day_count == AFTER and term.unit in DAY_UNITS:
        day += dt.timedelta(days=1)
    if term.unit == TermUnit.WORKING_DAYS and not calendar.is_working_day(day):
        return calendar.next_working_day(day)
    return day


def add_months(day: dt.date, amount: int) -> dt.date:
    """The same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
    return dt.date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def target_at(term: Term, start: dt.datetime, calendar: WorkCalendar, *, margin: int) -> dt.datetime:
    """The internal target of staff: the same term, a margin of units shorter but never before the start."""
    return max(due_at(Term(max(term.amount - margin, 0), term.unit, term.day_count), start, calendar), start)


# The policy


class PolicyLike(Protocol):
    """A row of terms; an empty field stands for «any»."""

    @property
    def code(self) -> str: ...
    @property
    def regime(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def topic_id(self) -> int | None: ...
    @property
    def priority(self) -> str: ...
    @property
    def organization_id(self) -> int | None: ...


Policy = TypeVar("Policy", bound=PolicyLike)
# What weighs first when several policies fit. Danger comes before everything: an emergency keeps its hours
# whatever a topic or a body has agreed on.
SPECIFICITY = ("priority", "topic_id", "organization_id", "kind", "regime")


@dataclass(frozen=True)
class PolicyCase:
    """What a policy is chosen by."""

    regime: str = ""
    kind: str = ""
    topic_id: int | None = None
    priority: str = ""
    organization_id: int | None = None


def choose_policy(candidates: Iterable[Policy], case: PolicyCase) -> Policy | None:
    """The most specific policy that fits, by the order of SPECIFICITY; between equals the first code."""
    fitting = [
        policy
        for policy in candidates
        if all(not getattr(policy, name) or getattr(policy, name) == getattr(case, name) for name in SPECIFICITY)
    ]
    if not fitting:
        return None
    return min(fitting, key=lambda policy: ([not getattr(policy, name) for name in SPECIFICITY], policy.code))


# Extensions and pauses


def extension_cap(registered_at: dt.datetime, cap: Term, calendar: WorkCalendar) -> dt.datetime:
    """The latest instant any extension may reach, counted from registration and not from the first term."""
    return due_at(cap, registered_at, calendar)


def may_extend(current_due_at: dt.datetime, wanted_at: dt.datetime, latest_at: dt.datetime) -> bool:
    """An extension moves the term forward and stays under the cap."""
    return current_due_at < wanted_at <= latest_at


def due_after_pause(
    unit: str, current_due_at: dt.datetime, paused_at: dt.datetime, resumed_at: dt.datetime, calendar: WorkCalendar
) -> dt.datetime:
    """Give back exactly what the pause took: paused days to a term in days, remaining minutes to one in hours.

    A term that had run out before the pause gains nothing.
    """
    if unit == TermUnit.FIRST_CONTACT or paused_at >= current_due_at or resumed_at <= paused_at:
        return current_due_at
    if unit == TermUnit.WORKING_HOURS:
        return calendar.add_working_time(resumed_at, calendar.working_time_between(paused_at, current_due_at))
    if unit not in DAY_UNITS:
        return current_due_at + (resumed_at - paused_at)
    last_day = calendar.local_date(current_due_at)
    paused_days = _days(unit, paused_at, resumed_at, calendar)
    if unit == TermUnit.WORKING_DAYS:
        return calendar.end_of_day(calendar.add_working_days(last_day, paused_days))
    return calendar.end_of_day(last_day + dt.timedelta(days=paused_days))


def _days(unit: str, start: dt.datetime, end: dt.datetime, calendar: WorkCalendar) -> int:
    first, last = calendar.local_date(start), calendar.local_date(end)
    return calendar.working_days_between(first, last) if unit == TermUnit.WORKING_DAYS else (last - first).days


# Where a clock stands


def day_of_term(clock: Clock, now: dt.datetime, calendar: WorkCalendar) -> tuple[int, int] | None:
    """(n, m) of «day n of m» without the paused days; None for terms in hours. After the term n is above m."""
    if clock.unit not in DAY_UNITS:
        return None
    until = min(clock.stopped_at or now, clock.paused_at or now)
    paused = sum(_days(clock.unit, pause.started_at, pause.ended_at, calendar) for pause in clock.pauses)
    first = calendar.local_date(clock.started_at)
    counts_first = clock.day_count == INCLUSIVE and (
        clock.unit != TermUnit.WORKING_DAYS or calendar.is_working_day(first)
    )
    day = _days(clock.unit, clock.started_at, until, calendar) - paused + counts_first
    total = _days(clock.unit, clock.started_at, clock.due_at, calendar) - paused + counts_first
    return max(day, 1), max(total, 1)


def state(clock: Clock, now: dt.datetime, calendar: WorkCalendar, *, soon_share: float = 0.8) -> ClockState:
    """Where the clock stands; «due soon» begins at the given share of the term."""
    if clock.stopped_at is not None:
        return ClockState.MET if clock.stopped_at <= clock.due_at else ClockState.MISSED
    if clock.paused_at is not None:
        return ClockState.PAUSED
    if now > clock.due_at:
        return ClockState.OVERDUE
    return ClockState.DUE_SOON if share_passed(clock, now, calendar) >= soon_share else ClockState.RUNNING


def share_passed(clock: Clock, at: dt.datetime, calendar: WorkCalendar) -> float:
    """The part of the term that has passed, 1.0 at its end; working terms are measured in working time."""
    until = min(at, clock.paused_at or at)
    total = _running_time(clock, clock.due_at, calendar)
    if total <= NO_TIME:
        return 1.0 if until >= clock.due_at else 0.0
    return max(_running_time(clock, until, calendar), NO_TIME) / total


def _running_time(clock: Clock, until: dt.datetime, calendar: WorkCalendar) -> dt.timedelta:
    """Time from the start without the pauses."""
    paused = (
        _between(clock.unit, pause.started_at, min(pause.ended_at, until), calendar)
        for pause in clock.pauses
        if pause.started_at < until
    )
    return _between(clock.unit, clock.started_at, until, calendar) - sum(paused, NO_TIME)


def _between(unit: str, start: dt.datetime, end: dt.datetime, calendar: WorkCalendar) -> dt.timedelta:
    return calendar.working_time_between(start, end) if unit in WORKING_UNITS else max(end - start, NO_TIME)


def _advance(unit: str, start: dt.datetime, amount: dt.timedelta, calendar: WorkCalendar) -> dt.datetime:
    return calendar.add_working_time(start, amount) if unit in WORKING_UNITS else start + amount


def instant_of_share(clock: Clock, share: float, calendar: WorkCalendar) -> dt.datetime:
    """When so much of the term has passed: 1.0 is the due instant itself, 1.2 a fifth of the term later."""
    total = _running_time(clock, clock.due_at, calendar)
    if share == 1 or (share < 1 and total <= NO_TIME):
        return clock.due_at
    if share > 1:
        return _advance(clock.unit, clock.due_at, total * (share - 1), calendar)
    moment, left = clock.started_at, total * share
    for pause in sorted(clock.pauses, key=lambda pause: pause.started_at):
        stretch = _between(clock.unit, moment, pause.started_at, calendar)
        if left <= stretch:
            break
        moment, left = pause.ended_at, left - stretch
    return min(_advance(clock.unit, moment, left, calendar), clock.due_at)


def next_step(
    clock: Clock, shares: Sequence[int], calendar: WorkCalendar, *, after_share: int = 0
) -> tuple[int, dt.datetime] | None:
    """The next rung of the ladder (shares in per cent) above the one already taken, and when it is due."""
    for share in sorted(set(shares)):
        if share > after_share:
            return share, instant_of_share(clock, share / 100, calendar)
    return None
