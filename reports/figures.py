"""Read figures: the only way from the rollups to a page, an export, the API or a report."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain
from typing import Any

from django.db import connection
from django.utils import timezone

from reports import periods
from reports.dictionary import Kind, Metric, metric
from reports.dimensions import DIMENSIONS, is_ready, mask
from reports.periods import Period, Piece
from reports.rollups import pairs_since

Key = int | str
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Filters:
    """Only appeals with these properties. Keys are those of the database; 0 and "" ask for "not given"."""

    area: int | None = None
    sector: int | None = None
    topic: int | None = None
    channel: str | None = None
    category: str | None = None
    applicant: str | None = None
    regime: str | None = None
    department: int | None = None
    executor: int | None = None

    @property
    def set(self) -> Mapping[str, Key]:
        """Those that are asked for, by the slug of the dimension."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {slug: value for slug, value in values.items() if value is not None}

    def with_(self, slug: str, key: Key | None) -> Filters:
        return replace(self, **{slug: key})  # type: ignore[arg-type]


ALL = Filters()


@dataclass(frozen=True)
class Figure:
    """A figure as it is published: rounded once, here. `value` is None where there is nothing to divide by."""

    metric: Metric
    value: Decimal | int | None
    numerator: int
    denominator: int | None = None


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


def figure(key: str, period: Period, filters: Filters = ALL) -> Figure:
    return figures((key,), period, filters)[key]


def figures(keys: Sequence[str], period: Period, filters: Filters = ALL) -> Mapping[str, Figure]:
    """Several figures of the same appeals; raises KeyError for one that the dictionary does not have."""
    return _made(keys, _Sums.of(keys, period, filters, ""), None)


def answer_days(period: Period, filters: Filters = ALL) -> Mapping[int, int]:
    """How many answers took how many days: the distribution that percentiles are read from."""
    return _Source(filters, ()).days(period).get(None, {})


def by(keys: Sequence[str], period: Period, dimension: str, filters: Filters = ALL) -> list[Row]:
    """Figures of each key of a dimension, in the order of the keys; those without any are missing."""
    sums = _Sums.of(keys, period, filters, dimension)
    return [Row(key, _made(keys, sums, key)) for key in sorted(sums.keys)]


def by_two(
    keys: Sequence[str], period: Period, rows: str, columns: str, filters: Filters = ALL
) -> Mapping[tuple[Key, Key], Mapping[str, Figure]]:
    """Figures of each pair of keys of two dimensions."""
    sums = _Sums.of(keys, period, filters, rows, columns)
    return {key: _made(keys, sums, key) for key in sums.keys}


def compare(keys: Sequence[str], spans: Sequence[Period], *dimensions: str, filters: Filters = ALL) -> list[Breakdown]:
    """Figures of several periods, one for each in their order, with as many questions to the database as of one."""
    found = _Sums.of_spans(keys, spans, filters, *dimensions)
    return [Breakdown(_made(keys, found.whole(place), None), found.figures(keys, place)) for place in range(len(spans))]


GRAINS = ("day", "week", "month", "quarter", "year")
_STORED = {"day": "d", "week": "d", "month": "m", "quarter": "m", "year": "y"}


def series(keys: Sequence[str], period: Period, grain: str, filters: Filters = ALL) -> list[Point]:
    """Figures of each day, week, month, quarter or year that begins in the period; stretches without any are zeros.

    States are those at the end of each stretch.
    """
    found = [metric(key) for key in keys]
    starts = _starts(period, grain)
    sums = _Sums.in_time(found, period, filters, grain)
    stocks = [entry for entry in found if entry.kind == Kind.STOCK]
    standing = _standing_before(stocks, starts[0], filters) if stocks and starts else {}
    points = []
    for start in starts:
        made = dict(_made([entry.key for entry in found], sums, start))
        for entry in stocks:
            standing[entry.key] += made[entry.key].numerator
            made[entry.key] = Figure(entry, standing[entry.key], standing[entry.key])
        points.append(Point(start, made))
    return points


