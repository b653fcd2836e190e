"""The files of a version: CSV, JSON lines, XLSX and, where pyarrow is installed, Parquet; all written in one pass."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

from common import csv_lines
from reports.opendata.dataset import Dataset, Field, Row, Type, as_json

SHEET_ROWS = 1_048_575  # of a worksheet, without its head
PARQUET_PIECE = 20_000


@dataclass(frozen=True)
class Format:
    """A kind of file: its ending, media type, and names in the vocabularies of catalogues."""

    slug: str
    name: str
    media_type: str
    authority: str  # of the European list of file types
    is_registered: bool = True  # whether IANA knows the media type

    def file_name(self, dataset: str) -> str:
        return f"{dataset}.{self.slug}"


FORMATS: dict[str, Format] = {
    entry.slug: entry
    for entry in (
        Format("csv", "CSV", "text/csv", "CSV"),
        Format("jsonl", "JSON Lines", "application/x-ndjson", "JSON", is_registered=False),
        Format("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"),
        Format("parquet", "Parquet", "application/vnd.apache.parquet", "PARQUET"),
    )
}


def available() -> list[Format]:
    """Those that this hub can write."""
    has_parquet = importlib.util.find_spec("pyarrow") is not None
    return [entry for entry in FORMATS.values() if entry.slug != "parquet" or has_parquet]


class Writer(Protocol):
    def write(self, row: Row) -> None: ...


@contextmanager
def writing(dataset: Dataset, folder: Path) -> Iterator[list[Writer]]:
    """Writers of every format into this folder; the files are whole when the block has ended."""
    with ExitStack() as stack:
        writers: list[Writer] = []
        for entry in available():
            path = folder / entry.file_name(dataset.slug)
            writers.append(stack.enter_context(_WRITERS[entry.slug](dataset, path)))
        yield writers


@dataclass
class _Csv:
    add: Callable[[Iterable[object]], object]
    names: Sequence[str]

    def write(self, row: Row) -> None:
        self.add([shown(row[name]) for name in self.names])


def shown(value: object) -> object:
    """Booleans as the table schema writes them, nothing where there is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


@contextmanager
def _csv(dataset: Dataset, path: Path) -> Iterator[Writer]:
    names = [column.name for column in dataset.fields]
    with path.open("w", encoding="utf-8", newline="") as file:
        add = csv_lines.into(file)
        add(names)
        yield _Csv(add, names)


@dataclass
class _Lines:
    file: Any

    def write(self, row: Row) -> None:
        self.file.write(as_json(row) + "\n")


@contextmanager
def _jsonl(_dataset: Dataset, path: Path) -> Iterator[Writer]:
    with path.open("w", encoding="utf-8", newline="") as file:
        yield _Lines(file)


@dataclass
class _Book:
    """Rows are flushed as they come; a table that is too long for one sheet goes on in the next."""

    book: Any
    names: Sequence[str]
    sheet: Any = None
    line: int = 0

    def write(self, row: Row) -> None:
        if self.sheet is None or self.line > SHEET_ROWS:
            self.begin()
        for column, name in enumerate(self.names):
            self._put(column, row[name])
        self.line += 1

    def begin(self) -> None:
        self.sheet, self.line = self.book.add_worksheet(), 1
        self.sheet.freeze_panes(1, 0)
        for column, name in enumerate(self.names):
            self.sheet.write_string(0, column, name)

    def _put(self, column: int, value: object) -> None:
        if isinstance(value, bool):
            self.sheet.write_boolean(self.line, column, value)
        elif isinstance(value, int | float):
            self.sheet.write_number(self.line, column, value)
        elif value not in (None, ""):
            self.sheet.write_string(self.line, column, str(value))


@contextmanager
def _xlsx(dataset: Dataset, path: Path) -> Iterator[Writer]:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": dataset.slug})
        found = _Book(book, [column.name for column in dataset.fields])
        yield found
        if found.sheet is None:
            found.begin()


@dataclass
class _Pieces:
    """Columns are collected for a piece of rows and written as a group of their own."""

    arrow: Any
    writer: Any
    schema: Any
    rows: list[Row]

    def write(self, row: Row) -> None:
        self.rows.append(row)
        if len(self.rows) >= PARQUET_PIECE:
            self.flush()

    def flush(self) -> None:
        if self.rows:
            self.writer.write_table(self.arrow.Table.from_pylist([dict(row) for row in self.rows], schema=self.schema))
            self.rows.clear()


@contextmanager
def _parquet(dataset: Dataset, path: Path) -> Iterator[Writer]:
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(column.name, _arrow_type(pyarrow, column)) for column in dataset.fields])
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        found = _Pieces(pyarrow, writer, schema, [])
        yield found
        found.flush()


def _arrow_type(pyarrow: Any, column: Field) -> Any:
    """Dates stay the text that all formats have."""
    types = {Type.INTEGER: pyarrow.int64, Type.NUMBER: pyarrow.float64, Type.BOOLEAN: pyarrow.bool_}
    return types.get(column.type, pyarrow.string)()


_WRITERS = {"csv": _csv, "jsonl": _jsonl, "xlsx": _xlsx, "parquet": _parquet}
