"""A small invented city: its rhythm is learnt, its spikes are found, tides are told once, calm is left alone."""

import datetime as dt
import math
import random

import pytest

from common.workcalendar import WorkCalendar
from reports.warning.expectation import expectation, spans
from reports.warning.growth import Cell, Limits, alarms, measure
from reports.warning.regression import fit
from reports.warning.rhythm import EXTRA_WORK, HOLIDAY, History, Rhythm, kind_of, rhythm_of

START = dt.date(2025, 1, 6)  # a Monday
DAYS = 7 * 40
LAST = START + dt.timedelta(days=DAYS - 1)
OFF = frozenset({dt.date(2025, 3, 21), dt.date(2025, 5, 1)})
CALENDAR = WorkCalendar(days_off=OFF, worked_days=frozenset({dt.date(2025, 3, 22)}))
WATER, SNOW, ROADS = Cell(1, 11), Cell(1, 12), Cell(2, 21)


def poisson(rng, mean):
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def usual(day):
    return 0.4 if not CALENDAR.is_working_day(day) else 1.2


def city(seed=1, levels=None):
    """Three topics in six sectors of the city, by chance and the kind of day; the sums are cells, too."""
    rng, counts = random.Random(seed), {}
    for topic, level in (levels or {WATER: 1.0, SNOW: 0.3, ROADS: 2.0}).items():
        for area in range(1, 7):
            for place in range(DAYS):
                told = poisson(rng, level * usual(START + dt.timedelta(days=place)))
                add(counts, Cell(topic.sphere, topic.topic, area), place, told)
    return counts


def add(counts, cell, place, number):
    for one in {cell} | cell.wider():
        counts.setdefault(one, [0] * DAYS)[place] += number


def raised(counts, day=LAST, limits=None):
    histories = {cell: History(START, values) for cell, values in counts.items()}
    return {alarm.cell: alarm for alarm in alarms(measure(histories, day, CALENDAR), limits)}


def test_the_calendar_says_what_kind_of_day_it_is():
    kinds = [kind_of(dt.date(2025, 3, day), CALENDAR) for day in (20, 21, 22, 23)]
    assert kinds == [3, HOLIDAY, EXTRA_WORK, 6]


def test_the_rhythm_of_working_days_and_days_off_is_learnt():
    rhythm = rhythm_of(History(START, city()[Cell()]), CALENDAR)
    working = sum(rhythm.factors[kind] for kind in range(5)) / 5
    assert rhythm.factors[6] / working == pytest.approx(0.4 / 1.2, rel=0.15)
    assert rhythm.factors[HOLIDAY] < 0.6 * working


def test_a_topic_that_is_rare_keeps_the_rhythm_of_the_city():
    whole = rhythm_of(History(START, city()[Cell()]), CALENDAR)
    rare = rhythm_of(History(START, [0] * (DAYS - 1) + [1]), CALENDAR, whole)
    assert all(rare.factors[kind] == pytest.approx(whole.factors[kind], rel=0.05) for kind in range(7))


def test_the_season_is_learnt_from_two_years():
    def season(day):
        return 1 + 0.5 * math.cos(2 * math.pi * day.timetuple().tm_yday / 365.25)

    days = [START + dt.timedelta(days=place) for place in range(3 * 365)]
    told = History(START, [round(20 * season(day)) for day in days])
    rhythm = rhythm_of(told, WorkCalendar())
    winter, summer = rhythm.season(dt.date(2027, 1, 1)), rhythm.season(dt.date(2027, 7, 1))
    assert winter / summer == pytest.approx(3.0, rel=0.15)
    assert rhythm_of(told.until(START + dt.timedelta(days=700)), WorkCalendar()).season(START) == 1.0


def test_a_past_outbreak_does_not_raise_what_is_expected():
    counts, exposures, times = [10.0, 12.0, 9.0, 11.0] * 6, [7.0] * 24, [float(place) for place in range(-25, -1)]
    with_outbreak = [*counts[:10], 90.0, *counts[11:]]
    quiet, shaken = fit(counts, exposures, times), fit(with_outbreak, exposures, times)
    plain_mean = sum(with_outbreak) / sum(exposures)
    assert shaken.rate(0) == pytest.approx(quiet.rate(0), rel=0.1)
    assert plain_mean > 1.25 * quiet.rate(0)


def test_a_trend_is_followed_only_where_it_is_one():
    times = [float(place) for place in range(-25, -1)]
    growing = fit([10 * math.exp(0.04 * time) * 3 for time in times], [1.0] * 24, times)
    level = fit([9.0, 12.0, 8.0, 11.0] * 6, [1.0] * 24, times)
    assert growing.slope == pytest.approx(0.04, rel=0.1)
    assert level.slope == 0.0


def test_an_unheard_topic_has_an_expectation_as_well():
    model = expectation(History(START, [0] * DAYS), LAST, Rhythm(), CALENDAR)
    day, week = spans(History(START, [0] * DAYS), LAST, model)
    assert 0 < week.expected.mean < 0.1
    assert (day.low, day.high) == (0, 0)


def test_a_city_that_is_too_young_is_not_judged():
    assert expectation(History(START, [5] * 60), START + dt.timedelta(days=59), Rhythm(), CALENDAR) is None
    assert not measure({}, LAST, CALENDAR)


def test_the_expected_range_holds_nearly_all_days_of_a_calm_city():
    counts, inside, looked_at = city(seed=3), 0, 0
    history = History(START, counts[ROADS])
    rhythm = rhythm_of(history, CALENDAR)
    for place in range(DAYS - 100, DAYS):
        day = START + dt.timedelta(days=place)
        span, _week = spans(history, day, expectation(history, day, rhythm, CALENDAR))
        inside += span.low <= span.observed <= span.high
        looked_at += 1
    assert inside / looked_at > 0.9


def test_a_calm_city_raises_hardly_an_alarm():
    assert sum(len(raised(city(seed))) for seed in range(6)) <= 1


def test_a_spike_in_one_sector_of_the_city_is_told_there_and_nowhere_else():
    counts = city()
    for place in range(DAYS - 3, DAYS):
        add(counts, Cell(1, 11, 4), place, 9)
    found = raised(counts)
    assert list(found) == [Cell(1, 11, 4)]
    assert found[Cell(1, 11, 4)].span.observed > found[Cell(1, 11, 4)].span.high


def test_a_tide_in_the_whole_city_is_told_once():
    counts = city()
    for area in range(1, 7):
        for place in range(DAYS - 4, DAYS):
            add(counts, Cell(1, 12, area), place, 4)
    assert list(raised(counts)) == [SNOW]


def test_a_sector_that_rises_far_above_the_tide_is_told_beside_it():
    counts = city()
    for area in range(1, 7):
        for place in range(DAYS - 4, DAYS):
            add(counts, Cell(1, 12, area), place, 20 if area == 2 else 2)
    assert {Cell(1, 12, 2), SNOW} <= set(raised(counts))


def test_what_is_too_little_is_no_alarm():
    counts = city()
    add(counts, Cell(1, 11, 4), DAYS - 1, 12)
    assert raised(counts) and not raised(counts, limits=Limits(least_observed=60))
    assert not raised(counts, limits=Limits(rate=1e-30))


def test_yesterdays_holiday_alone_is_no_growth_today():
    """The first working day after one brings what working days bring."""
    day = dt.date(2025, 9, 15)
    assert day.weekday() == 0
    assert not raised(city(seed=5), day)
