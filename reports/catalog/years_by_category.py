"""Categories year by year: what the contact centres counted in the study, and the same lines in the hub."""

from django.utils.translation import gettext_lazy as _

from reports.figures import Filters
from reports.past import by_years, told_apart
from reports.questions import Option, Question
from reports.study.trends import series
from reports.tables import Report, Table, report

CHANNELS = {"contact_centre_109": "call109", "contact_centre_1310": "call1310"}
SYSTEM = Option(
    "system",
    _("System"),
    {"contact_centre_109": _("Contact centre 109"), "contact_centre_1310": _("Contact centre 1310")},
)


@report(
    "years-by-category",
    title=_("Categories year by year, with the figures of the study"),
    lead=_("What residents called the contact centres about, before the hub and in it."),
    metrics=("received",),
    filters=(),
    options=(SYSTEM,),
)
def years_by_category(entry: Report, asked: Question) -> Table:
    """The hub counts the same line alone."""
    system = entry.option(asked, SYSTEM.slug)
    lines = told_apart(series(system, by="category"), "category", Filters(channel=CHANNELS[system]))
    return by_years(entry, asked, lines)
