"""Working days and working hours: pure arithmetic over a table of days off that the administrator edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")
ONE_DAY = dt.timedelta(days=1)
# A calendar with nothing but days off would send every search on for ever.
LONGEST_SEARCH = 4000


@dataclass(frozen=True)
class DayHours:
    """Opening hours of one weekday, with or without a break."""

    opens_at: dt.time
    closes_at: dt.time
    break_from: dt.time | None = None
    break_until: dt.time | None = None

    def __post_init__(self) -> None:
        if not self.opens_at < self.closes_at:
            raise ValueError("Office hours must close after they open.")

    def stretches(self) -> tuple[tuple[dt.time, dt.time], ...]:
        """The parts of the day in which work goes on."""
        if self.break_from and self.break_until and self.opens_at < self.break_from < self.break_until < self.closes_at:
            return (self.opens_at, self.break_from), (self.break_until, self.closes_at)
        return ((self.opens_at, self.closes_at),)


USUAL_HOURS = DayHours(dt.time(9), dt.time(18, 30), dt.time(13), dt.time(14, 30))


def usual_week() -> dict[int, DayHours]:
    return dict.fromkeys(range(5), USUAL_HOURS)


@dataclass(frozen=True)
class WorkCalendar:
    """An ordinary week, the days that differ from it, and the time zone they are meant in."""

    days_off: frozenset[dt.date] = frozenset()
    worked_days: frozenset[dt.date] = frozenset()
    office_hours: Mapping[int, DayHours] = field(default_factory=usual_week)
    timezone: ZoneInfo = ALMATY

    def local(self, instant: dt.datetime) -> dt.datetime:
        if instant.tzinfo is None:
            raise ValueError("The work calendar needs instants with a time zone.")
        return instant.astimezone(self.timezone)

    def local_date(self, instant: dt.datetime) -> dt.date:
        return self.local(instant).date()

    def at(self, day: dt.date, time: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, time, tzinfo=self.timezone)

    def end_of_day(self, day: dt.date) -> dt.datetime:
        """The last second of the day: a term counted in days runs out with the day, not with the office hours."""
        return self.at(day, dt.time(23, 59, 59))

    # Days

    def is_working_day(self, day: dt.date) -> bool:
        return day in self.worked_days or (day not in self.days_off and day.weekday() in self.office_hours)

    def next_working_day(self, day: dt.date) -> dt.date:
        """The first working day after this one."""
        return self.add_working_days(day, 1)

    def add_working_days(self, start: dt.date, count: int) -> dt.date:
        """The n-th working day after the start, which is day 0 itself; a negative count goes back."""
        step, left, day = (ONE_DAY if count > 0 else -ONE_DAY), abs(count), start
        for _tried in range(LONGEST_SEARCH + 3 * left):
            if not left:
                return day
            day += step
            left -= self.is_working_day(day)
        raise ValueError("The work calendar has no working days in reach.")

    def working_days_between(self, start: dt.date, end: dt.date) -> int:
        """Working days after the start up to and with the end; negative when the end lies before the start."""
        if end < start:
            return -self.working_days_between(end, start)
        weeks, rest = divmod((end - start).days, 7)
        days = weeks * len(self.office_hours)
        days += sum((end - ONE_DAY * shift).weekday() in self.office_hours for shift in range(rest))
        # A long overdue term spans years: whole weeks are counted at once and the listed days put right.
        days -= sum(
            start < day <= end and day.weekday() in self.office_hours for day in self.days_off - self.worked_days
        )
        days += sum(start < day <= end and day.weekday() not in self.office_hours for day in self.worked_days)
        return days

    # Hours

    def hours_of(self, day: dt.date) -> DayHours | None:
        """Opening hours of the day; a worked day off has those of the weekday nearest before it."""
        if not self.is_working_day(day):
            return None
        for shift in range(7):
            found = self.office_hours.get((day.weekday() - shift) % 7)
            if found:
                return found
        return USUAL_HOURS

    def opening(self, day: dt.date) -> dt.datetime:
        return self.at(day, (self.hours_of(day) or USUAL_HOURS).opens_at)

    def closing(self, day: dt.date) -> dt.datetime:
        return self.at(day, (self.hours_of(day) or USUAL_HOURS).closes_at)

    def is_open(self, instant: dt.datetime) -> bool:
        moment = self.local(instant)
        return any(begin <= moment < end for begin, end in self._stretches(moment.date()))

    def _stretches(self, day: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
        hours = self.hours_of(day)
        return [(self.at(day, begin), self.at(day, end)) for begin, end in hours.stretches()] if hours else []

    def _stretches_from(self, instant: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """Working stretches after the instant, the one under way cut at it."""
        day = instant.date()
        for _tried in range(LONGEST_SEARCH):
            yield from ((max(begin, instant), end) for begin, end in self._stretches(day) if end > instant)
            day += ONE_DAY
        raise ValueError("The work calendar has no working hours in reach.")

    def add_working_time(self, start: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        """The instant at which so much working time has passed; nothing is counted outside office hours."""
        moment, left = self.local(start), amount
        if left <= dt.timedelta(0):
            return moment
        for begin, end in self._stretches_from(moment):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise AssertionError("unreachable: the stretches do not end")

    def add_working_hours(self, start: dt.datetime, hours: float) -> dt.datetime:
        return self.add_working_time(start, dt.timedelta(hours=hours))

    def working_time_between(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Working time from start to end; none when the end lies before the start."""
        begin_at, end_at = self.local(start), self.local(end)
        total, day = dt.timedelta(0), begin_at.date()
        while day <= end_at.date():
            for begin, stop in self._stretches(day):
                total += max(min(stop, end_at) - max(begin, begin_at), dt.timedelta(0))
            day += ONE_DAY
        return total

    # Registration

    def registration_instant(self, received_at: dt.datetime) -> dt.datetime:
        """The same day; after closing time or on a day off, the opening of the next working day."""
        moment = self.local(received_at)
        day = moment.date()
        if not self.is_working_day(day) or moment >= self.closing(day):
            return self.opening(self.next_working_day(day))
        return max(moment, self.opening(day))
