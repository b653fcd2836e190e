"""From the rollups to sums: which table and scope answers a question, and the SQL for it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
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
# The grain of the rollups that a series of such stretches is read from.
STORED = {"day": "d", "week": "d", "month": "m", "quarter": "m", "year": "y"}


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
        return replace(self, **{slug: key})  # type: ignore[arg-type]  # slugs are the fields


ALL = Filters()


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


@dataclass
class Sums:
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
    def of(cls, keys: Iterable[str], period: Period, filters: Filters, *dimensions: str) -> Sums:
        entries = [metric(key) for key in keys]
        stocks = [entry for entry in entries if entry.kind == Kind.STOCK]
        flows = [entry for entry in entries if entry.kind != Kind.STOCK]
        wanted = tuple(filter(None, dimensions))
        sums = cls()
        source = _Source(filters, wanted)
        if flows:
            sums.within = source.sums(_measures(flows), period)
        if stocks:
            sums.so_far = source.standing(_measures(stocks), period.end)
        if any(entry.kind == Kind.PERCENTILE for entry in entries):
            sums.days = source.days(period)
        return sums

    @classmethod
    def in_time(cls, entries: Sequence[Metric], period: Period, filters: Filters, grain: str) -> Sums:
        source = _Source(filters, (), grain=grain)
        sums = cls(within=source.sums(_measures(entries), period))
        sums.so_far = sums.within
        if any(entry.kind == Kind.PERCENTILE for entry in entries):
            sums.days = source.days(period)
        return sums

    @classmethod
    def of_spans(cls, keys: Iterable[str], spans: Sequence[Period], filters: Filters, *dimensions: str) -> Sums:
        """Of several periods: every key is the place of its period among them, and the key within."""
        entries = [metric(key) for key in keys]
        source, sums = _Source(filters, tuple(filter(None, dimensions))), cls()
        flows = [entry for entry in entries if entry.kind != Kind.STOCK]
        stocks = [entry for entry in entries if entry.kind == Kind.STOCK]
        if flows:
            sums.within = source.sums_of_spans(_measures(flows), spans)
        if stocks:
            sums.so_far = source.standing_at_ends(_measures(stocks), spans)
        if any(entry.kind == Kind.PERCENTILE for entry in entries):
            sums.days = source.days_of_spans(spans)
        return sums

    def whole(self, place: int) -> Sums:
        """All keys of one period together."""
        return Sums(
            *({None: _added(counts for (at, _), counts in part.items() if at == place)} for part in self._parts)
        )

    def keys_of(self, place: int) -> list[Any]:
        """The keys of one period, in their order."""
        return [key for at, key in sorted(self.keys) if at == place and key is not None]

    @property
    def _parts(self) -> tuple[dict[Any, dict[Any, int]], ...]:
        return self.within, self.so_far, self.days


def answer_times(filters: Filters, period: Period) -> dict[int, int]:
    """How many answers took how many days."""
    return _Source(filters, ()).days(period).get(None, {})


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

    def standing(self, measures: Sequence[str], end: dt.date) -> dict[Any, dict[str, int]]:
        """Sums of everything until the end of a day, or of its month where only months are kept."""
        if self.is_ready:
            return self.sums(measures, periods.until(end))
        found = self.standing_at_ends(measures, [Period(end, end)])
        return {key: counts for (_place, key), counts in found.items()}

    def standing_at_ends(self, measures: Sequence[str], spans: Sequence[Period]) -> dict[Any, dict[str, int]]:
        """The same for the last day of each span.

        Months that tell everything apart are not added up from the first one on: what is in work now is read from the
        facts, and what came and went after that day is taken back. Of terms only cells with unanswered ones are read.
        """
        if self.is_ready:
            return self.sums_of_spans(measures, [periods.until(span.end) for span in spans])
        ends = [(place, span.by_months().end) for place, span in enumerate(spans)]
        where, values = self._filtered()
        keys = ["p.place", *self._columns]
        told = ", ".join(keys)
        parts = [
            f"SELECT {told}, 1 AS received, 0 AS not_done FROM p CROSS JOIN reports_appealfact r "
            f"WHERE r.ending = '' AND {where}",
            f"SELECT {told}, r.done - r.received, 0 FROM p JOIN reports_monthcell r ON r.start_on > p.last_on "
            f"WHERE {where}",
            f"SELECT {told}, 0, r.not_done - r.lapsed FROM p JOIN reports_monthcell r ON r.start_on <= p.last_on "
            f"WHERE r.not_done > 0 AND {where}",
        ]
        places = ", ".join(["(%s, %s::date)"] * len(ends))
        names = ", ".join(["place", *(f"k{number}" for number, _ in enumerate(self._columns))])
        rows = _read(
            f"WITH p (place, last_on) AS (VALUES {places}), x ({names}, received, not_done) AS "
            f"({' UNION ALL '.join(parts)}) "
            f"SELECT {names}, sum(received)::bigint, sum(not_done)::bigint FROM x GROUP BY {names}",
            [*chain.from_iterable(ends), *values * 3],
        )
        found = {}
        for place, *row in rows:
            key, (in_work, not_done) = self._split(row)
            told_of = {"received": int(in_work), "done": 0, "not_done": int(not_done), "lapsed": 0}
            found[place, key] = {name: told_of[name] for name in measures}
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
        grain, (where, values) = "", self._filtered()
        if self.is_ready:
            grain, where, values = "r.grain = p.grain AND", f"r.scope = %s AND {where}", [mask(self._told), *values]
        table = ", ".join(["(%s, %s, %s::date, %s::date)"] * len(pieces))
        return _read(
            f"WITH p (place, grain, first_on, last_on) AS (VALUES {table}) "
            f"SELECT p.place, {self._keys(columns)} FROM p JOIN {self._table} r "
            f"ON {grain} r.start_on BETWEEN p.first_on AND p.last_on {joined} "
            f"WHERE {where} GROUP BY {', '.join(['p.place', *self._columns, *grouped])}",
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
        where, more = self._filtered()
        return " AND ".join([*conditions, where]), values + more

    def _filtered(self) -> tuple[str, list[Any]]:
        conditions = [f"r.{DIMENSIONS[slug].column} = %s" for slug in self.filters.set]
        return " AND ".join(conditions) or "true", list(self.filters.set.values())

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
            whole = whole_stretches(period, self.grain)
            return [Piece(STORED[self.grain], whole.start, whole.end)]
        return periods.pieces(period, now=timezone.localdate())


def _measures(entries: Iterable[Metric]) -> list[str]:
    return list(dict.fromkeys(name for entry in entries for name in entry.measures))


def _read(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


# Stretches of time


def start_of(day: dt.date, grain: str) -> dt.date:
    if grain == "day":
        return day
    return getattr(periods, grain)(day).start  # type: ignore[no-any-return]  # grains are functions there


def following(start: dt.date, grain: str) -> dt.date:
    if grain == "day":
        return start + periods.ONE_DAY
    return getattr(periods, grain)(start).end + periods.ONE_DAY  # type: ignore[no-any-return]  # as above


def whole_stretches(period: Period, grain: str) -> Period:
    """Widened to whole stretches of the grain."""
    return Period(start_of(period.start, grain), following(start_of(period.end, grain), grain) - periods.ONE_DAY)
