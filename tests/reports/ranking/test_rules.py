"""The rules of the ranking: values from the literature, a city computed by hand, and what must always hold."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.intervals import Counts, holm, of_difference, probability
from reports.ranking import rules
from reports.ranking.rules import rank


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
        ((0, 10), (0, 10), -0.2775, 0.2775),
    ],
)
def test_the_interval_of_a_difference_is_that_of_newcombes_table(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    """Statistics in Medicine 17 (1998), table II, method 10."""
    found = of_difference(Counts(*one), Counts(*other))
    assert (found.low, found.high) == (pytest.approx(low, abs=0.0001), pytest.approx(high, abs=0.0001))


def test_holm_multiplies_the_smallest_most_and_keeps_the_order() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


# A city of two topics and three bodies, computed by hand
#
#            easy (0)      hard (1)     all          expected on its mix
# 1          90 of 100      5 of 20     95 of 120    (100 * 0.9 + 20 * 0.3) / 120 = 96 / 120 = 0.8
# 2          90 of 100     -            90 of 100    0.9
# 3          -             25 of 80     25 of 80     0.3
# city      180 of 200     30 of 100   210 of 300    0.9 and 0.3
CITY = {
    1: {0: Counts(90, 100), 1: Counts(5, 20)},
    2: {0: Counts(90, 100)},
    3: {1: Counts(25, 80)},
    4: {0: Counts(0, 0)},
}


def test_a_body_is_compared_with_the_city_on_its_own_mix() -> None:
    found = rank(CITY, more_is_better=True)
    assert found.city == Counts(210, 300)
    assert {row.key: row.expected for row in found.placed} == pytest.approx({1: 0.8, 2: 0.9, 3: 0.3})
    differences = {row.key: row.difference for row in found.placed}
    assert differences == pytest.approx({3: 0.0125, 2: 0.0, 1: 95 / 120 - 0.8})
    assert [row.key for row in found.placed] == [3, 2, 1]


def test_a_worse_share_on_a_harder_mix_is_no_difference() -> None:
    """2 reaches 90 % and 3 reaches 31 %, but the city reaches 90 % and 30 % on their topics."""
    found = rank(CITY, more_is_better=True)
    pair = found.pair(2, 3)
    assert pair is not None
    assert pair.difference == pytest.approx(-0.0125)
    assert pair.interval.low < 0 < pair.interval.high
    assert not pair.is_different_alone
    assert {(row.best, row.worst, row.groups) for row in found.placed} == {(1, 3, (1,))}


def test_the_same_without_the_mix_is_a_difference() -> None:
    """The control: all topics thrown together, and the body with hard ones is last for certain."""
    plain = {key: {"": rules.together(cells)} for key, cells in CITY.items()}
    found = rank(plain, more_is_better=True)
    assert [row.key for row in found.placed] == [2, 1, 3]
    assert [(row.best, row.worst) for row in found.placed] == [(1, 1), (2, 2), (3, 3)]
    assert [row.groups for row in found.placed] == [(1,), (2,), (3,)]


def test_where_less_is_better_the_order_turns_and_the_places_with_it() -> None:
    plain = {key: {"": rules.together(cells)} for key, cells in CITY.items()}
    found = rank(plain, more_is_better=False)
    assert [row.key for row in found.placed] == [3, 1, 2]
    assert [(row.best, row.worst) for row in found.placed] == [(1, 1), (2, 2), (3, 3)]


def test_whoever_has_too_few_cases_is_named_and_not_placed() -> None:
    found = rank({1: {0: Counts(20, 29)}, 2: {0: Counts(20, 30)}, 3: {0: Counts(0, 0)}}, more_is_better=True)
    assert [row.key for row in found.placed] == [2]
    assert [row.key for row in found.few] == [1]


def test_groups_overlap_where_the_middle_differs_from_neither_side() -> None:
    bodies = {1: {"": Counts(90, 100)}, 2: {"": Counts(32, 40)}, 3: {"": Counts(65, 100)}}
    found = rank(bodies, more_is_better=True)
    assert {row.key: row.groups for row in found.placed} == {1: (1,), 2: (1, 2), 3: (2,)}
    assert {row.key: (row.best, row.worst) for row in found.placed} == {1: (1, 2), 2: (1, 3), 3: (2, 3)}


# What must always hold

COUNTS = st.integers(0, 400).flatmap(lambda whole: st.integers(0, whole).map(lambda part: Counts(part, whole)))
FULL = st.integers(1, 400).flatmap(lambda whole: st.integers(0, whole).map(lambda part: Counts(part, whole)))
BODIES = st.dictionaries(
    st.integers(1, 50), st.dictionaries(st.integers(0, 3), COUNTS, min_size=1, max_size=4), min_size=1, max_size=7
)


@given(FULL, FULL)
def test_a_difference_lies_in_its_interval_and_turns_round(one: Counts, other: Counts) -> None:
    found, turned = of_difference(one, other), of_difference(other, one)
    difference = one.share - other.share
    assert -1 - 1e-9 <= found.low <= difference + 1e-12
    assert difference - 1e-12 <= found.high <= 1 + 1e-9
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))


@given(FULL, FULL, st.floats(-0.5, 0.5))
def test_test_and_interval_never_contradict_each_other(one: Counts, other: Counts, expected: float) -> None:
    found = of_difference(one, other)
    chance = probability(one, other, expected)
    assert 0 <= chance <= 1
    if abs(chance - 0.05) > 1e-6:
        assert (chance < 0.05) == (not found.low <= expected <= found.high)


@settings(max_examples=60)
@given(BODIES, st.booleans())
def test_places_and_groups_agree_with_the_pairs(bodies: dict[int, dict[int, Counts]], more: bool) -> None:
    found = rank(bodies, more_is_better=more, minimum=1)
    rows = found.placed
    assert {row.key for row in (*rows, *found.few, *found.unlike)} == {
        key for key, cells in bodies.items() if rules.together(cells).whole
    }
    for place, row in enumerate(rows, start=1):
        assert 1 <= row.best <= place <= row.worst <= len(rows)
        assert row.groups
    for one, other in combinations(rows, 2):
        pair = found.pair(one.key, other.key)
        assert pair is not None
        assert bool(set(one.groups) & set(other.groups)) is not pair.is_different
        assert pair.chance_among_all >= pair.chance


@given(BODIES)
def test_what_the_city_expects_of_all_is_what_it_has(bodies: dict[int, dict[int, Counts]]) -> None:
    city = rules.reference(bodies)
    wholes = {key: rules.together(cells).whole for key, cells in bodies.items()}
    expected = sum(wholes[key] * rules.expected_share(cells, city) for key, cells in bodies.items())
    assert expected == pytest.approx(rules.together(city).part)


@settings(max_examples=30)
@given(BODIES)
def test_one_topic_for_all_changes_nothing(bodies: dict[int, dict[int, Counts]]) -> None:
    """Without a mix everybody is compared with the same share: the order is that of the plain shares."""
    plain = {key: {"": rules.together(cells)} for key, cells in bodies.items()}
    shares = [row.counts.share for row in rank(plain, more_is_better=True, minimum=1).placed]
    assert shares == sorted(shares, reverse=True)
