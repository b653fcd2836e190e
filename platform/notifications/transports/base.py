"""What a transport is: one interface for e-mail, SMS, messengers, inbox and console, and the ways in which it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol

from common.registry import Registry


@dataclass(frozen=True)
class OutgoingMessage:
    """A message as a transport sees it. `ref` stays the same over all tries, so a provider can tell a repeat."""

    ref: str
    address: str
    language: str
    subject: str
    body: str
    headers: Mapping[str, Any] = field(default_factory=dict)
    is_repeat: bool = False


class TransportFailed(Exception):
    """Not sent this time; worth another try, after `retry_after` when the provider named a time."""

    def __init__(self, why: str, *, retry_after: timedelta | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(why)


class Undeliverable(Exception):
    """Will never be sent this way: a blocked bot, no such number or mailbox."""


class Transport(Protocol):
    """A way out of the hub."""

    def is_configured(self) -> bool:
        """Whether the installation has an account for it; otherwise the console stands in."""
        ...

    def send(self, message: OutgoingMessage) -> str:
        """Hand the message over and return the provider's id; raise TransportFailed or Undeliverable."""
        ...


transports: Registry[Transport] = Registry("transport")
