"""Every form says on the page, in the workbook and on paper what the figures of the hub say of the small city."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override
from pypdf import PdfReader

from common.rows import forget_rows
from reports import figures
from reports.documents import pdf, xlsx
from reports.documents.model import Cell, Document, Kind, Table
from reports.periodic.form import compose, forms
from reports.periods import Period, quarter, week
from tests.reports import city
from tests.reports.city import NOW, SEPTEMBER, City

WEEK, QUARTER = week(SEPTEMBER.start), quarter(SEPTEMBER.start)
CASES = [
    ("weekly-akim", "week", WEEK),
    ("monthly-channels", "month", SEPTEMBER),
    ("quarterly-region", "quarter", QUARTER),
    ("register", "month", SEPTEMBER),
]


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """One city for all tests of this module, which only read it."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield city.build()
        transaction.set_rollback(True)
    forget_rows()


pytestmark = pytest.mark.django_db


def made(slug: str, kind: str, period: Period, language: str = "kk") -> Document:
    return compose(forms.get(slug), kind, period, language)


def test_every_form_is_tried() -> None:
    assert {slug for slug, _form in forms} == {case[0] for case in CASES}


@pytest.mark.parametrize(("slug", "kind", "period"), CASES)
def test_page_workbook_and_paper_say_the_same(town: City, slug: str, kind: str, period: Period) -> None:
    document = made(slug, kind, period)
    with override("kk"):
        page = squeezed(render_to_string("reports/document.html", {"document": document}))
        paper = squeezed(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.render(document))).pages))
        sheets = openpyxl.load_workbook(io.BytesIO(xlsx.render(document))).worksheets[1:]
    assert len(sheets) == len(document.tables)
    for table, sheet in zip(document.tables, sheets, strict=True):
        lines = list(sheet.iter_rows(min_row=2, max_row=len(table.rows) + 1, values_only=True))
        for row, line in zip(table.rows, lines, strict=True):
            assert list(line)[: len(flat(table, row.cells))] == flat(table, row.cells)
            for cell in row.cells:
                assert squeezed(cell.text) in page and squeezed(cell.text) in paper
                assert squeezed(cell.counts) in page and squeezed(cell.counts) in paper


def squeezed(text: str) -> str:
    """Without white space: a page and a sheet of paper break lines where they like."""
    return "".join(text.replace("&#x27;", "'").split())


def flat(table: Table, cells: tuple[Cell, ...]) -> list[Any]:
    """The row as a workbook has it: numbers, and a share in three columns."""
    found: list[Any] = []
    for column, cell in zip(table.columns, cells, strict=True):
        if column.kind == Kind.TEXT or (column.kind == Kind.NUMBER and cell.value is None):
            found.append(cell.text)
        elif column.kind == Kind.NUMBER:
            found.append(cell.value)
        else:
            found += [cell.text if cell.value is None else cell.value, cell.part, cell.whole]
    return found


def table_of(document: Document, key: str) -> dict[str, list[Cell]]:
    table = next(table for table in document.tables if table.key == key)
    return {row.key: list(row.cells[1:]) for row in table.rows}


def test_the_weekly_figures_are_those_of_the_hub(town: City) -> None:
    document = made("weekly-akim", "week", WEEK, "en")
    counts = table_of(document, "counts")
    for key, cells in counts.items():
        for cell, period in zip(cells, (WEEK, WEEK.previous(), WEEK.a_year_earlier()), strict=True):
            assert cell.value == figures.figure(key, period).value
    assert counts["received"][0].value == 3
    assert table_of(document, "channels")["total"][0].value == 3
    assert {one.metric for one in document.definitions} >= {"disputed_share", "received", "late", "not_done"}


def test_the_monthly_tables_are_those_of_the_study(town: City) -> None:
    """Tables 23, 25 and 27 of September: one statutory appeal, written; one call to 1310, one to 109."""
    document = made("monthly-channels", "month", SEPTEMBER)
    month = 1
    akimat = {key: cells[month].value for key, cells in table_of(document, "akimat").items()}
    assert akimat == {"written": 1, "oral": 0, "face_to_face": 0, "total": 1, "legal": 0, "natural": 1}
    assert table_of(document, "1310-category")["total"][month].value == 1
    september = table_of(document, "109-outcomes")[SEPTEMBER.start.isoformat()]
    received, natural, legal, kept, late, not_done = (cell.value for cell in september[:6])
    assert (received, natural, legal, kept, late, not_done) == (1, 1, 0, 0, 1, 0)
    assert table_of(document, "eotinish-sector")["total"][month].value == 0


def test_the_quarter_keeps_late_not_done_and_forwarded_apart(town: City) -> None:
    document = made("quarterly-region", "quarter", QUARTER)
    terms, done = table_of(document, "terms"), table_of(document, "done")
    assert [terms[key][0].value for key in ("due", "kept", "late", "not_done")] == [4, 2, 1, 1]
    assert done["forwarded"][0].value == 1
    disputed = table_of(document, "quality")["disputed_share"][0]
    assert (disputed.part, disputed.whole) == (1, 4)


def test_the_register_has_a_line_for_each_appeal_and_no_name(town: City) -> None:
    document = made("register", "month", SEPTEMBER)
    rows = table_of(document, "register")
    assert list(rows) == [appeal.number for appeal in town.appeals[:6]]
    with override("kk"):
        text = render_to_string("reports/document.html", {"document": document})
    for appeal in town.appeals:
        name = appeal.applicant.full_name if appeal.applicant else ""
        assert not name or name not in text
        assert appeal.text not in text


def test_a_register_that_is_too_long_is_refused_in_words(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from common.errors import ValidationFailed
    from reports.periodic.forms import register

    monkeypatch.setattr(register, "MOST_ROWS", 3)
    with pytest.raises(ValidationFailed, match="3"):
        made("register", "month", SEPTEMBER)


def test_confidential_appeals_stand_in_the_register_without_topic_and_unit(town: City) -> None:
    from reports.models import AppealFact

    chosen = AppealFact.objects.filter(appeal_id=town.appeals[0].pk)
    with transaction.atomic():
        chosen.update(is_confidential=True)
        line = table_of(made("register", "month", SEPTEMBER, "en"), "register")[town.appeals[0].number]
        transaction.set_rollback(True)
    assert [line[place].text for place in (2, 3)] == ["confidential", "confidential"]
