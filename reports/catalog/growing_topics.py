"""What grows beyond its expected range now: topics and city sectors with their numbers, never a text or an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures, wording
from reports.building import NOTHING_YEAR_BEFORE
from reports.catalog.what_changed import CHANCE_OF_YEAR
from reports.cells import is_small
from reports.changes import against
from reports.dictionary import Metric, metric
from reports.disclosure import fewest
from reports.figures import Figure
from reports.models import EarlyWarning
from reports.periods import Period, last_days
from reports.questions import Question
from reports.tables import Chart, Report, Row, Table, column, report
from reports.warning import selectors, titles
from reports.warning.rhythm import WEEK

EXPECTED = "expected_most"
YEAR_BEFORE = "received.year_before"


@report(
    "growing-topics",
    title=gettext_lazy("What grows beyond its expected range"),
    lead=gettext_lazy(
        "Topics and city sectors with more appeals than working days, season and trend let expect; at this moment, "
        "whatever period is chosen."
    ),
    metrics=("received",),
    filters=("area", "sector", "topic"),
)
def growing_topics(entry: Report, asked: Question) -> Table:
    """The open warnings about growth, the largest first: always of today. Each row asks for its own days and keys."""
    asked = asked.during(last_days(timezone.localdate(), WEEK))
    columns = [
        column("received"),
        column(EXPECTED, _("Expected at most"), of="received", note=_("the upper bound of the expected range")),
    ]
    found = list(selectors.public_growth(asked.filters))
    past = year_before(found)
    if past:
        columns.append(column(YEAR_BEFORE, _("A year before"), of="received"))
    rows = [_row(warning, asked, past.get(warning.pk)) for warning in found]
    return Table(
        question=asked,
        title=entry.title,
        head=_("What grows"),
        columns=columns,
        rows=rows,
        chart=Chart.BARS if rows else Chart.TABLE,
        drawn=("received",),
        told=[_told(row) for row in rows if YEAR_BEFORE in row.figures]
        or ([] if rows else [_("Nothing is beyond its expected range at this moment.")]),
        notes=(
            _("What came less than five times is not shown. Places and texts are never shown here."),
            CHANCE_OF_YEAR if past or not rows else NOTHING_YEAR_BEFORE,
        ),
    )


def year_before(found: Sequence[EarlyWarning]) -> Mapping[int, int]:
    """How many came in the same days a year before: one question for topics and one for the rest.

    Warnings of days in which nothing at all was counted a year before are missing.
    """
    counted: dict[int, int] = {}
    for first in ("topic", "sector"):
        chosen = [warning for warning in found if bool(warning.topic_id) == (first == "topic")]
        spans = list(dict.fromkeys(_days(warning).a_year_earlier() for warning in chosen))
        parts = figures.compare(["received"], spans, first, "area", exact=True) if spans else []
        rows = dict(zip(spans, (part.rows for part in parts), strict=True))
        for warning in chosen:
            cells = rows[_days(warning).a_year_earlier()]
            if cells:
                counted[warning.pk] = sum(
                    figure["received"].numerator for key, figure in cells.items() if _is_of(warning, *key)
                )
    return counted


def _is_of(warning: EarlyWarning, key: int, area: int) -> bool:
    """Whether a topic (or sector) and city sector belong to what grew; nought stands for all."""
    return (warning.topic_id or warning.sector_id or key) == key and (warning.area_id or area) == area


def _days(warning: EarlyWarning) -> Period:
    return Period(warning.last_on - selectors.ONE_DAY * (warning.days - 1), warning.last_on)


def _told(row: Row) -> str:
    now, past = row.figures["received"], row.figures[YEAR_BEFORE]
    return _("%(place)s: %(now)s appeals. A year before %(year)s: %(change)s.") % {
        "place": row.label, "now": wording.value(now), "year": wording.value(past), "change": against(now, past),
    }  # fmt: skip


def _shown(received: Metric, count: int) -> Figure:
    """Few are protected here as everywhere."""
    if is_small(count, fewest()):
        return Figure(received, None, 0, is_hidden=True)
    return Figure(received, count, count)


def _row(warning: EarlyWarning, asked: Question, past: int | None) -> Row:
    received = metric("received")
    found = {
        "received": Figure(received, warning.observed, warning.observed),
        EXPECTED: Figure(received, warning.high, warning.high),
        **({} if past is None else {YEAR_BEFORE: _shown(received, past)}),
    }
    period = _days(warning)
    sphere = 0 if warning.topic_id else warning.sector_id
    filters = asked.filters
    for slug, key in (("topic", warning.topic_id), ("sector", sphere), ("area", warning.area_id)):
        filters = filters.with_(slug, key) if key else filters
    label = f"{titles.public_title(warning)}, {titles.span(warning)}"
    return Row(warning.pk, str(warning.pk), label, found, replace(asked.during(period), filters=filters))
