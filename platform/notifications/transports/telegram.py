"""Messages of the bot: sendMessage of the Telegram Bot API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from django.conf import settings

from common import outgoing
from notifications.transports.base import OutgoingMessage, TransportFailed, Undeliverable, transports

TIMEOUT = 20.0
LONGEST = 4096
LONGEST_WAIT = timedelta(hours=1)
FINAL = {400, 403, 404}  # no such chat, bot blocked by the user, no such bot


class TelegramTransport:
    """Plain text without markup: what a resident or an official wrote can never be taken for formatting."""

    def is_configured(self) -> bool:
        return bool(settings.TELEGRAM_BOT_TOKEN)

    def send(self, message: OutgoingMessage) -> str:
        if query := message.headers.get("callback_query_id"):
            self._stop_spinner(str(query))
        sent: dict[str, Any] = {}
        parts = cut(message.body)
        for index, part in enumerate(parts):
            fields: dict[str, Any] = {
                "chat_id": message.address,
                "text": part,
                "link_preview_options": {"is_disabled": True},
            }
            if index == len(parts) - 1 and message.headers.get("reply_markup"):
                fields["reply_markup"] = message.headers["reply_markup"]
            sent = self._call("sendMessage", fields)
        return str(sent.get("message_id", ""))

    def _stop_spinner(self, query: str) -> None:
        """The button stops turning; Telegram forgets the question after a while, so a failure means nothing."""
        try:
            self._call("answerCallbackQuery", {"callback_query_id": query})
        except (TransportFailed, Undeliverable):
            return

    def _call(self, method: str, fields: dict[str, Any]) -> dict[str, Any]:
        url = f"{settings.TELEGRAM_API_BASE.rstrip('/')}/bot{settings.TELEGRAM_BOT_TOKEN}/{method}"
        try:
            response = outgoing.request("POST", url, allow_private=True, json=fields, timeout=TIMEOUT)
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            # Only the name of the error: its text holds the address, and the address holds the token.
            raise TransportFailed(type(error).__name__) from None
        if response.status_code == 200 and isinstance(answer, dict) and answer.get("ok") is True:
            result = answer.get("result")
            return result if isinstance(result, dict) else {}
        raise self._failure(response.status_code, answer if isinstance(answer, dict) else {})

    @staticmethod
    def _failure(status: int, answer: dict[str, Any]) -> Exception:
        why = f"{status} {str(answer.get('description', ''))[:200]}"
        if status in FINAL:
            return Undeliverable(why)
        parameters = answer.get("parameters")
        seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
        wait = timedelta(seconds=seconds) if isinstance(seconds, int) and seconds > 0 else None
        return TransportFailed(why, retry_after=min(wait, LONGEST_WAIT) if wait else None)


def cut(text: str, limit: int = LONGEST) -> list[str]:
    """Pieces Telegram takes, broken at the end of a line or a word. Its limit counts UTF-16 units."""
    pieces: list[str] = []
    rest = text
    while len(rest.encode("utf-16-le")) // 2 > limit:
        head = rest.encode("utf-16-le")[: limit * 2].decode("utf-16-le", errors="ignore")
        at = max(head.rfind("\n"), head.rfind(" "))
        head = head[:at] if at > limit // 2 else head
        pieces.append(head)
        rest = rest[len(head) :].lstrip()
    return [*pieces, rest]


transports.register("telegram")(TelegramTransport())
