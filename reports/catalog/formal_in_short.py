"""Formal replies of the period in a few figures."""

from django.utils.translation import gettext_lazy as _

from reports.building import beside
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "formal-in-short",
    title=_("Formal replies in short"),
    lead=_("Answers in which the reply gate found nothing specific."),
    metrics=(
        "formal_share",
        "formal",
        "answered",
    ),
)
def formal_in_short(entry: Report, asked: Question) -> Table:
    return beside(entry, asked)
