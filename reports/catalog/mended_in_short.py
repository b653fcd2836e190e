"""What was mended because people asked, beside the same days a year before."""

from django.utils.translation import gettext_lazy as _

from reports.building import beside
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "mended-in-short",
    title=_("Mended because people asked"),
    lead=_("How many answers mended the matter, and what the applicants themselves say."),
    metrics=("mended", "mended_share", "answered", "solved", "partly_share", "disputed_share"),
    preset="12-months",
)
def mended_in_short(entry: Report, asked: Question) -> Table:
    return beside(entry, asked, drawn=("mended", "mended_share", "solved"))
