"""Sectors year by year: appeals on e-Otinish in the study, and those from e-Otinish in the hub."""

from django.utils.translation import gettext_lazy as _

from reports.figures import Filters
from reports.past import by_years, told_apart
from reports.questions import Question
from reports.study.trends import series
from reports.tables import Report, Table, report


@report(
    "years-by-sector",
    title=_("Sectors year by year on e-Otinish, with the figures of the study"),
    lead=_("What residents wrote about on the portal, before the hub and in it."),
    metrics=("received",),
    filters=(),
)
def years_by_sector(entry: Report, asked: Question) -> Table:
    return by_years(entry, asked, told_apart(series("e_otinish", by="sector"), "sector", Filters(channel="eotinish")))
