"""The index is the sum that its page shows."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from reports import tasks
from reports.models import TensionComponent
from reports.warning import growth, tension_days, watch
from reports.warning.chances import Counts
from reports.warning.expectation import Span
from reports.warning.tension import Measured, index


def one(key, value, weight=1.0, calm=0.0, tense=1.0):
    return Measured(key, weight, calm, tense, value)


def test_the_index_by_hand():
    """(3·0.5 + 1·1 + 0) / 5 = 0.5."""
    found = index([one("growth", 1.5, 3, 1.0, 2.0), one("late", 0.9, 1, 0.0, 0.3), one("disputed", 0.02, 1, 0.05, 0.3)])
    assert found.value == pytest.approx(50.0)
    assert [part.points for part in found.parts] == pytest.approx([30.0, 20.0, 0.0])
    assert [part.most for part in found.parts] == pytest.approx([60.0, 20.0, 20.0])


def test_a_figure_that_cannot_be_measured_is_left_out_with_its_weight():
    found = index([one("growth", 0.5, 3), one("late", None, 1)])
    assert found.value == pytest.approx(50.0)
    assert found.weight_used == pytest.approx(0.75)
    assert found.parts[1].points is None


def test_there_is_no_index_of_less_than_half_of_the_figures():
    assert index([one("growth", None, 3), one("late", 1.0, 1)]).value is None
    assert index([]).value is None


def test_a_scale_may_run_downwards():
    assert index([one("solved", 0.4, 1, calm=0.9, tense=0.4)]).value == pytest.approx(100.0)


def test_the_day_is_measured_even_if_the_texts_take_longer_than_a_task_may(monkeypatch):
    measured = []
    monkeypatch.setattr(tension_days, "measure_missing", measured.append)
    monkeypatch.setattr(watch, "look", raise_timeout)
    with pytest.raises(SoftTimeLimitExceeded):
        tasks.watch_texts()
    assert len(measured) == 1


def raise_timeout(*_arguments):
    raise SoftTimeLimitExceeded


def test_an_expectation_of_nought_leaves_the_growth_out():
    row = TensionComponent(metric=TensionComponent.GROWTH, weight=3, calm=1.0, tense=2.0, least=0)
    quiet = Span(7, 0, Counts(0.01))
    found = tension_days._measured(row, 0, {}, {growth.Cell(): growth.Tested(growth.Cell(), quiet, quiet)})
    assert (found.value, found.numerator, found.denominator) == (None, 0.0, 0.0)
