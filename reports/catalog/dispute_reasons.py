"""Why answers are disputed, told apart by unit, topic and other properties."""

from django.utils.translation import gettext_lazy as _

from reports.building import told_apart
from reports.catalog.dispute_reasons_in_short import REASONS, SEVERAL
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "dispute-reasons",
    title=_("Reasons of disputes"),
    lead=_("What residents name when they dispute an answer, and of whom."),
    metrics=("disputed", *REASONS),
    dimensions=("department", "topic", "sector", "area", "channel"),
    preset="12-months",
)
def dispute_reasons(entry: Report, asked: Question) -> Table:
    return told_apart(entry, asked, chart=Chart.BARS, drawn=("disputed",), order="disputed", notes=(SEVERAL,))
