"""Appeals by the channel they came through."""

from django.utils.translation import gettext_lazy as _

from reports.building import told_apart
from reports.questions import Question
from reports.tables import Chart, Report, Table, report


@report(
    "channels",
    title=_("Appeals by channel"),
    lead=_("Through which door appeals came, and how they were dealt with."),
    metrics=("received", "kept_share", "answer_days_median", "disputed_share", "first_contact_share"),
    dimensions=("channel", "category", "applicant", "regime"),
)
def channels(entry: Report, asked: Question) -> Table:
    return told_apart(entry, asked, chart=Chart.BARS, drawn=("received",), order="received")
