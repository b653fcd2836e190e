"""What got worse: units, topics or city sectors whose answers are disputed more, or whose terms are kept less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures, sources, wording
from reports.building import MONTHS_ONLY, before, by_column, comparable, counted_as, rows_of
from reports.changes import change
from reports.dictionary import metric
from reports.figures import Figure
from reports.questions import Question
from reports.tables import Chart, Report, Row, Table, column, report

FEWEST = 20  # answers or terms in each of the two periods
WATCHED = ("disputed_share", "kept_share", "formal_share")


@report(
    "got-worse",
    title=gettext_lazy("What got worse"),
    lead=gettext_lazy("Where answers are disputed more, terms kept less, or replies more often formal than before."),
    metrics=WATCHED,
    dimensions=("topic", "department", "area", "sector", "channel"),
)
def got_worse(entry: Report, asked: Question) -> Table:
    """Only what chance does not explain: the interval of the difference of two shares leaves zero out."""
    dimension = entry.dimension(asked)
    period = comparable(asked, dimension, with_year=False)
    counted = counted_as(asked, period)
    now, earlier = figures.compare(WATCHED, [period, before(period)], dimension, filters=asked.filters)
    columns = [column(key) for key in WATCHED]
    old = [column(f"{key}.before", _said_of_before(key), of=key) for key in WATCHED]
    told: list[str] = []
    rows = []
    for row in rows_of(asked, dimension, now.rows, columns):
        past = earlier.rows.get(row.key, {})
        if words := list(_told(row, past)):
            told += words
            rows.append(replace(row, figures={**row.figures, **_of_before(past)}))
    return Table(
        question=asked,
        title=entry.title,
        head=sources.TITLES[dimension],
        columns=[*columns, *old],
        rows=rows,
        total=Row("", "total", _("All together"), {**by_column(columns, now.total), **_of_before(earlier.total)}),
        chart=Chart.TABLE,
        drawn=WATCHED,
        told=told or [_("Nothing got worse by more than chance would explain.")],
        notes=[
            *([MONTHS_ONLY] if counted else []),
            _("Compared with the period before, where both have at least %(count)s; a difference that may be chance is "
              "not listed.") % {"count": FEWEST},
        ],
        dimension=dimension,
        counted=counted,
    )  # fmt: skip


def _said_of_before(key: str) -> str:
    return _("%(metric)s, the period before") % {"metric": metric(key).name}


def _of_before(past: Mapping[str, Figure]) -> dict[str, Figure]:
    return {f"{key}.before": found for key, found in past.items()}


def _told(row: Row, past: Mapping[str, Figure]) -> Iterable[str]:
    for key in WATCHED:
        if key not in past or min(row.figures[key].denominator or 0, past[key].denominator or 0) < FEWEST:
            continue
        found = change(row.figures[key], past[key])
        if found.is_better is False:
            yield _("%(place)s: %(metric)s %(now)s; in the period before %(earlier)s.") % {
                "place": row.label,
                "metric": str(row.figures[key].metric.name).lower(),
                "now": wording.full(row.figures[key]),
                "earlier": wording.full(past[key]),
            }