def is_by_months(filters: Filters, *dimensions: str) -> bool:
    """Whether this question can only be answered for whole months (two filters and a breakdown, or more)."""
    return not is_ready({*filters.set, *filter(None, dimensions)})


def actual_period(period: Period, filters: Filters, *dimensions: str) -> Period:
    """The days that the answer is about: those asked for, or whole months where only these are kept.

    That is so for two filters and a breakdown, and for two properties together in days longer ago than
    `rollups.PAIRS_KEPT`. Whoever shows the answer says so.
    """
    asked = {*filters.set, *filter(None, dimensions)}
    if not is_ready(asked):
        return period.by_months()
    if len(asked) < 2:
        return period
    since, months = pairs_since(timezone.localdate()), period.by_months()
    return Period(
        months.start if period.start < since else period.start, months.end if period.end < since else period.end
    )


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


def _made(keys: Sequence[str], sums: _Sums, at: Any) -> Mapping[str, Figure]:
    return {key: make(metric(key), sums.counts(metric(key), at), sums.days.get(at)) for key in keys}


# From the rollups to sums


@dataclass
class _Sums:
    """Sums of measures by key, within the period and up to its end, and the distributions of answer times."""

    within: dict[Any, dict[str, int]] = field(default_factory=dict)
    so_far: dict[Any, dict[str, int]] = field(default_factory=dict)
    days: dict[Any, dict[int, int]] = field(default_factory=dict)

    @property
    def keys(self) -> set[Any]:
        return {*self.within, *self.so_far}

    def counts(self, entry: Metric, at: Any) -> Counts:
        return (self.so_far if entry.kind == Kind.STOCK else self.within).get(at, {})

    @classmethod
    def of(cls, keys: Iterable[str], period: Period, filters: Filters, *dimensions: str) -> _Sums:
        entries = [metric(key) for key in keys]
        stocks = [entry for entry in entries if entry.kind == Kind.STOCK]
        flows = [entry for entry in entries if entry.kind != Kind.STOCK]
        wanted = tuple(filter(None, dimensions))
        sums = cls()
        source = _Source(filters, wanted)
        if flows:
            sums.within = source.sums(_measures(flows), period)
        if stocks:
            sums.so_far = source.sums(_measures(stocks), periods.until(period.end))
        if any(entry.kind == Kind.PERCENTILE for entry in entries):
            sums.days = source.days(period)
        return sums

    @classmethod
    def in_time(cls, entries: Sequence[Metric], period: Period, filters: Filters, grain: str) -> _Sums:
        source = _Source(filters, (), grain=grain)
        sums = cls(within=source.sums(_measures(entries), period))
        sums.so_far = sums.within
        if any(entry.kind == Kind.PERCENTILE for entry in entries):
            sums.days = source.days(period)
        return sums

    @classmethod
    def of_spans(cls, keys: Iterable[str], spans: Sequence[Period], filters: Filters, *dimensions: str) -> _Sums:
        """Of several periods: every key is the place of its period among them, and the key within."""
        entries = [metric(key) for key in keys]
        source, sums = _Source(filters, tuple(filter(None, dimensions))), cls()
        flows = [entry for entry in entries if entry.kind != Kind.STOCK]
        stocks = [entry for entry in entries if entry.kind == Kind.STOCK]
        if flows:
            sums.within = source.sums_of_spans(_measures(flows), spans)
        if stocks:
            sums.so_far = source.sums_of_spans(_measures(stocks), [periods.until(span.end) for span in spans])
        if any(entry.kind == Kind.PERCENTILE for entry in entries):
            sums.days = source.days_of_spans(spans)
        return sums

    def whole(self, place: int) -> _Sums:
        """All keys of one period together."""
        return _Sums(
            *({None: _added(counts for (at, _), counts in part.items() if at == place)} for part in self._parts)
        )

    def figures(self, keys: Sequence[str], place: int) -> Mapping[Any, Mapping[str, Figure]]:
        return {key: _made(keys, self, (at, key)) for at, key in sorted(self.keys) if at == place and key is not None}

    @property
    def _parts(self) -> tuple[dict[Any, dict[Any, int]], ...]:
        return self.within, self.so_far, self.days


