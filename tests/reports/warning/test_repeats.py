"""A house that several people tell of is noticed; one person alone, or a house that is always told of, is not."""

import datetime as dt

from reports.warning.repeats import RepeatLimits, Told
from reports.warning.repeats import repeats as found_in

TODAY = dt.date(2026, 5, 20)


def told(place, people, days_ago, first=1):
    day = TODAY - dt.timedelta(days=days_ago)
    return [Told(first + number, person, place, day, area=3) for number, person in enumerate(people)]


def repeats(rows, day, limits=None):
    return found_in(rows, rows, day, limits)


QUIET = [row for house in range(80) for row in told(f"h{house}", "a", 20 + 4 * house, first=1000 + house)]


def test_several_people_of_one_house_are_noticed():
    [found] = repeats([*QUIET, *told("абай 12", "abcd", 3)], TODAY)
    assert (found.place, found.people, found.appeals, found.area) == ("абай 12", 4, (1, 2, 3, 4), 3)


def test_one_person_who_writes_often_is_no_repeated_address():
    assert not repeats([*QUIET, *told("абай 12", "aaaaaa", 3)], TODAY)


def test_a_house_that_is_told_of_all_the_time_is_expected():
    past = [
        row for week in range(3, 50) for row in told("абай 12", (f"p{week}", f"q{week}"), 7 * week, first=100 * week)
    ]
    assert not repeats([*QUIET, *past, *told("абай 12", "abcd", 3)], TODAY)


def test_what_is_older_than_the_window_does_not_count():
    rows = [*QUIET, *told("абай 12", "ab", 3), *told("абай 12", "cd", 30, first=50)]
    assert not repeats(rows, TODAY)
    assert not repeats([*QUIET, *told("абай 12", "abcd", 3)], TODAY, RepeatLimits(least_people=5))
