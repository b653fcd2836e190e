"""Signatures of the Standard Webhooks specification: HMAC-SHA256 with a secret both sides know, by its own library."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
SECRET_BYTES = 32  # the specification allows 24 to 64


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(valid: Iterable[str], message_id: str, at: datetime, body: str) -> dict[str, str]:
    """One signature for each secret that is valid: while one is replaced, the receiver may know either."""
    at = at.astimezone(UTC)  # the library takes the time for UTC, whatever its zone
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, at, body) for secret in valid),
    }
