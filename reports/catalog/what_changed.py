"""Where appeals grew: topics in city sectors that chance would hardly explain, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures, sources, wording
from reports.building import MONTHS_ONLY, before, comparable, counted_as
from reports.changes import CHANCE, growth
from reports.figures import Breakdown, Figure, Key
from reports.questions import Question
from reports.tables import Chart, Report, Row, Table, column, report

FEWEST = 10  # appeals of the two periods together; with fewer nothing is said
MOST_ROWS = 15
PERIODS = ("received", "received.before", "received.year_before")


@dataclass(frozen=True)
class Grown:
    """A topic in a city sector that grew, and by how many standard deviations against the period before."""

    topic: Key
    area: Key
    counts: Sequence[Figure]
    deviations: float


@report(
    "what-changed",
    title=gettext_lazy("What grew"),
    lead=gettext_lazy("Topics in city sectors about which residents write more than before."),
    metrics=("received",),
    filters=("channel", "category", "applicant", "department", "sector", "area", "topic"),
)
def what_changed(entry: Report, asked: Question) -> Table:
    """The period, the one before it and the same days a year before, by topic and city sector together."""
    period = comparable(asked, "topic", "area")
    counted = counted_as(asked, period)
    spans = [period, before(period), period.a_year_earlier()]
    found = figures.compare(["received"], spans, "topic", "area", filters=asked.filters)
    grown = sorted(_grown(found, spans[0].days / spans[1].days), key=lambda each: -each.deviations)[:MOST_ROWS]
    titles = (_("In the period"), _("In the period before"), _("A year before"))
    return Table(
        question=asked,
        title=entry.title,
        head=_("Topic and city sector"),
        columns=[column(key, words, of="received") for key, words in zip(PERIODS, titles, strict=True)],
        rows=[_row(each) for each in grown],
        chart=Chart.TABLE,
        drawn=PERIODS,
        told=[_told(each) for each in grown] or [_("Nothing grew more than chance would explain.")],
        notes=[
            *([MONTHS_ONLY] if counted else []),
            _("Listed is what grew by three standard deviations or more against the period before, with at least "
              "%(count)s appeals in both together: chance would hardly explain it.") % {"count": FEWEST},
        ],
        counted=counted,
    )  # fmt: skip


def _grown(found: Sequence[Breakdown], longer: float) -> Iterable[Grown]:
    now, earlier, year_before = found
    nothing = Figure(column("received").metric, 0, 0)
    for key, figures_now in now.rows.items():
        counts = [
            figures_now["received"],
            *(each.rows.get(key, {}).get("received", nothing) for each in (earlier, year_before)),
        ]
        deviations = growth(counts[0].numerator, counts[1].numerator, longer)
        if key[0] and counts[0].numerator + counts[1].numerator >= FEWEST and deviations >= CHANCE:
            yield Grown(key[0], key[1], counts, deviations)


def _place(each: Grown) -> str:
    area = sources.name("area", each.area) if each.area else _("place not given")
    return f"{sources.name('topic', each.topic)}, {area}"


def _row(each: Grown) -> Row:
    slugs = (sources.by_key("topic")[each.topic].slug, sources.by_key("area")[each.area].slug)
    return Row(0, "/".join(slugs), _place(each), dict(zip(PERIODS, each.counts, strict=True)))


def _told(each: Grown) -> str:
    now, earlier, year_before = map(wording.value, each.counts)
    return _("%(place)s: %(now)s appeals; in the period before %(earlier)s, a year before %(year)s.") % {
        "place": _place(each), "now": now, "earlier": earlier, "year": year_before,
    }  # fmt: skip
