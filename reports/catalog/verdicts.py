"""Verdicts of applicants, told apart by unit, topic and other properties."""

from django.utils.translation import gettext_lazy as _

from reports.building import told_apart
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "verdicts",
    title=_("What applicants say of the answers"),
    lead=_("Solved, partly solved or not solved, of the answers that were judged."),
    metrics=("solved_share", "partly_share", "not_solved_share", "judged_share", "rating_mean"),
    dimensions=("department", "sector", "area", "topic", "channel", "category", "applicant", "regime"),
)
def verdicts(entry: Report, asked: Question) -> Table:
    return told_apart(
        entry, asked, chart=Chart.STACKED, drawn=("solved_share", "partly_share", "not_solved_share"), order=""
    )
