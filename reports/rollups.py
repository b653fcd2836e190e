"""Facts -> sums per day, month, year and scope; a part is always built whole, and only differences are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from reports.dimensions import DIMENSIONS, PUBLIC, SCOPES, mask
from reports.measures import ANSWERED, BASES, MEASURES, Basis

ALL = tuple(DIMENSIONS)
DIMENSION_COLUMNS = tuple(dimension.column for dimension in DIMENSIONS.values())
ROLLUP_KEY = ("scope", "grain", "start_on", *DIMENSION_COLUMNS)
CELL_KEY = ("start_on", *(DIMENSIONS[slug].column for slug in PUBLIC))
VALUES = (*MEASURES, "answer_days")


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
    """Each day of the stretch, from the facts."""
    sets = [[DIMENSIONS[slug].column for slug in scope] for scope in SCOPES]
    scope = f"{mask(ALL)} - GROUPING({_listed(_by_bit())})"
    rows = _with_histogram(_grouped(_counted("{day}"), sets), ("scope", *DIMENSION_COLUMNS), scope=scope)
    rollup = f"SELECT 'd' AS grain, {_filled(ALL)}, {_listed(('start_on', 'scope', *VALUES))} FROM ({rows}) r"
    place = "o.grain = 'd' AND o.start_on BETWEEN %(first)s AND %(last)s"
    return Part("reports_rollup", ROLLUP_KEY, rollup, place, _stretch(first, last, today))


def cells(month: dt.date, *, today: dt.date) -> Part:
    """A month with all public dimensions told apart, from the facts."""
    first, columns = first_of_month(month), [DIMENSIONS[slug].column for slug in PUBLIC]
    rows = _with_histogram(_grouped(_counted("date_trunc('month', {day})::date"), [columns]), columns)
    filled = f"SELECT {_filled(PUBLIC)}, {_listed(('start_on', *VALUES))} FROM ({rows}) r"
    return Part(
        "reports_monthcell", CELL_KEY, filled, "o.start_on = %(first)s", _stretch(first, end_of_month(first), today)
    )


def month(day: dt.date) -> Part:
    """The month of this day, from its days."""
    first = first_of_month(day)
    return _sum_up("m", first, "d", end_of_month(first))


def year(day: dt.date) -> Part:
    """The year of this day, from its months."""
    first = first_of_year(day)
    return _sum_up("y", first, "m", first.replace(month=12, day=31))


def write(part: Part) -> int:
    """Make the part what it must be; rows that are right already are not touched. Returns how many were written."""
    old, new = (", ".join(f"{side}.{name}" for name in VALUES) for side in "on")
    same = " AND ".join(f"o.{name} = n.{name}" for name in part.key)
    names = (*part.key, *VALUES)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            MERGE INTO {part.table} o USING ({part.rows}) n ON {same}
            WHEN MATCHED AND ({old}) IS DISTINCT FROM ({new}) THEN
                UPDATE SET {", ".join(f"{name} = n.{name}" for name in VALUES)}
            WHEN NOT MATCHED THEN INSERT ({_listed(names)}) VALUES ({", ".join(f"n.{name}" for name in names)})
            WHEN NOT MATCHED BY SOURCE AND {part.place} THEN DELETE""",
            part.parameters,
        )
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


def _counted(day: str) -> str:
    """One row for each fact and each of its days in the stretch, with everything it counts as."""
    return "\nUNION ALL\n".join(_counted_by(basis, day) for basis in BASES)


def _counted_by(basis: Basis, day: str) -> str:
    measures = ", ".join(f"{basis.measures.get(name, '0')} AS {name}" for name in MEASURES)
    answered = basis is ANSWERED
    origin = {"department_id": "a", "executor_id": "a"} if answered else {}
    dimensions = ", ".join(f"{origin.get(column, 'f')}.{column}" for column in DIMENSION_COLUMNS)
    tables = "reports_answerfact a JOIN reports_appealfact f USING (appeal_id)" if answered else "reports_appealfact f"
    days = "a.days" if answered else "NULL::int"
    return (
        f"SELECT {day.format(day=basis.day)} AS start_on, {dimensions}, {days} AS days, {measures} "
        f"FROM {tables} WHERE {basis.day} BETWEEN %(first)s AND %(last)s AND {basis.where}"
    )


def _grouped(rows: str, sets: Sequence[Sequence[str]]) -> str:
    grouping = ", ".join(f"({_listed(('start_on', 'days', *columns))})" for columns in sets)
    return f"FROM ({rows}) c GROUP BY GROUPING SETS ({grouping})"


def _with_histogram(grouped: str, keys: Sequence[str], *, scope: str = "") -> str:
    """Sums of each group, and how many answers took how many days: grouped by `days` first, then without."""
    inner = ", ".join(name for name in keys if name != "scope")
    scoped = f"{scope} AS scope, " if scope else ""
    sums = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
    parts = ", ".join(f"sum({name}) AS {name}" for name in MEASURES)
    return f"""
        SELECT start_on, {_listed(keys)}, {sums}, {_histogram("days", "answered")} AS answer_days
        FROM (SELECT {scoped}start_on, days, {inner}, {parts} {grouped}) g
        GROUP BY start_on, {_listed(keys)}"""


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


def _by_bit() -> list[str]:
    """Columns in the order in which GROUPING() makes the bits of our scopes: the highest first."""
    return [dimension.column for dimension in sorted(DIMENSIONS.values(), key=lambda each: -each.bit)]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _stretch(first: dt.date, last: dt.date, today: dt.date) -> dict[str, Any]:
    """Days to come are not counted: nothing is known of them."""
    return {"first": first, "last": min(last, today), "today": today}
