"""No cell of an exported table is computed by the spreadsheet that opens it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.utils.translation import get_language, gettext_lazy, override
from hypothesis import given
from hypothesis import strategies as st

from common.csv_lines import FORMULA, lines

DANGEROUS = re.compile(
    r"xml\.etree|xml\.dom|xml\.sax|\blxml\b|\bpickle\b|\bmarshal\b|yaml\.load|(?<![.\w])(?:eval|exec)\(|os\.system|shell=True"
)
ROOT = Path(__file__).resolve().parents[2]


@given(
    st.lists(
        st.one_of(st.text(), st.sampled_from(FORMULA).flatmap(lambda sign: st.text().map(sign.__add__))), min_size=1
    )
)
def test_whatever_was_typed_is_text_and_stays_whole(row: list[str]) -> None:
    text = "".join(lines(["a"], [row])).removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert len(read) == 1
    assert not any(cell.startswith(FORMULA) for cell in read[0])
    assert [
        cell.removeprefix("'") if typed.startswith(FORMULA) else cell for cell, typed in zip(read[0], row, strict=True)
    ] == row


@pytest.mark.parametrize(
    ("value", "written"), [(-5, "-5"), (1.5, "1.5"), (None, ""), ("=1+1", "'=1+1"), ('a"b', '"a""b"')]
)
def test_numbers_stay_numbers(value: object, written: str) -> None:
    assert list(lines(["x"], [[value]]))[1].rstrip("\r\n") == (written or '""')


def test_lines_read_after_the_request_are_in_its_language() -> None:
    with override("ru"):
        table = lines([gettext_lazy("Category")], ([str(gettext_lazy("Export"))] for _ in range(2)))
    with override("en"):
        read = list(table)
        assert get_language() == "en"
    assert [line.strip("\r\n\ufeff") for line in read] == ["Категория", "Выгрузка", "Выгрузка"]


def test_there_is_one_writer_of_tables() -> None:
    for folder in ("appeals", "petitions", "reports", "platform"):
        for path in (ROOT / folder).rglob("*.py"):
            assert path.name == "csv_lines.py" or "csv.writer" not in path.read_text(), path


def test_nothing_runs_text_or_reads_xml_with_a_parser_that_follows_entities() -> None:
    for folder in ("appeals", "petitions", "reports", "openapi", "platform"):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text()
            assert not DANGEROUS.search(source), (path, DANGEROUS.search(source))
