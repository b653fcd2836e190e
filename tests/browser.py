"""A real browser for journeys: pages by language, width and visitor, axe, sideways scrolling; needs Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.shots import CHROMIUM, QUIET_FLAGS, axe_problems, look_cookies, overflow

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run of this process."""
    program = str(CHROMIUM) if CHROMIUM.exists() else shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET_FLAGS)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Visit]:
    """visit("/style/", language="ru", width=360, theme="dark", user=user, js=False): a fresh visitor on that page.

    Whatever the browser complains about on its console (a refusal of the content security policy, an error in a
    script) fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        path: str, *, language: str = "kk", width: int = 1280, theme: str = "light", user: Any = None, js: bool = True
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=js, base_url=live_server.url
        )
        contexts.append(context)
        context.add_cookies(look_cookies(live_server.url, language, f"{theme}.normal.normal"))
        if user is not None:
            sign_in(context, live_server.url, user)
        page = context.new_page()
        page.on("console", lambda message: _note(complaints, page, message))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _note(complaints: list[str], page: Page, message: Any) -> None:
    """The status of the page itself (404 of an error page) is what the test wanted to see."""
    if message.type == "error" and message.location["url"].split("?")[0] != page.url.split("?")[0]:
        complaints.append(f"{page.url}: {message.text}")


def sign_in(context: BrowserContext, base: str, user: Any) -> None:
    """As if he had signed in; journeys about signing in use the form."""
    client = Client()
    client.force_login(user)
    value = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": value, "url": base}])


def assert_accessible(page: Page) -> None:
    """axe finds nothing and can decide every contrast."""
    problems = axe_problems(page)
    assert not problems, f"{page.url}\n" + "\n".join(problems)


def assert_fits(page: Page, *widths: int) -> None:
    """No sideways scrolling, down to the narrowest phone."""
    before = page.viewport_size
    for width in widths or (320, 360):
        sticking = overflow(page, width)
        assert not sticking, f"{page.url} at {width} px: {sticking}"
    if before:
        page.set_viewport_size(before)
