"""How terms were kept year by year, in the systems of the study and in the hub."""

from django.utils.translation import gettext_lazy as _

from reports.figures import Filters
from reports.past import by_years, of_metrics
from reports.questions import Option, Question
from reports.study.trends import series
from reports.tables import Report, Table, report

CHANNELS = {"e_otinish": "eotinish", "contact_centre_109": "call109", "contact_centre_1310": "call1310"}
SYSTEM = Option(
    "system",
    _("System"),
    {
        "e_otinish": _("e-Otinish portal"),
        "contact_centre_109": _("Contact centre 109"),
        "contact_centre_1310": _("Contact centre 1310"),
    },
)


@report(
    "years-of-terms",
    title=_("Terms year by year, with the figures of the study"),
    lead=_("What was done on time, late and not at all, before the hub and in it."),
    metrics=("kept", "late", "not_done"),
    filters=(),
    options=(SYSTEM,),
)
def years_of_terms(entry: Report, asked: Question) -> Table:
    """The study says executed, executed late and not executed; the hub judges the terms that ended."""
    system = entry.option(asked, SYSTEM.slug)
    return by_years(entry, asked, of_metrics(series(system, by="outcome"), Filters(channel=CHANNELS[system])))
