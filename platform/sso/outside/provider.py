"""The outside provider as allauth sees it: OpenID Connect with PKCE and a nonce, and nothing that a link may alter."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from sso.outside.exchange import OutsideExchange


class OutsideConnectProvider(OpenIDConnectProvider):  # type: ignore[misc]  # allauth is untyped
    """Allauth knows neither a nonce nor a signature check when it has fetched a token itself; we want both."""

    id = "outside"
    package = "sso.outside"
    pkce_enabled_default = True
    supports_token_authentication = False
    oauth2_adapter_class = OutsideExchange

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("outside_login", args=[self.app.provider_id])

    def get_callback_url(self) -> str:
        return reverse("outside_callback", args=[self.app.provider_id])

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        return {}

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponseBase:
        nonce = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {"nonce": nonce}
        response: HttpResponseBase = super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)
        return response

    def extract_uid(self, data: dict[str, Any]) -> str:
        """The value of the claim that names the person here; only what the provider signed counts."""
        return str(data["id_token"].get(self.app.settings["identifier_claim"]) or "")

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing of the outside account is kept but its identifier."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []


provider_classes = [OutsideConnectProvider]
