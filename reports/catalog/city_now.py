"""The city today: what came and went today and this week, beside the same days before."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures, periods
from reports.building import MONTHS_ONLY, beside, of_spans
from reports.periods import Period
from reports.questions import Question
from reports.tables import Report, Table, report


@report(
    "city-now",
    title=gettext_lazy("The last seven days and today"),
    lead=gettext_lazy("What came in today and this week, and how the last seven days compare."),
    metrics=("received", "answered", "in_work", "overdue_now", "answer_days_median", "disputed_share"),
)
def city_now(entry: Report, asked: Question) -> Table:
    """Always of today, whatever period was asked for; of this month where the filters are kept by months only."""
    now = timezone.localdate()
    if figures.is_by_months(asked.filters):
        return beside(entry, asked.during(periods.month(now)), notes=[MONTHS_ONLY])
    week = Period(now - dt.timedelta(days=6), now)
    spans = {
        "week": (_("Last 7 days"), week),
        "before": (_("7 days before"), week.previous()),
        "year-before": (_("Same 7 days a year before"), _weeks_back(week, 52)),
        "today": (_("Today"), Period(now, now)),
    }
    return of_spans(entry, asked.during(week), spans)


def _weeks_back(period: Period, count: int) -> Period:
    shift = dt.timedelta(weeks=count)
    return Period(period.start - shift, period.end - shift)
