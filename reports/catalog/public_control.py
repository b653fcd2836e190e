"""Public Control: the ranking of bodies, a report for each figure by which they are ranked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext as _in_context

from reports import figures
from reports.building import veiled
from reports.dictionary import entry as defined
from reports.figures import Figure
from reports.questions import Option, Question
from reports.ranking import reading, words
from reports.ranking.reading import KINDS, MEASURES, MIXES, QR, Answer, Asked, Measure
from reports.ranking.rules import MINIMUM, Standing
from reports.tables import Chart, Report, Row, Table, column, report

COMPUTED = ("range_low", "range_high", "expected_share", "adjusted_difference", "best_place", "worst_place")
KIND = Option("kind", gettext_lazy("Bodies"), KINDS)
MIX = Option("mix", gettext_lazy("Mix taken into account"), MIXES)


def slug_of(measure: Measure) -> str:
    return f"public-control-{measure.key}"


def table_of(entry: Report, asked: Question, found: Answer) -> Table:
    """Those that are placed, best first; after them, without a place, those not to be compared and those with few."""
    measure, ranking = found.asked.measure, found.ranking
    columns = [column(measure.metric.key), *(column(key) for key in COMPUTED)]
    standings = (*ranking.placed, *ranking.unlike, *ranking.few)
    city = {measure.metric.key: _share(measure, ranking.city.part, ranking.city.whole)}
    return Table(
        question=asked,
        title=entry.title,
        head=_in_context("ranking", "Body"),
        columns=columns,
        rows=[
            *(Row(row.key, found.slugs[row.key], found.names[row.key], _figures(measure, row)) for row in standings),
            *(Row(key, found.slugs[key], found.names[key], _nothing(measure)) for key in found.hidden),
        ],
        total=Row("", "total", _("The whole city"), city),
        chart=Chart.RANGES,
        drawn=(measure.metric.key, "range_low", "range_high", "expected_share"),
        told=[words.summary(found)] if standings else [],
        notes=[
            _("Less is better.") if not measure.more_is_better else _("More is better."),
            _("Bodies with fewer than %(count)s cases, and those that have a mix which hardly anybody else has, are "
              "named and not placed.") % {"count": MINIMUM},
        ],
    )  # fmt: skip


def _figures(measure: Measure, row: Standing) -> Mapping[str, Figure]:
    found = {measure.metric.key: _share(measure, row.counts.part, row.counts.whole)}
    if not row.best:
        return found
    values: Mapping[str, Decimal | int] = {
        "range_low": words.percent(row.interval.low),
        "range_high": words.percent(row.interval.high),
        "expected_share": words.percent(row.expected),
        "adjusted_difference": words.percent(row.difference),
        "best_place": row.best,
        "worst_place": row.worst,
    }
    return found | {key: Figure(defined(key), value, row.counts.whole) for key, value in values.items()}


def _nothing(measure: Measure) -> Mapping[str, Figure]:
    return veiled({measure.metric.key: _share(measure, 0, 0)}, (measure.metric.key,))


def _share(measure: Measure, part: int, whole: int) -> Figure:
    (top,), (bottom,) = measure.metric.numerator, measure.metric.denominator
    return figures.make(measure.metric, {top: part, bottom: whole})


def _ranked(entry: Report, asked: Question) -> Table:
    measure = next(each for each in MEASURES.values() if slug_of(each) == entry.slug)
    mix = reading.NO_MIX if measure.key == QR else entry.option(asked, MIX.slug)
    return table_of(entry, asked, reading.answer(Asked(measure, asked.period, entry.option(asked, KIND.slug), mix)))


for _measure in MEASURES.values():
    report(
        slug_of(_measure),
        title=format_lazy("{}: {}", gettext_lazy("Public Control"), _measure.name),
        lead=gettext_lazy(
            "Bodies placed by how much they differ from what the whole city reaches on the same mix, and which of "
            "these differences may be chance."
        ),
        metrics=(_measure.metric.key, *COMPUTED),
        filters=(),
        preset="12-months",
        options=(KIND,) if _measure.key == QR else (KIND, MIX),
    )(_ranked)
