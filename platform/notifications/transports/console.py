"""Writes messages to the log: the stand-in for every transport that has no account on this installation."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from common.masking import mask_email
from common.phones import mask_phone
from notifications.transports.base import OutgoingMessage, transports

logger = logging.getLogger(__name__)

KEPT = "demo-messages"
MOST_KEPT, KEPT_SECONDS = 30, 3600


class ConsoleTransport:
    """The text is readable, the address is masked: a log outlives the reason why it was written."""

    def is_configured(self) -> bool:
        return True

    def send(self, message: OutgoingMessage) -> str:
        address = mask_email(message.address) if "@" in message.address else mask_phone(message.address)
        logger.info("message to %s\n%s\n%s", address, message.subject, message.body)
        if settings.DEMO_ALLOWED:
            _keep(message, address)
        return ""


def last_messages() -> list[dict[str, Any]]:
    """What was written lately, the newest first; only where a demo is allowed."""
    kept: list[dict[str, Any]] = cache.get(KEPT, []) if settings.DEMO_ALLOWED else []
    return kept


def _keep(message: OutgoingMessage, address: str) -> None:
    """For the page of a developer's machine. Two workers at the same moment may lose one of two: it is a demo."""
    row = {"at": timezone.now(), "to": address, "subject": message.subject, "body": message.body}
    try:
        cache.set(KEPT, [row, *cache.get(KEPT, [])][:MOST_KEPT], KEPT_SECONDS)
    except (OSError, RedisError):
        logger.warning("demo_message_not_kept")


transports.register("console")(ConsoleTransport())
