"""Weeks, months and quarters of reports, and when a schedule is due."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import spans
from reports.models import PeriodKind
from reports.periods import ONE_DAY, Period

ALMATY = ZoneInfo("Asia/Almaty")
DAY = dt.date
MONDAY = dt.date(2026, 11, 16)


@pytest.mark.parametrize(
    ("kind", "day", "start", "end"),
    [
        ("week", DAY(2026, 11, 23), DAY(2026, 11, 16), DAY(2026, 11, 22)),
        ("week", DAY(2026, 11, 22), DAY(2026, 11, 9), DAY(2026, 11, 15)),
        ("month", DAY(2026, 1, 1), DAY(2025, 12, 1), DAY(2025, 12, 31)),
        ("quarter", DAY(2026, 3, 31), DAY(2025, 10, 1), DAY(2025, 12, 31)),
        ("quarter", DAY(2026, 4, 1), DAY(2026, 1, 1), DAY(2026, 3, 31)),
        ("year", DAY(2026, 12, 31), DAY(2025, 1, 1), DAY(2025, 12, 31)),
    ],
)
def test_the_last_one_that_is_over(kind: str, day: DAY, start: DAY, end: DAY) -> None:
    assert spans.before(kind, day) == Period(start, end)


def test_periods_are_called_by_their_names() -> None:
    quarter, month = Period(DAY(2026, 10, 1), DAY(2026, 12, 31)), Period(DAY(2026, 11, 1), DAY(2026, 11, 30))
    for language, words in (
        ("kk", "2026 жылғы IV тоқсан"),
        ("ru", "IV квартал 2026 года"),
        ("en", "quarter IV of 2026"),
    ):
        with override(language):
            assert spans.words("quarter", quarter) == words
    with override("kk"):
        assert spans.words("week", Period(MONDAY, MONDAY + 6 * ONE_DAY)) == "16.11.2026 – 22.11.2026"
        assert spans.words("month", month) == "2026 ж. қараша"


@pytest.mark.parametrize(
    ("kind", "day", "hour", "after", "due"),
    [
        ("week", 1, 8, "2026-11-23T07:59", "2026-11-23T08:00"),
        ("week", 1, 8, "2026-11-23T08:00", "2026-11-30T08:00"),
        ("week", 5, 0, "2026-11-23T08:00", "2026-11-27T00:00"),
        ("month", 3, 9, "2026-12-03T09:00", "2027-01-03T09:00"),
        ("quarter", 10, 9, "2026-11-01T00:00", "2027-01-10T09:00"),
        ("quarter", 28, 23, "2026-10-01T00:00", "2026-10-28T23:00"),
        ("year", 15, 6, "2026-01-15T06:00", "2027-01-15T06:00"),
    ],
)
def test_when_a_schedule_is_due_next(kind: str, day: int, hour: int, after: str, due: str) -> None:
    moment = dt.datetime.fromisoformat(after).replace(tzinfo=ALMATY)
    assert spans.next_run(kind, day, hour, moment) == dt.datetime.fromisoformat(due).replace(tzinfo=ALMATY)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(PeriodKind.values),
    st.integers(1, 7),
    st.integers(0, 23),
    st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2030, 1, 1)),
)
def test_the_next_run_is_later_and_leaves_no_period_out(kind: str, day: int, hour: int, after: dt.datetime) -> None:
    """Run after run, each names the period that follows the one of the run before."""
    first = spans.next_run(kind, day, hour, after.replace(tzinfo=ALMATY))
    second = spans.next_run(kind, day, hour, first)
    assert after.replace(tzinfo=ALMATY) < first < second
    one, other = (spans.before(kind, moment.astimezone(ALMATY).date()) for moment in (first, second))
    assert one.end + ONE_DAY == other.start
