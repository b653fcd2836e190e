"""What the reports of the dashboards say of each figure of a period: page, CSV, JSON and the open API."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.test import Client

from reports import catalog
from reports.dictionary import METRICS
from reports.periods import Period
from reports.tables import Report
from tests.reports.said import Said

ANYTHING = re.compile(r"<[^>]+>")


def _told() -> Iterator[Report]:
    """Those that have a line for everything together."""
    return (entry for _slug, entry in catalog.reports if entry.dimensions)


def _collected(read: Callable[[Report, Period], Mapping[str, Said]], period: Period) -> Mapping[str, Said]:
    """A figure stands in several reports; they must not contradict each other."""
    found: dict[str, Said] = {}
    for entry in _told():
        for key, said in read(entry, period).items():
            assert found.setdefault(key, said) == said, (entry.slug, key)
    return found


def _got(address: str, **query: str) -> Any:
    client = Client()
    client.cookies["django_language"] = "en"
    answer = client.get(address, query)
    assert answer.status_code == 200, address
    return answer


def _days(period: Period) -> dict[str, str]:
    return {"from": str(period.start), "to": str(period.end)}


def _columns(body: Any) -> dict[str, str]:
    """Columns that are a metric of the dictionary itself, not one beside it (the year before)."""
    return {each["key"]: each["metric"] for each in body["columns"] if each["key"] == each["metric"]}


def _of_total(body: Any) -> Mapping[str, Said]:
    said = {key: body["total"]["figures"][key] for key in _columns(body)}
    return {key: Said(one["value"], one["numerator"], one["denominator"]) for key, one in said.items()}


def page_json(period: Period) -> Mapping[str, Said]:
    return _collected(
        lambda entry, days: _of_total(_got(f"/statistics/reports/{entry.slug}.json", **_days(days)).json()), period
    )


def api(period: Period) -> Mapping[str, Said]:
    days = {"since": str(period.start), "until": str(period.end)}
    return _collected(
        lambda entry, _days: _of_total(_got(f"/api/v1/statistics/reports/{entry.slug}", **days).json()), period
    )


def page_csv(period: Period) -> Mapping[str, Said]:
    """Out of the last line; a value has the digits that a number needs, the dictionary says with how many."""

    def read(entry: Report, days: Period) -> Mapping[str, Said]:
        body = _got(f"/statistics/reports/{entry.slug}.json", **_days(days)).json()
        streamed = _got(f"/statistics/reports/{entry.slug}.csv", **_days(days))
        cells = iter(list(csv.reader(io.StringIO(streamed.getvalue().decode("utf-8-sig"))))[-1][2:])
        found = {}
        for column in body["columns"]:
            metric, value = METRICS[column["metric"]], next(cells)
            counts = (int(next(cells)), int(next(cells))) if metric.denominator else None
            if column["key"] == metric.key:
                found[metric.key] = Said(f"{float(value):.{metric.decimals}f}" if value else None, *(counts or ()))
        return found

    return _collected(read, period)


def page(period: Period) -> Mapping[str, Said]:
    """Out of the line of everything in the HTML table; what is no share shows no counts."""

    def read(entry: Report, days: Period) -> Mapping[str, Said]:
        html = _got(f"/statistics/reports/{entry.slug}/", **_days(days)).content.decode()
        table = re.search(r'<table class="ui-table stat-numbers">.*?</table>', html, re.DOTALL)
        if table is None:  # nothing at all was counted: the page says so in its place
            assert 'class="stat-empty"' in html
            return {}
        head, _body, total = table[0].partition('<tr class="stat-total">')
        metrics = re.findall(r"/statistics/metrics/(\w+)/", head.partition("</thead>")[0])
        cells = re.findall(r'<td class="ui-num">(.*?)</td>', total, re.DOTALL)
        assert len(metrics) == len(cells), entry.slug
        found: dict[str, Said] = {}
        for key, cell in zip(metrics, cells, strict=True):
            found.setdefault(key, _of_cell(cell))
        return found

    return _collected(read, period)


def _of_cell(cell: str) -> Said:
    words, _mark, counts = cell.partition('<span class="stat-counts">')
    value = re.match(r"[\d.]+", words.strip())
    numbers = [int(number) for number in re.findall(r"\d+", ANYTHING.sub("", counts))]
    return Said(value[0] if value else None, *(numbers if len(numbers) == 2 else ()))
