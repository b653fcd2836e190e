"""The work of each unit."""

from django.utils.translation import gettext_lazy as _

from reports.building import told_apart
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "units",
    title=_("Units"),
    lead=_("What came to each unit, what it has in work and what it answered."),
    metrics=("received", "answered", "in_work", "overdue_now", "kept_share", "answer_days_median", "disputed_share"),
    dimensions=("department",),
)
def units(entry: Report, asked: Question) -> Table:
    return told_apart(entry, asked, chart=Chart.BARS, drawn=("answered",), order="answered")
