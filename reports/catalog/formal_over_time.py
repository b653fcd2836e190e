"""Formal replies, stretch by stretch."""

from django.utils.translation import gettext_lazy as _

from reports.building import over_time
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "formal-over-time",
    title=_("Formal replies over time"),
    lead=_("The share of formal replies, beside the year before."),
    metrics=("formal_share",),
)
def formal_over_time(entry: Report, asked: Question) -> Table:
    return over_time(entry, asked, drawn=("formal_share",), last_year=("formal_share",))
