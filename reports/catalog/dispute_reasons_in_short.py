"""Why answers are disputed, beside earlier periods."""

from django.utils.translation import gettext_lazy as _

from reports.building import beside
from reports.questions import Question
from reports.tables import Report, Table, report

REASONS = (
    "dispute_incomplete_share",
    "dispute_not_specific_share",
    "dispute_late_share",
    "dispute_other_share",
    "dispute_unnamed_share",
)
SEVERAL = _("Several reasons may be named for one answer: the shares may add up to more than 100 %.")


@report(
    "dispute-reasons-in-short",
    title=_("Why answers are disputed"),
    lead=_("What residents name when they dispute an answer."),
    metrics=REASONS,
    preset="12-months",
)
def dispute_reasons_in_short(entry: Report, asked: Question) -> Table:
    return beside(entry, asked, notes=(SEVERAL,))