def _added(counted: Iterable[Mapping[Any, int]]) -> dict[Any, int]:
    total: Counter[Any] = Counter()
    for counts in counted:
        total.update(counts)
    return dict(total)


@dataclass(frozen=True)
class _Source:
    """Which table and scope answers the question, and the SQL for it."""

    filters: Filters
    dimensions: tuple[str, ...]
    grain: str = ""

    @property
    def is_ready(self) -> bool:
        return is_ready(self._told)

    def sums(self, measures: Sequence[str], period: Period) -> dict[Any, dict[str, int]]:
        columns = ", ".join(f"sum({name})::bigint" for name in measures)
        where, values = self._where(period)
        found: dict[Any, dict[str, int]] = {}
        for row in _read(f"SELECT {self._keys(columns)} FROM {self._table} r WHERE {where} {self._group}", values):
            key, counts = self._split(row)
            if counts and counts[0] is not None:
                found[key] = dict(zip(measures, map(int, counts), strict=True))
        return found

    def days(self, period: Period) -> dict[Any, dict[int, int]]:
        where, values = self._where(period)
        keys = self._keys("d.key::int, sum(d.value::int)::bigint")
        grouped = ", ".join([*self._columns, "d.key::int"])
        rows = _read(
            f"SELECT {keys} FROM {self._table} r, jsonb_each_text(r.answer_days) d WHERE {where} GROUP BY {grouped}",
            values,
        )
        found: dict[Any, dict[int, int]] = {}
        for row in rows:
            key, (day, count) = self._split(row)
            found.setdefault(key, {})[day] = int(count)
        return found

    def sums_of_spans(self, measures: Sequence[str], spans: Sequence[Period]) -> dict[Any, dict[str, int]]:
        columns = ", ".join(f"sum({name})::bigint" for name in measures)
        found = {}
        for place, *row in self._read_spans(columns, "", spans):
            key, counts = self._split(row)
            found[place, key] = dict(zip(measures, map(int, counts), strict=True))
        return found

    def days_of_spans(self, spans: Sequence[Period]) -> dict[Any, dict[int, int]]:
        found: dict[Any, dict[int, int]] = {}
        distribution = "CROSS JOIN LATERAL jsonb_each_text(r.answer_days) d"
        for place, *row in self._read_spans("d.key::int, sum(d.value::int)::bigint", distribution, spans, "d.key::int"):
            key, (day, count) = self._split(row)
            found.setdefault((place, key), {})[day] = int(count)
        return found

    def _read_spans(
        self, columns: str, joined: str, spans: Sequence[Period], *grouped: str
    ) -> Iterable[tuple[Any, ...]]:
        """The periods as a table of their own, each in its pieces, joined with the rollups that lie in them."""
        pieces = [(place, *piece) for place, span in enumerate(spans) for piece in self._stored(span)]
        grain, where = "", []
        values: list[Any] = []
        if self.is_ready:
            grain, where, values = "r.grain = p.grain AND", ["r.scope = %s"], [mask(self._told)]
        for slug, value in self.filters.set.items():
            where.append(f"r.{DIMENSIONS[slug].column} = %s")
            values.append(value)
        table = ", ".join(["(%s, %s, %s::date, %s::date)"] * len(pieces))
        return _read(
            f"WITH p (place, grain, first_on, last_on) AS (VALUES {table}) "
            f"SELECT p.place, {self._keys(columns)} FROM p JOIN {self._table} r "
            f"ON {grain} r.start_on BETWEEN p.first_on AND p.last_on {joined} "
            f"WHERE {' AND '.join(where or ['true'])} GROUP BY {', '.join(['p.place', *self._columns, *grouped])}",
            [*chain.from_iterable(pieces), *values],
        )

    def _stored(self, span: Period) -> Iterable[tuple[str, dt.date, dt.date]]:
        if not self.is_ready:
            months = span.by_months()
            return [("m", months.start, months.end)]
        actual = actual_period(span, self.filters, *self.dimensions)
        return [(piece.grain, piece.first, piece.last) for piece in self._pieces(actual)]

    @property
    def _told(self) -> set[str]:
        return {*self.filters.set, *self.dimensions}

    @property
    def _table(self) -> str:
        return "reports_rollup" if self.is_ready else "reports_monthcell"

    @property
    def _columns(self) -> list[str]:
        if self.grain:
            return [f"date_trunc('{self.grain}', r.start_on)::date"]
        return [f"r.{DIMENSIONS[slug].column}" for slug in self.dimensions]

    def _keys(self, after: str) -> str:
        return ", ".join([*self._columns, after])

    @property
    def _group(self) -> str:
        return f"GROUP BY {', '.join(self._columns)}" if self._columns else ""

    def _split(self, row: Sequence[Any]) -> tuple[Any, Sequence[Any]]:
        """The key of a row and what follows it: nothing, one value, or a pair."""
        width = len(self._columns)
        key = None if width == 0 else row[0] if width == 1 else tuple(row[:width])
        return key, row[width:]

    def _where(self, period: Period) -> tuple[str, list[Any]]:
        conditions, values = self._in_period(period)
        for slug, value in self.filters.set.items():
            conditions.append(f"r.{DIMENSIONS[slug].column} = %s")
            values.append(value)
        return " AND ".join(conditions), values

    def _in_period(self, period: Period) -> tuple[list[str], list[Any]]:
        if self.grain in ("day", "week") and actual_period(period, self.filters) != period:
            raise ValueError("these filters together are kept by months only")
        if not self.is_ready:
            months = period.by_months()
            return ["r.start_on BETWEEN %s AND %s"], [months.start, months.end]
        values: list[Any] = [mask(self._told)]
        parts = []
        for piece in self._pieces(actual_period(period, self.filters, *self.dimensions)):
            parts.append("r.grain = %s AND r.start_on BETWEEN %s AND %s")
            values += [piece.grain, piece.first, piece.last]
        return ["r.scope = %s", f"({' OR '.join(parts)})"], values

    def _pieces(self, period: Period) -> Iterable[Piece]:
        if self.grain:
            whole = _whole(period, self.grain)
            return [Piece(_STORED[self.grain], whole.start, whole.end)]
        return periods.pieces(period, now=timezone.localdate())


