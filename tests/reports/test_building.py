"""What is compared is alike: days stand beside as many days, whole months beside whole months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from reports import figures, wording
from reports.building import MONTHS_ONLY, before, comparable
from reports.catalog.city_now import city_now
from reports.catalog.officials_load import officials_load
from reports.catalog.what_changed import what_changed
from reports.dimensions import mask
from reports.figures import Filters
from reports.models import Rollup
from reports.periods import Period
from reports.questions import Question, usual
from tests.factories import make_area, make_topic, make_user

NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
ONE, TWO, THREE = Filters(area=1), Filters(area=1, topic=2), Filters(area=1, topic=2, channel="web")


@pytest.fixture(autouse=True, scope="module")
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def days(start: str, end: str) -> Period:
    return Period(dt.date.fromisoformat(start), dt.date.fromisoformat(end))


@pytest.mark.parametrize(
    ("asked", "filters", "compared"),
    [
        (days("2026-07-05", "2026-07-15"), ONE, days("2026-07-05", "2026-07-15")),  # one property is kept by days
        (days("2026-11-05", "2026-11-15"), TWO, days("2026-11-05", "2026-11-15")),  # so are two, of the last 500 days
        (days("2026-06-05", "2026-06-15"), TWO, days("2026-06-01", "2026-06-30")),  # the year before is older
        (days("2026-06-15", "2026-11-20"), TWO, days("2026-06-01", "2026-11-20")),  # its first days are
        (days("2026-11-05", "2026-11-15"), THREE, days("2026-11-01", "2026-11-30")),
    ],
)
def test_the_period_is_widened_with_those_beside_it(asked: Period, filters: Filters, compared: Period) -> None:
    assert comparable(Question(asked, filters)) == compared


DAYS = st.dates(dt.date(2023, 1, 1), NOW.date())


@settings(suppress_health_check=[HealthCheck.too_slow])  # on a machine that does much else
@given(DAYS, DAYS, st.sampled_from([ONE, TWO, THREE]))
def test_no_period_beside_another_is_widened_unseen(one: dt.date, other: dt.date, filters: Filters) -> None:
    asked = Question(Period(min(one, other), max(one, other)), filters)
    period = comparable(asked)
    assert period.start <= asked.period.start and period.end >= asked.period.end
    for each in (period, before(period), period.a_year_earlier()):
        assert figures.actual_period(each, filters) == each


@pytest.mark.django_db
def test_a_table_says_that_its_period_was_widened() -> None:
    table = what_changed(Question(days("2026-06-05", "2026-06-15")))
    assert table.period == days("2026-06-01", "2026-06-30")
    assert MONTHS_ONLY in table.notes


@pytest.mark.django_db
@pytest.mark.parametrize(("now", "is_listed"), [(12, False), (14, True)])
def test_growth_is_judged_by_what_was_counted_and_shown_as_far_as_it_may_be(now: int, is_listed: bool) -> None:
    """12 after 2 may be chance, 14 after 2 hardly; the 2 are hidden, and are not taken for none."""
    area, topic = make_area().pk, make_topic().pk
    for day, received in (("2026-11-12", now), ("2026-11-05", 2)):
        Rollup.objects.create(grain="d", start_on=day, scope=mask(("topic", "area")), topic_id=topic, area_id=area,
                              received=received)  # fmt: skip
    table = what_changed(Question(days("2026-11-10", "2026-11-16")))
    assert len(table.rows) == is_listed
    for row in table.rows:
        assert (row.figures["received"].value, row.figures["received.before"].is_hidden) == (now, True)


@pytest.mark.django_db
def test_the_load_of_officials_of_long_ago_is_that_of_whole_months() -> None:
    table = officials_load(Question(days("2025-01-10", "2025-01-20")))
    assert table.period == days("2025-01-01", "2025-01-31")
    assert MONTHS_ONLY in table.notes


@pytest.mark.django_db
def test_the_page_of_officials_names_the_days_that_it_is_about(client: Client) -> None:
    client.force_login(make_user(Role.ANALYST))
    for asked, told in (
        (days("2025-01-10", "2025-01-20"), days("2025-01-01", "2025-01-31")),
        (days("2026-11-10", "2026-11-20"), days("2026-11-10", "2026-11-20")),
    ):
        page = client.get("/statistics/officials/", {"from": asked.start, "to": asked.end})
        assert page.context["period"] == wording.days(told)
        assert bool(page.context["note"]) is (asked != told)


@pytest.mark.django_db
def test_a_week_is_not_made_of_months() -> None:
    """Three filters are kept by months: what is called seven days must not be a whole one."""
    table = city_now(Question(usual().period, THREE))
    assert [row.slug for row in table.rows] == ["period", "before", "year-before"]
    assert table.rows[0].question is not None
    assert table.rows[0].question.period == days("2026-11-01", "2026-11-30")
