"""A report as a page shows it: the drawing, the table beneath, and where the same figures can be had in other forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.urls import reverse

from common.address_language import with_language
from reports import charts, pictures, questions, sources, wording
from reports.dashboards import Shown
from reports.questions import Question
from reports.tables import Chart, Column, Report, Row, Table, reports
from ui.charts.rows import BarRow, NumberRow, Place


@dataclass(frozen=True)
class Card:
    """`place` is unique on a page. `more` counts the rows that only the report's own page draws."""

    place: str
    report: Report
    table: Table
    title: str
    is_half: bool = False
    most: int = 0

    @cached_property
    def asked(self) -> Question:
        return replace(self.table.question, by=self.table.dimension if len(self.report.dimensions) > 1 else "")

    @cached_property
    def url(self) -> str:
        return f"{reverse('reports:report', args=[self.report.slug])}?{questions.address(self.asked, fixed=True)}"

    @cached_property
    def files(self) -> Mapping[str, str]:
        query = questions.address(self.asked, fixed=True)
        addresses = {form: reverse(f"reports:report-{form}", args=[self.report.slug]) for form in FORMS}
        return {form: with_language(f"{address}?{query}") for form, address in addresses.items()}

    @cached_property
    def unit(self) -> str:
        return pictures.unit_words(self.table)

    @cached_property
    def period(self) -> str:
        return wording.days(self.table.period)

    @cached_property
    def left_out(self) -> str:
        """Filters that this report does not follow, in words."""
        return ", ".join(str(sources.TITLES[slug]) for slug in self.table.left_out)

    @cached_property
    def bars(self) -> list[BarRow]:
        return charts.bars(self.table, self.most)

    @cached_property
    def more(self) -> int:
        return len(self.table.rows) - self.most if self.most and self.table.chart in DRAWN_AS_BARS else 0

    @cached_property
    def drawing(self) -> Mapping[str, Any]:
        """What the component of the chart takes."""
        table = self.table
        if table.chart in DRAWN_AS_BARS:
            return {"rows": self.bars, "scale": charts.scale(table), "legend": charts.legend(table)}
        if table.chart == Chart.RANGES:
            return {"rows": charts.ranges(table), "legend": charts.legend(table)}
        if table.chart in (Chart.LINES, Chart.COLUMNS):
            tick = charts.tick(table.shown[0])
            drawn = {"labels": charts.labels(table), "series": charts.series(table), "tick": lambda: tick}
            return drawn | {"marks": charts.marks(table)}
        return {}

    @cached_property
    def tiles(self) -> list[charts.Tile]:
        return charts.tiles(self.table)

    @cached_property
    def places(self) -> list[Place]:
        return charts.places(self.table)

    @cached_property
    def spoken(self) -> str:
        """What a line shows, for whoever does not see it; the numbers stand in the table."""
        return f"{self.title}. {pictures.described(self.table)}"

    @cached_property
    def sources(self) -> list[str]:
        return list(dict.fromkeys(str(each.metric.source) for each in self.table.columns))

    @cached_property
    def meanings(self) -> list[Column]:
        """Each figure once, and each that says something else than its metric does."""
        found = {(each.metric.key, each.note): each for each in reversed(self.table.columns)}
        return list(reversed(found.values()))

    @cached_property
    def drawn_meanings(self) -> list[Column]:
        return [each for each in self.meanings if each.key in self.table.drawn]

    @cached_property
    def lines(self) -> list[NumberRow]:
        total = [self.table.total] if self.table.total else []
        return [self._line(row) for row in [*self.table.rows, *total]]

    def _line(self, row: Row) -> NumberRow:
        figures = [row.figures.get(each.key) for each in self.table.columns]
        cells = [(wording.value(found), wording.counts(found)) for found in figures]
        return NumberRow(row.label, charts.row_url(self.table, row), cells, row is self.table.total)


FORMS = ("csv", "json", "svg")
DRAWN_AS_BARS = (Chart.BARS, Chart.STACKED)


def card(shown: Shown, asked: Question, place: int) -> Card:
    """The report of a dashboard, answered."""
    entry = reports.get(shown.report)
    table = entry(replace(asked, by=shown.by))
    title = str(shown.title or entry.title)
    return Card(f"{shown.report}-{place}", entry, table, title, shown.is_half, charts.MOST_BARS)
