"""What a document is: sections of tables whose every cell carries its text as shown and the numbers behind it."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from common.events import as_stored, canonical
from ui import dates

FILE_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Kind(StrEnum):
    """What a column holds: words, a number, or a share with the counts it was computed from."""

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"


@dataclass(frozen=True)
class Cell:
    """`text` is what every reader sees; the numbers are for programs. A share has its part and its whole."""

    text: str
    value: int | float | None = None
    part: int | None = None
    whole: int | None = None

    @property
    def counts(self) -> str:
        """What a share was computed from, in words; nothing for other cells and for a share of nothing."""
        if self.value is None or self.part is None or self.whole is None:
            return ""
        numbers = {"part": dates.number(self.part), "whole": dates.number(self.whole)}
        return _("%(part)s of %(whole)s") % numbers


@dataclass(frozen=True)
class Column:
    """`metric` is the key in the dictionary of metrics; `width` is relative to the other columns of words."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    metric: str = ""
    width: int = 0


@dataclass(frozen=True)
class Row:
    """`key` finds the same row again in another version of the document."""

    key: str
    cells: tuple[Cell, ...]
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def lines(self) -> Iterator[tuple[Row, list[tuple[Column, Cell]]]]:
        """Rows with each cell beside its column."""
        for row in self.rows:
            yield row, list(zip(self.columns, row.cells, strict=True))


@dataclass(frozen=True)
class Section:
    title: str
    tables: tuple[Table, ...]
    text: str = ""


@dataclass(frozen=True)
class Definition:
    """A metric as the dictionary defined it on the day the document was made."""

    metric: str
    name: str
    text: str
    source: str = ""
    version: str = ""


@dataclass(frozen=True)
class Document:
    form: str
    title: str
    subtitle: str
    period: str  # in words
    starts_on: str  # ISO dates, both inclusive
    ends_on: str
    language: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    definitions: tuple[Definition, ...] = ()
    is_wide: bool = False

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(table for section in self.sections for table in section.tables)


@dataclass(frozen=True)
class Seal:
    """By what a reader knows the document again: where he checks it, and the digest of what it says."""

    code: str
    address: str
    digest: str
    version: int
    made_at: dt.datetime
    words: Mapping[str, str] = field(default_factory=dict)


def as_data(document: Document) -> dict[str, Any]:
    """Plain values, the same before and after the database."""
    return as_stored(asdict(document))  # type: ignore[no-any-return]


def from_data(data: Mapping[str, Any]) -> Document:
    """The document as it was frozen."""
    plain = {name: value for name, value in data.items() if name not in ("sections", "notes", "definitions")}
    return Document(
        **plain,
        sections=tuple(_section(section) for section in data["sections"]),
        notes=tuple(data["notes"]),
        definitions=tuple(Definition(**definition) for definition in data["definitions"]),
    )


def _section(data: Mapping[str, Any]) -> Section:
    return Section(data["title"], tuple(_table(table) for table in data["tables"]), data["text"])


def _table(data: Mapping[str, Any]) -> Table:
    columns = tuple(Column(**{**column, "kind": Kind(column["kind"])}) for column in data["columns"])
    rows = tuple(Row(row["key"], tuple(Cell(**cell) for cell in row["cells"]), row["is_total"]) for row in data["rows"])
    return Table(data["key"], data["title"], columns, rows, data["note"])


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256 of the document's data: the same figures and words always give the same one."""
    return hashlib.sha256(canonical(as_stored(dict(data))).encode()).hexdigest()
