"""Terms of the period in a few figures."""

from django.utils.translation import gettext_lazy as _

from reports.building import beside
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "terms-in-short",
    title=_("Terms in short"),
    lead=_("Late, not done and forwarded are three different things."),
    metrics=(
        "kept_share",
        "late_share",
        "not_done_share",
        "deemed_refusals",
        "forwarded_share",
        "extended_share",
    ),
)
def terms_in_short(entry: Report, asked: Question) -> Table:
    return beside(entry, asked)
