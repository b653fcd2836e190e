"""What was mended, by topic, city sector and other properties."""

from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.building import told_apart
from reports.questions import Question
from reports.tables import Chart, Report, Table, report

LEAST = 5  # answers of a topic or a sector; below them it is not told apart


@report(
    "mended",
    title=gettext_lazy("What was mended"),
    lead=gettext_lazy("Where answers mended the matter."),
    metrics=("mended", "answered", "mended_share"),
    dimensions=("topic", "area", "sector", "department", "channel", "category"),
    preset="12-months",
)
def mended(entry: Report, asked: Question) -> Table:
    """Keys with few answers are left out of the rows and stay in the total."""
    table = told_apart(entry, asked, chart=Chart.BARS, drawn=("mended",), order="mended")
    rows = [row for row in table.rows if row.figures["answered"].numerator >= LEAST]
    note = _("What has fewer than %(count)s answers is not told apart.") % {"count": LEAST}
    return replace(table, rows=rows, notes=[*table.notes, note])
