"""Everything of the study that its own figures allow to recompute, against print and against an independent list."""

from collections import Counter

import pytest

from reports.study import checks
from reports.study.checks.references import Verdict, reasons, references

COVERED = [one for one in references() if one.is_covered]


def name(reference):
    return f"{reference.table}: {reference.quantity.en}"


def test_every_quantity_is_recomputed_or_named_with_the_reason_why_not():
    assert {one.place for one in COVERED} == set(checks.recomputed())
    assert {one.reason for one in references() if not one.is_covered} == set(reasons())


def test_no_quantity_is_listed_twice():
    assert not [place for place, times in Counter(one.place for one in references()).items() if times > 1]


def test_only_methods_of_the_analytics_engine_and_what_is_not_published_are_left_out():
    left = Counter((one.reason, one.table) for one in references() if not one.is_covered and one.recomputed)
    assert left == {
        ("shapiro-wilk", "table-33"): 25,
        ("least-squares", "table-35"): 14,
        ("bayes-factor", "table-35"): 40,
        ("forecast-score", "table-37"): 1,
        ("words", "table-41"): 1,
        ("words", "space"): 1,
    }


def problems(wrong, of):
    """All of them at once; a thousand tests would take longer than what they test."""
    assert of, "there is nothing to look at"
    return [f"{name(one)}: printed {one.printed}, found {checks.recomputed()[one.place]}" for one in of if wrong(one)]


def holds(reference):
    return checks.reproduces(reference, checks.recomputed()[reference.place])


def test_what_is_called_reproducible_comes_out_to_the_printed_digits():
    right = [one for one in COVERED if one.verdict is Verdict.YES]
    assert len(right) == 418
    assert not problems(lambda one: not holds(one), right)


def test_what_is_said_not_to_add_up_does_not():
    wrong = [one for one in COVERED if one.verdict is Verdict.NO]
    assert len(wrong) == 135
    assert not problems(holds, wrong)


def test_the_recomputed_number_is_that_of_the_independent_list():
    def differs(reference):
        value = float(checks.recomputed()[reference.place])
        return value != pytest.approx(float(reference.recomputed), rel=2e-6, abs=1e-6)

    assert not problems(differs, [one for one in COVERED if one.tolerance is not None])


def test_most_of_the_tolerance_is_half_a_unit_of_the_last_printed_digit():
    others = {one.table for one in COVERED if one.tolerance not in {None, 0.5, 0.05, 0.005, 0.0005}}
    assert others == {"table-35", "table-37", "text-figures"}  # stated: inputs rounded, "about 700 000"


def test_a_wrong_number_would_be_seen():
    reference = next(one for one in COVERED if one.quantity.en == "total 2021" and one.table == "table-26")
    assert checks.reproduces(reference, 9079)
    assert not checks.reproduces(reference, 9080)
