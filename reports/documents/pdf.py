"""A document as PDF by typst: tagged for screen readers, whole fonts of our own, the data handed over as data."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from reports.documents.model import Document, Kind, Seal, Table, as_data
from ui import dates

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("document.typ")
FONTS = ("GolosText_400Regular.ttf", "GolosText_600SemiBold.ttf", "GolosText_700Bold.ttf")
# Of a longer list paper holds the beginning and says so: setting 20,000 lines took 2.6 GB, and nobody reads them there.
MOST_ROWS = 3000
WIDE_FROM = 8  # columns that a sheet of paper on its end has no room for


class RenderingFailed(Exception):
    """The document could not be set; the reason is for whoever looks after the installation."""


def render(document: Document, seal: Seal | None = None, *, made_at: dt.datetime | None = None) -> bytes:
    import typst  # the compiler takes room that only those need who make documents

    document = _on_paper(document)
    data = {"document": _with_counts(document), "seal": _seal(seal), "words": _words(), "wide": is_wide(document)}
    try:
        made: Any = typst.compile(
            TEMPLATE,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            root=TEMPLATE.parent,
            font_paths=fonts(),
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=int(when.timestamp()) if (when := seal.made_at if seal else made_at) else None,
        )
    except RuntimeError as error:
        raise RenderingFailed(str(error)) from error
    return bytes(made)


def _on_paper(document: Document) -> Document:
    sections = tuple(replace(one, tables=tuple(map(_cut, one.tables))) for one in document.sections)
    return replace(document, sections=sections)


def _cut(table: Table) -> Table:
    if len(table.rows) <= MOST_ROWS:
        return table
    words = _("Paper holds the first %(shown)s of %(count)s lines; the workbook holds all of them.")
    note = words % {"shown": dates.number(MOST_ROWS), "count": dates.number(len(table.rows))}
    return replace(table, rows=table.rows[:MOST_ROWS], note=f"{note} {table.note}".strip())


def _with_counts(document: Document) -> dict[str, Any]:
    """The data with what every share was computed from, in words."""
    data = as_data(document)
    for table, raw in zip(
        document.tables, (one for section in data["sections"] for one in section["tables"]), strict=True
    ):
        for row, raw_row in zip(table.rows, raw["rows"], strict=True):
            for cell, raw_cell in zip(row.cells, raw_row["cells"], strict=True):
                raw_cell["counts"] = cell.counts
    return data


@cache
def fonts() -> typst.Fonts:
    """The fonts of the set-up alone: a machine without them makes no document that looks otherwise."""
    import typst

    missing = [name for name in FONTS if not (settings.PRINT_FONTS / name).is_file()]
    if missing:
        raise RenderingFailed(f"{', '.join(missing)} missing in {settings.PRINT_FONTS}: the set-up was not run")
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(settings.PRINT_FONTS)])


def is_wide(document: Document) -> bool:
    return document.is_wide or any(_columns(table) >= WIDE_FROM for table in document.tables)


def _columns(table: Any) -> int:
    return sum(2 if column.kind == Kind.SHARE else 1 for column in table.columns)


def _seal(seal: Seal | None) -> dict[str, Any] | None:
    if seal is None:
        return None
    return {
        "address": seal.address,
        "digest": seal.digest,
        "version": seal.version,
        "made_at": f"{seal.made_at:%d.%m.%Y %H:%M}",
    }


def _words() -> dict[str, str]:
    return {
        "period": _("Period"),
        "version": _("Version"),
        "made": _("Made"),
        "check": _("Check that this document is genuine"),
        "digest": _("Digest of the data (SHA-256)"),
        "notes": _("Notes"),
        "definitions": _("Definitions of the figures"),
        "page": _("page"),
        "empty": _("Nothing in this period."),
    }
