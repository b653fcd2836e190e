"""Final answers, stretch by stretch, beside the year before."""

from django.utils.translation import gettext_lazy as _

from reports.building import over_time
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "answered-over-time",
    title=_("Answers given"),
    lead=_("How many final answers were given, beside the same days a year before."),
    metrics=("answered",),
)
def answered_over_time(entry: Report, asked: Question) -> Table:
    return over_time(entry, asked, drawn=("answered",), last_year=("answered",))
