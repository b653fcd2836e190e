"""When a change is more than chance: shares by their interval, counts by their square roots; and how it is told."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override

from reports import wording
from reports.catalog import growing_topics
from reports.changes import LESS, MORE, SAME, UNKNOWN, UNSURE, against, change, growth
from reports.dictionary import METRICS
from reports.figures import Breakdown, Figure, make
from reports.intervals import Counts, of_difference
from reports.models import EarlyWarning
from reports.periods import Period


def share(key: str, part: int, whole: int) -> Figure:
    entry = METRICS[key]
    return make(entry, {entry.numerator[0]: part, entry.denominator[0]: whole})


def test_the_interval_is_that_of_the_paper_that_proposed_it() -> None:
    """Newcombe (1998), table II: 56 of 70 and 48 of 80, method 10."""
    interval = of_difference(Counts(56, 70), Counts(48, 80))
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0524, 0.3339)


@pytest.mark.parametrize(
    ("now", "earlier", "way", "better"),
    [
        ((50, 100), (50, 100), SAME, None),
        ((52, 100), (50, 100), UNSURE, None),
        ((80, 100), (50, 100), MORE, False),
        ((20, 100), (50, 100), LESS, True),
        ((1, 2), (0, 0), UNKNOWN, None),
        ((2, 2), (0, 2), UNSURE, None),
    ],
)
def test_a_share_changes_only_where_chance_does_not_explain_it(
    now: tuple[int, int], earlier: tuple[int, int], way: str, better: bool | None
) -> None:
    found = change(share("disputed_share", *now), share("disputed_share", *earlier))
    assert (found.way, found.is_better) == (way, better)


def test_more_of_what_is_better_is_better() -> None:
    assert change(share("kept_share", 90, 100), share("kept_share", 50, 100)).is_better is True


def test_counts_are_told_and_not_judged() -> None:
    with override("en"):
        found = change(make(METRICS["received"], {"received": 12}), make(METRICS["received"], {"received": 30}))
    assert found.words == "18 less"
    assert found.tone == ""


@pytest.mark.parametrize(("now", "earlier", "longer"), [(10, 10, 1.0), (20, 10, 2.0), (0, 0, 1.0)])
def test_what_grew_with_its_period_did_not_grow(now: int, earlier: int, longer: float) -> None:
    assert abs(growth(now, earlier, longer)) < 0.3


def test_growth_counts_more_the_more_there_is() -> None:
    assert growth(18, 0) > 3
    assert growth(6, 3) < 2
    assert growth(600, 300) > 9
    assert growth(3, 6) < 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("kk", "33,3\u00a0% · 1 (3 ішінен)"), ("ru", "33,3\u00a0% · 1 из 3"), ("en", "33.3\u00a0% · 1 of 3")],
)
def test_a_share_is_said_with_its_counts(language: str, words: str) -> None:
    with override(language):
        assert wording.full(share("solved_share", 1, 3)) == words


def test_nothing_to_divide_by_is_a_dash_with_its_counts() -> None:
    with override("en"):
        assert wording.full(share("solved_share", 0, 0)) == "– · 0 of 0"
        assert wording.value(Figure(METRICS["rating_mean"], Decimal("4.00"), 8, 2)) == "4.00"


@pytest.mark.parametrize(
    ("now", "earlier", "words"),
    [
        (20, 10, "not different: the difference may be chance"),
        (41, 15, "2.7 times as many (95 % range 1.5 to 5.1)"),
        (15, 41, "0.4 times as many (95 % range 0.2 to 0.7)"),
        (10, 0, "so many do not come by chance where there were none"),
        (2, 0, "not different: the difference may be chance"),
        (10, None, "nothing to compare with"),
    ],
)
def test_growth_against_a_year_before_is_told_with_its_interval(now: int, earlier: int | None, words: str) -> None:
    past = None if earlier is None else make(METRICS["received"], {"received": earlier})
    with override("en"):
        assert against(make(METRICS["received"], {"received": now}), past) == words
        hidden = Figure(METRICS["received"], None, 0, is_hidden=True)
        assert against(make(METRICS["received"], {"received": now}), hidden) == "too few to be told"


def test_what_grows_is_counted_in_the_same_days_of_last_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """Topic 9: five in one city sector and two in another; sector 3 in city sector 4: six, and one elsewhere."""
    days = {"last_on": dt.date(2026, 11, 27), "days": 7}
    everywhere, here = EarlyWarning(pk=1, topic_id=9, **days), EarlyWarning(pk=2, sector_id=3, area_id=4, **days)
    counted = {"topic": {(9, 4): 5, (9, 5): 2, (8, 4): 11}, "sector": {(3, 4): 6, (3, 5): 1, (2, 4): 12}}

    def compare(_keys: object, spans: list[Period], first: str, _area: str, *, exact: bool) -> list[Breakdown]:
        assert spans == [Period(dt.date(2025, 11, 21), dt.date(2025, 11, 27))]
        assert exact
        return [Breakdown({}, {key: {"received": _received(count)} for key, count in counted[first].items()})]

    monkeypatch.setattr("reports.figures.compare", compare)
    assert growing_topics.year_before([everywhere, here]) == {1: 7, 2: 6}
    counted["topic"] = {}
    assert growing_topics.year_before([everywhere, here]) == {2: 6}


def _received(count: int) -> Figure:
    return make(METRICS["received"], {"received": count})
