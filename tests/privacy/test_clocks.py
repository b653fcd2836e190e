"""By when a duty is done and when somebody is told: a table over weekends and holidays."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.workcalendar import ALMATY, WorkCalendar
from privacy import clocks

# 2026: 16 December (a Wednesday) and the 17th are days off, Saturday 12 December is worked instead of Friday the 18th.
CALENDAR = WorkCalendar(
    days_off=frozenset({dt.date(2026, 12, 16), dt.date(2026, 12, 17), dt.date(2026, 12, 18)}),
    worked_days=frozenset({dt.date(2026, 12, 12)}),
)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ALMATY)


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-23 10:00", 1, "2026-11-24 23:59:59"),  # Monday -> Tuesday
        ("2026-11-27 17:59", 1, "2026-11-30 23:59:59"),  # Friday -> Monday
        ("2026-11-28 00:01", 1, "2026-11-30 23:59:59"),  # Saturday -> Monday
        ("2026-11-29 23:59", 1, "2026-11-30 23:59:59"),  # Sunday -> Monday
        ("2026-11-30 00:00", 1, "2026-12-01 23:59:59"),  # the first minute of Monday -> Tuesday
        ("2026-12-11 09:00", 1, "2026-12-12 23:59:59"),  # Friday -> the worked Saturday
        ("2026-12-15 18:00", 1, "2026-12-21 23:59:59"),  # before three days off and a weekend -> Monday
        ("2026-12-16 12:00", 1, "2026-12-21 23:59:59"),  # on a holiday
        ("2026-11-26 10:00", 3, "2026-12-01 23:59:59"),
        ("2026-12-11 10:00", 3, "2026-12-15 23:59:59"),  # worked Saturday, Monday, Tuesday
        ("2026-12-14 10:00", 3, "2026-12-22 23:59:59"),
    ],
)
def test_due_is_the_end_of_the_nth_working_day(received: str, days: int, due: str) -> None:
    assert clocks.due_at(at(received), days, CALENDAR) == at(due)


@pytest.mark.parametrize(
    ("received", "share", "told"),
    [
        ("2026-11-23 09:00", 50, "2026-11-23 18:30"),  # two whole days of eight hours: half is the end of the first
        ("2026-11-23 09:00", 80, "2026-11-24 15:18"),  # 12.8 hours
        ("2026-11-23 09:00", 100, "2026-11-24 23:59:59"),
        ("2026-11-27 18:30", 50, "2026-11-30 13:00"),  # after closing on Friday: half of Monday, not of Sunday
        ("2026-11-28 12:00", 80, "2026-11-30 16:54"),
    ],
)
def test_shares_are_of_working_time(received: str, share: int, told: str) -> None:
    due = clocks.due_at(at(received), 1, CALENDAR)
    assert clocks.mark_at(at(received), due, share, CALENDAR) == at(told)


@pytest.mark.parametrize(
    ("told", "now", "share"),
    [
        (0, "2026-11-23 10:00", None),
        (0, "2026-11-23 18:31", 50),
        (0, "2026-11-24 17:00", 80),  # nobody was there for the half: one notice, the higher one
        (50, "2026-11-24 10:00", None),
        (50, "2026-11-25 00:00", 100),
        (100, "2026-12-31 00:00", None),
    ],
)
def test_the_highest_share_that_has_come_is_told_once(told: int, now: str, share: int | None) -> None:
    start = at("2026-11-23 09:00")
    due = clocks.due_at(start, 1, CALENDAR)
    assert clocks.reached(start, due, told, at(now), CALENDAR) == share


@given(st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 1)), st.integers(1, 10))
def test_marks_come_in_order_between_start_and_due(naive: dt.datetime, days: int) -> None:
    start = naive.replace(tzinfo=ALMATY)
    due = clocks.due_at(start, days, CALENDAR)
    marks = [clocks.mark_at(start, due, share, CALENDAR) for share in clocks.MARKS]
    assert [start, *marks] == sorted([start, *marks])
    assert marks[-1] == due
    assert CALENDAR.is_working_day(due.date())
