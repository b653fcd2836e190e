"""SMS through SMSC.kz (send.php and status.php, JSON answers) over HTTPS."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
from django.conf import settings

from common import outgoing
from notifications.transports.base import OutgoingMessage, TransportFailed, Undeliverable, transports

TIMEOUT = 15.0
# Codes of the gateway's answer to a message
PARAMETERS, LOGIN, MONEY, ADDRESS_BLOCKED, FORBIDDEN, WRONG_PHONE, CANNOT_DELIVER, TOO_OFTEN = 1, 2, 3, 4, 6, 7, 8, 9
FINAL = {PARAMETERS, FORBIDDEN, WRONG_PHONE, CANNOT_DELIVER}
WAITS = {
    MONEY: timedelta(hours=1),
    LOGIN: timedelta(hours=1),
    ADDRESS_BLOCKED: timedelta(hours=1),
    TOO_OFTEN: timedelta(minutes=2),
}
# The code of its answer to a question about a message
NOT_FOUND = 3
UCS2_ONE, UCS2_MANY, GSM_ONE, GSM_MANY = 70, 67, 160, 153
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)  # fmt: skip


def parts_of(text: str) -> int:
    """How many SMS a text takes: 160/153 signs in the GSM alphabet, 70/67 in UCS-2, which Kazakh and Russian need."""
    one, many = (GSM_ONE, GSM_MANY) if set(text) <= GSM else (UCS2_ONE, UCS2_MANY)
    length = len(text) if one == GSM_ONE else len(text.encode("utf-16-le")) // 2
    return 1 if length <= one else -(-length // many)


class SmsTransport:
    """Messages carry an id of ours. After a lost answer the gateway is asked about that id before sending again."""

    def is_configured(self) -> bool:
        return bool(settings.SMS_GATEWAY_URL)

    def send(self, message: OutgoingMessage) -> str:
        if message.is_repeat and self._arrived(message):
            return message.ref
        answer = self._call(
            "send.php",
            phones=message.address, mes=message.body, sender=settings.SMS_SENDER, id=message.ref, charset="utf-8",
        )  # fmt: skip
        if "error_code" in answer or "id" not in answer:
            self._fail(answer)
        return str(answer["id"])

    def _arrived(self, message: OutgoingMessage) -> bool:
        answer = self._call("status.php", phone=message.address, id=message.ref, charset="utf-8")
        if answer.get("error_code") == NOT_FOUND:
            return False
        if "error_code" in answer or "status" not in answer:
            self._fail(answer)
        return True

    def _call(self, page: str, **fields: str) -> dict[str, Any]:
        url = f"{settings.SMS_GATEWAY_URL.rstrip('/')}/{page}"
        try:
            data = {"apikey": settings.SMS_GATEWAY_TOKEN, "fmt": "3"} | fields
            response = outgoing.request("POST", url, allow_private=True, data=data, timeout=TIMEOUT)
            response.raise_for_status()
            answer = response.json()
        except httpx.HTTPStatusError as error:
            raise TransportFailed(f"HTTP {error.response.status_code}") from error
        except (httpx.HTTPError, ValueError) as error:
            raise TransportFailed(type(error).__name__) from error
        if not isinstance(answer, dict):
            raise TransportFailed("answer is no object")
        return answer

    @staticmethod
    def _fail(answer: dict[str, Any]) -> None:
        code = answer.get("error_code")
        why = f"{code}: {str(answer.get('error', 'unknown answer'))[:200]}"
        if code in FINAL:
            raise Undeliverable(why)
        raise TransportFailed(why, retry_after=WAITS.get(code) if isinstance(code, int) else None)


transports.register("sms")(SmsTransport())
