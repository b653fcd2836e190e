"""No row of fewer than five, nothing lost without being counted, and nothing coarser than it has to be."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.opendata.deidentification import (
    ABOUT_STAFF,
    ANY,
    COLUMNS,
    K_ABOUT_STAFF,
    PLACE,
    SENSITIVE,
    STAFF_COMPLAINT,
    STEPS,
    K,
    Row,
    all_alike,
    answer_class,
    coarse_about_staff,
    deidentify,
    needed,
    quarter_of,
)

PLAIN: Row = (
    "2026-09", "yassy", "utilities", "water", "web", "incident", "person", "request", "kk", "kept", "0-3", "answered",
    "none", "no",
)  # fmt: skip
VALUES = {
    "period": ("2026-07", "2026-08", "2026-09"),
    "topic": ("water", "heat", "light"),
    "category": ("incident", "personal", STAFF_COMPLAINT),
    "verdict": ("none", "solved", "not_solved"),
}


def with_(row: Row, **changes: str) -> Row:
    return tuple(changes.get(name, value) for name, value in zip(COLUMNS, row, strict=True))


rows = st.tuples(*(st.sampled_from(VALUES.get(name, ("a", "b"))) for name in COLUMNS))
crowds = st.lists(st.tuples(rows, st.integers(1, 12)), max_size=40)


@settings(max_examples=150, deadline=None)
@given(crowds)
def test_every_row_has_enough_alike_and_none_is_lost(crowd: list[tuple[Row, int]]) -> None:
    counted: Counter[Row] = Counter()
    for row, count in crowd:
        counted[row] += count
    released = deidentify(counted)
    assert all(count >= K for count in released.rows.values())
    assert all(count >= needed(row) for row, count in released.rows.items())
    assert released.total + released.suppressed == sum(counted.values())
    assert released.suppressed < K_ABOUT_STAFF  # in the end everything that is rare is one row


@settings(max_examples=100, deadline=None)
@given(crowds)
def test_a_row_is_coarser_only_than_rows_that_went_in(crowd: list[tuple[Row, int]]) -> None:
    counted: Counter[Row] = Counter()
    for row, count in crowd:
        counted[row] += count
    for row in deidentify(counted).rows:
        assert any(
            all(told in (ANY, was, quarter_of(was) if name == "period" else was) for name, told, was in
                zip(COLUMNS, row, source, strict=True))
            for source in counted
        )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(crowds)
def test_no_group_tells_what_is_sensitive_of_all_its_members(crowd: list[tuple[Row, int]]) -> None:
    counted: Counter[Row] = Counter()
    for row, count in crowd:
        counted[coarse_about_staff(row) if row[PLACE["category"]] == STAFF_COMPLAINT else row] += count
    released = deidentify(counted)
    assert not [row for rule in SENSITIVE for row in all_alike(released.rows, rule)]


def test_a_judgement_that_all_who_are_alike_share_is_not_told() -> None:
    solved, judged = with_(PLAIN, verdict="solved"), with_(PLAIN, verdict="not_solved")
    alone = deidentify({solved: K})
    assert (alone.rows, alone.all_alike) == ({with_(PLAIN, verdict=ANY): K}, K)
    mixed = deidentify({solved: K, judged: K})
    assert (mixed.rows, mixed.all_alike) == ({solved: K, judged: K}, 0)


def test_a_group_that_only_complains_about_officials_looks_like_any_other() -> None:
    complaint = coarse_about_staff(with_(PLAIN, category=STAFF_COMPLAINT))
    untold = with_(complaint, category=ANY, channel=ANY)
    assert deidentify({complaint: K_ABOUT_STAFF}).rows == {untold: K_ABOUT_STAFF}
    other = with_(complaint, category=ANY, channel=ANY)
    assert deidentify({complaint: K_ABOUT_STAFF, other: K}).rows == {complaint: K_ABOUT_STAFF, other: K}


def test_what_is_frequent_stays_as_it_is() -> None:
    released = deidentify({PLAIN: K})
    assert released.rows == {PLAIN: K}
    assert released.suppressed == 0


def test_the_order_of_the_steps_decides_what_is_given_up() -> None:
    released = deidentify({with_(PLAIN, language=language): 3 for language in ("kk", "ru")})
    assert released.rows == {with_(PLAIN, language=ANY): 6}
    released = deidentify({with_(PLAIN, topic="water"): 3, with_(PLAIN, topic="heat"): 2})
    assert released.rows == {with_(PLAIN, language=ANY, applicant=ANY, topic=ANY): 5}


def test_a_lonely_appeal_is_left_out_and_counted() -> None:
    released = deidentify({PLAIN: K, with_(PLAIN, area="otyrar", regime="appeal"): 1})
    assert released.rows == {PLAIN: K}
    assert released.suppressed == 1


def test_complaints_about_officials_begin_coarse_and_need_more() -> None:
    complaint = with_(PLAIN, category=STAFF_COMPLAINT)
    coarse = coarse_about_staff(complaint)
    assert [name for name in COLUMNS if coarse[PLACE[name]] == ANY] == [
        name for name in COLUMNS if name in ABOUT_STAFF and name != "period"
    ]
    assert coarse[PLACE["period"]] == "2026-Q3"
    assert deidentify({coarse: K_ABOUT_STAFF - 1}).rows.keys() == {
        row for row in deidentify({coarse: K_ABOUT_STAFF - 1}).rows if row[PLACE["category"]] == ANY
    }
    crowd = with_(coarse, category=ANY, channel=ANY)
    assert deidentify({coarse: K_ABOUT_STAFF, crowd: K}).rows == {coarse: K_ABOUT_STAFF, crowd: K}


def test_every_column_has_its_step() -> None:
    assert sorted(step.column for step in STEPS) == sorted(COLUMNS)


@pytest.mark.parametrize(
    ("days", "told"), [(None, "none"), (0, "0-3"), (3, "0-3"), (4, "4-7"), (15, "8-15"), (30, "16-30"), (31, "31+")]
)
def test_days_are_told_in_classes(days: int | None, told: str) -> None:
    assert answer_class(days) == told


@pytest.mark.parametrize(
    ("period", "quarter"),
    [("2026-01", "2026-Q1"), ("2026-03", "2026-Q1"), ("2026-12", "2026-Q4"), ("2026-Q2", "2026-Q2")],
)
def test_a_month_becomes_its_quarter(period: str, quarter: str) -> None:
    assert quarter_of(period) == quarter
