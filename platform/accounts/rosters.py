"""When a pattern of shifts falls, in Almaty's time: pure rules without a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from accounts.models import Shift

P = Shift.Pattern
DAY = timedelta(days=1)
LONGEST = timedelta(hours=24)


@dataclass(frozen=True)
class Span:
    """From when to when somebody is on duty."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        """Shifts may touch: one ends when the next begins."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def days_of(pattern: str, first: date, last: date) -> Iterator[date]:
    """The days of duty from `first` on: 2/2 begins with two days on, 5/2 keeps to Monday till Friday."""
    for number in range((last - first).days + 1):
        day = first + number * DAY
        on_duty = {P.TWO_TWO: number % 4 < 2, P.FIVE_TWO: day.weekday() < 5, P.SINGLE: number == 0}
        if on_duty[Shift.Pattern(pattern)]:
            yield day


def span_of(day: date, begins: time, ends: time) -> Span:
    """The shift that begins on this day by the clock on the wall; an end not after the beginning is the next day's."""
    return Span(_instant(day, begins), _instant(day if ends > begins else day + DAY, ends))


def spans_of(pattern: str, first: date, last: date, begins: time, ends: time) -> list[Span]:
    return [span_of(day, begins, ends) for day in days_of(pattern, first, last)]


def moved_by_days(span: Span, days: int) -> Span:
    """The same hours on the clock of the wall so many days later, whatever the clocks of the state did in between."""
    zone = _zone()
    local = [moment.astimezone(zone) for moment in (span.starts_at, span.ends_at)]
    starts, ends = (_instant(moment.date() + days * DAY, moment.time()) for moment in local)
    return Span(starts, ends)


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of a day."""
    monday = day - day.weekday() * DAY
    return monday, monday + 6 * DAY


def begin_of(day: date) -> datetime:
    return _instant(day, time.min)


def _instant(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=_zone()).astimezone(UTC)


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)
