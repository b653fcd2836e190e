"""A visitor looks at the systems around the hub; an administrator tries a connection that fails, and pauses it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from catalogue import running, seeding
from common.connectors import ConnectionTrouble, Reason
from tests.browser import Visit, assert_accessible, assert_fits
from tests.catalogue.conftest import Example, example  # noqa: F401 - the last one is a fixture
from tests.factories import make_user
from tests.queue import run_everything

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fails() -> str:
    raise ConnectionTrouble(Reason.SLOW, "10.20.30.40")


def test_a_visitor_finds_a_system_and_what_flows_to_it(visit: Visit) -> None:
    seeding.load()
    page = visit("/platforms/", language="ru")
    assert_accessible(page)
    assert_fits(page)
    picture = page.get_by_role("img", name="Потоки данных между системами")
    expect(picture).to_be_visible()
    box = page.get_by_role("region", name="Схема потоков данных")
    box.focus()
    expect(box).to_be_focused()
    page.get_by_role("link", name=re.compile("Планируется")).click()
    expect(picture).to_have_count(0)
    page.locator("table").get_by_role("link", name="Портал «е-Өтініш»").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Портал «е-Өтініш»")
    expect(page.locator("main")).to_contain_text("Не подтверждено")
    assert_accessible(page)
    assert_fits(page)


def test_an_administrator_tries_a_connection_and_pauses_it(visit: Visit, example: Example) -> None:  # noqa: F811
    seeding.load()
    example.checks = fails
    running.due(running.timezone.now())
    page = visit("/staff/connections/", language="en", user=make_user(Role.ADMINISTRATOR, language="en"))
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Example").click()
    page.get_by_role("button", name="Check now").click()
    expect(page.locator("main")).to_contain_text("Started.")
    run_everything()
    page.reload()
    expect(page.locator("main")).to_contain_text("The other side does not answer in time.")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    public = visit("/platforms/partners/", language="en")
    expect(public.locator("main")).to_contain_text("Disturbed")
    expect(public.locator("main")).not_to_contain_text("10.20.30.40")
