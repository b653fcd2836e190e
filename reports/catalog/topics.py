"""Appeals by what they are about."""

from django.utils.translation import gettext_lazy as _

from reports.building import told_apart
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "topics",
    title=_("Appeals by topic"),
    lead=_("What residents write about."),
    metrics=("received", "kept_share", "disputed_share", "answer_days_median", "repeated_share"),
    dimensions=("topic", "sector", "category", "regime"),
)
def topics(entry: Report, asked: Question) -> Table:
    return told_apart(entry, asked, chart=Chart.BARS, drawn=("received",), order="received")
