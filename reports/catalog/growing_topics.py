"""What grows beyond its expected range now: topics and city sectors with their numbers, never a text or an address."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.dictionary import metric
from reports.figures import Figure
from reports.models import EarlyWarning
from reports.periods import Period, last_days
from reports.questions import Question
from reports.tables import Chart, Report, Row, Table, column, report
from reports.warning import selectors, titles
from reports.warning.rhythm import WEEK

EXPECTED = "expected_most"


@report(
    "growing-topics",
    title=gettext_lazy("What grows beyond its expected range"),
    lead=gettext_lazy(
        "Topics and city sectors with more appeals than working days, season and trend let expect; at this moment, "
        "whatever period is chosen."
    ),
    metrics=("received",),
    filters=("area", "sector", "topic"),
)
def growing_topics(entry: Report, asked: Question) -> Table:
    """The open warnings about growth, the largest first: always of today. Each row asks for its own days and keys."""
    asked = asked.during(last_days(timezone.localdate(), WEEK))
    columns = [
        column("received"),
        column(EXPECTED, _("Expected at most"), of="received", note=_("the upper bound of the expected range")),
    ]
    rows = [_row(warning, asked) for warning in selectors.public_growth(asked.filters)]
    return Table(
        question=asked,
        title=entry.title,
        head=_("What grows"),
        columns=columns,
        rows=rows,
        chart=Chart.BARS if rows else Chart.TABLE,
        drawn=("received",),
        told=() if rows else (_("Nothing is beyond its expected range at this moment."),),
        notes=(_("What came less than five times is not shown. Places and texts are never shown here."),),
    )


def _row(warning: EarlyWarning, asked: Question) -> Row:
    received = metric("received")
    figures = {
        "received": Figure(received, warning.observed, warning.observed),
        EXPECTED: Figure(received, warning.high, warning.high),
    }
    period = Period(warning.last_on - selectors.ONE_DAY * (warning.days - 1), warning.last_on)
    sphere = 0 if warning.topic_id else warning.sector_id
    filters = asked.filters
    for slug, key in (("topic", warning.topic_id), ("sector", sphere), ("area", warning.area_id)):
        filters = filters.with_(slug, key) if key else filters
    label = f"{titles.public_title(warning)}, {titles.span(warning)}"
    return Row(warning.pk, str(warning.pk), label, figures, replace(asked.during(period), filters=filters))
