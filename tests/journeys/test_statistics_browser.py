"""A visitor reads the figures of the city without JavaScript, narrows them and takes a picture along."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from appeals.models import Channel
from reports import refreshing
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_appeal, make_area, make_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visitor_narrows_the_figures_and_takes_a_picture_along(visit: Visit) -> None:
    area, topic = make_area(), make_topic()
    for channel in 6 * [Channel.WEB] + 5 * [Channel.CALL109]:  # fewer than five are hidden
        make_appeal(channel=channel, area_id=area.pk, topic_id=topic.pk)
    refreshing.refresh()

    page = visit("/statistics/", language="ru", js=False, width=1280)
    page.locator(".ui-filters > summary").click()
    page.get_by_label("Канал обращения").select_option("web")
    page.get_by_role("button", name="Применить").click()
    assert page.url.endswith("/statistics/?channel=web")
    chip = page.locator(".ui-chip")
    expect(chip).to_contain_text("Канал обращения")

    page.get_by_role("link", name="Темы и карта").click()
    expect(page.locator(".ui-map-tile")).to_contain_text(["6"])
    page.get_by_role("link", name="Обращения на карте").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Обращения на карте")
    expect(page.locator(".stat-numbers tbody tr").first).to_contain_text("6")
    assert "channel=web" in page.url
    assert "from=" in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Картинка").click()
    assert download.value.suggested_filename.endswith(".svg")
    assert b"<svg" in download.value.path().read_bytes()

    page.get_by_role("link", name="Поступило обращений").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Поступило обращений")
    expect(page.locator(".ui-stat-value")).to_have_text("11")


@pytest.mark.parametrize("path", ["/statistics/", "/statistics/topics/", "/statistics/reports/term-keeping/"])
def test_a_telephone_shows_figures_before_it_shows_the_form(visit: Visit, path: str) -> None:
    make_appeal(area_id=make_area().pk)
    refreshing.refresh()
    page = visit(path, width=360, theme="dark")
    assert_fits(page)
    assert_accessible(page)
    expect(page.get_by_label("Кезең", exact=True)).to_be_hidden()


def test_a_telephone_without_scripts_is_not_met_by_a_menu_of_twenty_entries(visit: Visit) -> None:
    page = visit("/statistics/", width=360, js=False)
    entry = page.locator(".stat-local a").first
    expect(entry).to_be_hidden()
    page.locator(".stat-local > summary").click()
    expect(entry).to_be_visible()
