"""The figures of the dictionary month by month, for the city and by each public dimension, small cells hidden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports import figures, periods, sources
from reports.dictionary import Kind, metrics
from reports.dimensions import PUBLIC
from reports.figures import Figure, Key
from reports.models import AppealFact
from reports.opendata import families
from reports.opendata.dataset import Build, Dataset, Every, Field, Row, Type, Words, publish
from reports.opendata.families import Counts, Veil
from reports.periods import Period

WHOLE = "city"
# Of fewer answers than this a percentile tells how long a single one took.
FEWEST_FOR_PERCENTILES = 10


def rows(build: Build) -> Iterator[Row]:
    """Complete months only. A change of the past shows in the next version, as it does on the pages."""
    build.has_demo = sources.holds_invented()
    first = AppealFact.objects.order_by("received_on").values_list("received_on", flat=True).first()
    today = timezone.localtime(build.now).date()
    last = today.replace(day=1) - periods.ONE_DAY
    while first is not None and first <= last:
        period = periods.month(first)
        build.covers_from = build.covers_from or period.start
        build.covers_until = period.end
        yield from _month(period, build)
        first = period.end + periods.ONE_DAY


def _month(period: Period, build: Build) -> Iterator[Row]:
    keys = [entry.key for entry in metrics()]
    city = figures.figures(keys, period)
    veiled = families.veil_city(measures_of(city))
    yield from _lines(period, WHOLE, WHOLE, city, veiled, families.CITY, build)
    no_stocks = [entry.key for entry in metrics() if entry.kind != Kind.STOCK]
    shown = families.known_of(veiled)
    sectors: tuple[Mapping[Key, Counts], Veil] | None = None
    for dimension in PUBLIC:
        found = {row.key: row.figures for row in figures.by(no_stocks, period, dimension, exact=True)}
        table = {key: measures_of(each) for key, each in found.items()}
        if dimension == "topic" and sectors is not None:
            veil = _within_sectors(table, *sectors)
        else:
            veil = families.veil(table, known=shown)
        if dimension == "sector":
            sectors = table, veil
        yield from _dimension(period, dimension, found, veil, build)


def measures_of(found: Mapping[str, Figure]) -> Counts:
    """The counts from which figures were made, read out of the figures themselves."""
    counts: dict[str, int] = {}
    for figure in found.values():
        entry = figure.metric
        if entry.kind == Kind.STOCK:
            continue
        if len(entry.numerator) == 1 and not entry.subtracted:
            counts[entry.numerator[0]] = figure.numerator
        if len(entry.denominator) == 1 and figure.denominator is not None:
            counts[entry.denominator[0]] = figure.denominator
    return counts


def _within_sectors(table: Mapping[Key, Counts], sectors: Mapping[Key, Counts], over: Veil) -> Veil:
    """Topics add up to their sector: each sector is a table of its own, and where it is hidden, so are its topics."""
    whole = Veil(whole=set(over.whole))
    parents = {choice.key: choice.parent or 0 for choice in sources.choices("topic")}
    groups: dict[Key, dict[Key, Counts]] = {}
    for key, counts in table.items():
        groups.setdefault(parents.get(key, 0), {})[key] = counts
    for parent, group in groups.items():
        under = families.veil(group, known=families.known_of(over, parent))
        hidden = over.of.get(parent, set()) | under.whole
        members = {key for key, above in parents.items() if above == parent} if under.whole else set()
        for key in {*group, *members}:
            whole.of[key] = under.of.get(key, set()) | hidden
    return whole


def _dimension(
    period: Period, dimension: str, found: Mapping[Key, Mapping[str, Figure]], veil: Veil, build: Build
) -> Iterator[Row]:
    choices = sources.by_key(dimension)
    slugs = {key: choices[key].slug if key in choices else f"no-{key}" for key in {*found, *choices}}
    for key in sorted(slugs, key=slugs.__getitem__):
        if key in found:
            yield from _lines(period, dimension, slugs[key], found[key], veil, key, build)
        else:  # where everything is hidden nobody shall see which keys have any
            yield from _unknown(period, dimension, slugs[key], veil, key, build)


def _lines(
    period: Period, dimension: str, slug: str, found: Mapping[str, Figure], veil: Veil, key: Key, build: Build
) -> Iterator[Row]:
    for figure in found.values():
        is_hidden = figure.metric.kind != Kind.STOCK and veil.hides(key, figure.metric.measures)
        if figure.metric.kind == Kind.PERCENTILE and figure.numerator < FEWEST_FOR_PERCENTILES:
            is_hidden = is_hidden or figure.numerator > 0
        yield _line(period, dimension, slug, figure.metric.key, None if is_hidden else figure, build)


def _unknown(period: Period, dimension: str, slug: str, veil: Veil, key: Key, build: Build) -> Iterator[Row]:
    for entry in metrics():
        if entry.kind != Kind.STOCK and veil.hides(key, entry.measures):
            yield _line(period, dimension, slug, entry.key, None, build)


def _line(period: Period, dimension: str, slug: str, metric: str, figure: Figure | None, build: Build) -> Row:
    build.count("cells", 1)
    build.count("hidden", int(figure is None))
    value = None if figure is None else figure.value
    return {
        "month": f"{period.start:%Y-%m}",
        "dimension": dimension,
        "key": slug,
        "metric": metric,
        "value": float(value) if isinstance(value, Decimal) else value,
        "numerator": None if figure is None else figure.numerator,
        "denominator": None if figure is None else figure.denominator,
        "hidden": figure is None,
    }


def _dimension_codes() -> Sequence[tuple[str, Words]]:
    return [(WHOLE, _("the whole city")), *((slug, sources.TITLES[slug]) for slug in PUBLIC)]


publish(
    Dataset(
        slug="monthly-figures",
        title=_("Figures by month"),
        description=_(
            "Every figure of the metric dictionary for each complete month: for the whole city and by city sector, "
            "sector, topic, channel, category, kind of applicant, legal regime and unit. The figures are those of the "
            "public pages."
        ),
        keywords=(_("statistics"), _("terms"), _("satisfaction")),
        fields=(
            Field("month", Type.STRING, _("Month"), _("As 2026-09.")),
            Field("dimension", Type.STRING, _("Told apart by"), codes=_dimension_codes()),
            Field(
                "key",
                Type.STRING,
                _("Key"),
                _("From the reference lists; city: the whole city."),
                is_required=False,
            ),
            Field("metric", Type.STRING, _("Figure"), _("Key from the metric dictionary.")),
            Field(
                "value",
                Type.NUMBER,
                _("Value"),
                _("Rounded as on the pages; empty where it is hidden or nothing can be divided."),
                is_required=False,
            ),
            Field("numerator", Type.INTEGER, _("Numerator"), is_required=False),
            Field("denominator", Type.INTEGER, _("Denominator"), is_required=False),
            Field("hidden", Type.BOOLEAN, _("Hidden"), _("True where the figure was left out to protect people.")),
        ),
        rows=rows,
        every=Every.MONTH,
        key=("month", "dimension", "key", "metric"),
        quality=(
            _("Counts from one to four are hidden, and so are others from which they could be computed."),
            _("A key that is missing in a month has zeros."),
            _("Percentiles need ten answers."),
            _("The numbers of a past month change while its appeals are still being answered and judged."),
        ),
        is_about_people=True,
        order=20,
    )
)
