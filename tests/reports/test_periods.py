"""Periods as rules: what is put together from years, months and days is the period, each day once."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import periods
from reports.periods import Period, Piece, pieces

NOW = dt.date(2026, 11, 27)
DAYS = st.dates(dt.date(2020, 1, 1), NOW - dt.timedelta(days=1))


def days_of(piece: Piece) -> list[dt.date]:
    """The days that rows of this grain, whose first days lie in the piece, stand for."""
    covered = []
    day = piece.first
    while day <= piece.last:
        begins = {"d": True, "m": day.day == 1, "y": day.day == 1 and day.month == 1}[piece.grain]
        if begins:
            whole = {"d": periods.today, "m": periods.month, "y": periods.year}[piece.grain](day)
            covered += [whole.start + dt.timedelta(days=number) for number in range(whole.days)]
        day += periods.ONE_DAY
    return covered


@given(DAYS, DAYS)
def test_pieces_cover_each_day_once(one: dt.date, other: dt.date) -> None:
    period = Period(min(one, other), max(one, other))
    covered = [day for piece in pieces(period, now=NOW) for day in days_of(piece)]
    assert sorted(covered) == [period.start + dt.timedelta(days=number) for number in range(period.days)]
    assert len(covered) == len(set(covered))


@given(DAYS)
def test_a_period_up_to_today_covers_no_past_day_twice_and_leaves_none_out(start: dt.date) -> None:
    covered = [day for piece in pieces(Period(start, NOW), now=NOW) for day in days_of(piece)]
    past = sorted(day for day in covered if day <= NOW)
    assert past == [start + dt.timedelta(days=number) for number in range((NOW - start).days + 1)]


def test_long_periods_need_few_pieces() -> None:
    assert list(pieces(Period(dt.date(2021, 3, 15), dt.date(2025, 5, 10)), now=NOW)) == [
        Piece("d", dt.date(2021, 3, 15), dt.date(2021, 3, 31)),
        Piece("m", dt.date(2021, 4, 1), dt.date(2021, 12, 31)),
        Piece("y", dt.date(2022, 1, 1), dt.date(2024, 12, 31)),
        Piece("m", dt.date(2025, 1, 1), dt.date(2025, 4, 30)),
        Piece("d", dt.date(2025, 5, 1), dt.date(2025, 5, 10)),
    ]
    assert list(pieces(Period(dt.date(2026, 1, 1), NOW), now=NOW)) == [
        Piece("y", dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    ]


@pytest.mark.parametrize(
    ("period", "previous", "year_earlier"),
    [
        (("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30"), ("2025-10-01", "2025-10-31")),
        (("2026-02-01", "2026-03-31"), ("2025-12-01", "2026-01-31"), ("2025-02-01", "2025-03-31")),
        (("2026-11-21", "2026-11-27"), ("2026-11-14", "2026-11-20"), ("2025-11-21", "2025-11-27")),
        (("2024-02-29", "2024-02-29"), ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
        (("2025-02-01", "2025-02-28"), ("2025-01-01", "2025-01-31"), ("2024-02-01", "2024-02-29")),
    ],
)
def test_what_a_period_is_compared_with(
    period: tuple[str, str], previous: tuple[str, str], year_earlier: tuple[str, str]
) -> None:
    def made(pair: tuple[str, str]) -> Period:
        return Period(*map(dt.date.fromisoformat, pair))

    assert made(period).previous() == made(previous)
    assert made(period).a_year_earlier() == made(year_earlier)
