"""The command that tells Telegram where updates go."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command

from appeals.channels.base import channels
from tests.outgoing import answer_outgoing_calls


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[tuple[str, dict[str, Any]]]:
    settings.TELEGRAM_BOT_TOKEN, settings.TELEGRAM_WEBHOOK_SECRET = "1:TOKEN", "secret_1"
    settings.PUBLIC_URL = "https://uni.turkistan.gov.kz/"
    seen: list[tuple[str, dict[str, Any]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json={"ok": True, "result": True})

    answer_outgoing_calls(monkeypatch, answer)
    return seen


def test_webhook_carries_the_secret_that_the_hook_checks(calls: list[tuple[str, dict[str, Any]]]) -> None:
    call_command("set_telegram_webhook")
    path, fields = calls[0]
    assert path == "/bot1:TOKEN/setWebhook"
    assert fields["url"] == "https://uni.turkistan.gov.kz/hooks/telegram/"
    channels.get("telegram").verify({"X-Telegram-Bot-Api-Secret-Token": fields["secret_token"]}, b"")
    assert fields["allowed_updates"] == ["message", "edited_message", "callback_query"]


def test_menu_is_in_three_languages(calls: list[tuple[str, dict[str, Any]]]) -> None:
    call_command("set_telegram_webhook")
    menus = {fields["language_code"]: fields["commands"][0]["description"] for _path, fields in calls[1:]}
    assert menus == {"": "жаңа өтініш", "kk": "жаңа өтініш", "ru": "новое обращение", "en": "a new appeal"}


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "PUBLIC_URL"])
def test_what_is_missing_is_named(calls: list[tuple[str, dict[str, Any]]], settings: Any, name: str) -> None:
    setattr(settings, name, "")
    with pytest.raises(CommandError, match=name):
        call_command("set_telegram_webhook")
    assert calls == []
