"""Ask the same query again and again without building its SQL anew: for what every request asks.

Building a query of three tables from a queryset takes Django longer than PostgreSQL needs to answer it. Here that is
done once in a process, and the statement is prepared on the server besides.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models import query as queries

from common.one_statement import preparing_cursor

M = TypeVar("M", bound=Model)


class _Plan(NamedTuple):
    """What Django knows of a query once it has built it."""

    statement: str
    constants: list[Any]
    model: type[Model]
    columns: slice
    names: list[str]
    populators: list[Any]
    annotations: dict[str, int]
    converters: list[tuple[int, list[Callable[..., Any]], Any]]


class Compiled(Generic[M]):
    """A query whose SQL is built once and asked with other values.

    `build` makes the queryset of examples; what came of them in the statement is where the values stand later, so an
    example is something that stands nowhere else in it. Everything else stays as it was the first time: what depends
    on the moment (now, today) must be a value too. What `prefetch_related` would read is not read.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *examples: Any) -> None:
        self._build, self._examples = build, examples

    def __call__(self, *values: Any) -> Iterator[M]:
        """The rows for these values, which stand in the types that the database driver knows."""
        plan = self._plan
        connection = connections[DEFAULT_DB_ALIAS]
        with preparing_cursor() as cursor:
            cursor.execute(plan.statement, [*values, *plan.constants])
            rows = cursor.fetchall()
        for row in map(list, rows):
            for position, converters, expression in plan.converters:
                for convert in converters:
                    row[position] = convert(row[position], expression, connection)
            yield self._object(plan, row)

    def first(self, *values: Any) -> M | None:
        return next(self(*values), None)

    @staticmethod
    def _object(plan: _Plan, row: list[Any]) -> M:
        found: Any = plan.model.from_db(DEFAULT_DB_ALIAS, plan.names, row[plan.columns])
        for populator in plan.populators:
            populator.populate(row, found)
        for name, position in plan.annotations.items():
            setattr(found, name, row[position])
        return cast(M, found)

    @cached_property
    def _plan(self) -> _Plan:
        compiler: Any = self._build(*self._examples).query.get_compiler(DEFAULT_DB_ALIAS)
        statement, parameters = compiler.as_sql()
        places = [self._examples.index(value) if value in self._examples else None for value in parameters]
        if missing := set(range(len(self._examples))) - set(places):
            raise ValueError(f"The statement has nothing of {[self._examples[place] for place in missing]}.")
        free = itertools.count(len(self._examples))
        numbers = [f"${(next(free) if place is None else place) + 1}" for place in places]
        info, select = compiler.klass_info, compiler.select
        columns = slice(info["select_fields"][0], info["select_fields"][-1] + 1)
        found = compiler.get_converters([expression for expression, _sql, _alias in select])
        return _Plan(
            statement=statement % tuple(numbers),
            constants=[value for value, place in zip(parameters, places, strict=True) if place is None],
            model=info["model"],
            columns=columns,
            names=[expression.target.attname for expression, _sql, _alias in select[columns]],
            populators=cast(Any, queries).get_related_populators(info, select, DEFAULT_DB_ALIAS),
            annotations=dict(compiler.annotation_col_map or {}),
            converters=[(position, converters, expression) for position, (converters, expression) in found.items()],
        )
