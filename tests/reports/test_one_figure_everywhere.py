"""One figure, one value: whatever publishes a figure of the dictionary says what `figures.figure` says, to the digit.

Each way of publishing is a function from a period to what it says of each metric that it carries; a new one gets a
function here and a line in `WAYS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
import time_machine
from django.test import Client

from reports import figures
from reports.dictionary import METRICS
from reports.figures import Figure
from reports.periods import Period
from tests.reports import city, published_ways
from tests.reports.city import BOTH, NOW, OCTOBER, SEPTEMBER
from tests.reports.said import Said

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
    "document: page": published_ways.page,
    "document: PDF": published_ways.paper,
    "document: workbook": published_ways.workbook,
    "report builder: CSV": published_ways.builder_csv,
}


@pytest.fixture
def town() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        city.build()
        yield


def published(figure: Figure) -> Said:
    value = None if figure.value is None else str(figure.value)
    return Said(value, figure.numerator, figure.denominator)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("way", sorted(WAYS))
def test_figure_is_the_same_wherever_it_stands(way: str) -> None:
    for period in (SEPTEMBER, OCTOBER):
        said = WAYS[way](period)
        assert said, "it says nothing"
        expected = {key: published(figures.figure(key, period)) for key in said}
        assert dict(said) == expected, period


@pytest.mark.usefixtures("town")
def test_every_figure_of_the_dictionary_is_published_by_the_api() -> None:
    assert set(api_figures(BOTH)) == set(METRICS) == set(api_series(SEPTEMBER))
