"""What came in, stretch by stretch, beside the year before."""

from django.utils.translation import gettext_lazy as _

from reports.building import over_time
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "received-over-time",
    title=_("Appeals received"),
    lead=_("How many appeals came in, beside the same days a year before."),
    metrics=("received",),
)
def received_over_time(entry: Report, asked: Question) -> Table:
    return over_time(entry, asked, drawn=("received",), last_year=("received",))
