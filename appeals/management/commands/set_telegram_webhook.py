"""Tell Telegram where the bot's updates go, and which commands the bot's menu shows."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from common import outgoing

UPDATES = ["message", "edited_message", "callback_query"]
LANGUAGES = ("", "kk", "ru", "en")  # without a language: whoever uses another one


class Command(BaseCommand):
    help = "Set (or remove) the webhook of the Telegram bot at PUBLIC_URL, with its secret and its menu of commands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="stop updates")

    def handle(self, *args: Any, remove: bool = False, **options: Any) -> None:
        if not settings.TELEGRAM_BOT_TOKEN:
            raise CommandError("TELEGRAM_BOT_TOKEN is not set.")
        if remove:
            self._call("deleteWebhook", {})
            self.stdout.write("The webhook is removed.")
            return
        if not settings.TELEGRAM_WEBHOOK_SECRET:
            raise CommandError("TELEGRAM_WEBHOOK_SECRET is not set: without it every update would be refused.")
        if not settings.PUBLIC_URL.startswith("https://"):
            raise CommandError(f"PUBLIC_URL must begin with https://; it is {settings.PUBLIC_URL}")
        url = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('appeals:hook', args=['telegram'])}"
        self._call(
            "setWebhook", {"url": url, "secret_token": settings.TELEGRAM_WEBHOOK_SECRET, "allowed_updates": UPDATES}
        )
        for language in LANGUAGES:
            self._call("setMyCommands", {"commands": menu(language or "kk"), "language_code": language})
        self.stdout.write(f"Updates go to {url}")

    def _call(self, method: str, fields: dict[str, Any]) -> None:
        url = f"{settings.TELEGRAM_API_BASE.rstrip('/')}/bot{settings.TELEGRAM_BOT_TOKEN}/{method}"
        try:
            answer = outgoing.request("POST", url, allow_private=True, json=fields).json()
        except (httpx.HTTPError, ValueError) as error:
            raise CommandError(f"{method}: {type(error).__name__}") from None
        if not (isinstance(answer, dict) and answer.get("ok")):
            raise CommandError(f"{method}: {answer.get('description', answer) if isinstance(answer, dict) else answer}")


def menu(language: str) -> list[dict[str, str]]:
    with override(language):
        commands = (("new", _("a new appeal")), ("status", _("how your appeals stand")), ("help", _("this help")))
        return [{"command": name, "description": text} for name, text in commands]
