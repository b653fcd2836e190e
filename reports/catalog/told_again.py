"""Problems that were told many times: topics in city sectors, small counts hidden."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.building import counted_period, notes_of
from reports.figures import Figure
from reports.problems import reading
from reports.problems.reading import KEYS_LISTED, LISTED_FROM, Problem
from reports.problems.rules import alone
from reports.questions import Question
from reports.tables import Chart, Report, Row, Table, column, report


@report(
    "told-again",
    title=gettext_lazy("Told again and again"),
    lead=gettext_lazy("Topics in city sectors that residents told many times; each has a page with its history."),
    metrics=KEYS_LISTED,
    filters=("area", "topic"),
    preset="12-months",
)
def told_again(entry: Report, asked: Question) -> Table:
    period = counted_period(asked, "topic", "area") or asked.period
    return Table(
        question=asked,
        title=entry.title,
        head=_("Problem"),
        columns=[column(key) for key in entry.metrics],
        rows=[_row(problem, found) for problem, found in reading.pairs(period, asked.filters)],
        chart=Chart.BARS,
        drawn=("received",),
        notes=[
            *notes_of(asked, "topic", "area"),
            _("A topic in a city sector is listed from %(count)s appeals in the period on. Counts from 1 to 4 are "
              "hidden, so that nobody is recognised.") % {"count": LISTED_FROM},
        ],
        counted=counted_period(asked, "topic", "area"),
    )  # fmt: skip


def _row(problem: Problem, found: Mapping[str, Figure]) -> Row:
    shown = {key: _veiled(figure) for key, figure in found.items()}
    label = f"{problem.topic_name}, {problem.area_name}"
    return Row(0, problem.slug, label, shown, url=reverse("reports:problem", args=[problem.slug]))


def _veiled(found: Figure) -> Figure:
    """On the page of the problem small outcomes are hidden as well: it is read by neighbours."""
    return Figure(found.metric, None, 0, is_hidden=True) if alone(found.numerator).is_hidden else found
