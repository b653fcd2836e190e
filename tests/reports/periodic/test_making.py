"""What was asked for is made once, frozen, and made anew only where its figures are others."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pypdf import PdfReader

from common.errors import ValidationFailed
from reports.documents import pdf
from reports.documents.model import digest
from reports.documents.pdf import RenderingFailed
from reports.models import PublishedReport
from reports.periodic import making
from tests.reports.periodic.worlds import Counted, ask, make

pytestmark = pytest.mark.django_db


def test_a_report_is_made_with_its_files_and_their_digests(counted: Counted) -> None:
    report = make()
    assert (report.state, report.version) == ("ready", 1)
    for name in ("pdf", "xlsx"):
        with getattr(report, name).open("rb") as file:
            content = file.read()
        assert hashlib.sha256(content).hexdigest() == getattr(report, f"{name}_sha256")
        assert len(content) == getattr(report, f"{name}_size")
    assert digest(report.data) == report.data_sha256


def test_paper_and_workbook_name_the_check_address_and_the_digest(counted: Counted) -> None:
    report = make()
    address = making.check_address(report)
    with report.pdf.open("rb") as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    with report.xlsx.open("rb") as file:
        about = openpyxl.load_workbook(io.BytesIO(file.read())).worksheets[0]
    assert all(address in page.extract_text() and report.data_sha256 in page.extract_text() for page in pages)
    assert {address, report.data_sha256} <= {cell.value for cell in about["B"]}
    assert report.code in address and len(report.code) == 12


def test_whoever_asks_meanwhile_gets_the_one_that_is_on_its_way(counted: Counted) -> None:
    assert ask().pk == ask().pk
    assert ask("ru").pk != ask().pk


def test_two_of_the_same_cannot_be_on_their_way(counted: Counted) -> None:
    report = ask()
    report.pk, report.code = None, "ANOTHER"
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save(force_insert=True)


def test_the_same_figures_make_no_new_version(counted: Counted) -> None:
    first, second = make(), make()
    assert (second.state, second.version, second.previous_id) == ("same", None, first.pk)
    assert second.outcome == first


def test_other_figures_make_a_new_version_that_says_what_changed(counted: Counted) -> None:
    first = make()
    counted.number = 9
    second = make()
    assert (second.version, second.previous_id) == (2, first.pk)
    assert second.changes == [{"table": "Кесте", "row": "Барлығы", "column": "Саны", "was": "7", "now": "9"}]
    first.refresh_from_db()
    assert first.data["sections"][0]["tables"][0]["rows"][0]["cells"][1]["value"] == 7


def test_what_the_form_refuses_is_told_and_not_tried_again(counted: Counted) -> None:
    counted.why = ValidationFailed("Тым көп өтініш.")
    report = make()
    assert (report.state, report.error, report.attempts) == ("failed", "Тым көп өтініш.", 1)


def test_a_paper_that_cannot_be_set_is_told(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_values: object) -> bytes:
        raise RenderingFailed("no font")

    monkeypatch.setattr(pdf, "render", refuse)
    report = make()
    assert (report.state, report.error) == ("failed", "no font")
    assert not report.pdf


def test_an_unexpected_error_is_tried_again_and_then_told(counted: Counted) -> None:
    counted.why = RuntimeError("database is away")
    report = make()
    for attempt in range(1, making.MOST_ATTEMPTS):
        assert (report.state, report.attempts) == ("waiting", attempt)
        PublishedReport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        making.make_due()
        report.refresh_from_db()
    assert report.state == "failed" and "database is away" not in report.error


def test_after_a_failure_it_can_be_asked_for_again(counted: Counted) -> None:
    counted.why = ValidationFailed("x")
    failed = make()
    counted.why = None
    assert make().state == "ready" and failed.pk != ask().pk


def test_one_whose_maker_was_killed_is_made_by_the_next(counted: Counted) -> None:
    report = ask()
    claimed = making._claim()
    assert claimed is not None and claimed.pk == report.pk
    assert making.make_due() == 0
    PublishedReport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert making.make_due() == 1
    report.refresh_from_db()
    assert (report.state, report.attempts) == ("ready", 2)


def test_whoever_was_overtaken_writes_nothing(counted: Counted) -> None:
    ask()
    slow = making._claim()
    assert slow is not None
    PublishedReport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    making.make_due()
    counted.number = 99
    making._make(slow)
    assert PublishedReport.objects.get(pk=slow.pk).data["sections"][0]["tables"][0]["rows"][0]["cells"][1]["value"] == 7


def test_one_that_kills_its_maker_each_time_is_given_up(counted: Counted) -> None:
    report = ask()
    for _attempt in range(making.MOST_ATTEMPTS):
        assert making._claim() is not None
        PublishedReport.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert making._claim() is None
    report.refresh_from_db()
    assert report.state == "failed" and report.error
