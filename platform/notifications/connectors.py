"""The ways out of the hub as connectors: whether mail server and SMS gateway answer, and whether messages pile up."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import httpx
from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import outgoing
from common.connectors import ConnectionTrouble, Connector, Reason, connectors
from notifications.models import Notification
from notifications.transports.base import transports
from notifications.transports.sms import ADDRESS_BLOCKED, LOGIN

TOO_LATE = timedelta(minutes=15)
MOST_WAITING = 100  # of messages that are late already


def late_messages(transport: str) -> int:
    """Messages that should have gone a while ago: those of the last tries wait longer by plan and do not count."""
    late = Notification.objects.filter(status="waiting", transport=transport, next_try_at__lt=timezone.now() - TOO_LATE)
    return late[: MOST_WAITING + 1].count()


def refuse_pile(transport: str) -> None:
    waiting = late_messages(transport)
    if waiting > MOST_WAITING:
        raise ConnectionTrouble(Reason.BEHIND, f"more than {MOST_WAITING} messages are late")


class MailServer(Connector):
    name = _("E-mail out")
    platform = "email"

    def is_configured(self) -> bool:
        return bool(settings.EMAIL_HOST) and settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")

    def check(self) -> str:
        """Sign in at the mail server and say good-bye; nothing is sent."""
        server = EmailBackend(timeout=10)
        try:
            server.open()
            code = server.connection.noop()[0] if server.connection else 0
        except smtplib.SMTPAuthenticationError as error:
            raise ConnectionTrouble(Reason.REFUSED, str(error.smtp_code)) from error
        except smtplib.SMTPException as error:
            raise ConnectionTrouble(Reason.ANSWER, type(error).__name__) from error
        finally:
            server.close()
        if code != 250:
            raise ConnectionTrouble(Reason.ANSWER, str(code))
        refuse_pile(Notification.Transport.EMAIL)
        return str(code)


class SmsGateway(Connector):
    name = _("SMS gateway")
    platform = "smsc"
    check_every = timedelta(minutes=15)

    def is_configured(self) -> bool:
        return transports.get("sms").is_configured()

    def check(self) -> str:
        """Ask for the balance: the account is ours, and there is money on it."""
        answer = self._balance()
        code = answer.get("error_code")
        if code in (LOGIN, ADDRESS_BLOCKED):
            raise ConnectionTrouble(Reason.REFUSED, str(code))
        try:
            balance = float(str(answer["balance"]))
        except (KeyError, ValueError) as error:
            raise ConnectionTrouble(Reason.ANSWER, str(code or "")) from error
        if balance <= 0:
            raise ConnectionTrouble(Reason.REFUSED, "balance 0")
        refuse_pile(Notification.Transport.SMS)
        return f"balance {balance:.2f}"

    @staticmethod
    def _balance() -> dict[str, Any]:
        url = f"{settings.SMS_GATEWAY_URL.rstrip('/')}/balance.php"
        data = {"apikey": settings.SMS_GATEWAY_TOKEN, "fmt": "3"}
        response = outgoing.request("POST", url, allow_private=True, data=data, timeout=15.0)
        try:
            response.raise_for_status()
            answer = response.json()
        except (httpx.HTTPStatusError, ValueError) as error:
            raise ConnectionTrouble(Reason.ANSWER, f"HTTP {response.status_code}") from error
        if not isinstance(answer, dict):
            raise ConnectionTrouble(Reason.ANSWER)
        return answer


connectors.register("email-out")(MailServer())
connectors.register("sms")(SmsGateway())
