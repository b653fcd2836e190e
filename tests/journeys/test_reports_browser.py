"""An analyst makes a report, builds a table of her own; a reader checks the file she was given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from reports.models import PublishedReport, SavedQuestion
from reports.periodic import tasks
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_analyst_makes_a_report_and_a_reader_checks_it(visit: Visit, tmp_path: Path) -> None:
    analyst = make_user(Role.ANALYST, language="en")
    page = visit("/reports/", language="en", user=analyst)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Weekly report on appeals").click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Make", exact=True).click()
    expect(page.locator("main")).to_contain_text("The report is being made")
    tasks.make_reports()
    expect(page.get_by_role("heading", name="In short")).to_be_visible(timeout=20_000)  # the page looks by itself
    assert_accessible(page)
    assert_fits(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF", exact=True).click()
    file = tmp_path / "report.pdf"
    waiting.value.save_as(file)

    reader = visit("/reports/check/", language="en")
    assert_accessible(reader)
    assert_fits(reader)
    reader.get_by_label(re.compile("The file")).set_input_files(file)
    reader.get_by_role("button", name="Check", exact=True).click()
    expect(reader.locator("main")).to_contain_text("The file is genuine")
    reader.get_by_role("link", name="What it says").click()
    expect(reader.locator("main")).to_contain_text(PublishedReport.objects.get().data_sha256)
    expect(reader.locator("main")).to_contain_text("The figures of today are the same as in the report.")
    assert_accessible(reader)
    assert_fits(reader)


def test_an_analyst_builds_a_table_and_keeps_it(visit: Visit) -> None:
    page = visit("/reports/builder/", language="en", user=make_user(Role.ANALYST, language="en"))
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Rows", exact=True).select_option("month")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("table")).to_be_visible()
    page.get_by_label("Name of the question").fill("Months")
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("main")).to_contain_text("The question is kept as “Months”.")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("main")).to_contain_text("The question was deleted.")
    assert not SavedQuestion.objects.exists()
