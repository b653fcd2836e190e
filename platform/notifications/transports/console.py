"""Writes messages to the log: the stand-in for every transport that has no account on this installation."""

from __future__ import annotations

import logging

from common.masking import mask_email
from common.phones import mask_phone
from notifications.transports.base import OutgoingMessage, transports

logger = logging.getLogger(__name__)


class ConsoleTransport:
    """The text is readable, the address is masked: a log outlives the reason why it was written."""

    def is_configured(self) -> bool:
        return True

    def send(self, message: OutgoingMessage) -> str:
        address = mask_email(message.address) if "@" in message.address else mask_phone(message.address)
        logger.info("message to %s\n%s\n%s", address, message.subject, message.body)
        return ""


transports.register("console")(ConsoleTransport())
