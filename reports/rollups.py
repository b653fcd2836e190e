"""Facts -> sums per day, month, year and scope; a part is always built whole, and only differences are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from reports.dimensions import DIMENSIONS, PUBLIC, SCOPES, SINGLE, mask
from reports.measures import ANSWERED, BASES, MEASURES, Basis
from reports.writing import upsert

DIMENSION_COLUMNS = tuple(dimension.column for dimension in DIMENSIONS.values())
ROLLUP_KEY = ("scope", "grain", "start_on", *DIMENSION_COLUMNS)
CELL_KEY = ("start_on", *(DIMENSIONS[slug].column for slug in PUBLIC))
VALUES = (*MEASURES, "answer_days")


# Pairs of dimensions are kept by days for so long, that the last weeks can be compared with those a year before;
# of older days only each dimension for itself. Their months keep all.
PAIRS_KEPT = dt.timedelta(days=500)
LASTING = ((), *SINGLE)


def pairs_since(today: dt.date) -> dt.date:
    """The first day whose pairs of dimensions are kept; it moves on by whole months."""
    return first_of_month(today - PAIRS_KEPT)


def first_of_month(day: dt.date) -> dt.date:
    return day.replace(day=1)


def first_of_year(day: dt.date) -> dt.date:
    return day.replace(month=1, day=1)


@dataclass(frozen=True)
class Part:
    """A part of a table and the statement that says what must stand there."""

    table: str
    key: tuple[str, ...]
    rows: str
    place: str
    parameters: Mapping[str, Any]

    @property
    def name(self) -> str:
        """For whoever is told that it is wrong."""
        last = self.parameters["last"]
        return f"{self.parameters['first']:%Y-%m-%d} to {last:%Y-%m-%d}"


def days(first: dt.date, last: dt.date, *, today: dt.date) -> Part:
    """Each day of a stretch within one month, from the facts; pairs of dimensions only while they are kept by days."""
    scopes = SCOPES if first >= pairs_since(today) else LASTING
    place = "o.grain = 'd' AND o.start_on BETWEEN %(first)s AND %(last)s"
    return Part("reports_rollup", ROLLUP_KEY, _scoped("d", "{day}", scopes), place, _stretch(first, last, today))


def month(day: dt.date, *, today: dt.date) -> Part:
    """The month of this day: from its days, or from its cells where its days do not tell all pairs any more.

    The cells have to be built before it. They do not tell officials apart: that scope comes from the facts.
    """
    first = first_of_month(day)
    if first >= pairs_since(today):
        return _sum_up("m", first, "d", end_of_month(first))
    of_officials = [scope for scope in SCOPES if not set(scope) <= set(PUBLIC)]
    rows = f"{_scoped_cells([scope for scope in SCOPES if scope not in of_officials])} UNION ALL " + _scoped(
        "m", _MONTH, of_officials
    )
    place = "o.grain = 'm' AND o.start_on = %(first)s"
    return Part("reports_rollup", ROLLUP_KEY, rows, place, _stretch(first, end_of_month(first), today))


def cells(day: dt.date, *, today: dt.date) -> Part:
    """The month of this day with all public dimensions told apart, from the facts."""
    first, columns = first_of_month(day), [DIMENSIONS[slug].column for slug in PUBLIC]
    filled = (
        f"SELECT {_listed(columns)}, {_listed(('start_on', *VALUES))} FROM ({_grouped(_MONTH, [columns], columns)}) r"
    )
    stretch = _stretch(first, end_of_month(first), today)
    return Part("reports_monthcell", CELL_KEY, filled, "o.start_on = %(first)s", stretch)


def year(day: dt.date) -> Part:
    """The year of this day, from its months."""
    first = first_of_year(day)
    return _sum_up("y", first, "m", first.replace(month=12, day=31))


def write(part: Part) -> int:
    """Make the part what it must be; rows that are right already are not touched. Returns how many were written."""
    with connection.cursor() as cursor:
        cursor.execute(upsert(part.table, part.key, VALUES, part.rows, part.place), part.parameters)
        return int(cursor.rowcount)


def fill(part: Part) -> int:
    """Write a part where nothing stands yet: the quick way for a rebuild of everything."""
    names = _listed((*part.key, *VALUES))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {part.table} ({names}) SELECT {names} FROM ({part.rows}) n", part.parameters)
        return int(cursor.rowcount)


def differences(part: Part) -> int:
    """How many rows of the part are not what they must be: missing, too many, or with another value."""
    names = _listed((*part.key, *VALUES))
    stored = f"SELECT {names} FROM {part.table} o WHERE {part.place}"
    wanted = f"SELECT {names} FROM ({part.rows}) n"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) FROM (SELECT DISTINCT {_listed(part.key)}
                FROM ((({stored}) EXCEPT ({wanted})) UNION ALL (({wanted}) EXCEPT ({stored}))) d) k""",
            part.parameters,
        )
        return int(cursor.fetchone()[0])


