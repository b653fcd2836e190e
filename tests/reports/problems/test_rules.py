"""What is hidden, and when a problem has come back."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.problems.rules import Cell, alone, episodes, hide

H = None


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([0, 5, 9], [0, 5, 9]),
        ([1, 4, 7], [H, H, 7]),
        ([3, 9, 6, 0], [H, 9, H, 0]),  # the sum 18 less 9 and 6 would give the 3 away
        ([3, 0, 0], [H, 0, 0]),  # nothing else to hide: the sum itself is hidden
    ],
)
def test_small_counts_are_hidden_and_not_given_away(counts: list[int], shown: list[int | None]) -> None:
    assert [cell.value for cell in hide(counts)] == shown


@given(st.lists(st.integers(0, 60), max_size=24))
def test_no_hidden_count_follows_from_the_sum_and_the_others(counts: list[int]) -> None:
    cells = hide(counts)
    hidden = [count for count, cell in zip(counts, cells, strict=True) if cell.is_hidden]
    assert all(cell.value == count for count, cell in zip(counts, cells, strict=True) if not cell.is_hidden)
    assert all(cell.is_hidden for count, cell in zip(counts, cells, strict=True) if 0 < count < 5)
    if len(hidden) == 1:
        assert alone(sum(counts)) == Cell(None)  # there is no sum to take the others off


def months(*counts: int) -> list[tuple[dt.date, int]]:
    return [(dt.date(2026, number, 1), count) for number, count in enumerate(counts, start=1)]


def test_two_quiet_months_and_then_it_came_back() -> None:
    found = episodes(months(3, 0, 2, 0, 0, 1, 0, 0, 0, 4))
    assert [(episode.first.month, episode.last.month) for episode in found] == [(1, 3), (6, 6), (10, 10)]
    assert episodes(months(0, 0, 2))[0].first == dt.date(2026, 3, 1)
    assert episodes(months(0, 0)) == []


@given(st.lists(st.integers(0, 3), max_size=12))
def test_every_told_month_lies_in_one_episode(counts: list[int]) -> None:
    told = [month for month, count in months(*counts) if count]
    found = episodes(months(*counts))
    assert all(sum(episode.first <= month <= episode.last for episode in found) == 1 for month in told)
    assert {episode.first for episode in found} | {episode.last for episode in found} <= set(told)
