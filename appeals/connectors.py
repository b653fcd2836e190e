"""The channels as connectors: the mailbox that is polled, the bot, and the scanner of what they bring."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from appeals import mailbox
from common import malware, outgoing
from common.connectors import ConnectionTrouble, Connector, Reason, connectors

# Messages that wait at the messenger because we did not take them.
MOST_PENDING = 100
FRESH = timedelta(minutes=10)


class Mailbox(Connector):
    name = _("Mailbox of appeals")
    platform = "email"
    run_every = timedelta(minutes=1)
    seconds = 300  # fifty large messages over a slow line

    def is_configured(self) -> bool:
        return mailbox.is_configured()

    def check(self) -> str:
        return f"{mailbox.unseen()} unseen"

    def run(self) -> int:
        return mailbox.poll()


class TelegramBot(Connector):
    name = _("Telegram bot")
    platform = "telegram"

    def is_configured(self) -> bool:
        return bool(settings.TELEGRAM_BOT_TOKEN)

    def check(self) -> str:
        """The bot is ours, knows where to send, and what it sends arrives here."""
        info = self._webhook()
        pending = info.get("pending_update_count")
        if not info.get("url"):
            raise ConnectionTrouble(Reason.SET_UP, "no webhook")
        if not isinstance(pending, int):
            raise ConnectionTrouble(Reason.ANSWER)
        failed_at = info.get("last_error_date")
        is_fresh = isinstance(failed_at, int) and failed_at > (timezone.now() - FRESH).timestamp()
        if pending > MOST_PENDING or (pending and is_fresh):
            raise ConnectionTrouble(Reason.BEHIND, f"{pending} messages wait there")
        return f"{pending} waiting"

    @staticmethod
    def _webhook() -> dict[str, Any]:
        """Errors tell neither the address nor what it holds: the token stands in it."""
        url = f"{settings.TELEGRAM_API_BASE.rstrip('/')}/bot{settings.TELEGRAM_BOT_TOKEN}/getWebhookInfo"
        try:
            response = outgoing.request("GET", url, allow_private=True, timeout=15.0)
            answer = response.json()
        except httpx.TimeoutException:
            raise ConnectionTrouble(Reason.SLOW) from None
        except httpx.HTTPError as error:
            raise ConnectionTrouble(Reason.UNREACHABLE, type(error).__name__) from None
        except ValueError:
            raise ConnectionTrouble(Reason.ANSWER) from None
        if response.status_code in (401, 403, 404):
            raise ConnectionTrouble(Reason.REFUSED, f"HTTP {response.status_code}")
        result = answer.get("result") if isinstance(answer, dict) and answer.get("ok") is True else None
        if not isinstance(result, dict):
            raise ConnectionTrouble(Reason.ANSWER, f"HTTP {response.status_code}")
        return result


class VirusScanner(Connector):
    name = _("Virus scanner")
    platform = "virus-scanner"

    def is_configured(self) -> bool:
        return bool(settings.CLAMD_ADDRESS)

    def check(self) -> str:
        version = malware.ping()
        if not version.startswith("ClamAV"):
            raise ConnectionTrouble(Reason.ANSWER)
        return version


connectors.register("mailbox")(Mailbox())
connectors.register("telegram")(TelegramBot())
connectors.register("virus-scanner")(VirusScanner())
