"""Year by year: what the study counted before the hub was there, and what the hub counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures
from reports.dictionary import Basis, Kind, Metric, Unit
from reports.figures import Figure
from reports.periods import Period
from reports.questions import Question
from reports.study.contents import table
from reports.study.trends import Series, series
from reports.tables import Chart, Column, Report, Row, Table, column, report

PAST = ("akimat_appeals", "e_otinish", "contact_centre_109", "contact_centre_1310")  # series of the study
STUDY = gettext_lazy("Study of the Listening State in Turkistan, figures as published")


@report(
    "years",
    title=gettext_lazy("Year by year, with the figures of the study"),
    lead=gettext_lazy("Appeals before the hub was there, as the study has them, and those of the hub."),
    metrics=("received",),
    filters=(),
)
def years(entry: Report, asked: Question) -> Table:
    """All the years there are, whatever period was asked for."""
    today = timezone.localdate()
    past = [(_past_column(line), _by_year(line)) for key in PAST for line in series(key)]
    first = min(year for _each, points in past for year in points)
    period = Period(dt.date(first, 1, 1), today)
    hub = {point.start.year: point.figures["received"] for point in figures.series(["received"], period, "year")}
    rows = []
    for year in range(first, today.year + 1):
        found = {each.key: Figure(each.metric, points[year], points[year]) for each, points in past if year in points}
        found |= {"received": hub[year]} if hub[year].numerator else {}
        rows.append(Row(f"{year}-01-01", f"{year}-01-01", str(year), found))
    columns = [column("received", _("Appeals received by the hub")), *(each for each, _points in past)]
    return Table(
        question=asked.during(period),
        title=entry.title,
        head=_("Year"),
        columns=columns,
        rows=rows,
        chart=Chart.LINES,
        drawn=[each.key for each in columns],
        notes=[
            _("The systems of the study counted different areas and parts of a year: their figures must not be added "
              "up. What is printed wrong in it was corrected; its pages say what and why."),
        ],
        grain="year",
    )  # fmt: skip


def _by_year(line: Series) -> Mapping[int, int]:
    """Corrected values; years for which the study leaves no right one are missing."""
    return {point.year: int(point.value.number) for point in line.points if point.value.number is not None}


def _past_column(line: Series) -> Column:
    """A figure of the study is no metric of the hub: it has its own source, and its page in the study says the rest."""
    source = table(line.table)
    past = Metric(
        key=f"study.{line.key}",
        name=str(line.title),
        definition=str(source.title),
        kind=Kind.COUNT, unit=Unit.APPEALS, basis=Basis.RECEIVED,
        numerator=(), numerator_words=str(source.title),
        source=STUDY,
    )  # fmt: skip
    url = f"{reverse('reports:study-group', args=[source.group])}#{source.key}"
    return Column(past.key, past, past.name, url=url)
