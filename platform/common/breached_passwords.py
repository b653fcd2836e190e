"""Passwords that were published after break-ins elsewhere, asked for by the first five figures of their hash."""

from __future__ import annotations

import hashlib

import httpx
import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common import outgoing

log = structlog.get_logger(__name__)
SECONDS = 3.0
MOST_BYTES = 200_000


class BreachedPasswordValidator:
    """Asks a service with the interface of "Pwned Passwords", by the city's own copy or the public one.

    Only five of forty figures of the hash leave the hub, padded answers hide how many were found. A service that does
    not answer stops nobody: the list of common passwords, which is shipped, has been asked before.
    """

    def validate(self, password: str, user: object | None = None) -> None:
        if settings.BREACHED_PASSWORDS_URL and is_breached(password):
            raise ValidationError(self.get_help_text(), code="breached")

    def get_help_text(self) -> str:
        return _("Your password can’t be one that was published after a break-in elsewhere.")


def is_breached(password: str) -> bool:
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    start, rest = digest[:5], digest[5:]
    try:
        answer = outgoing.request(
            "GET",
            f"{settings.BREACHED_PASSWORDS_URL.rstrip('/')}/{start}",
            headers={"Add-Padding": "true"},
            timeout=SECONDS,
            max_bytes=MOST_BYTES,
        )
        answer.raise_for_status()
    except httpx.HTTPError as error:
        log.warning("breached_passwords_not_asked", error=type(error).__name__)
        return False
    found = dict(line.strip().split(":", 1) for line in answer.text.splitlines() if ":" in line)
    return found.get(rest, "0").strip() not in {"", "0"}
