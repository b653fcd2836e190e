"""Encryption at rest for identifiers and raw payloads, and the keyed hash by which they are found again."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current() -> MultiFernet:
    return _cipher(tuple(settings.FIELD_KEYS))


def encrypt(value: bytes) -> bytes:
    """Encrypt with the first key; older keys stay readable, so keys rotate without downtime."""
    return _current().encrypt(value)


def decrypt(token: bytes) -> bytes:
    """Undo `encrypt`; raises ValueError when no known key fits."""
    try:
        return _current().decrypt(token)
    except InvalidToken as error:
        raise ValueError("no known key opens this value") from error


def keyed_hash(value: str, *, purpose: str) -> str:
    """HMAC-SHA256 of a normalised value, 64 hex digits: equal values are found without being readable.

    `purpose` keeps hashes of different kinds apart ("iin", "phone").
    """
    message = f"{purpose}\x00{value}".encode()
    return hmac.new(settings.HASH_KEY.encode(), message, hashlib.sha256).hexdigest()


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]  # generic in the stubs only
    """Text stored as a Fernet token; reads back as str. Cannot be filtered: keep a keyed hash beside it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def _check_str_default_value(self) -> list[Any]:
        """The value is text, so its default is text too; BinaryField would ask for bytes."""
        return []

    def get_prep_value(self, value: Any) -> Any:
        if value is None or value == "":
            return b"" if value == "" else None
        return encrypt(str(value).encode())

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        stored = value if prepared else self.get_prep_value(value)
        return super().get_db_prep_value(stored, connection, prepared=True)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        if value is None:
            return None
        raw = bytes(value)
        return decrypt(raw).decode() if raw else ""

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)
