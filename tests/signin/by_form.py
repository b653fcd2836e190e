"""Signing in as a person does: password, then the code from the message."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from playwright.sync_api import Page

from notifications.models import Notification

PASSWORD = "сауран-самал-2026"
LOGIN, CODE = "/accounts/login/", "/accounts/code/"


def last_message(**where: Any) -> Notification:
    return Notification.objects.filter(**where).latest("id")


def code_in(message: Notification) -> str:
    found = re.search(r"\b\d{6}\b", message.text)
    assert found, message.text
    return found[0]


def last_code(**where: Any) -> str:
    """The code of the last message, as long as it waits to be sent."""
    return code_in(last_message(**where))


def give_password(client: Client, login: str, password: str = PASSWORD, **values: Any) -> Any:
    return client.post(LOGIN, {"login": login, "password": password}, **values)


def sign_in(
    client: Client, login: str, password: str = PASSWORD, headers: dict[str, str] | None = None, **fields: Any
) -> Any:
    """The answer to the right code."""
    give_password(client, login, password, headers=headers)
    return client.post(CODE, {"code": last_code(template="sign_in_code")} | fields, headers=headers)


def sign_in_on(page: Page, login: str, password: str = PASSWORD) -> None:
    """The same in a browser that stands on the sign-in page."""
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(password)
    page.locator("main form button[type=submit]").first.click()
    enter_code_on(page, template="sign_in_code")


def enter_code_on(page: Page, **where: Any) -> None:
    page.locator("input[name=code]").wait_for()
    page.locator("input[name=code]").fill(last_code(**where))
    page.locator("main form button[type=submit]").first.click()
