"""Weeks, months, quarters and years of reports: which one is asked for, what it is called, when its report is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from reports import periods
from reports.models import PeriodKind
from reports.periods import ONE_DAY, Period
from ui import dates

_OF_DAY: Mapping[str, Callable[[dt.date], Period]] = {
    PeriodKind.WEEK: periods.week,
    PeriodKind.MONTH: periods.month,
    PeriodKind.QUARTER: periods.quarter,
    PeriodKind.YEAR: periods.year,
}
ROMAN = ("I", "II", "III", "IV")
LAST_DAY_OF_MONTH = 28  # the last that every month has


def span(kind: str, day: dt.date) -> Period:
    """The week, month, quarter or year in which the day lies."""
    return _OF_DAY[kind](day)


def before(kind: str, day: dt.date) -> Period:
    """The last one that had ended when the day began."""
    return span(kind, span(kind, day).start - ONE_DAY)


def latest(kind: str, count: int, today: dt.date) -> list[Period]:
    """The last ones that have ended, the newest first."""
    found = [before(kind, today)]
    while len(found) < count:
        found.append(before(kind, found[-1].start))
    return found


def words(kind: str, period: Period) -> str:
    start = period.start
    if kind == PeriodKind.MONTH:
        return formats.date_format(start, "YEAR_MONTH_FORMAT")
    if kind == PeriodKind.QUARTER:
        return _("quarter %(number)s of %(year)s") % {"number": ROMAN[(start.month - 1) // 3], "year": start.year}
    if kind == PeriodKind.YEAR:
        return _("the year %(year)s") % {"year": start.year}
    return f"{dates.short_date(start)} – {dates.short_date(period.end)}"


def next_run(kind: str, day: int, hour: int, after: dt.datetime) -> dt.datetime:
    """The first moment after `after` at which a schedule is due, by the clock of the city.

    A week's report is due on a day of the week, the others on a day of the month that follows the period.
    """
    here = timezone.localtime(after)
    start = span(kind, here.date()).start
    while True:
        due_on = start + dt.timedelta(days=day - 1)
        moment = timezone.make_aware(dt.datetime.combine(due_on, dt.time(hour)))
        if moment > after:
            return moment
        start = span(kind, start).end + ONE_DAY
