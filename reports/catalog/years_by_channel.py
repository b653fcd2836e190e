"""Channels year by year: those of the study go on as channels of the hub."""

from django.utils.translation import gettext_lazy as _

from reports.past import by_years, told_apart
from reports.questions import Question
from reports.study.trends import series
from reports.tables import Report, Table, report


@report(
    "years-by-channel",
    title=_("Channels year by year, with the figures of the study"),
    lead=_("Appeals by the door through which they came, before the hub and in it."),
    metrics=("received",),
    filters=(),
)
def years_by_channel(entry: Report, asked: Question) -> Table:
    return by_years(entry, asked, told_apart(series("appeals", by="channel"), "channel"))
