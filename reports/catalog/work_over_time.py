"""What stood unanswered at the end of each stretch."""

from django.utils.translation import gettext_lazy as _

from reports.building import over_time
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "work-over-time",
    title=_("In work and overdue"),
    lead=_("How many appeals stood unanswered at the end of each stretch, and how many of them overdue."),
    metrics=(
        "in_work",
        "overdue_now",
    ),
)
def work_over_time(entry: Report, asked: Question) -> Table:
    return over_time(
        entry,
        asked,
        drawn=(
            "in_work",
            "overdue_now",
        ),
        last_year=(),
    )
