"""Channels over the years: figures of the study, and those of the hub after them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports import figures, periods, sources
from reports.periods import Period
from reports.study.contents import Value, Words
from reports.study.shown import MARKS, written
from reports.study.trends import Series, series
from ui import dates
from ui.charts import plot

RECEIVED = "received"
PAST, LIVE = 2, 1  # the inks of the two


@dataclass(frozen=True, slots=True)
class Year:
    """What the study and what the hub has of one year; None where it has nothing."""

    year: int
    past: Value | None
    partial: Words | None
    live: int | None

    @property
    def past_words(self) -> str:
        return written(self.past.number) if self.past else ""

    @property
    def printed_words(self) -> str:
        return written(self.past.printed) if self.past and self.past.differs else ""

    @property
    def mark(self) -> str:
        return MARKS[self.past.status] if self.past else ""


@dataclass(frozen=True, slots=True)
class Joined:
    """A channel that both know; `name` is that of the hub, `line` that of the study."""

    line: Series
    name: str
    years: tuple[Year, ...]

    @property
    def labels(self) -> list[str]:
        return [f"{each.year}\u00a0{each.mark}".strip() for each in self.years]

    @property
    def plots(self) -> list[plot.Series]:
        past = [each.past.number if each.past else None for each in self.years]
        live = [each.live for each in self.years]
        return [
            _columns(_("In the study"), [None if one is None else float(one) for one in past], PAST),
            _columns(_("In this hub"), [None if one is None else float(one) for one in live], LIVE),
        ]


def _columns(name: str | Promise, values: list[float | None], ink: int) -> plot.Series:
    words = ["–" if value is None else dates.number(int(value)) for value in values]
    return plot.Series(name=str(name), values=values, words=words, ink=ink, is_columns=True)


def channels(now: dt.date) -> list[Joined]:
    """Every channel of the study that the hub has too, in one question to the rollups."""
    lines = [line for line in series("appeals", by="channel") if line.hub_key]
    first = min(line.years[0] for line in lines)
    spans = [periods.year(dt.date(year, 1, 1)) for year in range(first, now.year + 1)]
    counted = figures.compare((RECEIVED,), [Period(span.start, min(span.end, now)) for span in spans], "channel")
    begun = next((place for place, found in enumerate(counted) if found.total[RECEIVED].numerator), len(counted))
    names = sources.by_key("channel")
    return [_joined(line, names[line.hub_key].name, first, counted, begun) for line in lines]


def _joined(line: Series, name: str, first: int, counted: list[figures.Breakdown], begun: int) -> Joined:
    """A year in which the hub was at work and nothing came is a zero; one before it is none."""
    points = {point.year: point for point in line.points}
    years = []
    for place, found in enumerate(counted):
        point, row = points.get(first + place), found.rows.get(line.hub_key)
        live = (row[RECEIVED].numerator if row else 0) if place >= begun else None
        years.append(Year(first + place, point.value if point else None, point.partial if point else None, live))
    known = [place for place, each in enumerate(years) if each.past or each.live is not None]
    return Joined(line, name, tuple(years[known[0] : known[-1] + 1]))


CSV_HEADER = (
    "channel", "channel_name", "study_channel", "same_thing", "year", "part_of_year",
    "study_printed", "study_corrected", "study_status", "hub_received",
)  # fmt: skip


def rows_of(found: list[Joined]) -> list[list[object]]:
    return [
        [
            each.line.hub_key,
            each.name,
            str(each.line.name),
            "yes" if each.line.is_exact else "near",
            year.year,
            str(year.partial or ""),
            *((year.past.printed, year.past.number, year.past.status.value) if year.past else ("", "", "")),
            "" if year.live is None else year.live,
        ]
        for each in found
        for year in each.years
    ]
