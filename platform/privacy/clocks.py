"""By when a duty must be done and when somebody is told on the way: pure rules over the working calendar."""

from __future__ import annotations

import datetime as dt

from common.workcalendar import WorkCalendar

MARKS = (50, 80, 100)  # per cent of the working time of the term


def due_at(start: dt.datetime, working_days: int, calendar: WorkCalendar) -> dt.datetime:
    """The end of the n-th working day after the day of the start, which is day 0 even when it is a day off."""
    return calendar.end_of_day(calendar.add_working_days(calendar.local_date(start), working_days))


def mark_at(start: dt.datetime, due: dt.datetime, share: int, calendar: WorkCalendar) -> dt.datetime:
    """When so much of the term's working time has passed: nobody is told on a Sunday that Monday is half over.

    The whole of it is the term itself, to the second.
    """
    if share >= 100:
        return due
    whole = calendar.working_time_between(start, due)
    return calendar.add_working_time(start, whole * share / 100) if whole else due


def next_mark(
    start: dt.datetime, due: dt.datetime, told: int, calendar: WorkCalendar
) -> tuple[int, dt.datetime] | None:
    """The first share that nobody was told of, and when it comes; None after the last one."""
    share = next((mark for mark in MARKS if mark > told), None)
    return (share, mark_at(start, due, share, calendar)) if share else None


def reached(start: dt.datetime, due: dt.datetime, told: int, now: dt.datetime, calendar: WorkCalendar) -> int | None:
    """The highest share that has come and was not told of: who was away for a day gets one notice, not three."""
    come = [mark for mark in MARKS if mark > told and mark_at(start, due, mark, calendar) <= now]
    return max(come, default=None)
