"""Formal replies, told apart by unit, topic and other properties."""

from django.utils.translation import gettext_lazy as _

from reports.building import told_apart
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "formal-replies",
    title=_("Formal replies"),
    lead=_("The share of answers in which the reply gate found nothing specific."),
    metrics=("formal_share", "formal", "answered"),
    dimensions=("department", "sector", "area", "topic", "channel", "category", "applicant", "regime"),
)
def formal_replies(entry: Report, asked: Question) -> Table:
    return told_apart(entry, asked, chart=Chart.BARS, drawn=("formal_share",), order="answered")