def _measures(entries: Iterable[Metric]) -> list[str]:
    return list(dict.fromkeys(name for entry in entries for name in entry.measures))


def _read(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


# Series


def _start_of(day: dt.date, grain: str) -> dt.date:
    if grain == "day":
        return day
    return getattr(periods, grain)(day).start  # type: ignore[no-any-return]


def _next(start: dt.date, grain: str) -> dt.date:
    if grain == "day":
        return start + periods.ONE_DAY
    return getattr(periods, grain)(start).end + periods.ONE_DAY  # type: ignore[no-any-return]


def _whole(period: Period, grain: str) -> Period:
    """Widened to whole stretches of the grain."""
    return Period(_start_of(period.start, grain), _next(_start_of(period.end, grain), grain) - periods.ONE_DAY)


def _starts(period: Period, grain: str) -> list[dt.date]:
    """First days of the stretches that touch the period; none of them after today."""
    if grain not in GRAINS:
        raise ValueError(f"no series by {grain!r}")
    start, found = _start_of(period.start, grain), []
    while start <= min(period.end, timezone.localdate()):
        found.append(start)
        start = _next(start, grain)
    return found


def _standing_before(stocks: Sequence[Metric], start: dt.date, filters: Filters) -> dict[str, int]:
    """States on the eve of a series."""
    keys = [entry.key for entry in stocks]
    before = figures(keys, Period(start - periods.ONE_DAY, start - periods.ONE_DAY), filters)
    return {key: found.numerator for key, found in before.items()}
