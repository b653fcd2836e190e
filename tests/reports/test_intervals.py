"""Intervals: hand-computed values and what must hold for all counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.intervals import of_average, quantile, wilson


def test_wilson_of_seven_in_ten_as_computed_by_hand() -> None:
    """z = 1.95996; middle (0.7 + 0.19207) / 1.38415, spread 1.95996 * sqrt(0.021 + 0.009604) / 1.38415."""
    found = wilson(7, 10)
    assert found.low == pytest.approx(0.3968, abs=0.0001)
    assert found.high == pytest.approx(0.8922, abs=0.0001)
    assert quantile() == pytest.approx(1.959964, abs=1e-6)


def test_nothing_counted_says_nothing() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


def test_ten_times_the_best_is_not_certainty() -> None:
    """1 / (1 + z² / 10) = 0.7225, on the scale of 1 to 5: 3.89."""
    found = of_average(50, 10, lowest=1, highest=5)
    assert found.low == pytest.approx(3.89, abs=0.01)
    assert found.high == 5.0


@given(st.integers(1, 10_000), st.data())
def test_an_interval_holds_its_share_and_stays_between_bounds(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    found = wilson(part, whole)
    assert 0 <= found.low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= found.high <= 1


@given(st.integers(1, 500), st.data())
def test_more_of_the_same_makes_an_interval_narrower(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    few, many = wilson(part, whole), wilson(part * 4, whole * 4)
    assert many.high - many.low < few.high - few.low


@given(st.lists(st.integers(1, 5), min_size=1, max_size=200))
def test_the_interval_of_an_average_is_never_narrower_than_by_the_spread_of_the_values(scores: list[int]) -> None:
    """Against the interval with the values' own variance (Wald): it has no wider half than the conservative one."""
    count, mean = len(scores), sum(scores) / len(scores)
    variance = sum((score - mean) ** 2 for score in scores) / count
    found = of_average(sum(scores), count, lowest=1, highest=5)
    assert 1 <= found.low <= mean + 1e-9
    assert mean - 1e-9 <= found.high <= 5
    assert variance <= (mean - 1) * (5 - mean) + 1e-9
