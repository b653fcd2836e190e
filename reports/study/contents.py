"""The tables of the study as values with their status: read once per process from the data files of this package."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language

DATA = files(__package__) / "data"
ROW, COLUMN, SECTION, WORD = "row", "column", "section", "value"  # what a label stands at


class Status(StrEnum):
    OK = "ok"  # no objection
    CORRECTED = "corrected"  # a misprint whose cause is known
    RECOMPUTED = "recomputed"  # does not follow from other printed figures; the recomputed one does
    UNRESOLVED = "unresolved"  # printed figures contradict each other; either may be wrong


class Source(StrEnum):
    TABLE = "table"
    FIGURE = "figure"
    TEXT = "text"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the three languages; as a string it is that of the reader."""

    kk: str
    ru: str
    en: str

    def __str__(self) -> str:
        language = (get_language() or "kk")[:2]
        return {"ru": self.ru, "en": self.en}.get(language, self.kk)


@dataclass(frozen=True, slots=True)
class Value:
    """One figure: as printed, as it is to be used, and as recomputed from other figures of the study."""

    unit: str
    printed: Decimal | None
    corrected: Decimal | None
    recomputed: Decimal | None
    status: Status
    notes: tuple[str, ...] = ()
    word: str = ""  # what is printed where it is no number

    @property
    def number(self) -> Decimal | None:
        """The value to compute and to draw with; none where the study leaves no right one."""
        return self.corrected

    @property
    def differs(self) -> bool:
        return self.printed is not None and self.printed != self.corrected


@dataclass(frozen=True, slots=True)
class Table:
    """A table, a figure or a group of figures of the text, with where it stands and what it measures."""

    key: str
    group: str
    source: Source
    printed_as: str  # its number in the study, as "19" of table 19
    title: Words
    unit: str
    period: Words
    notes: tuple[str, ...]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], Value]
    row_notes: Mapping[str, tuple[str, ...]]
    sha256: str

    def get(self, row: str, column: str) -> Value | None:
        return self.cells.get((row, column))

    def number(self, row: str, column: str) -> Decimal:
        """The corrected value, which must be there."""
        value = self.cells[row, column].corrected
        if value is None:
            raise KeyError((self.key, row, column))
        return value

    def printed(self, row: str, column: str) -> Decimal:
        value = self.cells[row, column].printed
        if value is None:
            raise KeyError((self.key, row, column))
        return value

    def column_of(self, column: str) -> dict[str, Value]:
        return {row: self.cells[row, column] for row in self.rows if (row, column) in self.cells}

    def row_of(self, row: str) -> dict[str, Value]:
        return {column: self.cells[row, column] for column in self.columns if (row, column) in self.cells}

    def in_section(self, section: str) -> tuple[str, ...]:
        return tuple(row for row in self.rows if row.startswith(f"{section}/"))

    @property
    def sections(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.split("/")[0] for row in self.rows if "/" in row))

    def label(self, axis: str, key: str) -> Words:
        return labels()[self.key, axis, key]

    def partial(self, period: str) -> Words | None:
        """What a year that is not whole holds."""
        return partial_years().get((self.key, period))


def lines(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file."""
    yield from csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines())


def words(row: Mapping[str, str], start: str = "") -> Words:
    return Words(row[f"{start}kk"], row[f"{start}ru"], row[f"{start}en"])


@cache
def labels() -> dict[tuple[str, str, str], Words]:
    return {(row["table"], row["axis"], row["key"]): words(row) for row in lines("labels.csv")}


@cache
def notes() -> dict[str, Words]:
    return {row["note"]: words(row) for row in lines("notes.csv")}


@cache
def units() -> dict[str, Words]:
    return {row["unit"]: words(row) for row in lines("units.csv")}


@cache
def partial_years() -> dict[tuple[str, str], Words]:
    return {(row["table"], row["period"]): words(row) for row in lines("partial_years.csv")}


@cache
def tables() -> dict[str, Table]:
    """All tables by key, in the order in which they are shown."""
    return {row["table"]: _table(row) for row in lines("manifest.csv")}


def table(key: str) -> Table:
    return tables()[key]


def digest(key: str) -> str:
    """The checksum of a table's file as it lies here."""
    return hashlib.sha256((DATA / "tables" / f"{key}.csv").read_bytes()).hexdigest()


def _table(row: Mapping[str, str]) -> Table:
    found = list(lines(f"tables/{row['table']}.csv"))
    cells = {(cell["row"], cell["column"]): _value(cell) for cell in found if cell["column"]}
    return Table(
        key=row["table"],
        group=row["group"],
        source=Source(row["source"]),
        printed_as=row["number"],
        title=words(row, "title_"),
        unit=row["unit"],
        period=words(row, "period_"),
        notes=_ids(row["note"]),
        rows=tuple(dict.fromkeys(key for key, _ in cells)),
        columns=tuple(dict.fromkeys(key for _, key in cells)),
        cells=cells,
        row_notes={cell["row"]: _ids(cell["note"]) for cell in found if not cell["column"]},
        sha256=row["sha256"],
    )


def _value(cell: Mapping[str, str]) -> Value:
    is_word = cell["unit"] == "word"
    numbers = ["", "", ""] if is_word else [cell["printed"], cell["corrected"], cell["recomputed"]]
    printed, corrected, recomputed = (Decimal(number) if number else None for number in numbers)
    return Value(
        unit=cell["unit"],
        printed=printed,
        corrected=corrected,
        recomputed=recomputed,
        status=Status(cell["status"]),
        notes=_ids(cell["note"]),
        word=cell["printed"] if is_word else "",
    )


def _ids(text: str) -> tuple[str, ...]:
    return tuple(text.split())
