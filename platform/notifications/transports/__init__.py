"""Transports; importing this package registers them."""

from notifications.transports import console, email, inbox, sms, telegram

__all__ = ["console", "email", "inbox", "sms", "telegram"]
