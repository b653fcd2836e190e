"""Disputed answers, told apart by unit, topic and other properties."""

from django.utils.translation import gettext_lazy as _

from reports.building import told_apart
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "disputed-closures",
    title=_("Disputed closures"),
    lead=_("The share of answers that applicants disputed."),
    metrics=("disputed_share", "answered", "judged_share"),
    dimensions=("department", "sector", "area", "topic", "channel", "category", "applicant", "regime"),
)
def disputed_closures(entry: Report, asked: Question) -> Table:
    return told_apart(entry, asked, chart=Chart.BARS, drawn=("disputed_share",), order="answered")
