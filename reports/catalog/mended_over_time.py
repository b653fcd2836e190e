"""What was mended, stretch by stretch, beside the year before."""

from django.utils.translation import gettext_lazy as _

from reports.building import over_time
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "mended-over-time",
    title=_("Mended over time"),
    lead=_("Answers that mended the matter."),
    metrics=("mended", "answered", "mended_share"),
    preset="12-months",
)
def mended_over_time(entry: Report, asked: Question) -> Table:
    return over_time(entry, asked, drawn=("mended",), chart=Chart.COLUMNS)
