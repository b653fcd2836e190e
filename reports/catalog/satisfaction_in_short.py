"""What applicants say of the answers, in a few figures."""

from django.utils.translation import gettext_lazy as _

from reports.building import beside
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "satisfaction-in-short",
    title=_("Satisfaction in short"),
    lead=_("A closure counts when the applicant accepts it."),
    metrics=(
        "disputed_share",
        "solved_share",
        "partly_share",
        "not_solved_share",
        "judged_share",
        "rating_mean",
    ),
)
def satisfaction_in_short(entry: Report, asked: Question) -> Table:
    return beside(entry, asked)
