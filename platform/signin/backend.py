"""Checks a password: one account at most, and one hash computed whether there is an account or not."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User
from signin.logins import account_of


class PasswordBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth is untyped
    """Allauth's backend tries a password up to three times for a known e-mail address, which a clock would show."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        typed = credentials.get("username") or credentials.get("email") or credentials.get("phone") or ""
        found: User | None = self._check_password(account_of(typed), credentials.get("password") or "")
        return found
