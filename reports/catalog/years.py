"""Year by year: what the study counted before the hub was there, and what the hub counts."""

from django.utils.translation import gettext_lazy as _

from reports.past import alone, by_years, of_hub
from reports.questions import Question
from reports.study.trends import series
from reports.tables import Report, Table, report

PAST = ("akimat_appeals", "e_otinish", "contact_centre_109", "contact_centre_1310")  # series of the study


@report(
    "years",
    title=_("Year by year, with the figures of the study"),
    lead=_("Appeals before the hub was there, as the study has them, and those of the hub."),
    metrics=("received",),
    filters=(),
)
def years(entry: Report, asked: Question) -> Table:
    lines = [alone(line) for key in PAST for line in series(key)]
    return by_years(entry, asked, lines, of_hub(min(line.past.years[0] for line in lines)))
