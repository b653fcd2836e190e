"""Where appeals grew: topics in city sectors that chance would hardly explain, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures, sources, wording
from reports.building import MONTHS_ONLY, before, comparable, counted_as
from reports.changes import CHANCE, against, growth
from reports.figures import Breakdown, Figure, Key
from reports.questions import Question
from reports.tables import Chart, Report, Row, Table, column, report

FEWEST = 10  # appeals of the two periods together; with fewer nothing is said
MOST_ROWS = 15
PERIODS = ("received", "received.before", "received.year_before")
CHANCE_OF_YEAR = gettext_lazy(
    "Against the year before: the ratio of two Poisson rates with its exact 95 % interval, mid-P (Przyborowski and "
    "Wilenski 1940, Berry and Armitage 1995). Where the interval includes 1, the two are not different."
)


@dataclass(frozen=True)
class Grown:
    """A topic in a city sector that grew, and by how many standard deviations against the period before."""

    topic: Key
    area: Key
    counts: Sequence[Figure]
    deviations: float
    longer: float = 1.0  # how many times as long the period is as the same days a year before
    has_year: bool = True  # whether anything was counted a year before


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
    exact, shown = (
        figures.compare(["received"], spans, "topic", "area", filters=asked.filters, exact=is_exact)
        for is_exact in (True, False)
    )
    longer = [spans[0].days / span.days for span in spans[1:]]
    tested = sorted(_grown(exact, *longer), key=lambda each: -each.deviations)[:MOST_ROWS]
    grown = list(_as_told(tested, shown))
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
            CHANCE_OF_YEAR,
        ],
        counted=counted,
    )  # fmt: skip


def _grown(found: Sequence[Breakdown], longer: float, longer_than_year: float = 1.0) -> Iterable[Grown]:
    now, earlier, year_before = found
    has_year = any(row["received"].numerator for row in year_before.rows.values())
    nothing = Figure(column("received").metric, 0, 0)
    for key, figures_now in now.rows.items():
        counts = [
            figures_now["received"],
            *(each.rows.get(key, {}).get("received", nothing) for each in (earlier, year_before)),
        ]
        deviations = growth(counts[0].numerator, counts[1].numerator, longer)
        if key[0] and counts[0].numerator + counts[1].numerator >= FEWEST and deviations >= CHANCE:
            yield Grown(key[0], key[1], counts, deviations, longer_than_year, has_year)


def _as_told(grown: Sequence[Grown], shown: Sequence[Breakdown]) -> Iterable[Grown]:
    """What is tested by the exact counts is told by those that everybody may see."""
    nothing = Figure(column("received").metric, 0, 0)
    for each in grown:
        counts = [part.rows.get((each.topic, each.area), {}).get("received", nothing) for part in shown]
        if not counts[0].is_hidden:
            yield replace(each, counts=counts)


def _place(each: Grown) -> str:
    area = sources.name("area", each.area) if each.area else _("place not given")
    return f"{sources.name('topic', each.topic)}, {area}"


def _row(each: Grown) -> Row:
    slugs = (sources.by_key("topic")[each.topic].slug, sources.by_key("area")[each.area].slug)
    return Row(0, "/".join(slugs), _place(each), dict(zip(PERIODS, each.counts, strict=True)))


def _told(each: Grown) -> str:
    now, earlier, year_before = map(wording.value, each.counts)
    words = _("%(place)s: %(now)s appeals; in the period before %(earlier)s. A year before %(year)s: %(change)s.")
    return words % {
        "place": _place(each), "now": now, "earlier": earlier,
        "year": year_before if each.has_year else wording.NOTHING,
        "change": against(each.counts[0], each.counts[2] if each.has_year else None, each.longer),
    }  # fmt: skip
