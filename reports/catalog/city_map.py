"""Appeals on the map of the city sectors."""

from django.utils.translation import gettext_lazy as _

from reports.building import told_apart
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "city-map",
    title=_("Appeals on the map"),
    lead=_("Appeals by the city sector they are about."),
    metrics=("received", "in_work", "kept_share", "overdue_now", "disputed_share"),
    dimensions=("area",),
)
def city_map(entry: Report, asked: Question) -> Table:
    return told_apart(entry, asked, chart=Chart.MAP, drawn=("received",), order="", everything=True)
