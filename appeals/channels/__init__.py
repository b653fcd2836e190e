"""Adapters of the channels; importing this package registers them."""

from appeals.channels import email, telegram

__all__ = ["email", "telegram"]
