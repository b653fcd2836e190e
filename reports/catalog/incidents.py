"""Incidents to which several appeals were joined, the newest first."""

from __future__ import annotations

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.dictionary import metric
from reports.figures import Figure
from reports.periods import Period
from reports.problems import reading
from reports.problems.reading import Listed
from reports.problems.rules import SMALLEST_SHOWN
from reports.questions import Question
from reports.tables import Chart, Report, Row, Table, column, report


@report(
    "incidents",
    title=gettext_lazy("Incidents"),
    lead=gettext_lazy("How many appeals were joined to each incident; all of them, whatever period is chosen."),
    metrics=("received",),
    filters=("area",),
)
def incidents(entry: Report, asked: Question) -> Table:
    found = [row for row in reading.incidents() if asked.filters.area in (None, row.problem.area)]
    opened = [row.problem.incident.opened_on for row in found if row.problem.incident]
    today = timezone.localdate()
    return Table(
        question=asked.during(Period(min([*opened, today]), today)),
        title=entry.title,
        head=_("Incident"),
        columns=[column("received")],
        rows=[_row(row) for row in found],
        chart=Chart.BARS,
        drawn=("received",),
        notes=(_("An incident is listed from %(count)s appeals on.") % {"count": SMALLEST_SHOWN},),
    )


def _row(row: Listed) -> Row:
    problem, incident = row.problem, row.problem.incident
    assert incident is not None  # `reading.incidents` lists nothing else
    named = ", ".join(filter(None, (problem.topic_name or _("Topic not given"), problem.area_name)))
    words = (
        _("%(what)s: closed, told from %(since)s to %(last)s")
        if incident.closed_on
        else _("%(what)s: open, told from %(since)s to %(last)s")
    )
    since, last = (formats.date_format(day, "YEAR_MONTH_FORMAT") for day in (incident.opened_on, row.last))
    label = words % {"what": named, "since": since, "last": last}
    figures = {"received": Figure(metric("received"), row.received, row.received)}
    return Row(incident.id, problem.slug, label, figures, url=reverse("reports:problem", args=[problem.slug]))
