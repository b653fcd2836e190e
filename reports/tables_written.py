"""A table of the catalogue as CSV lines and as JSON: the same figures as on its page, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports import questions
from reports.figures import Figure
from reports.tables import Column, Row, Table

Value = int | float | str | None
HIDDEN = _("hidden to protect people")


def header(table: Table) -> list[str]:
    """Names of the columns; a share or mean is followed by what it is made of. The last names the hidden figures."""
    named = [str(table.head), "key"]
    for each in table.columns:
        named.append(_named(each))
        if _is_made_of_two(each):
            named += [
                f"{each.title}: {each.metric.numerator_words}",
                f"{each.title}: {each.metric.denominator_words}",
            ]
    return [*named, str(HIDDEN)]


def lines(table: Table) -> Iterator[list[Value]]:
    """The rows, and the total as the last of them."""
    for row in [*table.rows, *([table.total] if table.total else [])]:
        hidden = " ".join(key for key, found in row.figures.items() if found.is_hidden)
        yield [row.label, row.slug, *(value for each in table.columns for value in _cells(each, row)), hidden]


def _named(each: Column) -> str:
    return f"{each.title}, {each.counted_in.label}"


def _is_made_of_two(each: Column) -> bool:
    return bool(each.metric.denominator)


def _cells(each: Column, row: Row) -> list[Value]:
    found = row.figures.get(each.key)
    if not _is_made_of_two(each):
        return [plain(found)]
    if found is None or found.is_hidden:
        return [None, None, None]
    return [plain(found), found.numerator, found.denominator]


def plain(found: Figure | None) -> int | float | None:
    """The value as a number; the digits with which it is published, no more."""
    if found is None or found.value is None:
        return None
    return float(found.value) if isinstance(found.value, Decimal) else found.value


def exact(found: Figure) -> str | None:
    """The value with all its digits, as the API writes it."""
    return None if found.value is None else str(found.value)


def as_json(table: Table) -> dict[str, Any]:
    """Everything that the page shows. Keys stay the same in every language, names are in the reader's."""
    return {
        "title": str(table.title),
        "period": {"start": table.question.period.start.isoformat(), "end": table.question.period.end.isoformat()},
        "counted": {"start": table.period.start.isoformat(), "end": table.period.end.isoformat()},
        "filters": filters_of(table),
        "filters_left_out": list(table.left_out),
        "options": dict(table.question.options),
        "by": table.dimension or None,
        "grain": table.grain or None,
        "head": str(table.head),
        "columns": [_column(each) for each in table.columns],
        "rows": [_row(row) for row in table.rows],
        "total": _row(table.total) if table.total else None,
        "told": [str(words) for words in table.told],
        "notes": [str(note) for note in table.notes],
    }


def filters_of(table: Table) -> dict[str, str]:
    asked = questions.written(table.question)
    return {slug: asked[slug] for slug in table.question.filters.set}


def _column(each: Column) -> dict[str, Any]:
    return {
        "key": each.key,
        "metric": each.metric.key,
        "title": str(each.title),
        "unit": each.counted_in.value,
        "note": str(each.note),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "key": row.slug,
        "label": row.label,
        "figures": {
            key: {
                "value": exact(found),
                "numerator": None if found.is_hidden else found.numerator,
                "denominator": found.denominator,
                "hidden": found.is_hidden,
            }
            for key, found in row.figures.items()
        },
    }
