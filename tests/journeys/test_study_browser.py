"""The figures before the hub as a visitor meets them: overview, a table, its note, what does not add up."""

import pytest
from playwright.sync_api import expect

from tests.browser import assert_accessible, assert_fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visitor_without_scripts_goes_from_the_overview_to_a_note(visit):
    page = visit("/statistics/study/", language="ru", width=360, js=False)
    page.get_by_role("link", name="Контакт-центр 1310").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Контакт-центр 1310")
    total = page.locator("#table-24 tbody tr", has_text="Всего").locator("td").nth(1)
    expect(total).to_contain_text("7536 †")
    expect(total).to_contain_text("в печати 7454")
    total.get_by_role("link").click()
    expect(page.locator("li:target")).to_contain_text("82 предложения")
    page.get_by_role("link", name="что не сходится").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Что не сходится и почему")
    assert_fits(page)


def test_a_page_of_the_study_is_accessible(visit):
    page = visit("/statistics/study/e-otinish/", language="kk", width=768, theme="dark")
    assert_accessible(page)
    assert_fits(page)
