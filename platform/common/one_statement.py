"""Insert rows of several tables in one statement: one journey to the database where the hot path would need many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.db import connection, models

Shape = tuple[tuple[type[models.Model], int, bool], ...]


def insert_together(rows: Sequence[models.Model], *, wrapped: Mapping[str, str] | None = None) -> None:
    """Store new rows whose keys are known or are nobody's concern; all or none, like any statement.

    `wrapped` gives the SQL around the value of a column, such as {"search": "array_to_tsvector(%s)"}. Foreign keys
    between the rows hold because Django's constraints are checked at the end of the transaction.
    """
    groups = [list(group) for _key, group in groupby(rows, key=lambda row: (type(row), row.pk is None))]
    shape = tuple((type(group[0]), len(group), group[0].pk is None) for group in groups)
    statement, fields = _statement(shape, tuple(sorted((wrapped or {}).items())))
    values = [
        field.get_db_prep_save(field.pre_save(row, True), connection)
        for group, columns in zip(groups, fields, strict=True)
        for row in group
        for field in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


@lru_cache(maxsize=64)
def _statement(
    shape: Shape, wrapped: tuple[tuple[str, str], ...]
) -> tuple[str, tuple[tuple[models.Field[Any, Any], ...], ...]]:
    parts, fields = [], []
    around = dict(wrapped)
    quote = connection.ops.quote_name
    for number, (model, count, is_numbered_by_table) in enumerate(shape):
        columns = tuple(
            field for field in model._meta.concrete_fields if not (is_numbered_by_table and field.primary_key)
        )
        names = ", ".join(quote(field.column or field.attname) for field in columns)
        one = ", ".join(around.get(field.name, "%s") for field in columns)
        many = ", ".join([f"({one})"] * count)
        parts.append(f"part{number} AS (INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {many})")
        fields.append(columns)
    return f"WITH {', '.join(parts)} SELECT 1", tuple(fields)
