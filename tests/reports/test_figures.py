"""Every figure of the dictionary against a small city counted by hand, and against itself by every way of asking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine

from reports import figures, refreshing
from reports.dictionary import METRICS, Kind
from reports.figures import Figure, Filters
from reports.periods import Period
from tests.reports import city
from tests.reports.city import BOTH, COUNTED, NOW, OCTOBER, SEPTEMBER, City

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield city.build()


def said(figure: Figure) -> city.Counted:
    return figure.value, figure.numerator, figure.denominator


def test_every_figure_is_what_was_counted_by_hand(town: City) -> None:
    assert set(COUNTED) == set(METRICS)
    for number, period in enumerate((SEPTEMBER, OCTOBER)):
        found = figures.figures(list(METRICS), period)
        expected = {key: counted[number] for key, counted in COUNTED.items()}
        if_count = {key: (*pair[:2], None if pair[2] is None else pair[2]) for key, pair in expected.items()}
        assert {key: said(figure) for key, figure in found.items()} == if_count


def test_breakdown_adds_up_to_the_whole(town: City) -> None:
    counts = [key for key, entry in METRICS.items() if entry.kind in (Kind.COUNT, Kind.STOCK)]
    whole = figures.figures(counts, BOTH)
    for dimension in ("area", "sector", "topic", "channel", "category", "applicant", "regime", "department"):
        rows = figures.by(counts, BOTH, dimension)
        for key in counts:
            assert sum(row.figures[key].numerator for row in rows) == whole[key].numerator, (dimension, key)


def test_figures_by_channel_and_unit(town: City) -> None:
    channels = {row.key: row.figures["received"].value for row in figures.by(["received"], BOTH, "channel")}
    assert channels == {"web": 4, "call109": 1, "telegram": 1, "call1310": 1, "email": 1}
    units = {row.key: row.figures["answered"].value for row in figures.by(["answered"], SEPTEMBER, "department")}
    assert units[town.utilities.department.pk] == 2
    assert units[town.second_look.department.pk] == 1
    assert units[0] == 1  # a consultation on the line belongs to no unit


def test_filters_together_read_whole_months(town: City) -> None:
    chosen = Filters(area=town.yassy.pk, topic=town.water)
    assert not figures.is_by_months(chosen)
    assert figures.is_by_months(chosen, "channel")
    rows = figures.by(
        ["received", "disputed_share"], Period(dt.date(2026, 9, 5), dt.date(2026, 9, 6)), "channel", chosen
    )
    assert {row.key: row.figures["received"].value for row in rows} == {"web": 1, "call109": 1}


def test_series_agrees_with_the_figures_of_each_month(town: City) -> None:
    keys = list(METRICS)
    points = figures.series(keys, BOTH, "month")
    assert [point.start for point in points] == [SEPTEMBER.start, OCTOBER.start]
    for point, period in zip(points, (SEPTEMBER, OCTOBER), strict=True):
        assert {key: said(figure) for key, figure in point.figures.items()} == {
            key: said(figure) for key, figure in figures.figures(keys, period).items()
        }


def test_days_weeks_and_years_add_up(town: City) -> None:
    for grain in figures.GRAINS:
        points = figures.series(["received", "due", "answered"], BOTH, grain)
        assert sum(point.figures["received"].numerator for point in points) == 8
        assert sum(point.figures["due"].numerator for point in points) == 6


def test_a_term_that_ends_today_is_judged_when_the_day_is_over(town: City) -> None:
    """The sixth appeal was due on 12 October: on that day it is neither kept nor missed, on the next it is not done."""
    on_the_day, after = dt.date(2026, 10, 12), dt.date(2026, 10, 13)
    refreshing.rebuild(lambda share, count: None, today=on_the_day)
    with time_machine.travel(dt.datetime(2026, 10, 12, 12, tzinfo=city.ALMATY), tick=False):
        assert figures.figure("not_done", OCTOBER).value == 0
        assert figures.figure("due", OCTOBER).value == 1
    refreshing.refresh(today=after)
    assert figures.figure("not_done", OCTOBER).value == 1
    assert figures.figure("deemed_refusals", OCTOBER).value == 1


@pytest.mark.parametrize(
    ("days", "share", "expected"),
    [
        ({}, 50, None),
        ({3: 1}, 50, 3),
        ({0: 1, 9: 1}, 50, 0),
        ({0: 1, 2: 1, 3: 1, 11: 1}, 90, 11),
        ({1: 9, 5: 1}, 90, 1),
    ],
)
def test_percentile_by_nearest_rank(days: dict[int, int], share: int, expected: int | None) -> None:
    assert figures.percentile(days, share) == expected


def test_pairs_of_long_ago_go_by_whole_months() -> None:
    """For ever by days: the city and each dimension for itself. Pairs of properties as long as PAIRS_KEPT says."""
    today = dt.date(2026, 11, 27)
    old, recent = Period(dt.date(2024, 3, 5), dt.date(2024, 3, 9)), Period(dt.date(2026, 3, 5), dt.date(2026, 3, 9))
    with time_machine.travel(dt.datetime(2026, 11, 27, 12, tzinfo=city.ALMATY), tick=False):
        assert figures.actual_period(old, Filters(area=1)) == old
        assert figures.actual_period(old, Filters(area=1), "topic") == old.by_months()
        assert figures.actual_period(recent, Filters(area=1), "topic") == recent
        assert figures.actual_period(recent, Filters(area=1, channel="web"), "topic") == recent.by_months()
        assert figures.actual_period(Period(old.start, today), Filters(area=1), "topic") == Period(
            dt.date(2024, 3, 1), today
        )


def test_months_say_the_same_whether_made_of_days_or_of_facts(town: City) -> None:
    """In two years the days of September no longer tell pairs apart; its months say what they said before."""
    keys = ["received", "kept_share", "answer_days_median"]
    pairs = figures.by(keys, SEPTEMBER, "topic", Filters(area=town.yassy.pk))
    later = dt.date(2028, 10, 20)
    refreshing.refresh(today=later)
    with time_machine.travel(dt.datetime(2028, 10, 20, 12, tzinfo=city.ALMATY), tick=False):
        assert pairs == figures.by(keys, SEPTEMBER, "topic", Filters(area=town.yassy.pk))
        assert refreshing.verify(lambda share, count: None) == []
