"""How long answers took, stretch by stretch."""

from django.utils.translation import gettext_lazy as _

from reports.building import over_time
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "answer-time-over-time",
    title=_("Time to the answer"),
    lead=_("Half of the answers and nine of ten came within so many days."),
    metrics=(
        "answer_days_median",
        "answer_days_p90",
    ),
)
def answer_time_over_time(entry: Report, asked: Question) -> Table:
    return over_time(
        entry,
        asked,
        drawn=(
            "answer_days_median",
            "answer_days_p90",
        ),
        last_year=(),
    )
