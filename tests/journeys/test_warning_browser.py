"""An analyst looks at what grows, explains one warning and takes it back; everybody reads the tension index."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from reports.models import EarlyWarning
from reports.warning import tension_days, watch
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_user
from tests.reports.warning.test_pages import ship_components
from tests.reports.warning.test_watch import later
from tests.reports.warning.town import TODAY, Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_analyst_explains_a_warning_and_takes_it_back(visit: Visit) -> None:
    town = Town()
    town.add(town.water, town.areas[1], 14)
    town.write()
    watch.look(EarlyWarning.Kind.GROWTH, TODAY)
    page = visit("/warnings/", language="en", user=make_user(Role.ANALYST, language="en"))
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Subscribe").click()
    expect(page.locator("main")).to_contain_text("You are told of new warnings.")
    page.locator("table").get_by_role("link").first.click()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("radio", name="Explained").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("Say in a few words why.")
    page.get_by_role("textbox", name="Reason").fill("The mains are being mended until Friday.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".ui-timeline")).to_contain_text("The mains are being mended until Friday.")
    page.get_by_role("button", name="Take the last change back").click()
    expect(page.locator(".ui-timeline")).to_contain_text("Explained → New")


def test_everybody_reads_the_index_with_its_formula(visit: Visit) -> None:
    Town().write()
    ship_components()
    tension_days.measure_missing(later(1))
    page = visit("/statistics/tension/", language="ru")
    assert_accessible(page)
    assert_fits(page)
    expect(page.locator("main")).to_contain_text("Формула")
