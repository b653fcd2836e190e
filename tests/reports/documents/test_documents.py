"""A document says the same as data, on paper and as a workbook."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils.translation import override
from pypdf import PdfReader

from common.events import as_stored
from reports.dictionary import metric
from reports.documents import cells, pdf, xlsx
from reports.documents.model import Cell, Row, as_data, digest, from_data
from tests.reports.documents.samples import LETTERS, sample, seal


def test_what_was_frozen_comes_back_as_it_was() -> None:
    document = sample()
    data = as_data(document)
    assert from_data(data) == document
    assert digest(data) == digest(as_stored(data)) == digest(as_data(from_data(data)))


def test_another_figure_gives_another_digest() -> None:
    assert digest(as_data(sample())) != digest(as_data(sample(received=1235)))


@pytest.fixture(scope="module")
def paper() -> PdfReader:
    with override("kk"):
        return PdfReader(io.BytesIO(pdf.render(sample(), seal())))


def test_the_paper_can_be_read_back_with_every_kazakh_letter(paper: PdfReader) -> None:
    text = paper.pages[0].extract_text()
    for words in (LETTERS, "=1+1 *b* #x $y$", "Апталық есеп", "2026 жылғы 16–22 қараша", "Бөлім мәтіні", "Барлығы"):
        assert words in text
    assert "89,0 % (100 ішінен 89)" in " ".join(text.split())
    assert seal().address in text and seal().digest in text


def test_the_paper_is_tagged_titled_and_in_its_language(paper: PdfReader) -> None:
    root: Any = paper.trailer["/Root"]
    assert root["/Lang"] == "kk" and root["/MarkInfo"]["/Marked"]
    assert paper.metadata is not None and paper.metadata.title == "Апталық есеп, 2026 жылғы 16–22 қараша"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()
    tags = _tags(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= tags


def _tags(node: Any) -> set[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return set().union(*map(_tags, node))
    if not hasattr(node, "get"):
        return set()
    own = {str(node["/S"])} if "/S" in node else set()
    return own | (_tags(node["/K"]) if "/K" in node else set())


def test_only_our_own_fonts_are_in_the_paper(paper: PdfReader) -> None:
    resources: Any = paper.pages[0]["/Resources"]
    names = {font.get_object()["/BaseFont"].split("+")[-1] for font in resources["/Font"].values()}
    assert names and all(name.startswith(("GolosText", "DejaVuSansMono")) for name in names)


def test_a_long_list_repeats_its_head_and_numbers_its_pages() -> None:
    extra = tuple(Row(str(place), (Cell(f"row {place}"), Cell("1", 1), Cell("–"))) for place in range(120))
    with override("en"):
        paper = PdfReader(io.BytesIO(pdf.render(sample("en", extra=extra), seal())))
    texts = [page.extract_text() for page in paper.pages]
    assert len(texts) > 2 and all("Түскені" in text for text in texts[:-1])
    assert f"page 1 / {len(texts)}" in texts[0]


def test_paper_says_that_a_very_long_list_goes_on_in_the_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_ROWS", 2)
    extra = tuple(Row(str(place), (Cell(f"row {place}"), Cell("1", 1), Cell("–"))) for place in range(5))
    with override("en"):
        text = PdfReader(io.BytesIO(pdf.render(sample("en", extra=extra), seal()))).pages[0].extract_text()
        book = openpyxl.load_workbook(io.BytesIO(xlsx.render(sample("en", extra=extra), seal())))
    assert "Paper holds the first 2 of 8 lines" in " ".join(text.split())
    assert "row 1" not in text and book.worksheets[1].max_row > 8


def test_without_fonts_no_document_is_made(settings: Any, tmp_path: Path) -> None:
    settings.PRINT_FONTS = tmp_path
    pdf.fonts.cache_clear()
    try:
        with pytest.raises(pdf.RenderingFailed, match="GolosText"):
            pdf.render(sample())
    finally:
        pdf.fonts.cache_clear()


def test_the_workbook_holds_numbers_and_never_a_formula() -> None:
    with override("en"):
        book = openpyxl.load_workbook(io.BytesIO(xlsx.render(sample(), seal())))
    about, table = book.worksheets
    assert seal().address in [cell.value for cell in about["B"]] and seal().digest in [
        cell.value for cell in about["B"]
    ]
    rows = list(table.iter_rows(values_only=True))
    assert rows[0] == ("Санаты", "Түскені", "Мерзімінде", "Мерзімінде: counted", "Мерзімінде: of")
    assert rows[1] == (f"1310 {LETTERS}", 1234, 0.89, 89, 100)
    assert rows[2] == ("=1+1 *b* #x $y$", 0, "–", 0, 0)
    assert table["A3"].data_type == "s" and table["C2"].number_format == "0.0%"


def test_sheets_have_names_that_a_workbook_may_have() -> None:
    taken: set[str] = set()
    names = [xlsx._sheet_name(title, taken) for title in ("a/b: [c]*", "A b c", "x" * 40, "x" * 40, "///")]
    assert names == ["a b c", "A b c 2", "x" * 31, "x" * 29 + " 2", "?"]


def test_a_bare_number_of_days_or_points_is_told_as_such() -> None:
    with override("en"):
        assert cells.name(metric("answer_days_median")) == "Median time to the answer, calendar days"
        assert cells.name(metric("rating_mean")) == "Mean rating, points of 5"
        assert cells.name(metric("received")) == "Appeals received"
        assert cells.column(metric("answer_days_median"), "2026").title.endswith("calendar days, 2026")
