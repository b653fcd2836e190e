"""Read the rows of several tables that belong to one thing in one journey to the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models

from common.one_statement import preparing_cursor


@dataclass(frozen=True)
class Rows:
    """Rows of one table. `where` and `order` are SQL of the program's own, in which $1 stands for the key."""

    model: type[models.Model]
    where: str
    order: str = "id"
    most: int = 0  # 0: all of them


def read_together(key: int, wanted: Sequence[Rows]) -> list[list[Any]]:
    """The instances of each kind that was asked for, in that order.

    All questions go out before the first answer is awaited (PostgreSQL's pipeline mode), and the text of each is made
    once: the page of a case would otherwise spend most of its time on writing and sending queries one by one.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    cursors = []
    with connection.wrap_database_errors, connection.connection.pipeline():
        for rows in wanted:
            cursor = preparing_cursor()
            cursor.execute(_statement(rows), [key])
            cursors.append(cursor)
    return [_instances(rows.model, cursor.fetchall()) for rows, cursor in zip(wanted, cursors, strict=True)]


@lru_cache(maxsize=256)
def _statement(rows: Rows) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in rows.model._meta.concrete_fields)
    most = f" LIMIT {rows.most}" if rows.most else ""
    return f"SELECT {columns} FROM {quote(rows.model._meta.db_table)} WHERE {rows.where} ORDER BY {rows.order}{most}"


def _instances(model: type[models.Model], found: Sequence[Sequence[Any]]) -> list[models.Model]:
    if not found:
        return []
    names, compiler, converters = _reading(model)
    values = compiler.apply_converters(found, converters) if converters else found
    return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in values]


@lru_cache(maxsize=256)
def _reading(model: type[models.Model]) -> tuple[list[str], Any, Any]:
    """How Django turns the columns of a table into the attributes of its model."""
    fields = model._meta.concrete_fields
    compiler: Any = models.QuerySet(model=model).query.get_compiler(DEFAULT_DB_ALIAS)
    converters = compiler.get_converters([field.get_col(model._meta.db_table) for field in fields])
    return [field.attname for field in fields], compiler, converters
