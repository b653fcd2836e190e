"""Disputed closures, stretch by stretch."""

from django.utils.translation import gettext_lazy as _

from reports.building import over_time
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "disputed-over-time",
    title=_("Disputed closures over time"),
    lead=_("The share of answers that applicants disputed, beside the year before."),
    metrics=(
        "disputed_share",
        "solved_share",
    ),
)
def disputed_over_time(entry: Report, asked: Question) -> Table:
    return over_time(entry, asked, drawn=("disputed_share",), last_year=("disputed_share",))
