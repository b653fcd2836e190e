"""One figure, one value: whatever publishes a figure of the dictionary says what `figures.figure` says, to the digit.

Each way of publishing is a function from a period to what it says of each metric that it carries; a new one gets a
function here and a line in `WAYS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.test import Client

from reports import figures
from reports.dictionary import METRICS, Kind
from reports.figures import Figure
from reports.periods import Period
from tests.reports import dashboard_ways, published_ways
from tests.reports.city import BOTH, OCTOBER, SEPTEMBER
from tests.reports.said import Said
from tests.reports.town import standing

pytestmark = pytest.mark.django_db


Way = Callable[[Period], Mapping[str, Said]]


def _api(path: str, period: Period, **query: str) -> dict[str, object]:
    asked = {"metrics": ",".join(METRICS), "since": str(period.start), "until": str(period.end), **query}
    answer = Client().get(f"/api/v1/statistics/{path}", asked)
    assert answer.status_code == 200, answer.content
    found: dict[str, object] = answer.json()
    return found


def _read(row: Mapping[str, object]) -> dict[str, Said]:
    rows = row["figures"]
    assert isinstance(rows, list)
    return {one["metric"]: Said(one["value"], one["numerator"], one["denominator"]) for one in rows}


def api_figures(period: Period) -> Mapping[str, Said]:
    (row,) = _api("figures", period)["rows"]  # type: ignore[misc, str-unpack]  # JSON
    return _read(row)


def api_series(period: Period) -> Mapping[str, Said]:
    """The month, out of the series of the whole year."""
    points = _api("series", Period(period.start.replace(month=1, day=1), period.end), grain="month")["points"]
    assert isinstance(points, list)
    return _read(next(point for point in points if point["start"] == str(period.start)))


WAYS: dict[str, Way] = {
    "API: figures": api_figures,
    "API: series": api_series,
    "API: reports of the dashboards": dashboard_ways.api,
    "dashboards: page": dashboard_ways.page,
    "dashboards: CSV": dashboard_ways.page_csv,
    "dashboards: JSON": dashboard_ways.page_json,
    "document: page": published_ways.page,
    "document: PDF": published_ways.paper,
    "document: workbook": published_ways.workbook,
    "report builder: CSV": published_ways.builder_csv,
}


@pytest.fixture(scope="module", autouse=True)
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with standing(django_db_blocker):
        yield


def published(figure: Figure) -> Said:
    value = None if figure.value is None else str(figure.value)
    return Said(value, figure.numerator, figure.denominator)


def told(said: Said, expected: Said) -> Said:
    """What a way does not tell is taken from the other side."""
    if said.numerator is None:
        return Said(said.value, expected.numerator, expected.denominator)
    return said


@pytest.mark.parametrize("way", sorted(WAYS))
def test_figure_is_the_same_wherever_it_stands(way: str) -> None:
    for period in (SEPTEMBER, OCTOBER):
        said = WAYS[way](period)
        assert said, "it says nothing"
        expected = {key: published(figures.figure(key, period)) for key in said}
        assert {key: told(one, expected[key]) for key, one in said.items()} == expected, period


def test_every_figure_of_the_dictionary_is_published_by_the_api() -> None:
    assert set(api_figures(BOTH)) == set(METRICS) == set(api_series(SEPTEMBER))


def test_dashboards_carry_the_same_figures_in_every_form() -> None:
    found = [way(SEPTEMBER) for way in (dashboard_ways.page, dashboard_ways.page_csv, dashboard_ways.page_json)]
    assert set(found[0]) == set(found[1]) == set(found[2]) == set(dashboard_ways.api(SEPTEMBER))
    assert len(found[0]) > 15
    shares = [key for key in found[0] if METRICS[key].kind == Kind.SHARE]
    assert [key for said in found for key in shares if said[key].denominator is None] == []
