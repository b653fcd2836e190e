"""Questions are read from addresses and told back as the same address; what makes no sense is refused in words."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
import time_machine
from django.http import QueryDict

from reports.builder.question import QuestionForm, stretches
from reports.figures import Filters
from reports.periods import Period
from tests.factories import make_area, make_topic

pytestmark = pytest.mark.django_db
BASE = "rows=channel&m=received&start=2026-09-01&end=2026-10-31"


def errors(query: str) -> dict[str, list[str]]:
    form = QuestionForm(QueryDict(query))
    return {name: list(found) for name, found in form.errors.items()}


def test_an_address_and_its_question_are_the_same() -> None:
    area = make_area()
    period = "start=2026-09-01&end=2026-10-31"
    query = f"rows=channel&columns=month&m=received&m=kept_share&{period}&area={area.slug}&order=most"
    form = QuestionForm(QueryDict(query))
    assert form.is_valid(), form.errors
    question = form.question()
    assert question.query == query
    assert question.filters == Filters(area=area.pk)
    assert question.period == Period(dt.date(2026, 9, 1), dt.date(2026, 10, 31))


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("rows=nothing&m=received&start=2026-09-01&end=2026-10-31", "rows"),
        ("rows=channel&start=2026-09-01&end=2026-10-31", "m"),
        ("rows=channel&m=invented&start=2026-09-01&end=2026-10-31", "m"),
        ("rows=channel&m=received&start=yesterday&end=2026-10-31", "start"),
        ("rows=channel&m=received&start=2026-10-31&end=2026-09-01", "end"),
        ("rows=channel&m=received&start=1900-01-01&end=2026-09-01", "start"),
        ("rows=channel&m=received&start=2026-09-01&end=9999-12-31", "end"),
        (f"{BASE}&columns=channel", "columns"),
        ("rows=month&columns=day&m=received&start=2026-09-01&end=2026-10-31", "columns"),
        (f"{BASE}&area=atlantis", "area"),
        (f"{BASE}&order=random", "order"),
        (f"{BASE}&m=due&m=kept&m=late&m=not_done&m=done&m=answered&m=formal&m=disputed", "m"),
        (f"{BASE}&columns=day&start=2026-01-01", "__all__"),
    ],
)
def test_bad_questions_are_told_at_their_field(query: str, field: str) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 27, tzinfo=dt.UTC), tick=False):
        data = QueryDict(query, mutable=True)
        data["start"] = data.getlist("start")[-1]
        form = QuestionForm(data)
        assert not form.is_valid()
        assert field in form.errors


def test_many_filters_go_by_months() -> None:
    area, topic = make_area(), make_topic()
    query = f"{BASE}&area={area.slug}&topic={topic.slug}&start=2026-09-05"
    data = QueryDict(query, mutable=True)
    data["start"] = "2026-09-05"
    form = QuestionForm(data)
    assert form.is_valid()
    question = form.question()
    assert question.asked == Period(dt.date(2026, 9, 1), dt.date(2026, 10, 31))
    data["columns"] = "week"
    assert "__all__" in QuestionForm(data).errors


def test_long_ago_two_properties_together_go_by_months() -> None:
    """A day of two years ago would be answered with its whole month."""
    with time_machine.travel(dt.datetime(2026, 11, 27, tzinfo=dt.UTC), tick=False):
        data = QueryDict(mutable=True)
        data.update({"rows": "channel", "start": "2024-02-01", "end": "2024-02-29", "m": "received"})
        data["columns"] = "day"
        assert QuestionForm(data).is_valid()
        data["regime"] = "appeal"
        assert "__all__" in QuestionForm(data).errors
        data["columns"] = "month"
        assert QuestionForm(data).is_valid()


def test_stretches_cover_the_period_and_nothing_to_come() -> None:
    with time_machine.travel(dt.datetime(2026, 10, 20, tzinfo=dt.UTC), tick=False):
        data = QueryDict(mutable=True)
        data.update({"rows": "week", "start": "2026-09-02", "end": "2026-12-31", "m": "received"})
        form = QuestionForm(data)
        assert form.is_valid()
        found = stretches(form.question())
    assert found[0] == Period(dt.date(2026, 9, 2), dt.date(2026, 9, 6))
    assert found[-1] == Period(dt.date(2026, 10, 19), dt.date(2026, 10, 25))
    assert all(one.end + dt.timedelta(days=1) == other.start for one, other in itertools.pairwise(found))
