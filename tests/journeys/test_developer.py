"""A developer registers an application for the sandbox, gets its key and calls; a live one is approved."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from celery import current_app
from playwright.sync_api import Page, expect

from accounts.models import Role
from common.models import CalendarDay
from notifications.models import Notification
from openapi.models import ApiKey, Application
from openapi.models.applications import State
from openapi.sandbox import databases
from reports import refreshing
from reports.opendata import making
from tests.browser import Visit, assert_accessible, assert_fits
from tests.factories import make_appeal, make_reference, make_user
from tests.journeys import clients
from tests.openapi.sandbox.leftovers import remove_all

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LANGUAGES = ("kk", "ru", "en")
PASSWORD = "bir-eki-ush-tort"
NETWORK_OF_TESTS = "127.0.0.0/8\n::1"


@pytest.fixture(scope="module")
def seed_of_sandboxes(django_db_setup: Any, django_db_blocker: Any) -> Iterator[None]:
    """Made as the hub makes it: the server of these tests is connected, so its database cannot be copied."""
    current_app.loader.import_default_modules()  # filling tells the tasks, which run at once in tests
    with django_db_blocker.unblock():
        databases.ensure_seed()
    yield
    with django_db_blocker.unblock():
        remove_all()


def describe(page: Page) -> None:
    page.locator("input[name=name]").fill("Айкей")
    page.locator("textarea[name=purpose]").fill("Байланыс орталығы естігенді өтініш етіп жібереді.")
    page.locator("textarea[name=networks]").fill(NETWORK_OF_TESTS)
    for scope in ("reference:read", "appeals:file"):
        page.locator(f"input[value='{scope}']").check()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/developers/applications/\d+/$"))


def looks_good(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_developer_gets_a_key_of_the_sandbox_and_calls(
    visit: Visit, live_server: Any, seed_of_sandboxes: None, language: str
) -> None:
    make_reference()
    user = make_user(password=PASSWORD, email="dev@example.kz")
    page = visit("/developers/", user=user, language=language, js=False)
    page.locator("a[href='/developers/new/sandbox/']").click()
    describe(page)
    page.locator("a[href$='/keys/new/']").click()
    page.wait_for_url("**/reauthenticate/**")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/keys/new/")
    page.locator("main form button[type=submit]").first.click()
    key = page.locator("#api-key").inner_text()
    answer = httpx.get(
        f"{live_server.url}/api/v1/reference/topics",
        headers={"Authorization": f"Bearer {key}", "Accept-Language": language},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()
    page.locator("main .ui-actions a").last.click()
    expect(page.locator("main")).to_contain_text("127.0.0.1")  # when and from where it was used
    assert key not in page.content()
    assert ApiKey.objects.get().last_used_at


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_way_in_are_good_to_everybody(visit: Visit, language: str) -> None:
    make_reference()
    user = make_user(password=PASSWORD, email="dev@example.kz", language=language)
    page = visit("/developers/", language=language, width=360)
    looks_good(page)
    for path in ("errors/#key_invalid", "reference/", "changes/", "dictionary/?q=answer"):
        page.goto(f"/developers/{path}")
        looks_good(page)
    page = visit("/developers/new/live/", user=user, language=language, width=360)
    looks_good(page)
    describe(page)
    looks_good(page)
    application = Application.objects.get()
    desk = visit(
        "/staff/applications/", user=make_user(Role.ADMINISTRATOR, password=PASSWORD), language=language, width=360
    )
    looks_good(desk)
    desk.locator(f"a[href='/staff/applications/{application.pk}/']").click()
    looks_good(desk)
    desk.locator("a[href$='/approve/']").click()
    desk.wait_for_url("**/reauthenticate/**")
    desk.locator("input[type=password]").fill(PASSWORD)
    desk.locator("main form button[type=submit]").first.click()
    desk.wait_for_url("**/approve/")
    looks_good(desk)
    desk.locator("main form button[type=submit]").first.click()
    desk.wait_for_url(re.compile(r"/staff/applications/\d+/$"))
    application.refresh_from_db()
    assert application.state == State.APPROVED
    assert Notification.objects.get(template="application_approved").language == language
    page.reload()
    page.locator("a[href$='/keys/new/']").first.wait_for()
    looks_good(page)


def test_swagger_works_under_the_content_policy(visit: Visit) -> None:
    page = visit("/developers/docs/", language="en")
    page.locator(".swagger-ui .opblock").first.wait_for(timeout=60_000)
    assert page.locator(".swagger-ui .opblock").count() > 40
    page.locator(".swagger-ui .opblock-summary-control").first.click()
    page.locator(".swagger-ui .opblock-body").first.wait_for()


def test_redoc_works_under_the_content_policy(visit: Visit) -> None:
    page = visit("/developers/redoc/", language="en")
    page.locator(".api-redoc h2", has_text="File an appeal").first.wait_for(timeout=60_000)
    background = "node => getComputedStyle(node).backgroundColor"
    assert page.locator(".api-redoc .menu-content").evaluate(background) == "rgb(250, 247, 241)", (
        "its style sheets apply"
    )


@pytest.fixture
def hub(live_server: Any, settings: Any, tmp_path: Path) -> str:
    """With some appeals in its figures and a dataset, whose files are named by the address of this server."""
    settings.PUBLIC_URL, settings.MEDIA_ROOT = live_server.url, tmp_path / "media"
    for channel in ("web",) * 6 + ("telegram",) * 5:  # fewer would be hidden
        make_appeal(channel=channel, received_at=dt.datetime(2026, 9, 15, 12, tzinfo=dt.UTC))
    refreshing.refresh()
    CalendarDay.objects.create(date="2026-12-16", kind=CalendarDay.Kind.HOLIDAY, name_kk="Тәуелсіздік күні")
    making.order("working-calendar")
    making.make_waiting()
    return live_server.url


def reads_the_statistics(run: Callable[[dict[str, str]], Any], hub: str) -> None:
    told = run({"HUB_URL": hub, "SINCE": "2026-09-01", "UNTIL": "2026-09-30"})
    assert told["received"] == {"web": "6", "telegram": "5"}
    assert told["kept"].keys() == told["received"].keys()
    assert (told["months"], told["rows"]) == (12, CalendarDay.objects.count())
    assert told["columns"][0] == "date"


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_built_client_files_and_the_staff_answer_with_it(
    live_server: Any, seed_of_sandboxes: None, hub: str, tmp_path: Path, language: str
) -> None:
    if language == "typescript" and clients.node() is None:
        pytest.skip("no Node.js 20 on this machine")
    environment = {"HUB_URL": live_server.url, **clients.keys_of_a_partner()}
    folder = tmp_path / "client"
    clients.build(language, folder)
    told = clients.run(language, folder, "from-filing-to-answer", environment)
    assert told["same"] is True
    assert told["listed"] == [told["number"]]
    assert told["status"] == "answered"
    assert told["reply"].startswith("Бригада жарылған құбырды ауыстырды")
    assert told["changes"][0] == "appeal.received"
    assert {"appeal.claimed", "appeal.answered"} <= set(told["changes"])
    assert told["refused"] == "not_found"
    reads_the_statistics(lambda environment: clients.run(language, folder, "reading-statistics", environment), hub)


def test_the_recipe_of_the_statistics_prints_what_the_hub_counted(hub: str) -> None:
    said = clients.run_recipe("Read the statistics", {"HUB_URL": hub})
    assert "counted at 20" in said
    assert f"{CalendarDay.objects.count()} rows of version 1" in said
