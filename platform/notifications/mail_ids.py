"""Message-IDs of our e-mails: they name what the message is about, with a seal that only we can set."""

from __future__ import annotations

import hmac
import re

from common.crypto import keyed_hash
from notifications.transports.email import mail_domain

SEAL = 16
OURS = re.compile(r"<([A-Za-z0-9\-]{1,40})\.(\d{1,9})\.([0-9a-f]{16})@[^<>@\s]{1,255}>")


def message_id(reference: str, sequence: int) -> str:
    """`<TRK-26-0000017-4.3.1f0c…@hub>`: what it is about, a running number, the seal."""
    return f"<{reference}.{sequence}.{_seal(reference, sequence)}@{mail_domain()}>"


def thread_id(reference: str) -> str:
    """The id all messages about one subject refer to, so that mail programs show them together."""
    return message_id(reference, 0)


def references_in(header: str) -> list[str]:
    """What the In-Reply-To and References of an answer are about. Numbers are easily guessed, the seal is not."""
    found = OURS.findall(header[:10_000])
    sound = [
        reference for reference, sequence, seal in found if hmac.compare_digest(seal, _seal(reference, int(sequence)))
    ]
    return list(dict.fromkeys(sound))


def _seal(reference: str, sequence: int) -> str:
    return keyed_hash(f"{reference}.{sequence}", purpose="message-id")[:SEAL]
