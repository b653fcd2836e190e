"""When patterns of shifts fall by the clock on the wall of Almaty; no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Shift
from accounts.rosters import Span, days_of, moved_by_days, span_of, spans_of, week_of

ALMATY = ZoneInfo("Asia/Almaty")
MONDAY = date(2026, 11, 2)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CLOCKS = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
PATTERNS = st.sampled_from(Shift.Pattern.values)

PATTERN_DAYS = [
    ("2/2", 8, [2, 3, 6, 7]),
    ("2/2", 2, [2]),
    ("5/2", 9, [2, 3, 4, 5, 6, 9]),
    ("single", 9, [2]),
]


@pytest.mark.parametrize(("pattern", "last", "expected"), PATTERN_DAYS)
def test_days_of_a_pattern(pattern: str, last: int, expected: list[int]) -> None:
    assert [day.day for day in days_of(pattern, MONDAY, date(2026, 11, last))] == expected


def test_a_night_shift_ends_on_the_next_day() -> None:
    span = span_of(MONDAY, time(20), time(7))
    assert span.starts_at == datetime(2026, 11, 2, 15, tzinfo=UTC)
    assert span.ends_at == datetime(2026, 11, 3, 2, tzinfo=UTC)


def test_the_night_in_which_the_clocks_were_put_back_has_an_hour_more() -> None:
    """On 1 March 2024 Almaty went from UTC+6 to UTC+5; since then its clocks stand still."""
    night = span_of(date(2024, 2, 29), time(20), time(8))
    assert night.ends_at - night.starts_at == timedelta(hours=13)
    assert night.ends_at.astimezone(ALMATY).time() == time(8)


@given(DAYS, CLOCKS, CLOCKS)
def test_a_shift_begins_and_ends_by_the_clock_on_the_wall(day: date, begins: time, ends: time) -> None:
    span = span_of(day, begins, ends)
    starts, stops = span.starts_at.astimezone(ALMATY), span.ends_at.astimezone(ALMATY)
    assert (starts.date(), starts.time(), stops.time()) == (day, begins, ends)
    assert timedelta(0) < span.ends_at - span.starts_at <= timedelta(hours=25)


@given(PATTERNS, DAYS, st.integers(0, 40), CLOCKS, CLOCKS)
def test_shifts_of_a_pattern_never_overlap(pattern: str, first: date, days: int, begins: time, ends: time) -> None:
    spans = spans_of(pattern, first, first + timedelta(days=days), begins, ends)
    assert spans == sorted(spans, key=lambda span: span.starts_at)
    assert not any(one.overlaps(two) for one, two in pairwise(spans))


@given(DAYS, CLOCKS, CLOCKS, st.integers(1, 30))
def test_a_copied_shift_keeps_its_hours(day: date, begins: time, ends: time, days: int) -> None:
    span = span_of(day, begins, ends)
    assert moved_by_days(span, days) == span_of(day + timedelta(days=days), begins, ends)


@given(DAYS)
def test_a_week_is_monday_to_sunday(day: date) -> None:
    monday, sunday = week_of(day)
    assert (monday.weekday(), sunday.weekday()) == (0, 6)
    assert monday <= day <= sunday


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=4, max_size=4))
def test_two_spans_overlap_both_ways_or_not_at_all(moments: list[datetime]) -> None:
    one, two = Span(min(moments[:2]), max(moments[:2])), Span(min(moments[2:]), max(moments[2:]))
    assert one.overlaps(two) == two.overlaps(one)
