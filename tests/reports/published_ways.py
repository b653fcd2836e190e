"""What documents and the report builder say of each figure, read back out of the files themselves."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import openpyxl
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from accounts.models import Role
from reports.dictionary import METRICS, Kind, Metric
from reports.documents import pdf, xlsx
from reports.documents.model import Document, Section
from reports.periodic.tables import summary
from reports.periods import Period
from tests.factories import make_user
from tests.reports.said import Said

# Of a mean and a percentile documents tell the value alone.
TOLD = {key: entry for key, entry in METRICS.items() if entry.kind in (Kind.COUNT, Kind.STOCK, Kind.SHARE)}
AT_ONCE = 8


def _document(period: Period) -> Document:
    table = summary("all", "All figures", list(TOLD), [("value", period)])
    days = (period.start.isoformat(), period.end.isoformat())
    return Document("all", "All", "", "period", *days, "en", (Section("Section", (table,)),))


def _of_text(entry: Metric, value: str, counts: str) -> Said:
    """`50.0 %` and `2 of 4` as the figure that they say."""
    number = value.replace("\u00a0", "").replace("\u202f", "").replace("%", "").strip()
    if entry.kind != Kind.SHARE:
        return Said(number, int(number))
    part, _of, whole = counts.partition("of")
    return Said(number, int(part), int(whole)) if counts else Said(None, 0, 0)


def paper(period: Period) -> Mapping[str, Said]:
    """Out of the text of the PDF, row after row."""
    with override("en"):
        made = pdf.render(_document(period))
        names = {key: str(entry.name) for key, entry in TOLD.items()}
    text = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages).split())
    found, place = {}, text.index("value")
    for key, name in names.items():
        squeezed = "".join(name.split())
        place = text.index(squeezed, place) + len(squeezed)
        match = re.compile(r"(–|[\d.]+%?)(?:\((\d+of\d+)\))?").match(text, place)
        assert match, text[place : place + 40]
        found[key] = _of_text(TOLD[key], match[1], match[2] or "")
    return found


def page(period: Period) -> Mapping[str, Said]:
    """Out of the rows of the HTML table."""
    with override("en"):
        html = render_to_string("reports/document.html", {"document": _document(period)})
        names = {str(entry.name): key for key, entry in TOLD.items()}
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)[1:]:
        cells = [part.strip() for part in re.split(r"<[^>]*>", row) if part.strip()]
        key = names[cells[0].replace("&#x27;", "'")]
        found[key] = _of_text(TOLD[key], cells[1], cells[2] if len(cells) > 2 else "")
    return found


def workbook(period: Period) -> Mapping[str, Said]:
    """Out of the cells of the XLSX file: numbers, a share with its two counts."""
    with override("en"):
        book = openpyxl.load_workbook(io.BytesIO(xlsx.render(_document(period))))
        names = {str(entry.name): key for key, entry in TOLD.items()}
    rows = book.worksheets[1].iter_rows(min_row=2, values_only=True)
    return {names[str(name)]: _of_cells(TOLD[names[str(name)]], rest) for name, *rest in rows}


def _of_cells(entry: Metric, cells: list[object]) -> Said:
    value, part, whole = cells
    if entry.kind != Kind.SHARE:
        return Said(str(value), int(str(value)))
    if not isinstance(value, int | float):
        return Said(None, int(str(part)), int(str(whole)))
    per_cent = (Decimal(str(value)) * 100).quantize(Decimal("0.1"))
    return Said(str(per_cent), int(str(part)), int(str(whole)))


def builder_csv(period: Period) -> Mapping[str, Said]:
    """Out of the last line, the total, of tables of the report builder."""
    client = Client()
    client.force_login(make_user(Role.ANALYST, language="en"))
    found: dict[str, Said] = {}
    keys = list(TOLD)
    for start in range(0, len(keys), AT_ONCE):
        asked = keys[start : start + AT_ONCE]
        days = {"start": period.start.isoformat(), "end": period.end.isoformat()}
        answer = client.get("/reports/builder/table.csv", {"rows": "channel", "m": asked, **days})
        text = b"".join(answer).decode("utf-8-sig")  # type: ignore[arg-type]  # streamed
        total = iter(list(csv.reader(io.StringIO(text)))[-1][1:])
        found |= {key: _of_line(TOLD[key], total) for key in asked}
    return found


def _of_line(entry: Metric, cells: Iterator[str]) -> Said:
    value = next(cells)
    if entry.kind != Kind.SHARE:
        return Said(value, int(value))
    return Said(value or None, int(next(cells)), int(next(cells)))
