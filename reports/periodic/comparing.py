"""What differs between two documents of the same form, period and language: figure by figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from reports.documents.model import Cell, Document, Row, Table

MOST_KEPT = 300


@dataclass(frozen=True)
class Change:
    """`was` or `now` is empty where the row was not there."""

    table: str
    row: str
    column: str
    was: str
    now: str

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def changes(old: Document, new: Document) -> list[Change]:
    """Words of rows and columns are those of the newer document."""
    before = {table.key: table for table in old.tables}
    after = {table.key: table for table in new.tables}
    found: list[Change] = []
    for key in dict.fromkeys((*after, *before)):
        found += _of_tables(before.get(key), after.get(key))
    return found


def _of_tables(old: Table | None, new: Table | None) -> Iterator[Change]:
    title = (new or old).title  # type: ignore[union-attr]  # one of them is there
    before, after = _rows(old), _rows(new)
    for key in dict.fromkeys((*after, *before)):
        yield from _of_rows(title, before.get(key), after.get(key))


@dataclass(frozen=True)
class _Line:
    name: str
    cells: Mapping[str, tuple[str, Cell]]


def _rows(table: Table | None) -> dict[str, _Line]:
    return {row.key: _line(table, row) for row in table.rows} if table else {}


def _line(table: Table, row: Row) -> _Line:
    pairs = list(zip(table.columns, row.cells, strict=True))
    return _Line(pairs[0][1].text, {column.key: (column.title, cell) for column, cell in pairs})


def _of_rows(title: str, old: _Line | None, new: _Line | None) -> Iterator[Change]:
    name = (new or old).name  # type: ignore[union-attr]  # one of them is there
    if old is None or new is None:
        yield Change(title, name, _("whole row"), _whole(old), _whole(new))
        return
    before, after = old.cells, new.cells
    for key in dict.fromkeys((*after, *before)):
        column, was = before.get(key, ("", None))
        column, now = after.get(key, (column, None))
        if was != now:
            yield Change(title, name, column, _shown(was), _shown(now))


def _whole(line: _Line | None) -> str:
    return " · ".join(_shown(cell) for _title, cell in list(line.cells.values())[1:]) if line else ""


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return ""
    return f"{cell.text} ({cell.counts})" if cell.counts else cell.text
