"""A clock as the words and colours of its badge: the one way from a timer to ui.badges.TermView."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

from appeals import sla, terms, timers
from appeals.models import Timer
from appeals.models.choices import TermUnit
from common.workcalendar import WorkCalendar
from ui.badges import TermView

STATES = {
    sla.ClockState.RUNNING: "open",
    sla.ClockState.DUE_SOON: "soon",
    sla.ClockState.OVERDUE: "overdue",
    sla.ClockState.PAUSED: "paused",
    sla.ClockState.MET: "met",
    sla.ClockState.MISSED: "missed",
}
DAY, WORKING_DAY, HOUR = "day", "working_day", "hour"


def view_of(timer: Timer, now: dt.datetime) -> TermView:
    """The badge of a timer whose pauses are prefetched."""
    return of_clock(timers.clock_of(timer, timer.pauses.all()), now, terms.calendar())


def leading(rows: Iterable[Timer]) -> Timer | None:
    """The clock of the appeal itself: the running one, else the one that ran last."""
    found = [timer for timer in rows if timer.code in timers.LEADING and timer.question_id is None]
    running = [timer for timer in found if timer.stopped_at is None]
    latest = running or found
    return latest[-1] if latest else None


def of_clock(clock: sla.Clock, now: dt.datetime, calendar: WorkCalendar) -> TermView:
    state = STATES[sla.state(clock, now, calendar)]
    unit = _unit(clock.unit)
    day, total = sla.day_of_term(clock, now, calendar) or (0, 0)
    if state in ("open", "soon") and unit != HOUR and calendar.local_date(now) == calendar.local_date(clock.due_at):
        state = "today"
    until = clock.paused_at or now
    return TermView(
        state=state,
        day=day,
        total=total,
        count=_count(unit, until, clock.due_at, calendar),
        unit=unit,
        due_at=clock.due_at,
    )


def _unit(unit: str) -> str:
    if unit == TermUnit.WORKING_DAYS:
        return WORKING_DAY
    return DAY if unit in sla.DAY_UNITS else HOUR


def _count(unit: str, now: dt.datetime, due: dt.datetime, calendar: WorkCalendar) -> int:
    """Units left or over, at least one: «0 days overdue» says nothing."""
    if unit == HOUR:
        return max(math.ceil(abs((due - now).total_seconds()) / 3600), 1)
    first, last = sorted((calendar.local_date(now), calendar.local_date(due)))
    days = calendar.working_days_between(first, last) if unit == WORKING_DAY else (last - first).days
    return max(days, 1)
