"""Stretches of days that figures are asked for, and how they are put together from years, months and days."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

ONE_DAY = dt.timedelta(days=1)
FIRST_DAY = dt.date(2000, 1, 1)  # before any appeal that a hub can hold


@dataclass(frozen=True, order=True)
class Period:
    """From the first to the last day, both included."""

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError("A period ends after it begins.")

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def is_whole_months(self) -> bool:
        return self.start.day == 1 and (self.end + ONE_DAY).day == 1

    def by_months(self) -> Period:
        """Widened to whole months."""
        return Period(self.start.replace(day=1), end_of_month(self.end))

    def previous(self) -> Period:
        """As long, just before; whole months before whole months."""
        if self.is_whole_months:
            count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
            return Period(add_months(self.start, -count), self.start - ONE_DAY)
        return Period(self.start - dt.timedelta(days=self.days), self.start - ONE_DAY)

    def a_year_earlier(self) -> Period:
        """The same days of the year before; 29 February becomes the 28th, and whole months stay whole."""
        end = _same_day(self.end, self.end.year - 1)
        if self.is_whole_months:
            end = end_of_month(end)
        return Period(_same_day(self.start, self.start.year - 1), end)


def today(now: dt.date) -> Period:
    return Period(now, now)


def last_days(now: dt.date, count: int) -> Period:
    """So many days, today the last of them."""
    return Period(now - dt.timedelta(days=count - 1), now)


def week(day: dt.date) -> Period:
    """Monday to Sunday."""
    start = day - dt.timedelta(days=day.weekday())
    return Period(start, start + dt.timedelta(days=6))


def month(day: dt.date) -> Period:
    return Period(day.replace(day=1), end_of_month(day))


def quarter(day: dt.date) -> Period:
    start = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    return Period(start, end_of_month(add_months(start, 2)))


def year(day: dt.date) -> Period:
    return Period(day.replace(month=1, day=1), day.replace(month=12, day=31))


def last_months(now: dt.date, count: int) -> Period:
    """So many calendar months, the running one the last of them."""
    return Period(add_months(now.replace(day=1), 1 - count), end_of_month(now))


def until(day: dt.date) -> Period:
    """Everything up to this day: what stands at its end is the sum of all that came and went."""
    return Period(FIRST_DAY, max(day, FIRST_DAY))


def end_of_month(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: dt.date, count: int) -> dt.date:
    number = day.year * 12 + day.month - 1 + count
    year, month = divmod(number, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, calendar.monthrange(year, month + 1)[1]))


def _same_day(day: dt.date, year: int) -> dt.date:
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


# Put together from what is stored


@dataclass(frozen=True)
class Piece:
    """Rows of one grain (d, m, y) whose first days lie in this stretch."""

    grain: str
    first: dt.date
    last: dt.date


def pieces(period: Period, *, now: dt.date) -> Iterator[Piece]:
    """The fewest rows that make up the period: whole years, whole months at their sides, days at the ends.

    A period that reaches to today may as well reach to the end of the year: nothing is counted in days to come.
    """
    end = period.end if period.end < now else max(period.end, dt.date(now.year, 12, 31))
    yield from _days_then_months(period.start, end)


def _days_then_months(start: dt.date, end: dt.date) -> Iterator[Piece]:
    first_month = start if start.day == 1 else add_months(start.replace(day=1), 1)
    after_months = (end + ONE_DAY).replace(day=1)  # the first day of the month that is not whole
    if first_month >= after_months:
        yield Piece("d", start, end)
        return
    if start < first_month:
        yield Piece("d", start, first_month - ONE_DAY)
    yield from _months_then_years(first_month, after_months)
    if after_months <= end:
        yield Piece("d", after_months, end)


def _months_then_years(first: dt.date, after: dt.date) -> Iterator[Piece]:
    """Months from `first` up to the one before `after`."""
    first_year = first if first.month == 1 else dt.date(first.year + 1, 1, 1)
    after_years = after.replace(month=1)
    if first_year >= after_years:
        yield Piece("m", first, after - ONE_DAY)
        return
    if first < first_year:
        yield Piece("m", first, first_year - ONE_DAY)
    yield Piece("y", first_year, after_years - ONE_DAY)
    if after_years < after:
        yield Piece("m", after_years, after - ONE_DAY)
