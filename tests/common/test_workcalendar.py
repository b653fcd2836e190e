"""The working calendar against days counted by hand, and its laws for any calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.public_holidays import MOVED_WORK, holiday_rows
from common.workcalendar import ALMATY, DayHours, WorkCalendar

ROWS = holiday_rows([2024, 2025, 2026, 2027])
CALENDAR = WorkCalendar(
    days_off=frozenset(row.date for row in ROWS if row.kind != MOVED_WORK),
    worked_days=frozenset(row.date for row in ROWS if row.kind == MOVED_WORK),
)
DAYS_OFF = {
    2024: "0101 0102 0308 0321 0322 0325 0501 0507 0508 0509 0708 0830 1025 1216",
    2025: "0101 0102 0103 0107 0310 0321 0324 0325 0501 0507 0509 0606 0707 0901 1027 1216",
    2026: "0101 0102 0107 0309 0323 0324 0325 0501 0507 0511 0527 0706 1026 1216",
    2027: "0101 0104 0107 0308 0315 0322 0323 0324 0503 0507 0510 0706 1025 1216",
}
VECTORS = {
    "2024-05-02": "2024-05-06 2024-05-13 2024-05-27 2024-06-03 2024-07-01",
    "2024-12-20": "2024-12-25 2024-12-27 2025-01-15 2025-01-22 2025-02-19",
    "2025-08-25": "2025-08-28 2025-09-02 2025-09-16 2025-09-23 2025-10-21",
    "2026-03-05": "2026-03-11 2026-03-13 2026-04-01 2026-04-08 2026-05-08",
    "2026-08-20": "2026-08-25 2026-08-27 2026-09-10 2026-09-17 2026-10-15",
    "2026-11-23": "2026-11-26 2026-11-30 2026-12-14 2026-12-22 2027-01-22",
    "2027-03-04": "2027-03-10 2027-03-12 2027-04-01 2027-04-08 2027-05-11",
}


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ALMATY)


def days_of(year: int) -> list[dt.date]:
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", DAYS_OFF)
def test_days_off_on_weekdays(year: int) -> None:
    found = [day for day in days_of(year) if day.weekday() < 5 and not CALENDAR.is_working_day(day)]

    assert " ".join(f"{day:%m%d}" for day in found) == DAYS_OFF[year]


@pytest.mark.parametrize(("year", "count"), [(2024, 249), (2025, 246), (2026, 247), (2027, 247)])
def test_working_days_of_a_year(year: int, count: int) -> None:
    assert sum(CALENDAR.is_working_day(day) for day in days_of(year)) == count


@pytest.mark.parametrize("day", ["2024-05-04", "2025-01-05"])
def test_worked_days_off(day: str) -> None:
    assert CALENDAR.is_working_day(dt.date.fromisoformat(day))


@pytest.mark.parametrize("start", VECTORS)
def test_terms_counted_by_hand(start: str) -> None:
    found = [CALENDAR.add_working_days(dt.date.fromisoformat(start), count) for count in (3, 5, 15, 20, 40)]

    assert " ".join(map(str, found)) == VECTORS[start]


@pytest.mark.parametrize(
    ("received", "registered"),
    [
        ("2026-11-21T12:00", "2026-11-23T09:00"),
        ("2026-03-21T12:00", "2026-03-26T09:00"),
        ("2024-05-04T12:00", "2024-05-04T12:00"),
        ("2026-11-23T10:15", "2026-11-23T10:15"),
        ("2026-11-23T13:30", "2026-11-23T13:30"),
        ("2026-11-23T03:00", "2026-11-23T09:00"),
        ("2026-11-23T18:29", "2026-11-23T18:29"),
        ("2026-11-23T18:30", "2026-11-24T09:00"),
        ("2026-11-27T23:00", "2026-11-30T09:00"),
    ],
)
def test_registration_in_working_time(received: str, registered: str) -> None:
    assert CALENDAR.registration_instant(at(received)) == at(registered)


def test_the_time_zone_of_the_calendar_decides_on_the_day() -> None:
    late_evening_in_london = dt.datetime(2026, 11, 23, 20, 30, tzinfo=dt.UTC)

    assert CALENDAR.local_date(late_evening_in_london) == dt.date(2026, 11, 24)
    assert CALENDAR.end_of_day(dt.date(2026, 11, 24)).utcoffset() == dt.timedelta(hours=5)
    assert at("2024-02-01T12:00").utcoffset() == dt.timedelta(hours=6)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23T09:00", 2, "2026-11-23T11:00"),
        ("2026-11-23T12:00", 2, "2026-11-23T15:30"),
        ("2026-11-23T17:30", 2, "2026-11-24T10:00"),
        ("2026-11-23T13:30", 1, "2026-11-23T15:30"),
        ("2026-11-23T10:30", 8, "2026-11-24T10:30"),
        ("2026-11-27T18:00", 1, "2026-11-30T09:30"),
        ("2026-11-21T12:00", 1, "2026-11-23T10:00"),
        ("2026-11-23T12:00", 1, "2026-11-23T13:00"),
        ("2026-11-23T20:00", 0, "2026-11-23T20:00"),
    ],
)
def test_working_hours(start: str, hours: float, end: str) -> None:
    assert CALENDAR.add_working_hours(at(start), hours) == at(end)


def test_a_worked_saturday_has_the_hours_of_friday() -> None:
    assert CALENDAR.add_working_hours(at("2024-05-03T18:00"), 1) == at("2024-05-04T09:30")


def test_short_friday_and_no_break() -> None:
    hours = {0: DayHours(dt.time(8), dt.time(17)), 4: DayHours(dt.time(8), dt.time(12))}
    calendar = WorkCalendar(office_hours=hours)

    assert calendar.add_working_hours(at("2026-11-23T16:00"), 2) == at("2026-11-27T09:00")
    assert calendar.registration_instant(at("2026-11-27T12:30")) == at("2026-11-30T08:00")


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.registration_instant(dt.datetime(2026, 11, 23))


def test_a_calendar_without_working_days_does_not_search_for_ever() -> None:
    with pytest.raises(ValueError, match="no working days"):
        WorkCalendar(office_hours={}).next_working_day(dt.date(2026, 11, 23))


def test_hours_must_close_after_they_open() -> None:
    with pytest.raises(ValueError, match="close after"):
        DayHours(dt.time(18), dt.time(9))


DATES = st.dates(dt.date(2024, 1, 1), dt.date(2027, 9, 30))
SOME_DAYS = st.frozensets(st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 31)), max_size=25)
CALENDARS = st.one_of(
    st.just(CALENDAR), st.builds(lambda off, worked: WorkCalendar(off - worked, worked), SOME_DAYS, SOME_DAYS)
)
INSTANTS = st.datetimes(dt.datetime(2025, 12, 1), dt.datetime(2026, 5, 1), timezones=st.just(ALMATY))


@given(CALENDARS, DATES, st.integers(1, 60))
def test_a_term_ends_on_a_working_day_and_counts_back(calendar: WorkCalendar, start: dt.date, count: int) -> None:
    end = calendar.add_working_days(start, count)

    assert calendar.is_working_day(end)
    assert calendar.working_days_between(start, end) == count
    assert calendar.working_days_between(end, start) == -count
    assert calendar.add_working_days(calendar.add_working_days(end, -count), count) == end


@given(CALENDARS, DATES, DATES, st.integers(0, 40))
def test_a_later_start_never_ends_earlier(calendar: WorkCalendar, one: dt.date, two: dt.date, count: int) -> None:
    one, two = sorted((one, two))

    assert calendar.add_working_days(one, count) <= calendar.add_working_days(two, count)
    assert calendar.add_working_days(one, count) < calendar.add_working_days(one, count + 1)


@given(CALENDARS, INSTANTS, st.integers(1, 6000))
def test_working_time_added_is_the_time_between(calendar: WorkCalendar, start: dt.datetime, minutes: int) -> None:
    amount = dt.timedelta(minutes=minutes)
    end = calendar.add_working_time(start, amount)

    assert calendar.working_time_between(start, end) == amount
    assert calendar.is_working_day(end.date())


@given(CALENDARS, INSTANTS, INSTANTS, st.integers(0, 3000))
def test_working_time_is_monotone(calendar: WorkCalendar, one: dt.datetime, two: dt.datetime, minutes: int) -> None:
    one, two = sorted((one, two))
    amount = dt.timedelta(minutes=minutes)

    assert calendar.add_working_time(one, amount) <= calendar.add_working_time(two, amount)


@given(CALENDARS, INSTANTS)
def test_registration_is_never_before_receipt_and_always_on_a_working_day(
    calendar: WorkCalendar, received_at: dt.datetime
) -> None:
    registered_at = calendar.registration_instant(received_at)

    assert registered_at >= received_at
    assert calendar.is_working_day(registered_at.date())
    assert calendar.registration_instant(registered_at) == registered_at