def end_of_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


# The statements


_MONTH = "date_trunc('month', {day})::date"


_NULL = {each.column: "NULL::int" if each.is_number else "NULL::text" for each in DIMENSIONS.values()}


def _scoped(grain: str, start: str, scopes: Sequence[Sequence[str]]) -> str:
    """Rows of these scopes for each start within the stretch."""
    sets = _columns(scopes)
    return _named(grain, _grouped(start, sets, ("scope", *DIMENSION_COLUMNS), scope=_scope(sets)))


def _scoped_cells(scopes: Sequence[Sequence[str]]) -> str:
    """Rows of these scopes for the month, added up from its cells: a tenth of the rows that the facts have."""
    sets = _columns(scopes)
    keys = {name: name if any(name in columns for columns in sets) else _NULL[name] for name in DIMENSION_COLUMNS}
    told = f"{_scope(sets)} AS scope, " + ", ".join(f"{value} AS {name}" for name, value in keys.items())
    cells = "FROM reports_monthcell c {} WHERE start_on = %(first)s GROUP BY GROUPING SETS ({})"
    sums = ", ".join(f"sum({name}) AS {name}" for name in MEASURES)
    added = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
    nothing = ", ".join(f"0 AS {name}" for name in MEASURES)
    spread = "CROSS JOIN LATERAL jsonb_each_text(c.answer_days) d"
    counts = (
        f"SELECT start_on, {told}, NULL::text AS days, NULL::bigint AS answers, {sums} "
        f"{cells.format('', _sets([['start_on', *columns] for columns in sets]))}"
    )
    days = (
        f"SELECT start_on, {told}, d.key AS days, sum(d.value::int) AS answers, {nothing} "
        f"{cells.format(spread, _sets([['start_on', 'd.key', *columns] for columns in sets]))}"
    )
    listed = _listed(("scope", *DIMENSION_COLUMNS))
    rows = f"""
        SELECT start_on, {listed}, {added}, {_histogram("days", "answers")} AS answer_days
        FROM ({counts} UNION ALL {days}) g GROUP BY start_on, {listed}"""
    return _named("m", rows)


def _columns(scopes: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[DIMENSIONS[slug].column for slug in scope] for scope in scopes]


def _scope(sets: Sequence[Sequence[str]]) -> str:
    """The number of the scope that a row of grouping sets belongs to."""
    told = [dimension for dimension in DIMENSIONS.values() if any(dimension.column in columns for columns in sets)]
    return " + ".join(f"{each.bit} * (1 - GROUPING({each.column}))" for each in told)


def _sets(sets: Iterable[Sequence[str]]) -> str:
    return ", ".join(f"({_listed(columns)})" for columns in sets)


def _named(grain: str, rows: str) -> str:
    return (
        f"SELECT '{grain}' AS grain, {_filled(DIMENSIONS)}, {_listed(('start_on', 'scope', *VALUES))} FROM ({rows}) r"
    )


def _grouped(start: str, sets: Sequence[Sequence[str]], keys: Sequence[str], *, scope: str = "") -> str:
    """Sums of each group, and how many answers took how many days.

    Each basis is grouped for itself, with its own measures alone, which is four times less to add up; then together.
    """
    parts = "\nUNION ALL\n".join(_grouped_by(basis, start, sets, keys, scope) for basis in BASES)
    sums = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
    return f"""
        SELECT start_on, {_listed(keys)}, {sums}, {_histogram("days", "answered")} AS answer_days
        FROM ({parts}) g GROUP BY start_on, {_listed(keys)}"""


