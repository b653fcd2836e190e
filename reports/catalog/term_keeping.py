"""How terms were kept, told apart by unit, sector and other properties."""

from django.utils.translation import gettext_lazy as _

from reports.building import told_apart
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "term-keeping",
    title=_("On time, late, not done"),
    lead=_("How the terms that ended were kept."),
    metrics=("kept_share", "late_share", "not_done_share", "due", "deemed_refusals", "extended_share"),
    dimensions=("department", "sector", "area", "topic", "channel", "category", "applicant", "regime"),
)
def term_keeping(entry: Report, asked: Question) -> Table:
    return told_apart(
        entry, asked, chart=Chart.STACKED, drawn=("kept_share", "late_share", "not_done_share"), order="due"
    )
