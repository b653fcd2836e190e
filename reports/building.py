"""How most reports of the catalogue make their table: told apart by a dimension, over time, or beside other periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Mapping, Sequence

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures, periods, sources
from reports.dictionary import metric
from reports.figures import Figure, Key, Point
from reports.periods import Period
from reports.questions import Question
from reports.tables import Chart, Column, Report, Row, Table, Words, column
from ui import dates

ROMAN = ("I", "II", "III", "IV")
BEFORE, YEAR_BEFORE = "before", "year-before"
MONTHS_ONLY = gettext_lazy(
    "With several filters together figures are kept by whole months: the period is taken from the first to the last "
    "day of its months."
)
NOTHING_YEAR_BEFORE = gettext_lazy("A year before nothing was counted here, so there is nothing to compare with.")
RUNNING = gettext_lazy("The last stretch is not over yet: what was counted in it so far stands beside whole ones.")


# Told apart by a dimension


def told_apart(
    report: Report,
    asked: Question,
    *,
    chart: Chart,
    drawn: Sequence[str],
    columns: Sequence[Column] = (),
    order: str = "",
    everything: bool = False,
    notes: Sequence[Words] = (),
) -> Table:
    """A row for each key of the dimension: the largest first by the column `order`, or as the dimension is ordered.

    `everything` shows active keys of which nothing was counted too.
    """
    dimension = report.dimension(asked)
    shown = tuple(columns) or tuple(column(key) for key in report.metrics)
    (found,) = figures.compare(_keys(shown), [asked.period], dimension, filters=asked.filters)
    counted = dict(found.rows)
    if everything:
        counted = {choice.key: _none(shown) for choice in sources.choices(dimension) if choice.is_active} | counted
    rows = _ordered(rows_of(asked, dimension, counted, shown), order)
    return Table(
        question=asked,
        title=report.title,
        head=sources.TITLES[dimension],
        columns=shown,
        rows=rows,
        total=Row("", "total", _("All together"), by_column(shown, found.total)),
        chart=chart,
        drawn=tuple(drawn),
        notes=[*_said_of_order(shown, drawn, order), *notes_of(asked, dimension, notes=notes)],
        dimension=dimension,
        counted=counted_period(asked, dimension),
    )


def rows_of(
    asked: Question, dimension: str, counted: Mapping[Key, Mapping[str, Figure]], columns: Sequence[Column]
) -> list[Row]:
    """In the order of the dimension, what is not given at the end; each row can be asked for alone."""
    known = sources.by_key(dimension)
    places = {key: place for place, key in enumerate(known)}
    rows = []
    for key in sorted(counted, key=lambda each: places.get(each, len(places))):
        slug = known[key].slug if key in known else str(key)
        alone = None
        if key in known and not asked.filters.set.get(dimension):
            alone = Question(asked.period, asked.filters.with_(dimension, key), "", asked.preset)
        rows.append(Row(key, slug, sources.name(dimension, key), by_column(columns, counted[key]), alone))
    return rows


def by_column(columns: Sequence[Column], found: Mapping[str, Figure]) -> dict[str, Figure]:
    return {each.key: found[each.metric.key] for each in columns}


def _ordered(rows: Sequence[Row], order: str) -> list[Row]:
    """What is not given stays last."""
    given = [row for row in rows if row.slug != "none"]
    if order:
        given.sort(key=lambda row: -(row.figures[order].value or 0))
    return given + [row for row in rows if row.slug == "none"]


def _said_of_order(columns: Sequence[Column], drawn: Sequence[str], order: str) -> list[Words]:
    """Shares stand by what they are shares of, so that chance does not lead; the eye looks for the longest bar."""
    if not order or order in drawn:
        return []
    names = [str(each.title) for each in columns if each.key == order]
    return [_("In the order of: %(figure)s.") % {"figure": names[0]}] if names else []


def _keys(columns: Sequence[Column]) -> list[str]:
    return list(dict.fromkeys(each.metric.key for each in columns))


def veiled(found: Mapping[str, Figure], keys: Container[str]) -> dict[str, Figure]:
    """The figures of a row, those of these columns hidden."""
    return {key: Figure(each.metric, None, 0, is_hidden=True) if key in keys else each for key, each in found.items()}


def _none(columns: Sequence[Column]) -> Mapping[str, Figure]:
    return {each.metric.key: figures.make(each.metric, {}) for each in columns}


def notes_of(asked: Question, *dimensions: str, notes: Sequence[Words] = ()) -> list[Words]:
    return [*notes, *([MONTHS_ONLY] if counted_period(asked, *dimensions) else [])]


def counted_period(asked: Question, *dimensions: str) -> Period | None:
    """The days that the answer is about, if only whole months can answer; nothing where it is what was asked for."""
    actual = figures.actual_period(asked.period, asked.filters, *dimensions)
    return None if actual == asked.period else actual


# Beside other periods


def comparable(asked: Question, *dimensions: str, with_year: bool = True) -> Period:
    """The period, widened where those beside it are kept by whole months only: days are compared with as many days."""
    period = counted_period(asked, *dimensions) or asked.period
    while True:
        wider = period
        for past in (before(period), *([period.a_year_earlier()] if with_year else [])):
            actual = figures.actual_period(past, asked.filters, *dimensions)
            months = wider.by_months()
            wider = Period(
                wider.start if actual.start == past.start else months.start,
                wider.end if actual.end == past.end else months.end,
            )
        if wider == period:
            return period
        period = wider


def counted_as(asked: Question, period: Period) -> Period | None:
    """The days of the answer; nothing where they are those that were asked for."""
    return None if period == asked.period else period


def beside(report: Report, asked: Question, *, drawn: Sequence[str] = (), notes: Sequence[Words] = ()) -> Table:
    """The period, the one before it and the same days a year before: a row for each."""
    period = comparable(asked)
    spans = {
        "period": (_("This period"), period),
        BEFORE: (_("The period before"), before(period)),
        YEAR_BEFORE: (_("A year before"), period.a_year_earlier()),
    }
    return of_spans(report, asked, spans, drawn=drawn, notes=notes, counted=counted_as(asked, period))


def of_spans(
    report: Report,
    asked: Question,
    spans: Mapping[str, tuple[str, Period]],
    *,
    drawn: Sequence[str] = (),
    notes: Sequence[Words] = (),
    counted: Period | None = None,
) -> Table:
    columns = tuple(column(key) for key in report.metrics)
    found = figures.compare(report.metrics, [period for _, period in spans.values()], filters=asked.filters)
    rows = [
        Row(slug, slug, f"{words}: {span_words(period)}", by_column(columns, each.total), asked.during(period))
        for (slug, (words, period)), each in zip(spans.items(), found, strict=True)
    ]
    return Table(
        question=asked,
        title=report.title,
        head=_("Period"),
        columns=columns,
        rows=rows,
        chart=Chart.TILES,
        drawn=tuple(drawn or report.metrics),
        notes=[*notes, *([MONTHS_ONLY] if counted else [])],
        counted=counted,
    )


def before(period: Period) -> Period:
    """The period to compare with: as long, just before; the first days of a month beside those of the month before."""
    if period.start.day != 1 or period.is_whole_months:
        return period.previous()
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    return Period(periods.add_months(period.start, -months), periods.add_months(period.end, -months))


def span_words(period: Period) -> str:
    if period.start == period.end:
        return dates.short_date(period.start)
    return f"{dates.short_date(period.start)} – {dates.short_date(period.end)}"


# Over time


def over_time(
    report: Report,
    asked: Question,
    *,
    drawn: Sequence[str],
    chart: Chart = Chart.LINES,
    last_year: Sequence[str] = (),
    notes: Sequence[Words] = (),
) -> Table:
    """A row for each stretch of the period; `last_year` names the metrics that stand beside those of a year before."""
    grain = grain_of(asked)
    now = figures.series(report.metrics, asked.period, grain, asked.filters)
    earlier: list[Point] = []
    if last_year:
        earlier = figures.series(last_year, _a_year_earlier(asked.period, grain), grain, asked.filters)
    if not any(found.is_counted for point in earlier for found in point.figures.values()):
        notes, last_year, earlier = [*notes, *([NOTHING_YEAR_BEFORE] if last_year else [])], (), []
    old = tuple(column(f"{key}.year_before", _beside_year(key), of=key, beside=key) for key in last_year)
    columns = (*(column(key) for key in report.metrics), *old)
    points, past = {point.start: point for point in now}, {_later(point.start, grain): point for point in earlier}
    rows = []
    for start in sorted({*points, *past}):
        found = dict(points[start].figures) if start in points else {}
        found |= {f"{key}.year_before": past[start].figures[key] for key in last_year} if start in past else {}
        rows.append(Row(start.isoformat(), start.isoformat(), stretch(start, grain), found))
    return Table(
        question=asked,
        title=report.title,
        head=GRAIN_WORDS[grain],
        columns=columns,
        rows=rows,
        chart=chart,
        drawn=(*drawn, *(f"{key}.year_before" for key in last_year if key in drawn)),
        grain=grain,
        notes=[*notes_of(asked, notes=notes), *([RUNNING] if _is_running(now, grain) else [])],
        counted=counted_period(asked),
    )


GRAIN_WORDS: Mapping[str, Words] = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week from"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
    "year": gettext_lazy("Year"),
}
_LONGEST = (("day", 35), ("week", 7 * 27), ("month", 366 * 4), ("quarter", 366 * 12))


def grain_of(asked: Question) -> str:
    """As fine as the eye can follow; not finer than months where only months are kept."""
    grain = next((name for name, days in _LONGEST if asked.period.days <= days), "year")
    if grain in ("day", "week") and (counted_period(asked) or _is_old(asked, grain)):
        return "month"
    return grain


def _is_old(asked: Question, grain: str) -> bool:
    """Whether only months are kept of the year before."""
    past = _a_year_earlier(asked.period, grain)
    return figures.actual_period(past, asked.filters) != past


def stretch(start: dt.date, grain: str) -> str:
    words: Mapping[str, Callable[[], str]] = {
        "month": lambda: formats.date_format(start, "YEAR_MONTH_FORMAT"),
        "quarter": lambda: (
            _("quarter %(number)s of %(year)s") % {"number": ROMAN[(start.month - 1) // 3], "year": start.year}
        ),
        "year": lambda: str(start.year),
    }
    return words[grain]() if grain in words else dates.short_date(start)


def _a_year_earlier(period: Period, grain: str) -> Period:
    """The same stretches a year before; weeks by weeks, so that a Monday stands beside a Monday."""
    if grain == "week":
        shift = dt.timedelta(weeks=52)
        return Period(period.start - shift, period.end - shift)
    return period.a_year_earlier()


def _later(start: dt.date, grain: str) -> dt.date:
    """The stretch of this year that one of last year stands beside."""
    return start + dt.timedelta(weeks=52) if grain == "week" else periods.add_months(start, 12)


def _beside_year(key: str) -> str:
    return _("%(metric)s, a year before") % {"metric": metric(key).name}


def _is_running(points: Sequence[Point], grain: str) -> bool:
    if not points or grain == "day":
        return False
    today = timezone.localdate()
    if grain == "week":
        return points[-1].start > today - dt.timedelta(days=6)
    end: dt.date = getattr(periods, grain)(points[-1].start).end
    return end > today
