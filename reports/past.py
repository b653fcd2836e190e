"""Years before the hub and years of it: lines of the study, and those of the hub after them, never added together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports import figures, periods, sources
from reports.dictionary import Basis, Kind, Metric, Unit
from reports.figures import ALL, Figure, Filters
from reports.periods import Period
from reports.questions import Question
from reports.study.contents import Status, table
from reports.study.shown import written
from reports.study.trends import Point, Series
from reports.tables import Chart, Column, Report, Row, Table, Words, column

STUDY = gettext_lazy("Study of the Listening State in Turkistan, figures as published")
RECEIVED = "received"
MOST_LINES = 6  # more of them nobody can tell apart
By = Mapping[int, Figure]


@dataclass(frozen=True)
class Line:
    """A line of the study; `metric` and `years` are what the hub counts of the same thing, where it has it."""

    past: Series
    metric: str = ""
    key: str = ""
    name: str = ""
    years: By = field(default_factory=dict)

    @property
    def column(self) -> Column:
        """A figure of the study is no metric of the hub: it has its own source, and its page says the rest."""
        source = table(self.past.table)
        entry = Metric(
            key="study." + ".".join(filter(None, (self.past.key, self.past.part))),
            name=str(self.past.name),
            definition=str(source.title),
            kind=Kind.COUNT, unit=Unit.APPEALS, basis=Basis.RECEIVED,
            numerator=(), numerator_words=str(source.title),
            source=STUDY,
        )  # fmt: skip
        url = f"{reverse('reports:study-group', args=[source.group])}#{source.key}"
        return Column(entry.key, entry, entry.name, url=url, beside=self.key or entry.key)

    @property
    def columns(self) -> list[Column]:
        if not self.key:
            return [self.column]
        return [self.column, column(self.key, _("%(name)s, in the hub") % {"name": self.name}, of=self.metric)]

    @property
    def past_years(self) -> By:
        """Corrected values; years for which the study leaves no right one are missing."""
        entry = self.column.metric
        numbers = {point.year: point.value.number for point in self.past.points}
        return {year: Figure(entry, int(number), int(number)) for year, number in numbers.items() if number is not None}

    @property
    def size(self) -> int:
        return sum(found.numerator for found in self.past_years.values())


def alone(past: Series) -> Line:
    """Of which the hub has nothing that is the same."""
    return Line(past)


def told_apart(pasts: Sequence[Series], dimension: str, filters: Filters = ALL) -> list[Line]:
    """Parts of a figure of the study, each with what the hub received of the same part."""
    found = _counted([RECEIVED], pasts, dimension, filters)
    return [_with(past, dimension, found) for past in pasts]


def _with(past: Series, dimension: str, found: Sequence[tuple[int, figures.Breakdown]]) -> Line:
    choice = sources.by_slug(dimension).get(past.hub_key) if past.hub_key else None
    if choice is None:
        return alone(past)
    nothing = figures.make(column(RECEIVED).metric, {})
    years = {year: each.rows.get(choice.key, {}).get(RECEIVED, nothing) for year, each in found}
    return Line(past, RECEIVED, f"{RECEIVED}.{choice.slug}", choice.name, years)


def of_metrics(pasts: Sequence[Series], filters: Filters = ALL) -> list[Line]:
    """Lines of the study that go on as metrics of the hub of the same name."""
    found = _counted([past.hub_key for past in pasts], pasts, "", filters)
    return [_as_metric(past, found) for past in pasts]


def _as_metric(past: Series, found: Sequence[tuple[int, figures.Breakdown]]) -> Line:
    key = past.hub_key
    return Line(past, key, key, str(column(key).metric.name), {year: each.total[key] for year, each in found})


def of_hub(first: int) -> By:
    """Everything that the hub received, from the first year in which it did."""
    return {year: each.total[RECEIVED] for year, each in _of_years([RECEIVED], first, "", ALL)}


def _counted(
    keys: Sequence[str], pasts: Sequence[Series], dimension: str, filters: Filters
) -> list[tuple[int, figures.Breakdown]]:
    return _of_years(keys, min(past.years[0] for past in pasts), dimension, filters)


def _of_years(keys: Sequence[str], first: int, dimension: str, filters: Filters) -> list[tuple[int, figures.Breakdown]]:
    """A year in which the hub was at work and nothing came is a zero; one before it is none."""
    today = timezone.localdate()
    years = range(first, today.year + 1)
    spans = [periods.year(dt.date(year, 1, 1)) for year in years]
    spans = [Period(span.start, min(span.end, today)) for span in spans]
    found = figures.compare(keys, spans, dimension, filters=filters)
    begun = next((at for at, each in enumerate(found) if _is_any(each.total)), len(found))
    return list(zip(years, found, strict=True))[begun:]


def _is_any(found: Mapping[str, Figure]) -> bool:
    return any(figure.is_counted for figure in found.values())


# The table


def by_years(report: Report, asked: Question, lines: Sequence[Line], hub: By | None = None) -> Table:
    """All the years there are, whatever period was asked for; the largest lines are drawn."""
    drawn = sorted(lines, key=lambda line: -line.size)[:MOST_LINES]
    columns = [each for line in lines for each in line.columns]
    if hub is not None:
        columns.insert(0, column(RECEIVED, _("Appeals received by the hub")))
    years = [year for line in lines for year in line.past_years]
    today = timezone.localdate()
    return Table(
        question=asked.during(Period(dt.date(min(years), 1, 1), today)),
        title=report.title,
        head=_("Year"),
        columns=columns,
        rows=[_row(year, lines, hub or {}) for year in range(min(years), today.year + 1)],
        chart=Chart.LINES,
        drawn=[*([RECEIVED] if hub is not None else []), *(each.key for line in drawn for each in line.columns)],
        notes=list(_notes(lines, len(drawn))),
        grain="year",
    )


def _row(year: int, lines: Sequence[Line], hub: By) -> Row:
    found = {RECEIVED: hub[year]} if year in hub else {}
    for line in lines:
        if figure := line.past_years.get(year):
            found[line.column.key] = figure
        if figure := line.years.get(year):
            found[line.key] = figure
    start = f"{year}-01-01"
    return Row(start, start, str(year), found)


def _notes(lines: Sequence[Line], drawn: int) -> Iterator[Words]:
    yield _("Dashed: the study; unbroken: the hub. They count different systems and are never added together.")
    if drawn < len(lines):
        yield _("Drawn are the %(count)s largest; the table has all.") % {"count": drawn}
    for line in lines:
        if line.years and not line.past.is_exact:
            yield _("“%(past)s” of the study and “%(hub)s” of the hub are near each other, not the same.") % {
                "past": line.past.name, "hub": line.name,
            }  # fmt: skip
    yield from dict.fromkeys(words for line in lines for point in line.past.points for words in _said(line.past, point))
    yield from _parts(lines)
    yield _("Everything else is as printed; the pages of the study say what does not add up and why.")


def _said(past: Series, point: Point) -> Iterator[Words]:
    """What is not as printed, and what is not of a whole year."""
    value, parts = point.value, {"name": past.name, "year": point.year}
    if value.differs:
        yield _("%(name)s, %(year)s: printed %(printed)s, corrected to %(corrected)s.") % {
            **parts, "printed": written(value.printed), "corrected": written(value.corrected),
        }  # fmt: skip
    elif value.status == Status.UNRESOLVED:
        yield _("%(name)s, %(year)s: %(printed)s as printed; other printed figures contradict it.") % {
            **parts, "printed": written(value.printed),
        }  # fmt: skip


def _parts(lines: Sequence[Line]) -> Iterator[Words]:
    """What is not of a whole year: the lines of one table are so together."""
    found = {
        (line.past.table, point.year): (line.past, point.partial)
        for line in lines
        for point in line.past.points
        if point.partial
    }
    for (source, year), (past, part) in found.items():
        several = sum(line.past.table == source for line in lines) > 1
        name = past.title if several else past.name
        yield _("%(name)s, %(year)s: %(part)s.") % {"name": name, "year": year, "part": part}
