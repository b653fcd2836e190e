"""How terms were kept, stretch by stretch."""

from django.utils.translation import gettext_lazy as _

from reports.building import over_time
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "terms-over-time",
    title=_("Terms kept over time"),
    lead=_("The share of terms kept, beside the year before."),
    metrics=(
        "kept_share",
        "late_share",
        "not_done_share",
    ),
)
def terms_over_time(entry: Report, asked: Question) -> Table:
    return over_time(entry, asked, drawn=("kept_share",), last_year=("kept_share",))
