"""Persons and legal entities year by year, in the systems of the study and in the hub."""

from django.utils.translation import gettext_lazy as _

from reports.figures import Filters
from reports.past import alone, by_years, told_apart
from reports.questions import Option, Question
from reports.study.trends import series
from reports.tables import Report, Table, report

CHANNELS = {"contact_centre_109": "call109", "contact_centre_1310": "call1310", "e_otinish": "eotinish"}
SYSTEM = Option(
    "system",
    _("System"),
    {
        "contact_centre_109": _("Contact centre 109"),
        "contact_centre_1310": _("Contact centre 1310"),
        "e_otinish": _("e-Otinish portal"),
        "akimat_appeals": _("Akimat of the city"),
    },
)


@report(
    "years-by-applicant",
    title=_("Persons and legal entities year by year, with the figures of the study"),
    lead=_("Who wrote and called, before the hub and in it."),
    metrics=("received",),
    filters=(),
    options=(SYSTEM,),
)
def years_by_applicant(entry: Report, asked: Question) -> Table:
    """Of the appeals to the akimat the hub has no line that is the same."""
    system = entry.option(asked, SYSTEM.slug)
    pasts = series(system, by="applicant")
    if system not in CHANNELS:
        return by_years(entry, asked, [alone(past) for past in pasts])
    return by_years(entry, asked, told_apart(pasts, "applicant", Filters(channel=CHANNELS[system])))
