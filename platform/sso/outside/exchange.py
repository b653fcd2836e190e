"""Exchange a code at an outside provider and judge what it says of the person."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from common.network_addresses import listed
from sso.outside import id_tokens
from sso.provider.adapter import public_url

STRONG = "_outside_is_strong"


class OutsideExchange(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth is untyped
    """Believes the provider only what it signed, under the name that is configured."""

    expected_nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        config: dict[str, Any] = super().openid_config
        if config.get("issuer") != self._settings["issuer"]:
            raise OAuth2Error("the provider calls itself by another name")
        parts = urlsplit(str(config.get("authorization_endpoint", "")))
        is_safe = parts.scheme == "https" or listed(parts.hostname or "", settings.OUTGOING_ALLOWED)
        if not is_safe:
            raise OAuth2Error("the provider's sign-in page is not https")
        return config

    @property
    def _settings(self) -> dict[str, Any]:
        found: dict[str, Any] = self.get_provider().app.settings
        return found

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return public_url() + reverse("outside_callback", args=[self.provider_id])

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        id_token = kwargs["response"].get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("the provider gave no identity token")
        with get_adapter().get_requests_session() as calls:
            keys = id_tokens.keys_at(self.openid_config["jwks_uri"], calls)
        claims = id_tokens.check(
            id_token, keys=keys, issuer=self._settings["issuer"], client_id=app.client_id, nonce=self.expected_nonce
        )
        if not claims.get(self._settings["identifier_claim"]):
            raise OAuth2Error("the provider does not name the person")
        self._check_domain(claims, token)
        setattr(request, STRONG, is_strong(claims, self._settings))
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, {"id_token": claims})
        return login

    def _check_domain(self, claims: dict[str, Any], token: SocialToken) -> None:
        """An address says where somebody works; it never says who he is."""
        domains = self._settings["email_domains"]
        if not domains:
            return
        said = claims if "email" in claims else self._fetch_user_info(token.token)
        if said.get("sub") != claims["sub"]:
            raise OAuth2Error("the provider tells of somebody else")
        domain = str(said.get("email", "")).rpartition("@")[2].lower()
        if said.get("email_verified") is not True or domain not in domains:
            raise OAuth2Error("no confirmed address of an allowed domain")


def is_strong(claims: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether the provider vouches for two factors, in the words that the administrator accepts from it."""
    methods = claims.get("amr")
    said = set(methods) if isinstance(methods, list) and all(isinstance(one, str) for one in methods) else set()
    return bool(said & set(wanted["strong_methods"])) or claims.get("acr") in wanted["strong_levels"]
