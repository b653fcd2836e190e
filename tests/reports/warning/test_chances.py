"""Tails and quantiles are those of the textbooks, and many tests together are kept in check."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.warning.chances import Counts, chi_square_tail, discoveries


@pytest.mark.parametrize(
    ("mean", "size", "observed", "chance"),
    [
        (3.0, None, 0, 1.0),
        (3.0, None, 1, 1 - math.exp(-3)),
        (3.0, None, 8, 0.0119045),  # tables of the Poisson distribution
        (2.0, 1.0, 3, (2 / 3) ** 3),  # of size 1 it is geometric
        (5.0, 2.0, 1, 1 - (2 / 7) ** 2),
        (2000.0, None, 2000, 0.502974),  # half of what lies at the mean belongs to neither side
    ],
)
def test_the_chance_of_so_many_or_more(mean, size, observed, chance):
    assert Counts(mean, size).at_least(observed) == pytest.approx(chance, rel=1e-4)


@given(st.floats(0.01, 300), st.one_of(st.none(), st.floats(1.0, 200)), st.integers(1, 60))
def test_a_quantile_is_the_first_count_that_reaches_its_level(mean, size, per_mille):
    counts, level = Counts(mean, size), 1 - per_mille / 1000
    found = counts.quantile(level)
    assert counts.at_least(found + 1) <= 1 - level + 1e-9
    assert found == 0 or counts.at_least(found) >= 1 - level - 1e-9


def test_more_spread_makes_the_same_observation_less_surprising():
    spreads = [Counts.spread(10.0, 1.0), Counts.spread(10.0, 2.0), Counts.spread(10.0, 2.0, 0.05)]
    chances = [counts.at_least(20) for counts in spreads]
    assert chances == sorted(chances)
    assert chances[0] < chances[1] < chances[2]


def test_the_spread_has_the_variance_it_was_asked_for():
    counts = Counts.spread(12.0, 1.8, 0.02)
    chances = [counts.chance(count) for count in range(400)]
    mean = sum(count * chance for count, chance in enumerate(chances))
    variance = sum((count - mean) ** 2 * chance for count, chance in enumerate(chances))
    assert (mean, variance) == (pytest.approx(12.0), pytest.approx(1.8 * 12 + 0.02 * 144))


def test_chi_square_of_one_degree():
    assert chi_square_tail(3.841459) == pytest.approx(0.05, rel=1e-4)


def test_discoveries_follow_the_example_of_benjamini_and_hochberg():
    """The fifteen p-values of their paper of 1995, section 4.1: four are rejected at 0.05."""
    published = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
        0.7590, 1.0,
    ]  # fmt: skip
    found = discoveries(dict(enumerate(published)), 0.05)
    assert sorted(found) == [0, 1, 2, 3]
    assert found[3] == pytest.approx(0.0095 * 15 / 4)


def test_tests_that_are_not_written_down_count_as_well():
    assert discoveries({"one": 0.001}, 0.05, tests=10) and not discoveries({"one": 0.001}, 0.05, tests=100)


def test_without_anything_to_find_a_day_in_twenty_has_a_discovery():
    rng = random.Random(7)
    days = [discoveries({cell: rng.random() for cell in range(200)}, 0.05) for _day in range(600)]
    assert 0.02 < sum(map(bool, days)) / len(days) < 0.085
