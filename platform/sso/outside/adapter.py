"""Who may come in through an outside provider: nobody whose account was not linked before."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """No account is opened from outside, and none is found by an e-mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        return []