def _grouped_by(basis: Basis, start: str, sets: Sequence[Sequence[str]], keys: Sequence[str], scope: str) -> str:
    sums = ", ".join(f"sum({name}) AS {name}" if name in basis.measures else f"0 AS {name}" for name in MEASURES)
    days = ["days"] if basis is ANSWERED else []
    grouping = _sets([["start_on", *days, *columns] for columns in sets])
    told = {name for each in sets for name in each}
    made = {"scope": f"{scope} AS scope"} | {key: f"{_NULL[key]} AS {key}" for key in _NULL if key not in told}
    columns = [made.get(key, key) for key in keys]
    return (
        f"SELECT start_on, {'days' if days else 'NULL::int AS days'}, {_listed(columns)}, {sums} "
        f"FROM ({_counted_by(basis, start)}) c GROUP BY GROUPING SETS ({grouping})"
    )


def _counted_by(basis: Basis, start: str) -> str:
    """One row for each fact that has its day of this basis in the stretch, with everything it counts as."""
    measures = ", ".join(f"{value} AS {name}" for name, value in basis.measures.items())
    answered = basis is ANSWERED
    origin = {"department_id": "a", "executor_id": "a"} if answered else {}
    dimensions = ", ".join(f"{origin.get(column, 'f')}.{column}" for column in DIMENSION_COLUMNS)
    tables = "reports_answerfact a JOIN reports_appealfact f USING (appeal_id)" if answered else "reports_appealfact f"
    return (
        f"SELECT {start.format(day=basis.day)} AS start_on, {'a.days, ' if answered else ''}{dimensions}, {measures} "
        f"FROM {tables} WHERE {basis.day} BETWEEN %(first)s AND %(last)s AND {basis.where}"
    )


def _histogram(days: str, count: str) -> str:
    return f"coalesce(jsonb_object_agg({days}, {count}) FILTER (WHERE {days} IS NOT NULL), '{{}}'::jsonb)"


def _sum_up(grain: str, first: dt.date, parts: str, last: dt.date) -> Part:
    """The sums of the smaller periods within a larger one."""
    keys = _listed(("scope", *DIMENSION_COLUMNS))
    same = " AND ".join(f"h.{name} = s.{name}" for name in ("scope", *DIMENSION_COLUMNS))
    sums = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
    rows = f"""
        WITH part AS MATERIALIZED (
            SELECT * FROM reports_rollup
            WHERE scope = ANY(%(scopes)s) AND grain = '{parts}' AND start_on BETWEEN %(first)s AND %(last)s
        ), spread AS (
            SELECT {keys}, {_histogram("days", "answers")} AS answer_days
            FROM (SELECT {keys}, d.key AS days, sum(d.value::int) AS answers
                  FROM part, jsonb_each_text(answer_days) d GROUP BY {keys}, d.key) x
            GROUP BY {keys}
        )
        SELECT '{grain}' AS grain, %(first)s::date AS start_on, s.*,
               coalesce(h.answer_days, '{{}}'::jsonb) AS answer_days
        FROM (SELECT {keys}, {sums} FROM part GROUP BY {keys}) s LEFT JOIN spread h ON {same}"""
    parameters = {"first": first, "last": last, "scopes": [mask(scope) for scope in SCOPES]}
    return Part("reports_rollup", ROLLUP_KEY, rows, f"o.grain = '{grain}' AND o.start_on = %(first)s", parameters)


def _filled(slugs: Iterable[str]) -> str:
    """Dimensions that a scope does not tell apart come as nulls and are stored as "nothing"."""
    return ", ".join(
        f"coalesce({DIMENSIONS[slug].column}, {DIMENSIONS[slug].nothing}) AS {DIMENSIONS[slug].column}"
        for slug in slugs
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _stretch(first: dt.date, last: dt.date, today: dt.date) -> dict[str, Any]:
    """Days to come are not counted: nothing is known of them."""
    return {"first": first, "last": min(last, today), "today": today}
