"""The main figures of the period beside earlier ones."""

from django.utils.translation import gettext_lazy as _

from reports.building import beside
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "year-on-year",
    title=_("The period beside the one before and the year before"),
    lead=_("The main figures of three periods."),
    metrics=(
        "received",
        "answered",
        "kept_share",
        "overdue_now",
        "answer_days_median",
        "disputed_share",
        "solved_share",
        "formal_share",
        "forwarded_share",
    ),
)
def year_on_year(entry: Report, asked: Question) -> Table:
    return beside(entry, asked)
