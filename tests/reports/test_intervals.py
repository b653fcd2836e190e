"""Intervals: hand-computed values and what must hold for all counts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.intervals import of_average, quantile, rate_ratio, wilson


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


# Two Poisson counts


def test_ratio_of_one_and_one_as_computed_by_hand() -> None:
    """Of two, both with p² and one with 2p(1 - p): mid-P of one is p² / 2 + p² / 2 + p(1 - p) = p, so p = 0.025."""
    found = rate_ratio(1, 1)
    assert found is not None
    assert (found.value, found.low, found.high) == (1, pytest.approx(0.025 / 0.975), pytest.approx(39))
    assert not found.is_different


def test_ratio_where_there_was_nothing_before() -> None:
    """Half of p¹⁰ is 0.025: p = 0.05 ** 0.1, and the odds of it."""
    found, share = rate_ratio(10, 0), 0.05**0.1
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(share / (1 - share)), math.inf)
    fewer = rate_ratio(0, 10)
    assert fewer is not None
    assert (fewer.value, fewer.low, fewer.high) == (0, 0, pytest.approx((1 - share) / share))
    assert rate_ratio(0, 0) is None


def test_a_longer_period_is_taken_off() -> None:
    even, twice = rate_ratio(20, 20), rate_ratio(40, 20, 2.0)
    assert even is not None
    assert twice is not None
    assert twice.value == 1
    assert twice.low < 1 < twice.high
    assert twice.high - twice.low < even.high - even.low


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_a_ratio_turned_round_is_the_other_way_about(now: int, earlier: int) -> None:
    found, turned = rate_ratio(now, earlier), rate_ratio(earlier, now)
    if found is None or turned is None:
        assert now == earlier == 0
        return
    assert found.low <= found.value <= found.high
    assert found.is_different is turned.is_different
    if earlier and now:
        assert found.low == pytest.approx(1 / turned.high, rel=1e-6)


def test_so_large_counts_are_reached() -> None:
    found = rate_ratio(100_000, 99_000)
    assert found is not None
    assert found.is_different
    assert found.low == pytest.approx(1.0101 * math.exp(-1.96 * math.sqrt(1 / 100_000 + 1 / 99_000)), rel=1e-3)
