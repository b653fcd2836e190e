"""Signing in as a person does: password, then the code from the message."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

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


def sign_in(client: Client, login: str, password: str = PASSWORD, **fields: Any) -> Any:
    """The answer to the right code."""
    give_password(client, login, password)
    return client.post(CODE, {"code": last_code(template="sign_in_code")} | fields)
