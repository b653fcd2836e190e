"""Read figures: the only way from the rollups to a page, an export, the API or a report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeVar

from django.utils import timezone

from reports import disclosure, periods
from reports.dictionary import Kind, Metric, metric
from reports.periods import Period
from reports.sums import (
    ALL,
    STORED,
    Counts,
    Filters,
    Key,
    Sums,
    actual_period,
    answer_times,
    following,
    is_by_months,
    start_of,
)

__all__ = [
    "ALL", "GRAINS", "Breakdown", "Counts", "Figure", "Filters", "Key", "Point", "Row", "actual_period", "answer_days",
    "by", "by_two", "compare", "figure", "figures", "is_by_months", "make", "percentile", "series",
]  # fmt: skip
At = TypeVar("At")


@dataclass(frozen=True)
class Figure:
    """A figure as it is published: rounded once, here. `value` is None where there is nothing to divide by.

    A hidden one has neither value nor counts: its group is too small to be told apart.
    """

    metric: Metric
    value: Decimal | int | None
    numerator: int
    denominator: int | None = None
    is_hidden: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether there is anything that it is made of."""
        return bool(self.numerator or self.denominator or self.is_hidden)


@dataclass(frozen=True)
class Row:
    """The figures of one key of a dimension."""

    key: Key
    figures: Mapping[str, Figure]


@dataclass(frozen=True)
class Breakdown:
    """The figures of one period: of everything together, and of each key of a dimension (pairs of keys of two)."""

    total: Mapping[str, Figure]
    rows: Mapping[Any, Mapping[str, Figure]]


@dataclass(frozen=True)
class Point:
    """The figures of one stretch of a series, named by its first day."""

    start: dt.date
    figures: Mapping[str, Figure]


def figure(key: str, period: Period, filters: Filters = ALL, *, exact: bool = False) -> Figure:
    return figures((key,), period, filters, exact=exact)[key]


def figures(
    keys: Sequence[str], period: Period, filters: Filters = ALL, *, exact: bool = False
) -> Mapping[str, Figure]:
    """Several figures of the same appeals; raises KeyError for one that the dictionary does not have.

    Here and below: groups of a few appeals are hidden (`reports.disclosure`) unless `exact` is asked for, which is for
    those who may see every appeal.
    """
    exact = exact or not filters.set
    wanted = _with_groups(keys, exact)
    made = {None: _made(wanted, Sums.of(wanted, period, filters, ""), None)}
    return _shown(keys, made, exact)[None]


def answer_days(period: Period, filters: Filters = ALL) -> Mapping[int, int]:
    """How many answers took how many days: the distribution that percentiles are read from.

    Empty where so few answers were given that it would tell how long a single one took.
    """
    days = answer_times(filters, period)
    too_few = filters.set and disclosure.is_too_few_for_percentiles(sum(days.values()))
    return {} if too_few else days


def by(
    keys: Sequence[str], period: Period, dimension: str, filters: Filters = ALL, *, exact: bool = False
) -> list[Row]:
    """Figures of each key of a dimension, in the order of the keys; those without any are missing."""
    wanted = _with_groups(keys, exact)
    sums = Sums.of(wanted, period, filters, dimension)
    table = {key: _made(wanted, sums, key) for key in sorted(sums.keys)}
    return [Row(key, found) for key, found in _shown(keys, table, exact, dimension).items()]


def by_two(
    keys: Sequence[str], period: Period, rows: str, columns: str, filters: Filters = ALL, *, exact: bool = False
) -> Mapping[tuple[Key, Key], Mapping[str, Figure]]:
    """Figures of each pair of keys of two dimensions."""
    wanted = _with_groups(keys, exact)
    sums = Sums.of(wanted, period, filters, rows, columns)
    return _shown(keys, {key: _made(wanted, sums, key) for key in sums.keys}, exact, rows, columns)


def compare(
    keys: Sequence[str], spans: Sequence[Period], *dimensions: str, filters: Filters = ALL, exact: bool = False
) -> list[Breakdown]:
    """Figures of several periods, one for each in their order, with as many questions to the database as of one."""
    wanted = _with_groups(keys, exact or not (filters.set or dimensions))
    sums = Sums.of_spans(wanted, spans, filters, *dimensions)
    found = []
    for place in range(len(spans)):
        total = {None: _made(wanted, sums.whole(place), None)}
        rows = {key: _made(wanted, sums, (place, key)) for key in sums.keys_of(place)}
        whole = _shown(keys, total, exact or not filters.set)[None]
        found.append(Breakdown(whole, _shown(keys, rows, exact, *filter(None, dimensions))))
    return found


GRAINS = tuple(STORED)


