"""Groups of a few appeals are hidden from everybody, in every form of a figure; who may see every appeal sees them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from reports import figures, refreshing
from reports.figures import Figure, Filters
from reports.models import DisclosureRule
from reports.periods import Period
from tests.factories import make_appeal, make_area, make_topic
from tests.reports.city import ALMATY, hide_groups_below

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 10, 20, 12, tzinfo=ALMATY)
DAYS = Period(dt.date(2026, 10, 1), dt.date(2026, 10, 20))
QUERY = {"from": "2026-10-01", "to": "2026-10-20"}


@pytest.fixture
def areas() -> Iterator[dict[str, int]]:
    """Three sectors of the city with 3, 6 and 20 appeals."""
    cache.clear()
    with time_machine.travel(NOW - dt.timedelta(days=2), tick=False):
        made = {name: make_area(slug=name) for name in ("few", "some", "many")}
        topic = make_topic()
        for name, count in (("few", 3), ("some", 6), ("many", 20)):
            for _number in range(count):
                make_appeal(area_id=made[name].pk, topic_id=topic.pk)
    with time_machine.travel(NOW, tick=False):
        refreshing.refresh()
        yield {name: area.pk for name, area in made.items()}


def received(areas: dict[str, int], **asked: Any) -> dict[str, int | None]:
    rows = {row.key: row.figures["received"] for row in figures.by(["received"], DAYS, "area", **asked)}
    assert all(found.is_hidden == (found.value is None) for found in rows.values())
    return {name: rows[key].value for name, key in areas.items()}  # type: ignore[misc]


def test_a_small_group_is_hidden_and_so_is_what_would_give_it_away(areas: dict[str, int]) -> None:
    assert received(areas) == {"few": None, "some": None, "many": 20}
    assert received(areas, exact=True) == {"few": 3, "some": 6, "many": 20}


def test_figures_of_the_whole_city_are_exact(areas: dict[str, int]) -> None:
    assert figures.figure("received", DAYS).value == 29
    assert figures.figure("in_work", DAYS).value == 29


def test_every_figure_of_a_small_group_is_hidden(areas: dict[str, int]) -> None:
    keys = ["received", "repeated", "repeated_share", "in_work", "overdue_now"]
    found = figures.figures(keys, DAYS, Filters(area=areas["few"]))
    assert all(one == Figure(one.metric, None, 0, is_hidden=True) for one in found.values())
    larger = figures.figures(keys, DAYS, Filters(area=areas["many"]))
    assert [one.is_hidden for one in larger.values()] == [False] * len(keys)
    assert larger["repeated_share"].denominator == 20  # what came of a group that is large enough is told


def test_series_of_a_group_hide_the_days_that_had_few(areas: dict[str, int]) -> None:
    days = figures.series(["received", "in_work"], DAYS, "day", Filters(area=areas["few"]))
    by_day = {point.start.day: point.figures for point in days}
    assert by_day[18]["received"].is_hidden
    assert by_day[18]["in_work"].is_hidden
    assert by_day[17]["received"].is_hidden  # three in all: not even the day on which they came is told
    assert not any(point.figures["received"].is_hidden for point in figures.series(["received"], DAYS, "day"))


def test_pairs_are_hidden_by_rows_and_columns(areas: dict[str, int]) -> None:
    table = figures.by_two(["received"], DAYS, "area", "channel")
    hidden = {area for (area, _channel), row in table.items() if row["received"].is_hidden}
    assert hidden == {areas["few"], areas["some"]}


def test_a_percentile_of_few_answers_is_hidden() -> None:
    hide_groups_below(5)
    from reports import disclosure

    assert [disclosure.is_too_few_for_percentiles(count) for count in (0, 1, 9, 10)] == [False, True, True, False]
    hide_groups_below(1)
    assert not disclosure.is_too_few_for_percentiles(1)


def test_the_rule_is_a_row_to_edit(areas: dict[str, int]) -> None:
    assert not DisclosureRule.objects.exists()  # five, as long as nobody says otherwise
    hide_groups_below(7)
    assert received(areas) == {
        "few": None,
        "some": None,
        "many": None,
    }  # 3 + 6 = 9: nobody shall know that both are small
    hide_groups_below(3)
    assert received(areas) == {"few": 3, "some": 6, "many": 20}


# What goes out


def test_page_and_files_tell_nothing_of_it(areas: dict[str, int], client: Client) -> None:
    address = "/statistics/reports/city-map/"
    query = QUERY
    page = client.get(address, query).content.decode()
    assert "жасырылған" in page
    rows = list(csv.reader(io.StringIO(_text(client.get("/statistics/reports/city-map.csv", query)))))
    by_key = {row[1]: row for row in rows[1:]}
    assert by_key["few"][2] == ""
    assert "received" in by_key["few"][-1].split()
    assert by_key["many"][2] == "20"
    assert by_key["many"][-1] == ""
    told = client.get("/statistics/reports/city-map.json", query).json()
    few = next(row for row in told["rows"] if row["key"] == "few")["figures"]["received"]
    assert few == {"value": None, "numerator": None, "denominator": None, "hidden": True}


def test_the_api_says_that_it_is_hidden(areas: dict[str, int], client: Client) -> None:
    asked = {"metrics": "received", "by": "area", "since": "2026-10-01", "until": "2026-10-20"}
    rows = client.get("/api/v1/statistics/figures", asked).json()["rows"]
    by_key = {row["keys"][0]["key"]: row["figures"][0] for row in rows}
    assert (by_key["few"]["value"], by_key["few"]["numerator"], by_key["few"]["hidden"]) == (None, None, True)
    assert (by_key["many"]["value"], by_key["many"]["numerator"], by_key["many"]["hidden"]) == ("20", 20, False)


def _text(response: Any) -> str:
    return b"".join(response.streaming_content).decode("utf-8-sig") if response.streaming else response.content.decode()
