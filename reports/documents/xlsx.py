"""A document as a workbook: a sheet about it, then one sheet for each table, numbers as numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from reports.documents.model import Cell, Column, Document, Kind, Seal, Table

# Nothing that stands in a cell is ever computed or followed: a topic may be called "=1+1".
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
LONGEST_NAME = 31
SHARE_FORMAT = "0.0%"


@dataclass(frozen=True)
class _Formats:
    title: Any
    head: Any
    text: Any
    number: Any
    share: Any
    total_text: Any
    total_number: Any
    total_share: Any


def render(document: Document, seal: Seal | None = None) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"title": document.title, "comments": seal.address if seal else ""})
        formats = _formats(book)
        _write_about(book.add_worksheet(_("About")), document, seal, formats)
        taken = {_("About").casefold()}
        for table in document.tables:
            _write_table(book.add_worksheet(_sheet_name(table.title, taken)), table, formats)
    return target.getvalue()


def _formats(book: Any) -> _Formats:
    total = {"bold": True, "top": 1}
    return _Formats(
        title=book.add_format({"bold": True, "font_size": 14}),
        head=book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#e8eef2"}),
        text=book.add_format({"text_wrap": True, "valign": "top"}),
        number=book.add_format({"num_format": "#,##0.##", "valign": "top"}),
        share=book.add_format({"num_format": SHARE_FORMAT, "valign": "top"}),
        total_text=book.add_format(total),
        total_number=book.add_format({**total, "num_format": "#,##0.##"}),
        total_share=book.add_format({**total, "num_format": SHARE_FORMAT}),
    )


def _sheet_name(title: str, taken: set[str]) -> str:
    """No sign that a sheet may not have in its name, and no name twice."""
    clean = " ".join(title.translate(NOT_IN_NAMES).split()) or "?"
    name, number = clean[:LONGEST_NAME].strip(), 2
    while name.casefold() in taken:
        ending = f" {number}"
        name, number = clean[: LONGEST_NAME - len(ending)].strip() + ending, number + 1
    taken.add(name.casefold())
    return name


def _write_about(sheet: Worksheet, document: Document, seal: Seal | None, formats: _Formats) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, document.title, formats.title)
    for place, (name, text) in enumerate(_about(document, seal), start=1):
        sheet.write_string(place, 0, name, formats.text)
        sheet.write_string(place, 1, text, formats.text)


def _about(document: Document, seal: Seal | None) -> Iterator[tuple[str, str]]:
    if document.subtitle:
        yield "", document.subtitle
    yield _("Period"), f"{document.period} ({document.starts_on} – {document.ends_on})"
    if seal:
        yield _("Version"), str(seal.version)
        yield _("Made"), f"{seal.made_at:%Y-%m-%d %H:%M}"
        yield _("Check that this file is genuine"), seal.address
        yield _("Digest of the data (SHA-256)"), seal.digest
    for note in document.notes:
        yield _("Note"), note
    for section in document.sections:
        if section.text:
            yield section.title, section.text
    for definition in document.definitions:
        yield definition.name, " ".join(filter(None, (definition.text, definition.source)))


def _write_table(sheet: Worksheet, table: Table, formats: _Formats) -> None:
    heads = list(_heads(table))
    for place, (column, _title) in enumerate(heads):
        sheet.set_column(place, place, _width(column))
    for place, (_column, title) in enumerate(heads):
        sheet.write_string(0, place, title, formats.head)
    sheet.freeze_panes(1, 1)
    line = 0
    for line, row in enumerate(table.rows, start=1):
        place = 0
        for column, cell in zip(table.columns, row.cells, strict=True):
            place = _write_cell(sheet, line, place, column, cell, formats, row.is_total)
    if table.note:
        sheet.write_string(line + 2, 0, table.note)


def _width(column: Column) -> int:
    return 18 if column.kind != Kind.TEXT else 40 if not column.width else 8 + 8 * column.width


def _heads(table: Table) -> Iterator[tuple[Column, str]]:
    """A share takes three columns: itself, what was counted, of how many."""
    for column in table.columns:
        yield column, column.title
        if column.kind == Kind.SHARE:
            yield column, _("%(column)s: counted") % {"column": column.title}
            yield column, _("%(column)s: of") % {"column": column.title}


def _write_cell(
    sheet: Worksheet, line: int, place: int, column: Column, cell: Cell, formats: _Formats, is_total: bool
) -> int:
    """Writes the one or three cells and gives the place after them."""
    number = formats.total_number if is_total else formats.number
    if column.kind == Kind.TEXT or (cell.value is None and column.kind == Kind.NUMBER):
        sheet.write_string(line, place, cell.text, formats.total_text if is_total else formats.text)
        return place + 1
    if column.kind == Kind.NUMBER:
        sheet.write_number(line, place, cell.value or 0, number)
        return place + 1
    if cell.value is None:
        sheet.write_string(line, place, cell.text)
    else:
        sheet.write_number(line, place, cell.value, formats.total_share if is_total else formats.share)
    for step, count in enumerate((cell.part, cell.whole), start=1):
        if count is not None:
            sheet.write_number(line, place + step, count, number)
    return place + 3
