"""Insert rows of several tables in one statement: one journey to the database where the hot path would need many."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

Shape = tuple[tuple[type[models.Model], int, bool], ...]


def insert_together(rows: Sequence[models.Model], *, wrapped: Mapping[str, str] | None = None) -> None:
    """Store new rows whose keys are known or are nobody's concern; all or none, like any statement.

    `wrapped` gives the SQL around the value of a column, such as {"search": "array_to_tsvector(%s)"}. Foreign keys
    between the rows hold because Django's constraints are checked at the end of the transaction.
    """
    groups = [list(group) for _key, group in groupby(rows, key=lambda row: (type(row), row.pk is None))]
    shape = tuple((type(group[0]), len(group), group[0].pk is None) for group in groups)
    connection = connections[DEFAULT_DB_ALIAS]  # not the proxy: every value below asks it something
    statement, fields = _statement(shape, tuple(sorted((wrapped or {}).items())))
    values = [
        _value(row, field, connection)
        for group, columns in zip(groups, fields, strict=True)
        for row in group
        for field in columns
    ]
    with preparing_cursor() as cursor:
        cursor.execute(statement, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _value(row: models.Model, field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> Any:
    """What Django would store; text that is text already goes the short way, for it is most of the columns."""
    value = field.pre_save(row, True)
    if type(value) is str and isinstance(field, models.CharField | models.TextField):
        return value
    return field.get_db_prep_save(value, connection)


def preparing_cursor() -> CursorWrapper:
    """A cursor that binds on the server and prepares what it executes again and again; places are $1, $2, ...

    To write a hundred values into the text of a statement, and to parse and plan that, costs more than to store them.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    cursor: Any = psycopg.RawCursor(connection.connection)
    return connection.make_debug_cursor(cursor) if connection.queries_logged else connection.make_cursor(cursor)


@lru_cache(maxsize=64)
def _statement(
    shape: Shape, wrapped: tuple[tuple[str, str], ...]
) -> tuple[str, tuple[tuple[models.Field[Any, Any], ...], ...]]:
    parts, fields = [], []
    around = dict(wrapped)
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    place = itertools.count(1)
    for number, (model, count, is_numbered_by_table) in enumerate(shape):
        columns = tuple(
            field for field in model._meta.concrete_fields if not (is_numbered_by_table and field.primary_key)
        )
        names = ", ".join(quote(field.column or field.attname) for field in columns)
        many = ", ".join(
            "(" + ", ".join(around.get(field.name, "%s") % f"${next(place)}" for field in columns) + ")"
            for _ in range(count)
        )
        parts.append(f"part{number} AS (INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {many})")
        fields.append(columns)
    return f"WITH {', '.join(parts)} SELECT 1", tuple(fields)