def series(
    keys: Sequence[str], period: Period, grain: str, filters: Filters = ALL, *, exact: bool = False
) -> list[Point]:
    """Figures of each day, week, month, quarter or year that begins in the period; stretches without any are zeros.

    States are those at the end of each stretch.
    """
    exact = exact or not filters.set
    found = [metric(key) for key in _with_groups(keys, exact)]
    starts = _starts(period, grain)
    sums = Sums.in_time(found, period, filters, grain)
    stocks = [entry for entry in found if entry.kind == Kind.STOCK]
    standing = _standing_before(stocks, starts[0], filters) if stocks and starts else {}
    points = {}
    for start in starts:
        made = dict(_made([entry.key for entry in found], sums, start))
        for entry in stocks:
            standing[entry.key] += made[entry.key].numerator
            made[entry.key] = Figure(entry, standing[entry.key], standing[entry.key])
        points[start] = made
    return [Point(start, made) for start, made in _shown(keys, points, exact).items()]


# What of them may be seen


def _with_groups(keys: Sequence[str], exact: bool) -> Sequence[str]:
    """With the figures that say how many each is about."""
    return keys if exact else list(dict.fromkeys([*keys, *(metric(key).group for key in keys)]))


def _shown(
    keys: Sequence[str], table: Mapping[At, Mapping[str, Figure]], exact: bool, *dimensions: str
) -> dict[At, Mapping[str, Figure]]:
    """The table without the figures of groups that are too small to be told apart."""
    if exact:
        return {at: {key: found[key] for key in keys} for at, found in table.items()}
    hidden = {}
    for group in {metric(key).group for key in keys}:
        counts = {at: found[group].numerator for at, found in table.items()}
        adds_up = bool(dimensions) or metric(group).kind != Kind.STOCK  # states at different times do not
        hidden[group] = disclosure.hidden(counts, dimensions, adds_up=adds_up)
    return {
        at: {key: _veiled(found[key]) if at in hidden[metric(key).group] else _whole(found[key]) for key in keys}
        for at, found in table.items()
    }


def _veiled(found: Figure) -> Figure:
    return Figure(found.metric, None, 0, is_hidden=True)


def _whole(found: Figure) -> Figure:
    too_few = found.metric.kind == Kind.PERCENTILE and disclosure.is_too_few_for_percentiles(found.numerator)
    return _veiled(found) if too_few else found


# From sums to figures


def make(entry: Metric, counts: Counts, days: Mapping[int, int] | None = None) -> Figure:
    """The figure of these counts; `days` is the distribution of answer times that a percentile is read from.

    Shares and means are rounded half up to the digits with which the figure is published.
    """
    top = sum(counts.get(name, 0) for name in entry.numerator) - sum(counts.get(name, 0) for name in entry.subtracted)
    if entry.kind in (Kind.COUNT, Kind.STOCK):
        return Figure(entry, top, top)
    if entry.kind == Kind.PERCENTILE:
        return Figure(entry, percentile(days or {}, entry.share), top)
    bottom = sum(counts.get(name, 0) for name in entry.denominator)
    if not bottom:
        return Figure(entry, None, top, bottom)
    factor = 100 if entry.kind == Kind.SHARE else 1
    value = (Decimal(top * factor) / Decimal(bottom)).quantize(Decimal(1).scaleb(-entry.decimals), ROUND_HALF_UP)
    return Figure(entry, value, top, bottom)


def percentile(days: Mapping[int, int], share: int) -> int | None:
    """The smallest value that at least `share` per cent do not exceed (nearest rank; Hyndman and Fan 1996, type 1)."""
    total, seen = sum(days.values()), 0
    for value in sorted(days):
        seen += days[value]
        if seen * 100 >= share * total:
            return value
    return None


def _made(keys: Sequence[str], sums: Sums, at: Any) -> Mapping[str, Figure]:
    return {key: make(metric(key), sums.counts(metric(key), at), sums.days.get(at)) for key in keys}


# Series


def _starts(period: Period, grain: str) -> list[dt.date]:
    """First days of the stretches that touch the period; none of them after today."""
    if grain not in GRAINS:
        raise ValueError(f"no series by {grain!r}")
    start, found = start_of(period.start, grain), []
    while start <= min(period.end, timezone.localdate()):
        found.append(start)
        start = following(start, grain)
    return found


def _standing_before(stocks: Sequence[Metric], start: dt.date, filters: Filters) -> dict[str, int]:
    """States on the eve of a series."""
    keys = [entry.key for entry in stocks]
    before = figures(keys, Period(start - periods.ONE_DAY, start - periods.ONE_DAY), filters, exact=True)
    return {key: found.numerator for key, found in before.items()}
